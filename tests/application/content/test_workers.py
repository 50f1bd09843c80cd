"""Workers of content: leased jobs that continue after a crash, stop in time, and take turns."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pytest

from application.content.jobs import ContentJob
from application.kernel import leases
from application.kernel.leased_jobs import MAX_ATTEMPTS
from application.kernel.ports import AppendResult, Change, StorageUnavailable
from domain.content import commands, events
from domain.content.encoding import UnitDone
from domain.ids import DEFAULT_TENANT
from tests.application.content.publishing import (
    NOW,
    SQUATS,
    UNITS,
    CrashError,
    PublishingFixture,
    StubEncoder,
)

OTHER = UUID(int=7)


@pytest.fixture
def fixture(tmp_path: Path) -> PublishingFixture:
    fixture = PublishingFixture(tmp_path, StubEncoder())
    fixture.upload()
    return fixture


def crash(_name: str) -> None:
    raise CrashError


def test_while_a_worker_has_the_lease_no_other_one_encodes(fixture: PublishingFixture) -> None:
    """R-EVT-18, R-CON-04."""
    seen: list[bool] = []

    def look(name: str) -> None:
        if name == "audio":
            seen.append(fixture.worker().run_next(Event()))

    fixture.encoder.before = look
    fixture.work()
    assert seen == [False]
    assert fixture.encoder.done == ["inspect", *UNITS]


def test_a_worker_that_lost_its_lease_stops_at_its_next_report(
    fixture: PublishingFixture,
) -> None:
    """R-EVT-18: the other worker continues; the item is published once."""

    def lose(name: str) -> None:
        if name == "h264-480":
            fixture.encoder.before = lambda _name: None
            fixture.work()

    fixture.encoder.before = lose
    fixture.work()
    ready = [each for each in fixture.events() if isinstance(each, events.ContentReady)]
    assert len(ready) == 1
    assert fixture.encoder.done.count("h264-720") == 1
    assert fixture.job().state == "finished"


@pytest.mark.parametrize("withdraw", ["delete", "take_down"])
def test_the_unit_in_progress_ends_when_the_item_is_withdrawn(
    fixture: PublishingFixture, withdraw: str
) -> None:
    """R-CON-06: not only before the next unit."""
    reports: list[str] = []
    withdrawal: Any = (
        commands.DeleteContent(at=NOW)
        if withdraw == "delete"
        else commands.TakeDownContent(reason="copyright", at=NOW)
    )

    def before(name: str) -> None:
        reports.append(name)

    real = fixture.encoder.encode_track

    def encode_track(video: Path, unit: Any, progress: Any) -> Any:
        if unit.name == "h264-720":
            progress(0.1)
            fixture.execute(withdrawal)
        return real(video, unit, progress)

    fixture.encoder.before = before
    fixture.encoder.encode_track = encode_track
    fixture.work(watch_s=0.0)
    assert reports == ["inspect", "pictures", "audio", "h264-480"]
    assert fixture.job().state == "finished"
    assert not any(isinstance(each, events.ContentReady) for each in fixture.events())


def test_a_video_that_crashes_every_process_is_rejected(fixture: PublishingFixture) -> None:
    """R-EVT-19."""
    fixture.encoder.before = crash
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(CrashError):
            fixture.work()
    fixture.work()
    rejected, quarantined = fixture.events()[-2:]
    assert isinstance(rejected, events.ContentRejected)
    assert rejected.reason == "not_encodable"
    assert isinstance(quarantined, events.FileQuarantined)
    assert fixture.job().state == "finished"


def test_a_video_whose_units_are_never_noted_is_given_up(fixture: PublishingFixture) -> None:
    """R-EVT-19: a unit that the log takes for a repeated command is no advance."""
    append = fixture.log.append

    def repeat(changes: Sequence[Change], **named: Any) -> AppendResult:
        if any(isinstance(each, UnitDone) for change in changes for each in change.events):
            return AppendResult(0, repeated=True)
        return append(changes, **named)

    fixture.log.append = repeat  # type: ignore[method-assign]
    for _ in range(MAX_ATTEMPTS + 1):
        fixture.work()
    assert fixture.encoder.done.count("audio") == MAX_ATTEMPTS
    assert fixture.item().newest.stage == "rejected"
    assert fixture.job().state == "finished"


def test_crashes_of_different_units_do_not_add_up(fixture: PublishingFixture) -> None:
    """R-EVT-19: a long video survives many restarts, as each of its units is an advance."""
    for unit in UNITS:
        for _ in range(MAX_ATTEMPTS - 1):
            fixture.encoder.before = lambda name, unit=unit: crash(name) if name == unit else None
            with pytest.raises(CrashError):
                fixture.work()
    fixture.encoder.before = lambda _name: None
    fixture.work()
    assert fixture.item().offer == "published"
    assert fixture.encoder.done == ["inspect", *UNITS]


def test_an_unexpected_failure_is_tried_again_after_a_pause(fixture: PublishingFixture) -> None:
    """R-EVT-19."""

    def fail(_name: str) -> None:
        raise RuntimeError("a defect")

    fixture.encoder.before = fail
    fixture.work()
    assert (fixture.job().state, fixture.job().attempts) == ("queued", 1)
    fixture.encoder.before = lambda _name: None
    fixture.work()
    assert fixture.item().offer == "published"


def test_an_attempt_that_an_outage_of_the_database_ends_does_not_count(
    fixture: PublishingFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-OPS-09: a good file is not rejected after five outages."""
    monkeypatch.setattr(leases, "POLL_S", 0.0)
    save, failures = fixture.jobs.save, list[StorageUnavailable]()

    def save_unless_away(owner: UUID, job: ContentJob, lease_s: float) -> bool:
        if failures:
            raise failures.pop()
        return save(owner, job, lease_s)

    def go_away(_name: str) -> None:
        failures[:] = [StorageUnavailable() for _ in range(3)]

    monkeypatch.setattr(fixture.jobs, "save", save_unless_away)
    fixture.encoder.before = go_away
    fixture.work()
    assert failures == []
    assert (fixture.job().state, fixture.job().attempts) == ("queued", 0)
    fixture.encoder.before = lambda _name: None
    fixture.work()
    assert fixture.item().offer == "published"


