"""An erasure is repeated after a backup with the keys of erased users was restored."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from application.kernel.projection_runner import rebuild
from application.platform import Platform
from application.privacy.due_erasures import DueErasureResults, run_due
from application.privacy.erasure import ErasureService, NotCertified
from application.privacy.erasure_certificate import verify
from bootstrap.cli.output import plain
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import build_projection_log
from domain.ids import DEFAULT_TENANT
from domain.kernel import Origin
from projections.registry import ALL
from projections.session_summary import SESSION_SUMMARY
from tests.privacy.person import ADDRESS, Person, settle

OPERATOR = Origin(tenant_id=DEFAULT_TENANT, actor="operator", correlation_id=uuid4())


def back_up(keys: Path, copy: Path) -> None:
    """Copy a database of keys that is in use."""
    with closing(sqlite3.connect(keys)) as used, closing(sqlite3.connect(copy)) as new:
        used.backup(new)


def restore(copy: Path, keys: Path) -> None:
    """Replace a database of keys that is not in use."""
    for path in keys.parent.glob(f"{keys.name}*"):
        path.unlink()
    shutil.copy(copy, keys)


def request_after_backup(
    platform: Platform, keys: Path, copy: Path
) -> tuple[Person, ErasureService]:
    """Request the erasure of a new person whose key is in a backup."""
    person = settle(platform)
    back_up(keys, copy)
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=OPERATOR, at_once=True)
    return person, erasure


def test_repeating_an_erasure_destroys_restored_keys(settings: Settings, tmp_path: Path) -> None:
    """C-24, R-TEN-12: as the documentation says, of everyone who has a certificate."""
    keys, copy = settings.home / "identity.sqlite3", tmp_path / "keys"
    with open_platform(settings) as platform:
        person, erasure = request_after_backup(platform, keys, copy)
        first = erasure.run(person.id, origin=OPERATOR)
        assert not isinstance(first, NotCertified)
    restore(copy, keys)
    with open_platform(settings) as platform, build_encryption(settings) as encryption:
        rebuild(build_projection_log(platform.log, encryption.database), platform.tables, *ALL)
        assert platform.read.get(SESSION_SUMMARY, DEFAULT_TENANT, person.session) is not None
        account = platform.log.load(DEFAULT_TENANT, f"user-{person.id}")
        assert ADDRESS in json.dumps(plain(account, personal=True), default=str)
        erasure = platform.privacy().erasure
        erasure.request(person.id, origin=OPERATOR, at_once=True)
        second = erasure.run(person.id, origin=OPERATOR)
        assert not isinstance(second, NotCertified)
        account = platform.log.load(DEFAULT_TENANT, f"user-{person.id}")
        assert ADDRESS not in json.dumps(plain(account, personal=True), default=str)
        assert platform.accounts().identities.find(DEFAULT_TENANT, "email", ADDRESS) is None
        assert platform.read.get(SESSION_SUMMARY, DEFAULT_TENANT, person.session) is None
        assert (
            verify(second, erasure.signer)["keyDestroyedAt"] > first["certificate"]["certifiedAt"]
        )
        assert erasure.run(person.id, origin=OPERATOR) == second
        assert erasure.due(DEFAULT_TENANT) == []


def test_due_erasures_repeat_those_of_restored_keys(settings: Settings, tmp_path: Path) -> None:
    """C-24, R-TEN-12: the daily job, too; nobody has to know who was erased."""
    keys, copy = settings.home / "identity.sqlite3", tmp_path / "keys"
    with open_platform(settings) as platform:
        person, erasure = request_after_backup(platform, keys, copy)
        assert run_due(erasure, OPERATOR).certified == [person.id]
        assert run_due(erasure, OPERATOR).certified == []
    restore(copy, keys)
    with open_platform(settings) as platform:
        erasure = platform.privacy().erasure
        assert erasure.is_readable(DEFAULT_TENANT, person.id)
        assert run_due(erasure, OPERATOR).certified == [person.id]
        assert not erasure.is_readable(DEFAULT_TENANT, person.id)
        assert run_due(erasure, OPERATOR) == DueErasureResults([], [], {})
