import json
import logging
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
import structlog

from adapters.sql.engines import open_engine
from adapters.telemetry.redaction import hidden_text
from application.kernel.tracing import attached, trace_context
from bootstrap.wiring.logs import configure_logs
from tests.plugins.process_state import unchanged_logging


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    with unchanged_logging():
        yield


@contextmanager
def closing_engine(url: str) -> Generator[sa.Engine]:
    engine = open_engine(url, schema="public")
    try:
        yield engine
    finally:
        engine.dispose()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    printed = capsys.readouterr()
    assert printed.out == ""
    return [json.loads(line) for line in printed.err.splitlines()]


def test_a_line_is_json_with_its_correlation_id(capsys: pytest.CaptureFixture[str]) -> None:
    """R-LIV-12, R-OPS-04: all errors are logged with the correlation id."""
    configure_logs()
    correlation_id = uuid4()
    with attached(trace_context(correlation_id)):
        structlog.get_logger().error("job.failed", job="1")
        logging.getLogger("library").warning("slow")
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["level"], ours["job"]) == ("job.failed", "error", "1")
    assert (theirs["event"], theirs["logger"]) == ("slow", "library")
    assert ours["correlation_id"] == theirs["correlation_id"] == str(correlation_id)


def test_a_library_does_not_log_the_same_line_again_and_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-OPS-04: Kafka's client logs a missing topic hundreds of times a second."""
    configure_logs()
    now = time.monotonic()
    for passed_s in (0.0, 0.001, 5.0, 11.0, 22.0):
        monkeypatch.setattr(time, "monotonic", lambda at=now + passed_s: at)
        for topic in ("pose.reply", "cue.make"):
            logging.getLogger("library").error("Topic %s not found", topic)
    monkeypatch.undo()
    repeated = {"pose.reply": list[object](), "cue.make": list[object]()}
    for line in lines(capsys):
        repeated[str(line["event"]).split()[1]].append(line.get("repeated"))
    assert repeated == {"pose.reply": [None, 2, None], "cue.make": [None, 2, None]}


def test_the_same_line_with_another_exception_is_not_dropped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """R-OPS-04: the server names each error in a WebSocket "Exception in ASGI application"."""
    configure_logs()
    for error in (KeyError("a"), ValueError("b"), ValueError("b")):
        logging.getLogger("library").error("Exception in ASGI application", exc_info=error)
    first, second = (str(line["exception"]) for line in lines(capsys))
    assert "KeyError" in first
    assert "ValueError" in second


def broken(password: str) -> None:
    raise ValueError(f"a {len(password)}-letter word is too short")


def test_an_exception_is_one_line_without_the_values_at_hand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs()
    try:
        broken("hunter2")
    except ValueError:
        structlog.get_logger().exception("job.failed")
    (line,) = lines(capsys)
    assert "broken" in str(line["exception"])
    assert "hunter2" not in str(line)


