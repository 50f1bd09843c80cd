"""Records of a batch are stored or refused one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.health.batch import Measured, check_records
from domain.values import InvalidValue

NOW = datetime(2030, 2, 1, 12, tzinfo=UTC)
STEPS = Measured(
    id="a", metric="steps", value=900, unit="count", start=NOW - timedelta(hours=1), end=NOW
)


def test_a_time_zone_that_does_not_exist_refuses_its_record_alone() -> None:
    """R-HLT-03: clouds may give any offset; read models could not read the batch."""
    abroad = replace(STEPS, id="b", time_zone="Etc/GMT-9")
    wrong = replace(STEPS, id="c", time_zone="Etc/GMT-15")
    records, refused = check_records(
        [STEPS, abroad, wrong], deleted=(), shared=lambda _: True, time_zone="UTC", now=NOW
    )
    assert [(each.id, each.time_zone) for each in records] == [("a", "UTC"), ("b", "Etc/GMT-9")]
    (only,) = refused
    assert (only.id, type(only.reason)) == ("c", InvalidValue)
