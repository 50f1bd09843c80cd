"""A local PostgreSQL keeps committed data, and gives each test its own database."""

import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest

from tools.local_services.databases import (
    create_database,
    drop_database,
    fresh_database,
    make_template,
    name_of,
)
from tools.local_services.guarded_process import Account
from tools.local_services.postgres import UNSAFE_BUT_FAST, UNSYNCED, LocalPostgres
from tools.local_services.probes import postgres_answers
from tools.local_services.server import ServerFailed

pytestmark = pytest.mark.slow


@pytest.fixture
def open_folder() -> Generator[Path]:
    """A folder like tmp_path that PostgreSQL's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="kinelog-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server() -> Generator[LocalPostgres]:
    with LocalPostgres() as running:
        yield running


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        return None if row is None else row[0]


def databases(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT datname FROM pg_database").fetchall()
        return {name for (name,) in rows}


def make_table(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE t (n int)")
        connection.execute("INSERT INTO t VALUES (1)")


@pytest.mark.parametrize(
    "settings", [{}, UNSYNCED, UNSAFE_BUT_FAST], ids=["real", "unsynced", "fast"]
)
def test_a_committed_row_survives_the_death_of_the_server(settings: dict[str, str]) -> None:
    with LocalPostgres(settings=settings) as server:
        make_table(server.url)
        server.kill()
        server.start()
        assert ask(server.url, "SELECT n FROM t") == 1


def test_data_stay_in_a_given_folder(open_folder: Path) -> None:
    with LocalPostgres(open_folder / "pg") as first:
        make_table(first.url)
    with LocalPostgres(open_folder / "pg") as second:
        assert ask(second.url, "SELECT n FROM t") == 1


def test_a_folder_that_its_user_may_not_enter_is_refused(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocalPostgres, "account", lambda _: Account(65534, 65534))  # as for root
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    server = LocalPostgres(closed / "pg")
    with pytest.raises(ServerFailed, match=f"{closed} is closed to the user"):
        server.start()
    server.close()


def test_durability_is_real_unless_a_test_asks_otherwise(server: LocalPostgres) -> None:
    assert ask(server.url, "SHOW fsync") == "on"
    assert ask(server.url, "SHOW synchronous_commit") == "on"


def test_text_is_utf_8_and_sorts_by_code_point(server: LocalPostgres) -> None:
    assert ask(server.url, "SHOW server_encoding") == "UTF8"
    assert ask(server.url, "SELECT datcollate FROM pg_database LIMIT 1") == "C.UTF-8"


def test_a_password_is_needed(server: LocalPostgres) -> None:
    assert postgres_answers(server.url)
    start, _, place = server.url.rpartition("@")
    assert not postgres_answers(f"{start}x@{place}")


def test_the_unix_socket_leads_to_the_same_server(server: LocalPostgres) -> None:
    assert ask(server.socket_url, "SELECT inet_client_addr()") is None
    with fresh_database(server.url) as url:
        assert name_of(url) in databases(server.socket_url)


def test_a_new_database_is_separate_from_others(server: LocalPostgres) -> None:
    with fresh_database(server.url) as one, fresh_database(server.url) as other:
        make_table(one)
        assert ask(other, "SELECT to_regclass('t')") is None
    assert not postgres_answers(one)


def test_a_template_is_made_once_and_copied_with_its_rows(server: LocalPostgres) -> None:
    made: list[str] = []

    def prepare(url: str) -> None:
        made.append(url)
        make_table(url)

    assert make_template(server.url, "with_t", prepare) == "with_t"
    assert make_template(server.url, "with_t", prepare) == "with_t"
    assert len(made) == 1
    with fresh_database(server.url, template="with_t") as url:
        assert ask(url, "SELECT n FROM t") == 1


def test_concurrent_template_builds_have_one_winner(server: LocalPostgres) -> None:
    def overtaken(url: str) -> None:
        make_table(url)
        make_template(server.url, "raced", make_table)

    before = databases(server.url)
    assert make_template(server.url, "raced", overtaken) == "raced"
    assert databases(server.url) - before == {"raced"}


def test_a_database_in_use_can_be_dropped(server: LocalPostgres) -> None:
    url = create_database(server.url)
    with psycopg.connect(url):
        drop_database(server.url, name_of(url))
    assert not postgres_answers(url)


def test_a_folder_too_deep_for_a_socket_is_refused(open_folder: Path) -> None:
    server = LocalPostgres(open_folder / ("deep" * 30))
    with pytest.raises(ServerFailed, match="too long for a Unix socket"):
        server.start()
    server.close()