@pytest.mark.parametrize(
    "name",
    [
        "password", "access_token", "Authorization", "cookie", "sentry_dsn", "api_key", "e_mail",
        "email", "phone", "client_secret", "birth_date", "iban", "card_number", "cvc",
    ],
)  # fmt: skip
def test_values_with_secret_names_are_redacted(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """R-LIV-12."""
    configure_logs()
    structlog.get_logger().error("sign_in.failed", **{name: "hush"}, headers={name: ["hush"]})
    (line,) = lines(capsys)
    assert (line[name], line["headers"]) == ("[hidden]", {name: "[hidden]"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at postgresql://ada:hush@db:5432/kinelog", "at postgresql://[hidden]@db:5432/kinelog"),
        ("sent Bearer hu.s-h=", "sent [hidden]"),
        ("got eyJhdXNoIg.eyJzdWIiOiJhZGEifQ.c2ln", "got [hidden]"),
        ("mail to ada+gym@example.org bounced", "mail to [hidden] bounced"),
        ("/v1/sessions/1 took 5 s", "/v1/sessions/1 took 5 s"),
        ("GET /v1/plans?q=4242-4242-4242-4242", "GET /v1/plans?q=[card number]"),
        ("paid from DE89 3704 0044 0532 0130 00 PAID", "paid from [bank account] PAID"),
        (
            "UniqueViolation('ERROR\\nDETAIL:  Key (name)=(Ada) already exists.')",
            "UniqueViolation('ERROR\\nDETAIL: [hidden]",
        ),
        ("falló\nDETALLE:  Existe (name)=(Ada\nL).", "falló\nDETALLE: [hidden]"),
        (
            'invalid input syntax for type json: "Ada ""L"""\nLINE 1',
            "invalid input syntax for type json: [hidden]\nLINE 1",
        ),
        (
            "(1062, \"Duplicate entry 'Ada O'Hara' for key 'PRIMARY'\")",
            "(1062, \"Duplicate entry [hidden] for key 'PRIMARY'\")",
        ),
        (
            "Incorrect integer value: 'Ada' for column 'reps' at row 1",
            "Incorrect integer value: [hidden] for column 'reps' at row 1",
        ),
        (
            "(1292, \"Truncated incorrect DOUBLE value: 'Ada O'Hara'\")",
            '(1292, "Truncated incorrect DOUBLE value: [hidden]")',
        ),
        (
            "Truncated incorrect DECIMAL value: '61 kg'\")\n[SQL: UPDATE t SET a='b']",
            "Truncated incorrect DECIMAL value: [hidden]\")\n[SQL: UPDATE t SET a='b']",
        ),
    ],
)
def test_secrets_inside_texts_are_redacted(
    capsys: pytest.CaptureFixture[str], text: str, shown: str
) -> None:
    configure_logs()
    structlog.get_logger().warning("ours", reason=text)
    logging.getLogger("kafka.conn").warning("%s", text)
    ours, theirs = lines(capsys)
    assert (ours["reason"], theirs["event"]) == (shown, shown)


def test_bytes_are_logged_as_their_length(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    structlog.get_logger().warning("ours", value=b"landmarks")
    assert lines(capsys)[0]["value"] == "[9 bytes]"


@pytest.mark.parametrize("bad", ["duplicate", "check", "uuid"])
def test_an_error_of_postgresql_is_logged_without_the_values_of_the_row(
    capsys: pytest.CaptureFixture[str], postgres_database: str, bad: str
) -> None:
    """R-LIV-12: not the key that exists, nor the row that a constraint refuses."""
    configure_logs()
    with closing_engine(postgres_database) as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE person (name text PRIMARY KEY, age int CHECK (age > 0), id uuid)"
        )
        connection.exec_driver_sql("INSERT INTO person VALUES ('Lovelace', 36)")
        statements = {
            "duplicate": "INSERT INTO person VALUES (%(name)s, 36)",
            "check": "INSERT INTO person VALUES (%(name)s, -1)",
            "uuid": "INSERT INTO person (name, id) VALUES ('', CAST(%(name)s AS uuid))",
        }
        try:
            connection.exec_driver_sql(statements[bad], {"name": "Lovelace"})
        except sa.exc.DBAPIError as error:
            structlog.get_logger().exception("job.failed", why=repr(error.orig))
        connection.rollback()
    (line,) = lines(capsys)
    assert statements[bad].replace("\n", "") in str(line["exception"])
    assert "Lovelace" not in str(line)


def test_the_reason_why_postgresql_refuses_a_connection_is_logged(
    capsys: pytest.CaptureFixture[str], postgres_database: str
) -> None:
    """R-OPS-04: such as "the database system is starting up", or "too many clients already"."""
    configure_logs()
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(postgres_database, dbname="absent")
    structlog.get_logger().warning("subscription.interrupted", reason=str(refused.value))
    (line,) = lines(capsys)
    assert 'FATAL:  database "absent" does not exist' in str(line["reason"])
    assert hidden_text("FATAL:  no\nDETAIL:  Lovelace") == "FATAL:  no\nDETAIL: [hidden]"
