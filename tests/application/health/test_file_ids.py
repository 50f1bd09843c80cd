"""Ids of records of files that are at one moment, and differ only in their value."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from application.health.file_ids import batches, ids_of_shared_moments, with_stored_ids
from domain.health.batch import MAX_BATCH, Measured
from domain.ids import UserId
from projections.health_metric import HealthMetric

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST, SECOND, THIRD = (f"{'a' * 40}{end}" for end in ("", "-2", "-3"))


def drink(record_id: str, value: float, unit: str = "mL") -> Measured:
    return Measured(record_id, "hydration", value, unit, NOON, NOON, "Bottle")


def row(record_id: str, value: float) -> HealthMetric:
    return HealthMetric(
        UserId("ada"), "apple_health", record_id, 1, deleted=False,
        metric="hydration", value=value, start=NOON, end=NOON, device="Bottle",
    )  # fmt: skip


def imported(
    stored: dict[str, float], *batch: Measured, deleted: dict[str, float] | None = None
) -> dict[str, float]:
    """Return the stored records after a batch, in mL, and those that it names of deleted ones."""
    rows = [row(record_id, value) for record_id, value in stored.items()]
    named = with_stored_ids(batch, rows, deleted or {})
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


@pytest.mark.parametrize("order", [*permutations([250.0, 300.0, 400.0])])
def test_a_record_with_the_value_of_a_deleted_one_gets_its_id(order: tuple[float, ...]) -> None:
    """R-HLT-03: and so is not stored again; a new one beside it gets another id."""
    batch = [drink(name, value) for name, value in zip((FIRST, SECOND, THIRD), order, strict=True)]
    for gone in (FIRST, SECOND):
        left = SECOND if gone == FIRST else FIRST
        values = {FIRST: 250.0, SECOND: 300.0}
        after = imported({left: values[left]}, *batch, deleted={gone: values[gone]})
        assert sorted(after.values()) == [250, 300, 400]
        assert {each: after[each] for each in values} == values


def test_a_deleted_record_corrects_none_that_the_file_does_not_have() -> None:
    """R-HLT-03: the file has one of two drinks, which was the second one."""
    after = imported({FIRST: 250.0}, drink(FIRST, 300), deleted={SECOND: 300.0})
    assert after == {FIRST: 250, SECOND: 300}


def test_deleted_records_are_looked_for_where_several_are_at_one_moment() -> None:
    """R-HLT-03: a record alone is looked for under its own id by all batches."""
    alone = drink(FIRST, 300)
    assert ids_of_shared_moments([alone], []) == []
    assert ids_of_shared_moments([alone], [row(FIRST, 300)]) == []
    assert SECOND in ids_of_shared_moments([alone], [row(FIRST, 250)])
    assert FIRST in ids_of_shared_moments([alone], [row(SECOND, 250)])
    assert {FIRST, SECOND, THIRD} <= {*ids_of_shared_moments([alone, drink(SECOND, 250)], [])}


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
