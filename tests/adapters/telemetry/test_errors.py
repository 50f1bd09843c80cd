"""Error reports name the failure and its place, and no person."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sentry_sdk
import structlog
from pydantic import SecretStr
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from adapters.clock import new_id
from adapters.telemetry.sentry import report_errors
from application.kernel.tracing import attached, trace_context
from bootstrap.settings import Settings
from bootstrap.wiring.logs import configure_logs
from bootstrap.wiring.telemetry import SentryDsnInvalid, build_telemetry
from tests.plugins.process_state import unchanged_logging

DSN = "http://key@127.0.0.1:1/1"
SECRET, MAIL = f"hunter{2}", "ada@example.org"
"""Reports may contain source lines; these are not near the failing ones."""


class RecordingTransport(Transport):
    """Transport that keeps the reports."""

    def __init__(self, options: Any = None) -> None:
        super().__init__(options)

    reports: list[dict[str, Any]]

    def capture_envelope(self, envelope: Envelope) -> None:
        event = envelope.get_event()
        assert event is not None
        self.reports.append(dict(event))


@pytest.fixture
def reports() -> Iterator[list[dict[str, Any]]]:
    from adapters.telemetry.sentry import report  # noqa: PLC0415  beside what it is set up with

    client = sentry_sdk.get_client()
    RecordingTransport.reports = []
    with unchanged_logging(), sentry_sdk.isolation_scope():
        flush: Callable[[], None] = report_errors(
            DSN, release="1.2.3", environment="test", process="api", transport=RecordingTransport
        )
        configure_logs(report)
        yield RecordingTransport.reports
        flush()
        sentry_sdk.get_global_scope().set_client(client)


@pytest.mark.parametrize("dsn", ["sentry", "https://sentry.example/1", "http://key@[/1"])
def test_an_address_for_reports_that_cannot_exist_is_refused(dsn: str) -> None:
    """R-OPS-03"""
    settings = Settings(sentry_dsn=SecretStr(dsn))
    with pytest.raises(SentryDsnInvalid), build_telemetry(settings, "test"):
        pass


def broken(password: str) -> None:
    raise ValueError(f"{MAIL} gave {len(password)} letters")


def log_it(**context: Any) -> None:
    try:
        broken(SECRET)
    except ValueError:
        structlog.get_logger().exception("request.failed", **context)


def test_a_logged_error_is_reported_with_its_correlation_id(
    reports: list[dict[str, Any]],
) -> None:
    """R-OPS-03, R-LIV-12."""
    identity = new_id()
    with attached(trace_context(identity)):
        log_it()
    (report,) = reports
    assert report["tags"] == {
        "correlation_id": str(identity),
        "event": "request.failed",
        "process": "api",
    }
    (failure,) = report["exception"]["values"]
    assert failure["type"] == "ValueError"
    assert failure["stacktrace"]["frames"][-1]["function"] == "broken"
    assert report["release"] == "kinelog@1.2.3"


def test_an_error_report_contains_no_personal_data(reports: list[dict[str, Any]]) -> None:
    """R-OPS-03."""
    scope = sentry_sdk.get_isolation_scope()
    scope.set_user({"id": "ada", "email": "ada@example.org"})
    scope.set_extra("body", "my weight is 70 kg")
    scope.set_context("request", {"cookie": "session=hush"})
    scope.add_breadcrumb(message="SELECT 'hush'")

    def request(event: Any, _hint: Any) -> Any:
        event["request"] = {"data": "hush", "cookies": "hush", "headers": {"Cookie": "hush"}}
        return event

    scope.add_event_processor(request)
    log_it(body="my weight is 70 kg")
    (report,) = reports
    reported = json.dumps(report, default=str)
    for secret in ("hunter2", "hush", "70 kg", "ada@", '"vars"'):
        assert secret not in reported, secret
    assert not {"request", "user", "extra", "breadcrumbs", "modules"} & report.keys()


def test_a_warning_is_not_reported(reports: list[dict[str, Any]]) -> None:
    structlog.get_logger().warning("subscription.interrupted", code="bus.unavailable")
    structlog.get_logger().error("projection.not_built", reason="no exception at hand")
    assert reports == []