def test_a_long_video_lets_others_go_first_after_a_unit(fixture: PublishingFixture) -> None:
    """R-EVT-18."""
    worker = fixture.worker(turn_s=0.0)
    fixture.run(worker, Event())
    assert fixture.item().offer == "published"
    assert fixture.encoder.done == ["inspect", *UNITS]
    begun = fixture.worker(turn_s=0.0)
    fixture.upload(2)
    stop = Event()
    fixture.encoder.before = lambda name: stop.set() if name == "pictures" else None
    fixture.run(begun, stop)
    job = fixture.job()
    assert (job.number, job.state, job.attempts) == (2, "queued", 0)
    assert fixture.units(2) == ["pictures"]


def test_progress_rises_and_stays_after_a_crash(fixture: PublishingFixture) -> None:
    """R-CON-04: the trainer sees the share that is done."""
    shares: list[float] = []

    def before(name: str) -> None:
        shares.append(fixture.job().progress)
        if name == "av1-480" and len(shares) < 7:
            raise CrashError

    fixture.encoder.before = before
    with pytest.raises(CrashError):
        fixture.work()
    fixture.work()
    shares.append(fixture.job().progress)
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert 0.5 < shares[-2] < 1.0
    assert shares[-1] == 1.0


def test_a_job_of_an_older_version_does_nothing(fixture: PublishingFixture) -> None:
    fixture.execute(commands.RejectFile(number=1, reason="damaged", at=NOW))
    fixture.work()
    assert fixture.jobs.newest(DEFAULT_TENANT, [SQUATS]) == {}
    assert fixture.encoder.done == []
