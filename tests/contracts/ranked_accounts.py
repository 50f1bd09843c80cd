"""Accounts that train, for leaderboards and comparisons."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.ids import DEFAULT_TENANT, ExerciseId, TenantId, UserId
from domain.personal import Personal
from domain.sessions import events
from domain.users import events as users
from tests.projections.histories import AT, completed, started
from tests.projections.stores import Store

OTHER = TenantId("other")
SQUAT, LUNGE = ExerciseId("squat"), ExerciseId("lunge")
MONDAY = datetime(2030, 1, 7, 7, 30, tzinfo=UTC)
JANUARY = date(2030, 1, 1)


def settle(store: Store, who: str, *facts: Any, tenant: str = DEFAULT_TENANT) -> None:
    """Create an account that joins under its capitalized id, unless other events are given."""
    created = users.UserCreated(time_zone="UTC", locale="en", at=AT)
    name = Personal(UserId(who), who.capitalize())
    joined = users.LeaderboardsJoined(pseudonym=name, at=AT)
    store.log.add(f"user-{who}", created, *(facts or (joined,)), tenant=tenant)


def train(
    store: Store,
    who: str,
    done: Mapping[ExerciseId, int],
    *,
    day: int = 0,
    form: float | None = 0.5,
    tenant: str = DEFAULT_TENANT,
) -> str:
    """Complete a session some days after the first Monday of 2030; return its stream."""
    stream, at = f"session-{len(store.log.recorded)}", MONDAY + timedelta(days=day)
    performed = [
        events.ExercisePerformed(
            athlete_id=UserId(who),
            exercise_id=exercise,
            sets=(events.PerformedSet(1, repetitions, 0, None, form),),
            at=at,
        )
        for exercise, repetitions in done.items()
    ]
    over = replace(completed(at=at, athlete=who), exercises=tuple(done))
    store.log.add(stream, started(at=at, athlete=who), *performed, over, tenant=tenant)
    return stream


def delete(store: Store, stream: str, who: str, *exercises: ExerciseId) -> None:
    trained = events.Trained(
        athlete_id=UserId(who), started_at=MONDAY, time_zone="UTC", sets=1, repetitions=1,
        duration_ms=60_000, calories_kcal=1.0, accuracy=None, exercises=exercises,
    )  # fmt: skip
    store.log.add(stream, events.SessionDeleted(at=AT, trained=trained))
