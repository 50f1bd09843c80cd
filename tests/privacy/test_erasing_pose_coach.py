"""A user is erased from the files of the pose coach, which other connections have open."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from application.kernel.ports import StorageUnavailable
from application.platform import Platform
from application.privacy.erasure import NotCertified
from application.privacy.pii_scan import ScanTarget
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import run_sinks
from bootstrap.wiring.pose_stores import build_analytics_store
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Origin
from tests.plugins.services import Service
from tests.privacy.distributed import distributed_platform
from tests.privacy.person import Person, found, settle
from tests.waiting import wait_until


@pytest.fixture
def distributed(postgres: Service, tmp_path: Path) -> Iterator[Settings]:
    with distributed_platform(tmp_path, postgres.address) as its_own:
        yield its_own


def key_on_disk(settings: Settings, person: Person) -> bool:
    """Return whether a file of the data folder has the person's key of the pose coach."""
    key = person.uid.encode()
    return any(key in path.read_bytes() for path in settings.home.glob("pose_*"))


@pytest.mark.slow
def test_a_user_is_erased_while_a_worker_keeps_the_stores_of_the_pose_coach_open(
    distributed: Settings, origin: Origin
) -> None:
    """C-24, R-TEN-12: the log is in PostgreSQL, and the stores are files of the data folder."""
    with open_platform(distributed) as platform, run_sinks(distributed, platform):
        person = settle(platform)
        wait_until(lambda: key_on_disk(distributed, person))
        erasure = platform.privacy().erasure
        erasure.request(person.id, origin=origin, at_once=True)
        outcome = erasure.run(person.id, origin=origin)
        assert not isinstance(outcome, NotCertified), outcome.findings
        assert found(person, distributed.home) == []


def test_files_are_compacted_again_before_an_interrupted_search_is_repeated(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24: a sink may write and delete between them what it had read before the erasure."""
    person, real = settle(platform), platform.privacy().erasure
    real.request(person.id, origin=origin, at_once=True)

    def unavailable(_: TenantId) -> list[ScanTarget]:
        raise StorageUnavailable

    with pytest.raises(StorageUnavailable):
        replace(real, scan_targets=unavailable).run(person.id, origin=origin)
    with closing(build_analytics_store(settings)) as sink:
        sink.save_profile(DEFAULT_TENANT, person.uid)
        sink.delete_profile(DEFAULT_TENANT, person.uid)
        assert key_on_disk(settings, person)
        outcome = real.run(person.id, origin=origin)
        assert not isinstance(outcome, NotCertified), outcome.findings
        assert not key_on_disk(settings, person)
