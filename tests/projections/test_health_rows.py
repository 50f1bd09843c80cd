"""Rows of health data: corrections, deletions and late records in any order of batches."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from domain.health.batch import SYNC
from domain.health.events import MetricsSynced, ProfileDeleted, Record, Records
from domain.ids import UserId
from domain.personal import Erased, Personal
from projections.health_metric import HEALTH_METRIC
from projections.user_health_profile import USER_HEALTH_PROFILE
from tests.projections.histories import ListLog, folded, rows_after

ADA = UserId("ada")
AT = datetime(2030, 1, 7, 23, 30, tzinfo=UTC)
ZONE = "Europe/Berlin"


def weighed(record_id: str, figure: float) -> Record:
    return Record(record_id, "weight", figure, AT, AT, "Scale", ZONE)


def batch(hour: int, *records: Record, deleted: tuple[str, ...] = ()) -> MetricsSynced:
    return MetricsSynced(
        user_id=ADA,
        source="apple_health",
        records=Personal(ADA, Records(records, deleted)),
        accepted=len(records),
        unchanged=0,
        rejected=0,
        deleted=len(deleted),
        at=AT + timedelta(hours=hour),
    )


def test_a_batch_fills_a_row_per_record() -> None:
    """R-HLT-04: in the local day of the athlete, which may differ from the day in UTC."""
    rows = rows_after(HEALTH_METRIC, "health_batch-1", batch(1, weighed("a", 70), weighed("b", 71)))
    assert {key: (row.value, row.day) for key, row in rows.items()} == {
        "ada/apple_health/a": (70, date(2030, 1, 8)),
        "ada/apple_health/b": (71, date(2030, 1, 8)),
    }


def slept(record_id: str, bed_time: datetime, hours: int) -> Record:
    end = bed_time + timedelta(hours=hours)
    return Record(record_id, "sleep", 60 * hours, bed_time, end, "Watch", "UTC")


def test_a_night_belongs_to_the_day_on_which_it_ends() -> None:
    """R-HLT-04: whether it begins before or after midnight; a nap belongs to its own day."""
    records = (
        slept("a", datetime(2030, 1, 7, 18, tzinfo=UTC), 1),
        slept("b", datetime(2030, 1, 7, 23, 45, tzinfo=UTC), 8),
        slept("c", datetime(2030, 1, 8, 0, 15, tzinfo=UTC), 8),
        slept("nap", datetime(2030, 1, 8, 17, 59, tzinfo=UTC), 1),
    )
    rows = rows_after(HEALTH_METRIC, "health_batch-1", batch(1, *records))
    assert len(rows) == 4
    assert {row.day for row in rows.values()} == {date(2030, 1, 8)}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_latest_batch_counts_and_deletion_is_final(order: tuple[int, ...]) -> None:
    """R-HLT-03: corrections and deletions hold in whatever order their streams are read."""
    batches = [
        batch(1, weighed("kept", 70), weighed("wrong", 700)),
        batch(2, weighed("kept", 71)),
        batch(3, deleted=("wrong",)),
    ]
    recorded = ListLog().add("health_batch-1", *batches)
    rows = folded(HEALTH_METRIC, [recorded[each] for each in order])
    assert rows["ada/apple_health/kept"].value == 71
    assert rows["ada/apple_health/wrong"].deleted
    assert rows["ada/apple_health/wrong"].value is None
    assert rows["ada/apple_health/wrong"].content_position == recorded[0].position


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_record_that_its_cloud_lists_again_comes_back(order: tuple[int, ...]) -> None:
    """R-HLT-03: the latest batch counts in whatever order; what a person deletes stays deleted."""
    batches = [
        batch(1, weighed("back", 70), weighed("gone", 71)),
        batch(2, deleted=("back", "gone")),
        batch(3, weighed("back", 70)),
        batch(4, deleted=("gone",)),
    ]
    recorded = ListLog().add("health_batch-1", *batches, actor=SYNC)
    rows = folded(HEALTH_METRIC, [recorded[each] for each in order])
    assert rows["ada/apple_health/back"].value == 70
    assert (rows["ada/apple_health/gone"].deleted, rows["ada/apple_health/gone"].value) == (
        True,
        None,
    )
    assert rows["ada/apple_health/gone"].content_position == recorded[0].position


def test_the_last_batch_in_the_log_counts_whatever_the_clocks_say() -> None:
    """R-HLT-03: two processes whose clocks differ take a record and its correction."""
    rows = rows_after(
        HEALTH_METRIC, "health_batch-1", batch(2, weighed("a", 80)), batch(1, weighed("a", 75))
    )
    assert rows["ada/apple_health/a"].value == 75


def test_an_erased_batch_fills_no_row() -> None:
    """R-TEN-12: its records cannot be read any more."""
    erased = batch(1)
    gone = MetricsSynced(
        user_id=ADA, source="apple_health", records=Personal(ADA, Erased()),
        accepted=2, unchanged=0, rejected=0, deleted=0, at=erased.at,
    )  # fmt: skip
    assert rows_after(HEALTH_METRIC, "health_batch-1", gone) == {}


def test_a_profile_has_the_last_sync_of_all_sources() -> None:
    """R-HLT-14: one row per user, in whatever order batches are read."""
    rows = rows_after(USER_HEALTH_PROFILE, "health_batch-1", batch(2, weighed("a", 70)), batch(1))
    assert rows["ada"].records == 1
    assert rows["ada"].last_sync_at == AT + timedelta(hours=2)


def test_a_deleted_profile_is_there_again_with_the_next_batch() -> None:
    """R-TEN-16, R-HLT-14: with the figures since."""
    rows = rows_after(
        USER_HEALTH_PROFILE,
        "health-ada",
        batch(1, weighed("a", 70)),
        ProfileDeleted(user_id=ADA, at=AT),
    )
    assert rows == {}
    rows = rows_after(
        USER_HEALTH_PROFILE,
        "health-ada",
        batch(1, weighed("a", 70)),
        ProfileDeleted(user_id=ADA, at=AT),
        batch(2, weighed("b", 71)),
    )
    assert (rows["ada"].records, rows["ada"].registered_at) == (1, None)
