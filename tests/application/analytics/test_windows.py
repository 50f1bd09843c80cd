"""Windows are sums of events by their time, whatever the order of arrival."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from application.analytics.session_fold import fold
from application.analytics.windows import (
    Changes,
    Day,
    Hour,
    Minute,
    ReceivedEvent,
    Session,
    SessionState,
    Tally,
    end_of,
)
from domain.personal import Personal
from domain.sessions import events as sessions
from domain.sessions.prescription_events import (
    HealthKitFailed,
    HealthKitRequested,
    HealthKitSynced,
)
from domain.sessions.set_state import movement_of
from domain.values import Span
from tests.application.analytics.examples import in_parts, seen, training, windows
from tests.projections.histories import (
    ADA,
    AT,
    ListLog,
    completed,
    deleted,
    reconciled,
    repetition,
    restored,
    set_completed,
    set_started,
    started,
)
from tests.specification import for_any

TENANT = "default"
SQUATS = Hour(TENANT, AT.replace(minute=0), "squat", "ada")
TODAY = Day(TENANT, AT.date(), "ada")


def minute(number: int, stream: str = "session-s1") -> Minute:
    return Minute(TENANT, AT + timedelta(minutes=number), stream)


def events(*batches: tuple[float, object], stream: str = "session-s1") -> list[ReceivedEvent]:
    """Return events, each recorded the given number of minutes after AT."""
    log = ListLog()
    for after, event in batches:
        log.add(stream, event, at=AT + timedelta(minutes=after))
    return [seen(recorded) for recorded in log.recorded]


BEGUN = ((0, started()), (0, set_started()))


def test_repetitions_are_counted_by_minute_of_the_log_s_time() -> None:
    """R-EVT-08, R-EVT-13"""
    counted = [(0.1, repetition(1)), (0.9, repetition(2)), (1.0, repetition(3))]
    assert windows(events(*BEGUN, *counted)).minutes == {minute(0): 2, minute(1): 1}


def test_a_session_is_active_in_each_minute_in_which_something_happens() -> None:
    """R-EVT-13"""
    result = events(*BEGUN, (3, set_completed(0)))
    other = events(*BEGUN, stream="session-s2")
    assert windows([*result, *other]).minutes == {
        minute(0): 0,
        minute(3): 0,
        minute(0, "session-s2"): 0,
    }


def test_exercises_are_summed_by_hour_and_athlete() -> None:
    """R-EVT-13: each repetition has a form of 0.9 and one fault."""
    result = windows(events(*BEGUN, (1, repetition(1)), (2, repetition(2))))
    assert result.hours == {
        SQUATS: Tally(sets=1, repetitions=2, formed=2, form_millionths=1_800_000, faults=2)
    }


def test_a_completed_session_adds_to_the_day_on_which_it_began_where_the_athlete_is() -> None:
    """C-52"""
    delayed = datetime(2030, 1, 31, 23, 30, tzinfo=UTC)
    result = windows(
        events((0, started(at=delayed, zone="Asia/Tokyo")), (1, completed(at=delayed)))
    )
    tomorrow = date(2030, 2, 1)
    assert result.days == {
        Day(TENANT, tomorrow, "ada"): Tally(sessions=1, duration_ms=60_000, calories=12_500)
    }
    assert result.ends == {(TENANT, tomorrow): datetime(2030, 2, 1, 15, tzinfo=UTC)}


def test_a_day_ends_at_the_midnight_of_its_zone() -> None:
    """C-52: daylight saving time starts in Berlin on 31 March 2030."""
    assert end_of(date(2030, 3, 30), "Europe/Berlin").hour == 23
    assert end_of(date(2030, 3, 31), "Europe/Berlin").hour == 22


def test_a_withdrawn_repetition_leaves_the_windows_in_which_it_was_counted() -> None:
    """C-02: the correction arrives minutes later and changes the original window."""
    counted = [(0, repetition(1)), (1, repetition(2)), (5, reconciled(2, standing=1))]
    result = windows(events(*BEGUN, *counted))
    assert result.minutes == {minute(0): 1, minute(1): 0, minute(5): 0}
    assert result.hours[SQUATS].repetitions == result.days[TODAY].repetitions == 1
    assert result.hours[SQUATS].form_millionths == 900_000


def test_repetitions_of_the_next_set_are_other_ones() -> None:
    """C-02"""
    first = [(0, repetition(1)), (1, set_completed(1))]
    second = [
        (2, set_started(2)),
        (3, repetition(1, 2)),
        (4, reconciled(1, standing=0, set_number=2)),
    ]
    result = windows(events(*BEGUN, *first, *second))
    assert result.minutes[minute(0)] == 1
    assert result.minutes[minute(3)] == 0


def test_an_event_that_comes_again_changes_nothing() -> None:
    """R-EVT-16"""
    result = events(*BEGUN, (0, repetition(1)), (1, repetition(2)))
    assert in_parts([result, result[2:], result[3:], result]) == windows(result)


def test_a_delayed_event_adds_to_its_own_window() -> None:
    """R-EVT-13: days later, when newer windows are already filled."""
    early = events(*BEGUN, (0, repetition(1)))
    later = events((3000, started()), (3001, set_started()), stream="session-s2")
    assert in_parts([later, early]) == in_parts([early, later])


def test_a_stream_without_its_beginning_is_not_counted_until_it_is_sent_again() -> None:
    """C-44: Kafka keeps a week; `kinelog events refill` sends everything again."""
    result = events(*BEGUN, (0, repetition(1)), (1, repetition(2)))
    changes, standings = Changes(), dict[Session, SessionState]()
    assert fold(standings, result[2:], changes) == (Session(TENANT, "session-s1"),)
    assert changes == Changes()
    assert fold(standings, result, changes) == ()
    assert changes == windows(result)


def test_an_event_that_cannot_be_read_is_activity_and_the_rest_counts() -> None:
    result = events(*BEGUN, (1, repetition(1)), (2, repetition(2)))
    result[2] = replace(result[2], event=None)
    assert windows(result).minutes == {minute(0): 0, minute(1): 0, minute(2): 1}


@pytest.mark.parametrize("at_its_end", [(), ((90, deleted()),)], ids=["standing", "deleted"])
def test_a_session_with_an_event_that_could_not_be_read_is_counted_anew(
    at_its_end: tuple[Any, ...],
) -> None:
    """R-EVT-16, C-44: `kinelog events refill` sends it to a worker of a newer version."""
    whole = events(*WHOLE, *at_its_end)
    for unread in range(len(whole)):
        received = [*whole[:unread], replace(whole[unread], event=None), *whole[unread + 1 :]]
        again = in_parts([received, received, whole, whole])
        expected = windows(whole)
        assert {of: sums for of, sums in again.days.items() if sums != Tally()} == {
            of: sums for of, sums in expected.days.items() if sums != Tally()
        }
        assert {of: sums for of, sums in again.hours.items() if sums != Tally()} == {
            of: sums for of, sums in expected.hours.items() if sums != Tally()
        }
        assert {at: each for at, each in again.minutes.items() if each} == {
            at: each for at, each in expected.minutes.items() if each
        }


def test_a_replayed_dead_letter_does_not_begin_a_session_again() -> None:
    """R-EVT-19: the events after it are not sent again."""
    whole = events(*WHOLE)
    received = [replace(whole[0], event=None), *whole[1:-1]]
    letter = replace(whole[0], is_replayed=True)
    assert in_parts([received, [letter], whole[-1:]]) == in_parts([received, whole[-1:]])


def test_nothing_is_counted_of_an_athlete_who_was_erased() -> None:
    """C-24: also if all is sent again."""
    whole, changes = events(*WHOLE), Changes()
    standings = {whole[0].session: SessionState(is_erased=True)}
    assert fold(standings, whole, changes) == ()
    assert changes == Changes()


def test_an_unstorable_user_id_is_shortened_and_cleaned() -> None:
    """PostgreSQL stores no NUL, and an index no long text."""
    result = windows(events((0, started(athlete="a\x00" * 5000)), (0, set_started())))
    ((_, day, athlete),) = result.days
    assert (day, len(athlete), "\x00" in athlete) == (AT.date(), 200, False)


@for_any(st.integers(0, 2**32), st.integers(0, 2**32))
def test_however_streams_are_interleaved_and_repeated_windows_are_the_same(
    seed: int, order: int
) -> None:
    """R-EVT-13, R-EVT-16"""
    result = [seen(recorded) for recorded in training(seed, sessions=4).recorded]
    assert in_parts(shuffled(result, random.Random(order))) == windows(result)  # noqa: S311  not for secrets


def shuffled(result: list[ReceivedEvent], chance: random.Random) -> list[list[ReceivedEvent]]:
    """Cut the streams into parts and interleave them; some parts repeat earlier events."""
    streams: dict[Session, list[ReceivedEvent]] = {}
    for each in result:
        streams.setdefault(each.session, []).append(each)
    at = dict.fromkeys(streams, 0)
    parts: list[list[ReceivedEvent]] = []
    while unfinished := [of for of in streams if at[of] < len(streams[of])]:
        of = chance.choice(unfinished)
        start = chance.randint(max(0, at[of] - 3), at[of])
        end = start + chance.randint(1, 8)
        parts.append(streams[of][start:end])
        at[of] = max(at[of], min(end, len(streams[of])))
    return parts


@pytest.mark.parametrize(
    ("at", "zone"),
    [
        (datetime(9999, 12, 31, tzinfo=UTC), "UTC"),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), "Asia/Tokyo"),
        (datetime(1, 1, 1, tzinfo=UTC), "America/New_York"),
    ],
    ids=["no day after", "no such day", "no day before"],
)
def test_a_session_with_an_invalid_day_does_not_stop_the_counting(at: datetime, zone: str) -> None:
    """R-EVT-16: it counts as activity, and belongs to no day."""
    odd = replace(started(), at=at, time_zone=zone)
    result = windows(events((0, odd), (0, set_started()), (1, repetition(1))))
    assert result.minutes == {minute(0): 0, minute(1): 1}
    assert (result.hours, result.days) == ({}, {})


def overruled(number: int, *, accepted: bool, in_set: int = 1) -> sessions.RepetitionOverruled:
    movement = movement_of(repetition(number, in_set))
    return sessions.RepetitionOverruled(
        set=in_set, number=number, accepted=accepted, repetitions=0, movement=movement
    )


def test_a_rejected_repetition_leaves_the_minute_of_its_count() -> None:
    """C-49, R-EVT-13"""
    counted = ((0.1, repetition(1)), (2, repetition(2)))
    taken_back = (5, overruled(1, accepted=False))
    result = windows(events(*BEGUN, *counted, taken_back))
    assert (result.minutes[minute(0)], result.minutes[minute(2)]) == (0, 1)
    assert result.hours[SQUATS].repetitions == 1
    again = windows(events(*BEGUN, *counted, taken_back, (6, overruled(1, accepted=True))))
    assert again.hours[SQUATS].repetitions == again.days[TODAY].repetitions == 2


SECOND = ((2, set_completed(2)), (3, set_started(2, "lunge")), (3, repetition(1, 2)))
"""The next set is of another exercise; the events after it correct the first set."""


def test_overruling_an_earlier_set_changes_the_windows_of_its_count() -> None:
    """C-49, R-EVT-08, R-EVT-13"""
    said = (6, overruled(1, accepted=False))
    result = windows(events(*BEGUN, (1, repetition(1)), *SECOND, said))
    assert result.days[TODAY].repetitions == 1
    assert result.hours[SQUATS].repetitions == result.minutes[minute(1)] == 0


COUNTED_TWO = (*BEGUN, (0, repetition(1)), (1, repetition(2)))


def test_a_repetition_withdrawn_from_an_earlier_set_leaves_its_windows_with_form_and_faults() -> (
    None
):
    """C-02, R-EVT-13: whether or not the next set has begun."""
    gone = reconciled(2, standing=1)
    earlier = windows(events(*COUNTED_TWO, *SECOND, (4, gone)))
    newest = windows(events(*COUNTED_TWO, (2, gone), *SECOND))
    assert (earlier.days, earlier.hours) == (newest.days, newest.hours)
    assert earlier.minutes[minute(1)] == newest.minutes[minute(1)] == 0


def test_a_repetition_of_an_earlier_set_that_is_accepted_again_counts_once() -> None:
    """C-49, R-EVT-13"""
    again = ((4, reconciled(2, standing=1)), (5, overruled(2, accepted=True)))
    result = windows(events(*COUNTED_TWO, *SECOND, *again))
    never_gone = windows(events(*COUNTED_TWO, *SECOND))
    assert (result.days, result.hours) == (never_gone.days, never_gone.hours)
    assert (result.minutes[minute(1)], result.minutes[minute(5)]) == (0, 1)


def test_faults_of_a_delayed_hold_are_not_those_of_the_next_exercise() -> None:
    """R-EVT-19, R-EVT-13: the plank is measured while the squats are underway."""
    plank = ((0, started()), (0, set_started(1, "plank")), (1, set_completed(0)))
    delayed = sessions.HoldMeasured(set=1, span=Span(2000, 30_000), form=0.5, faults=("hips_low",))
    result = windows(events(*plank, (2, set_started(2)), (3, delayed)))
    assert (result.hours[SQUATS].faults, result.days[TODAY].faults) == (0, 1)
    assert result.hours[SQUATS._replace(exercise_id="plank")].faults == 1


WHOLE = (*BEGUN, (1, repetition(1)), (2, repetition(2)), (61, repetition(3)), (62, completed()))


def test_a_session_that_is_deleted_leaves_every_sum_it_was_in() -> None:
    """R-EVT-08, R-EVT-13"""
    other = events(*BEGUN, (1, repetition(1)), stream="session-s2")
    left = windows([*events(*WHOLE, (90, deleted())), *other])
    alone = windows(other)
    assert left.days == alone.days
    assert {hour: tally for hour, tally in left.hours.items() if tally != Tally()} == alone.hours
    assert {at for at, repetitions in left.minutes.items() if repetitions} == {
        minute(1, "session-s2")
    }
    assert minute(90) not in left.minutes  # a deletion is not training


@pytest.mark.parametrize(
    "written",
    [
        sessions.TagsChanged(tags=Personal(ADA, ("legs",))),
        sessions.SetRated(set=1, rpe=8.0, at=AT),
        HealthKitRequested(at=AT),
        HealthKitSynced(at=AT),
        HealthKitFailed(at=AT, reason="locked"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_writing_to_a_session_is_not_training_activity(written: object) -> None:
    """R-EVT-08"""
    assert windows(events(*WHOLE, (90, written))) == windows(events(*WHOLE))


def test_a_session_that_is_restored_is_in_all_sums_as_before() -> None:
    """R-EVT-08, R-EVT-13"""
    undone = ((90, deleted()), (91, restored()))
    assert windows(events(*WHOLE, *undone)) == windows(events(*WHOLE))
    assert windows(events(*WHOLE, *undone, *undone)) == windows(events(*WHOLE))


def test_a_session_restored_while_it_is_underway_goes_on_as_if_never_deleted() -> None:
    """R-EVT-08"""
    before, after = WHOLE[:4], WHOLE[4:]
    back = windows(events(*before, (60, deleted()), (60, restored()), *after))
    assert back == windows(events(*WHOLE))
    gone = windows(events(*before, (60, deleted()), (60, restored()), *after, (99, deleted())))
    assert set(gone.days.values()) == {Tally()}
