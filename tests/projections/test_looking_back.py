from datetime import timedelta

import pytest

from application.kernel.read_models import Moment, rows_as_of, state_as_of
from domain.ids import DEFAULT_TENANT, TenantId
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY
from tests.projections.histories import (
    AT,
    ListLog,
    completed,
    reconciled,
    repetition,
    set_started,
    started,
)

SESSION = "session-s1"


@pytest.fixture
def log() -> ListLog:
    log = ListLog()
    log.add(SESSION, started(), set_started(), repetition(1), at=AT)
    log.add("session-other", started())
    log.add(SESSION, repetition(2), at=AT + timedelta(seconds=5))
    log.add(SESSION, completed(repetitions=2), at=AT + timedelta(seconds=60))
    return log


@pytest.mark.parametrize(
    ("moment", "repetitions", "status"),
    [
        (Moment(), 2, "completed"),
        (Moment(version=3), 1, "underway"),
        (Moment(at=AT + timedelta(seconds=5)), 2, "underway"),
        (Moment(at=AT + timedelta(seconds=4)), 1, "underway"),
        (Moment(position=4), 1, "underway"),
        (Moment(position=5), 2, "underway"),
        (Moment(version=5, at=AT), 1, "underway"),
    ],
)
def test_a_row_can_be_read_as_of_a_version(
    log: ListLog, moment: Moment, repetitions: int, status: str
) -> None:
    row = state_as_of(SESSION_SUMMARY, log, DEFAULT_TENANT, SESSION, moment)
    assert row is not None
    assert (row.repetitions, row.status) == (repetitions, status)


def test_before_its_first_fact_there_is_no_row(log: ListLog) -> None:
    before = Moment(at=AT - timedelta(seconds=1))
    assert state_as_of(SESSION_SUMMARY, log, DEFAULT_TENANT, SESSION, before) is None


def test_reading_the_past_stays_within_the_tenant(log: ListLog) -> None:
    assert state_as_of(SESSION_SUMMARY, log, TenantId("other"), SESSION, Moment()) is None


def test_several_rows_of_a_stream_are_shown_as_they_were(log: ListLog) -> None:
    log.add(SESSION, reconciled(1, standing=1))
    then = rows_as_of(REPETITION, log, DEFAULT_TENANT, SESSION, Moment(version=4))
    now = rows_as_of(REPETITION, log, DEFAULT_TENANT, SESSION, Moment())
    assert list(then) == ["s1/0001/00001", "s1/0001/00002"]
    assert list(now) == ["s1/0001/00002"]


def test_one_row_is_ambiguous_if_a_stream_has_several(log: ListLog) -> None:
    with pytest.raises(ValueError, match="2 rows of repetition"):
        state_as_of(REPETITION, log, DEFAULT_TENANT, SESSION, Moment())
