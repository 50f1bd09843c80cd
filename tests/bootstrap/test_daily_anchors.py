"""The daily job signs the head of each tenant's events, and notices a log that was changed."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from application.audit.stored_anchors import key_id_of
from application.kernel.command_handler import Request
from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.audit import (
    AnchorsInvalid,
    DailyAnchorsOnDemand,
    build_anchor_store,
    build_anchors,
)
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.users import commands
from domain.users.user import USER
from tests.data_folders import prepared

ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=prepared(tmp_path / "home"),
        cache=tmp_path,
        postgres_url=None,
        anchors=str(tmp_path / "worm"),
    )


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    with open_platform(settings) as opened:
        yield opened


def register(platform: Platform, user: str) -> None:
    command = commands.RegisterUser(at=platform.clock())
    platform.commands.execute(
        Request(USER, UserId(user), [command]), origin=ORIGIN, command_id=uuid4()
    )


def test_each_day_has_an_anchor_of_the_newest_event(platform: Platform, settings: Settings) -> None:
    """R-EVT-15: signed by a key of the platform, in the storage of the settings."""
    register(platform, "ada")
    DailyAnchorsOnDemand(settings)(DEFAULT_TENANT)
    store = build_anchor_store(settings)
    (name,) = store.names(DEFAULT_TENANT)
    with build_anchors(settings) as anchors:
        anchor = anchors.read(store.get(DEFAULT_TENANT, name))
    assert anchor.key_id == key_id_of(name)
    (head,) = anchor.heads
    assert (head.tenant_id, head.position) == (DEFAULT_TENANT, platform.log.head())


def test_the_daily_job_stores_anchors(platform: Platform, settings: Settings) -> None:
    """R-EVT-15"""
    register(platform, "ada")
    platform.privacy().daily().tasks(DEFAULT_TENANT)
    assert len(build_anchor_store(settings).names(DEFAULT_TENANT)) == 1


def test_a_changed_log_gets_no_anchor(platform: Platform, settings: Settings) -> None:
    """R-EVT-15: a removed event is noticed by the anchor of the day before."""
    for user in ("ada", "bob"):
        register(platform, user)
    DailyAnchorsOnDemand(settings)(DEFAULT_TENANT)
    with sqlite3.connect(settings.home / "log.sqlite3") as log:
        triggers = log.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            log.execute(f"DROP TRIGGER {trigger}")
        log.execute("DELETE FROM events WHERE rowid = (SELECT max(rowid) FROM events)")
    with capture_logs() as logs:
        DailyAnchorsOnDemand(settings)(DEFAULT_TENANT)
    assert "audit.chain_broken" in {each["event"] for each in logs}
    assert len(build_anchor_store(settings).names(DEFAULT_TENANT)) == 1


def test_the_place_of_anchors_is_a_folder_or_a_bucket(tmp_path: Path) -> None:
    """R-EVT-15"""
    with pytest.raises(AnchorsInvalid):
        build_anchor_store(Settings(home=tmp_path, anchors="s3:///prefix"))
