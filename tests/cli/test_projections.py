"""`kinelog projections`: lag, quarantined streams, retry and rebuild."""

import gc
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.projection_runner import catch_up
from application.platform import Platform
from bootstrap.cli.projections import app
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY
from tests.api.driver import AT


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
    monkeypatch.setenv("KINELOG_CACHE", str(tmp_path))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    collecting = gc.get_threshold()
    yield tmp_path
    gc.set_threshold(*collecting)  # commands run in this process


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def broken(*_: Any) -> Any:
    raise LookupError("no such exercise")


def park_a_session(home: Path, tenant: TenantId = DEFAULT_TENANT) -> None:
    """Add a session that the summary cannot process."""
    with open_platform(Settings(home=home, cache=home)) as platform:
        unnoticed = CommandHandler(platform.log, settled=lambda _: None)
        start = commands.StartSession(athlete_id=UserId("ada"), at=AT)
        origin = Origin(tenant_id=tenant, actor="ada", correlation_id=platform.new_id())
        request = Request(SESSION, "s1", [start])
        unnoticed.execute(request, origin=origin, command_id=platform.new_id())
        catch_up(platform.log, platform.tables, [replace(SESSION_SUMMARY, evolve=broken), *ALL[1:]])


def test_read_models_are_listed_with_how_far_they_are_behind(home: Path) -> None:
    result = run("list", "--json")
    assert result.exit_code == 0
    assert '"name": "session_summary"' in result.stdout
    assert '"behind": 0, "behind_s": 0.0, "parked": 0' in result.stdout
    assert "session_summary" in run("list").stdout


def test_a_quarantined_stream_is_listed_and_applied_after_the_repair(home: Path) -> None:
    """R-EVT-19"""
    assert run("quarantined", "--json").stdout == "[]\n"
    park_a_session(home)
    shown = run("quarantined", "--json").stdout
    assert '"stream": "session-s1"' in shown
    assert "LookupError: no such exercise" in shown
    assert "session-s1" in run("quarantined").stdout
    assert '"parked": 1' in run("status", "--json").stdout
    retried = run("retry", "--projection", "session_summary", "--stream", "session-s1")
    assert (retried.exit_code, retried.stdout) == (
        0,
        "session-s1 of session_summary: 1 event applied; it is followed again.\n",
    )
    assert run("quarantined", "--json").stdout == "[]\n"


def test_a_retry_is_limited_to_a_tenant(home: Path) -> None:
    """R-EVT-19"""
    for tenant in (DEFAULT_TENANT, TenantId("gym")):
        park_a_session(home, tenant)

    def quarantined() -> list[str]:
        return [each["tenant_id"] for each in json.loads(run("quarantined", "--json").stdout)]

    assert sorted(quarantined()) == [DEFAULT_TENANT, "gym"]
    retry = ("retry", "--projection", "session_summary")
    assert run(*retry, "--tenant", "gym").exit_code == 0
    assert quarantined() == [DEFAULT_TENANT]
    assert run(*retry).exit_code == 0
    assert quarantined() == []


def test_a_stream_that_still_fails_has_its_exit_status(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    park_a_session(home)
    still = (replace(SESSION_SUMMARY, evolve=broken), *ALL[1:])
    monkeypatch.setattr("bootstrap.cli.projections.ALL", still)
    retried = run("retry", "--projection", "session_summary")
    assert retried.exit_code == 1
    assert "version 1 still fails: LookupError" in retried.stdout


def test_a_damaged_event_quarantines_its_stream_and_no_other(home: Path) -> None:
    """R-EVT-19, C-05: the platform starts with new read models, and they can be built again."""
    settings = Settings(home=home, cache=home)
    with open_platform(settings) as platform:
        for session in ("s1", "s2"):
            start = commands.StartSession(athlete_id=UserId("ada"), at=AT)
            platform.commands.execute(
                Request(SESSION, session, [start]),
                origin=Origin(
                    tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=platform.new_id()
                ),
                command_id=platform.new_id(),
            )
    (home / "tables.sqlite3").unlink()
    whole = replaced_payload(home, b'{"athlete_id":"ad')
    with open_platform(settings) as platform:
        found = {each: summary(platform, each) for each in ("s1", "s2")}
    assert [each for each, row in found.items() if row is not None] == ["s2"]
    for _ in range(2):
        (stream,) = (
            each
            for each in json.loads(run("quarantined", "--json").stdout)
            if each["projection"] == "session_summary"
        )
        assert stream["stream"] == "session-s1"
        assert "at position 1: kinelog audit verify" in stream["reason"]
        assert run("retry", "--projection", "session_summary").exit_code == 1
        assert run("rebuild", "session_summary").exit_code == 0
    replaced_payload(home, whole)
    assert run("retry").exit_code == 0
    assert run("quarantined", "--json").stdout == "[]\n"
    with open_platform(settings) as platform:
        assert summary(platform, "s1") is not None


def summary(platform: Platform, session: str) -> Any:
    return platform.read.get(SESSION_SUMMARY, DEFAULT_TENANT, session)


def replaced_payload(home: Path, payload: bytes) -> bytes:
    """Replace the payload of the first event; return the one before."""
    with closing(sqlite3.connect(home / "log.sqlite3", isolation_level=None)) as file:
        (before,) = file.execute("SELECT state FROM events WHERE position = 1").fetchone()
        file.execute("DROP TRIGGER events_refuse_UPDATE")
        file.execute("UPDATE events SET state = ? WHERE position = 1", [payload])
    return bytes(before)


def test_a_rebuild_applies_quarantined_events(home: Path) -> None:
    park_a_session(home)
    assert run("rebuild", "session_summary").exit_code == 0
    assert run("quarantined", "--json").stdout == "[]\n"
