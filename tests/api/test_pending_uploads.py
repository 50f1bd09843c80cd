"""Uploads whose job could not be stored: they are removed with their person, or after a while."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from adapters.jobs.health_imports import SqlHealthImports
from adapters.jobs.sql import SqlJobStore
from application.kernel.ports import StorageUnavailable
from application.privacy.erasure import NotCertified
from application.privacy.retention import RetentionService
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.health_files import CSV, upload
from tests.api.measuring import ada
from tests.api.people import Person, Town
from tests.api.stage import video_content
from tests.api.stored_uploads import shelves

__all__ = ["ada"]


def fail(*_: Any) -> None:
    raise StorageUnavailable("The database is away.")


def after(town: Town, days: int) -> RetentionService:
    clock = town.platform.clock
    retention = town.platform.privacy().retention
    return replace(retention, clock=lambda: clock() + timedelta(days=days))


def erase(town: Town, person: Person) -> None:
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="operator", correlation_id=uuid4())
    erasure = replace(town.platform.privacy().erasure, wait=lambda _: None)
    user_id = UserId(person.id)
    erasure.request(user_id, origin=origin, at_once=True)
    assert not isinstance(erasure.run(user_id, origin=origin), NotCertified)


@pytest.fixture
def interrupted(
    town: Town, ada: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Person:
    """Return a person whose video and health file were stored, but not their jobs."""
    ada.agrees("images_leave_device")
    with monkeypatch.context() as away:
        away.setattr(SqlJobStore, "add", fail)
        away.setattr(SqlHealthImports, "add", fail)
        video = {"video": ("squat.mp4", video_content(), "video/mp4")}
        assert ada.post("/v1/sessions:analyze", files=video).status_code == 503
        assert upload(ada, CSV, "csv").status_code == 503
    assert len(shelves(settings)) == 2
    return ada


def test_retention_removes_uploads_without_a_job(
    town: Town, interrupted: Person, settings: Settings
) -> None:
    """R-TEN-12: once they are as old as the jobs that it removes; the file of a job stays."""
    assert upload(interrupted, CSV, "csv").status_code == 202
    assert after(town, 1).run(DEFAULT_TENANT, dry_run=False)["jobs"] == 0
    retention = after(town, 40)
    assert retention.run(DEFAULT_TENANT, dry_run=True)["jobs"] == 2
    assert len(shelves(settings)) == 3
    assert retention.run(DEFAULT_TENANT, dry_run=False)["jobs"] == 2
    assert len(shelves(settings)) == 1
    assert retention.run(DEFAULT_TENANT, dry_run=False)["jobs"] == 0


def test_an_erasure_removes_uploads_without_a_job(
    town: Town, interrupted: Person, settings: Settings
) -> None:
    """R-TEN-12, C-24"""
    erase(town, interrupted)
    assert shelves(settings) == []


@pytest.fixture
def erased_meanwhile(town: Town, ada: Person, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Return a person who is erased while a file of theirs is stored."""
    ada.agrees("images_leave_device")
    media = type(town.platform.media)
    put_stream = media.put_stream

    def put_slowly(*where: Any, **more: Any) -> str:
        digest = put_stream(*where, **more)
        erase(town, ada)
        # The erasure waits for other processes longer than they keep consents in memory.
        town.platform.consents.invalidate(DEFAULT_TENANT, UserId(ada.id))
        return digest

    monkeypatch.setattr(media, "put_stream", put_slowly)
    return ada


def test_an_upload_that_outlasts_the_erasure_of_its_person_leaves_nothing(
    erased_meanwhile: Person, settings: Settings
) -> None:
    """R-TEN-12, C-24: neither a file nor a job, which has the name of the file."""
    video = {"video": ("Ada Lovelace.mp4", video_content(), "video/mp4")}
    refused = erased_meanwhile.post("/v1/sessions:analyze", files=video)
    tables = b"".join(each.read_bytes() for each in settings.home.glob("tables.sqlite3*"))
    assert b"Ada Lovelace" not in tables
    assert shelves(settings) == []
    assert (refused.status_code, refused.json()["code"]) == (403, "consent.missing")


def test_a_health_file_that_outlasts_the_erasure_of_its_person_leaves_nothing(
    town: Town, erased_meanwhile: Person, settings: Settings
) -> None:
    """R-TEN-12, C-24: neither the file nor an import, which names the person."""
    refused = upload(erased_meanwhile, CSV, "csv")
    store = town.platform.health_imports.store
    assert list(store.of_user(DEFAULT_TENANT, UserId(erased_meanwhile.id))) == []
    assert shelves(settings) == []
    assert (refused.status_code, refused.json()["code"]) == (403, "consent.missing")


def test_retention_removes_the_file_of_a_refused_import(
    town: Town, ada: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-12: others took the last places meanwhile, and its file could not be deleted."""
    with monkeypatch.context() as away:
        away.setattr(SqlHealthImports, "add", lambda *_: False)
        away.setattr(type(town.platform.health_imports.media), "clear", fail)
        assert upload(ada, CSV, "csv").status_code == 503
    assert len(shelves(settings)) == 1
    assert after(town, 40).run(DEFAULT_TENANT, dry_run=False)["jobs"] == 1
    assert shelves(settings) == []
