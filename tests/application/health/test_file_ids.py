"""Ids of records of files that are at one moment, and differ only in their value."""

from datetime import UTC, datetime

from application.health.file_ids import batches, with_stored_ids
from domain.health.batch import MAX_BATCH, Measured
from domain.ids import UserId
from projections.health_metric import HealthMetric

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST, SECOND, THIRD = (f"{'a' * 40}{end}" for end in ("", "-2", "-3"))


def drink(record_id: str, value: float, unit: str = "mL") -> Measured:
    return Measured(record_id, "hydration", value, unit, NOON, NOON, "Bottle")


def imported(stored: dict[str, float], *batch: Measured) -> dict[str, float]:
    """Return the stored records after a batch, in mL."""
    rows = [
        HealthMetric(
            UserId("ada"), "apple_health", record_id, 1, deleted=False,
            metric="hydration", value=value, start=NOON, end=NOON, device="Bottle",
        )
        for record_id, value in stored.items()
    ]  # fmt: skip
    named = with_stored_ids(batch, rows)
    assert len({each.id for each in named}) == len({each.id for each in batch})
    new = {each.id: each.value * (1000 if each.unit == "L" else 1) for each in named}
    return {**stored, **new}


def test_a_later_batch_replaces_no_record_of_an_earlier_one() -> None:
    """R-HLT-03: a record that is not beside the others of its moment, in a later batch."""
    stored = {FIRST: 250.0, SECOND: 300.0}
    after = imported(imported(stored, drink(FIRST, 300)), drink(SECOND, 400))
    assert sorted(after.values()) == [250, 300, 400]
    assert imported(imported(after, drink(FIRST, 300)), drink(SECOND, 400)) == after
    more = imported(imported(stored, drink(FIRST, 300)), drink(SECOND, 400), drink(THIRD, 500))
    assert sorted(more.values()) == [250, 300, 400, 500]


def test_records_in_one_batch_correct_those_that_the_file_does_not_have() -> None:
    """R-HLT-03"""
    stored = {FIRST: 250.0, SECOND: 300.0}
    after = imported(stored, drink(FIRST, 300), drink(SECOND, 400))
    assert after == {FIRST: 400, SECOND: 300}


def test_a_new_record_does_not_have_the_id_of_a_deleted_one() -> None:
    """R-HLT-03: the first id is of a record that its person has deleted."""
    after = imported({SECOND: 300.0}, drink(FIRST, 300), drink(SECOND, 400))
    assert FIRST not in after
    assert sorted(after.values()) == [300, 400]
    assert imported(after, drink(FIRST, 300), drink(SECOND, 400)) == after
    assert FIRST in imported({SECOND: 300.0}, drink(FIRST, 250), drink(SECOND, 300)), "deleted"


def test_equal_records_in_two_units_keep_two_ids() -> None:
    """R-HLT-03: also if they are in different batches."""
    litres, millilitres = drink(FIRST, 0.3, "L"), drink(SECOND, 300)
    assert imported({FIRST: 300.0}, litres, millilitres) == {FIRST: 300, SECOND: 300}
    other = {THIRD: 300.0}
    assert len(imported(imported(other, litres), millilitres)) == 1
    assert len(imported(other, litres, millilitres)) == 2


def test_records_of_one_moment_that_are_side_by_side_are_in_one_batch() -> None:
    """R-HLT-03: unless they are more than a batch; from each beginning, the next ones are equal."""
    many = [drink(f"{number:040x}", 250) for number in range(MAX_BATCH - 1)]
    pair = [drink(FIRST, 250), drink(SECOND, 300)]
    crowd = [drink(f"{'b' * 40}-{number}", number) for number in range(1, MAX_BATCH + 3)]
    records = [*many, *pair, *crowd]
    parts = [*batches(records)]
    assert parts == [many, pair, crowd[:MAX_BATCH], crowd[MAX_BATCH:]]
    for handled in (len(many), len(many) + 2, len(many) + 2 + MAX_BATCH):
        rest = [*batches(records[handled:])]
        assert rest == parts[-len(rest) :]
    assert [*batches([])] == []
