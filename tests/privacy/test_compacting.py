"""The files of PostgreSQL have no deleted rows of an erased user."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from application.health.import_service import MOST_UNFINISHED
from application.health.imports import RefusedRecord
from application.platform import Platform
from application.privacy.erasure import NotCertified
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.deleted_rows import PERSONAL_MODELS
from domain.content.commands import DescribeContent
from domain.content.events import Audience
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.personal import Personal
from projections.registry import ALL
from tests.api.published import execute, publish
from tests.privacy.distributed import database_folder, distributed_platform
from tests.privacy.measured_health import measure
from tests.privacy.person import PSEUDONYM, settle
from tools.local_services.postgres import UNSAFE_BUT_FAST, LocalPostgres

TITLE, DESCRIPTION = "Squats with Amalie at home", "Filmed in the Auditorienhaus"
DEVICE = "Scale of Ida"

REFUSED = "weight-of-amalie-2030"

TEXTS = (TITLE, DESCRIPTION, DEVICE, PSEUDONYM, REFUSED)


@pytest.fixture
def server() -> Iterator[LocalPostgres]:
    """A server whose files the test can read."""
    with LocalPostgres(settings=UNSAFE_BUT_FAST) as opened:
        yield opened


@pytest.fixture
def settings(server: LocalPostgres, tmp_path: Path) -> Iterator[Settings]:
    with distributed_platform(tmp_path, server.url) as distributed:
        yield distributed


def import_file(platform: Platform, user_id: UserId) -> None:
    """Store an import of a file of health records, one of which was refused."""
    (waiting,) = platform.health_import_store.of_user(DEFAULT_TENANT, user_id)
    refused = RefusedRecord(0, REFUSED, "value.invalid", "The weight is 612 kg.")
    done = replace(waiting, id=uuid4(), state="done", rejected=1, refused=(refused,))
    assert platform.health_import_store.add(done, MOST_UNFINISHED)


def stored_texts(server: LocalPostgres, settings: Settings) -> set[str]:
    """Return which of the texts are in the table files of the database."""
    files = database_folder(server, settings).iterdir()
    content = b"\n".join(each.read_bytes() for each in files if each.is_file())
    return {text for text in TEXTS if text.encode() in content}


def test_deleted_rows_with_texts_of_an_erased_user_are_not_in_the_files(
    server: LocalPostgres, settings: Settings
) -> None:
    """C-24, R-TEN-12: of videos, health records and leaderboards, too."""
    with open_platform(settings) as platform:
        person = settle(platform)
        own = Origin(tenant_id=DEFAULT_TENANT, actor=person.id, correlation_id=uuid4())
        publish(platform, person.id, Audience(is_free=True))
        describe = DescribeContent(title=TITLE, description=DESCRIPTION, at=platform.clock())
        execute(platform, person.id, describe)
        measure(platform, person.id, own)
        import_file(platform, person.id)
        assert platform.fresh(platform.log.head(), 60)
        assert stored_texts(server, settings) == set(TEXTS)
        erasure = platform.privacy().erasure
        operator = Origin(tenant_id=DEFAULT_TENANT, actor="operator", correlation_id=uuid4())
        erasure.request(person.id, origin=operator, at_once=True)
        assert not isinstance(erasure.run(person.id, origin=operator), NotCertified)
        assert stored_texts(server, settings) == set()


def test_each_read_model_with_personal_data_is_rewritten() -> None:
    """C-24: those whose module reads what events have encrypted."""
    modules = {each.name: vars(sys.modules[each.row.__module__]) for each in ALL}
    readers = {
        name
        for name, module in modules.items()
        if "text_of" in module or Personal in module.values()
    }
    assert readers <= set(PERSONAL_MODELS)
    assert set(PERSONAL_MODELS) <= modules.keys()
