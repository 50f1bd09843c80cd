"""Rows from which leaderboards are computed."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.personal import Erased, Personal
from domain.sessions import events
from domain.users import events as users
from domain.values import FormMeasured
from projections.leaderboards import LEADERBOARDS, LeaderboardEntry
from projections.participant import PARTICIPANT, Participant
from tests.projections.histories import ADA, AT, completed, rows_after, started
from tests.projections.stores import Store

SQUAT, PLANK = ExerciseId("squat"), ExerciseId("plank")
SETS = (
    events.PerformedSet(1, 8, 0, 20.0, 0.5),
    events.PerformedSet(2, 2, 0, 20.0, 1.0),
    events.PerformedSet(3, 5, 0, 20.0, None),
)
CREATED = users.UserCreated(time_zone="UTC", locale="en", at=AT)


def performed(exercise: ExerciseId = SQUAT, *sets: events.PerformedSet) -> Any:
    return events.ExercisePerformed(athlete_id=ADA, exercise_id=exercise, sets=sets or SETS, at=AT)


def over(*exercises: ExerciseId, at: datetime = AT, zone: str = "UTC") -> Any:
    return replace(completed(at=at, zone=zone), exercises=exercises)


def trained(*exercises: ExerciseId) -> events.Trained:
    return events.Trained(
        athlete_id=ADA, started_at=AT, time_zone="UTC", sets=2, repetitions=10,
        duration_ms=60_000, calories_kcal=1.0, accuracy=None, exercises=exercises,
    )  # fmt: skip


def test_a_session_adds_each_exercise_on_the_day_it_began_where_the_athlete_was() -> None:
    """R-PRG-03, R-DAT-02, C-52"""
    delayed = AT.replace(hour=23)  # the next day in Tokyo, a Wednesday
    rows = rows_after(
        LEADERBOARDS, "session-s1", started(at=delayed), performed(), performed(PLANK),
        over(SQUAT, PLANK, at=delayed, zone="Asia/Tokyo"),
    )  # fmt: skip
    assert set(rows) == {"s1/squat", "s1/plank"}
    row = rows["s1/squat"]
    assert (row.repetitions, row.best_form) == (15, 1.0)
    assert (row.form_weight, row.form_repetitions) == (6.0, 10)
    assert (row.day, row.week, row.month) == (
        date(2030, 1, 2), date(2029, 12, 31), date(2030, 1, 1),
    )  # fmt: skip
    assert row.day is not None
    assert row.day_number == row.day.toordinal()


def test_an_exercise_without_form_has_none() -> None:
    (row,) = rows_after(
        LEADERBOARDS, "session-s1", performed(PLANK, events.PerformedSet(1, 0, 30_000, None, None))
    ).values()
    assert (row.repetitions, row.best_form, row.form_repetitions, row.day) == (0, None, 0, None)


def test_form_is_weighted_by_the_repetitions_and_seconds_that_were_measured() -> None:
    """R-PRG-03, C-16"""
    squats = events.PerformedSet(1, 12, 0, 20.0, 0.5, 10, 0, FormMeasured(4, 0))
    held = events.PerformedSet(2, 0, 90_000, None, 0.8, 0, 90_000, FormMeasured(0, 60_000))
    done = performed(SQUAT, squats), performed(PLANK, held)
    rows = rows_after(LEADERBOARDS, "session-s1", *done)
    squat, plank = rows["s1/squat"], rows["s1/plank"]
    assert (squat.form_weight, squat.form_repetitions, squat.form_hold_ms) == (2.0, 4, 0)
    assert (plank.form_weight, plank.form_repetitions, plank.form_hold_ms) == (48.0, 0, 60_000)


def test_a_deleted_session_adds_nothing_until_it_is_back() -> None:
    """R-PRG-03"""
    gone = events.SessionDeleted(at=AT, trained=trained(SQUAT))
    back = events.SessionRestored(at=AT, trained=trained(SQUAT))
    done = (performed(), over(SQUAT))
    (before,) = rows_after(LEADERBOARDS, "session-s1", *done).values()
    (hidden,) = rows_after(LEADERBOARDS, "session-s1", *done, gone).values()
    (after,) = rows_after(LEADERBOARDS, "session-s1", *done, gone, back).values()
    assert (before.shown, hidden.shown) == (True, False)
    assert after == before
    never = events.SessionDeleted(at=AT, trained=None)
    assert rows_after(LEADERBOARDS, "session-s1", started(), never) == {}


def test_the_order_of_sessions_among_each_other_does_not_matter(store: Store) -> None:
    """R-PRG-03: each row comes from one stream."""
    streams = [
        (f"session-s{number}", (started(at=at), performed(), over(SQUAT, at=at)))
        for number in range(3)
        for at in [AT + timedelta(days=number)]
    ]
    found: list[dict[str, LeaderboardEntry]] = []
    for order in permutations(streams):
        rows: dict[str, LeaderboardEntry] = {}
        for stream, facts in order:
            rows |= rows_after(LEADERBOARDS, stream, *facts)
        found.append(rows)
    assert all(rows == found[0] for rows in found)
    for stream, facts in streams:
        store.log.add(stream, *facts)
    store.follow()
    assert store.read.get_many(LEADERBOARDS, DEFAULT_TENANT, found[0]) == found[0]


def participant(*facts: Any) -> Participant | None:
    return rows_after(PARTICIPANT, f"user-{ADA}", *facts).get(ADA)


def test_participants_are_listed_and_former_ones_are_not(store: Store) -> None:
    """C-41"""
    joined = users.LeaderboardsJoined(pseudonym=Personal(ADA, "Quiet Otter"), at=AT)
    left = users.LeaderboardsLeft(at=AT)
    counted = users.ConsentGiven(purpose="population_insights", version="1", at=AT, source="rest")
    uncounted = users.ConsentWithdrawn(purpose="population_insights", at=AT, source="rest")
    plain = Participant(UserId(ADA))
    seen = replace(plain, pseudonym="Quiet Otter", folded="quietotter")
    assert participant(CREATED) == plain
    assert participant(CREATED, joined) == seen
    assert participant(CREATED, joined, left) == plain
    assert participant(CREATED, counted) == replace(plain, compared=True)
    assert participant(CREATED, counted, uncounted) == plain
    blocked = users.UserSuspended(at=AT)
    assert participant(CREATED, joined, blocked) == replace(seen, suspended=True)
    assert participant(CREATED, joined, blocked, users.UserReactivated(at=AT)) == seen
    assert participant(CREATED, joined, users.UserErased(at=AT)) is None
    assert participant(CREATED, joined, users.UserErased(at=AT), left) is None
    store.log.add(f"user-{ADA}", CREATED, joined)
    store.follow()
    assert store.read.get(PARTICIPANT, DEFAULT_TENANT, ADA) == seen


def test_a_pseudonym_without_its_key_is_null() -> None:
    """R-TEN-12: a rebuild makes no erased user visible."""
    erased = users.LeaderboardsJoined(pseudonym=Personal(ADA, Erased()), at=AT)
    assert participant(CREATED, erased) == Participant(UserId(ADA))


def test_only_verified_results_are_on_leaderboards() -> None:
    """R-PRG-03, C-49: what a client claims or an athlete logs has no rank."""
    claimed = events.PerformedSet(1, 50, 0, 20.0, None, 0, 0)
    verified = events.PerformedSet(2, 9, 0, 20.0, 0.5, 8, 0)
    held = events.PerformedSet(1, 0, 9000, None, 0.9, 0, 9000)
    rows = rows_after(
        LEADERBOARDS, "session-s1", started(),
        performed(SQUAT, claimed, verified), performed(PLANK, claimed), over(SQUAT, PLANK),
    )  # fmt: skip
    assert {key: row.repetitions for key, row in rows.items()} == {"s1/squat": 8}
    assert rows["s1/squat"].form_weight == 4.0
    (plank,) = rows_after(LEADERBOARDS, "session-s1", started(), performed(PLANK, held)).values()
    assert (plank.repetitions, plank.best_form) == (0, 0.9)
