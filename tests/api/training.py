"""Sessions of an athlete, by day."""

from datetime import timedelta
from typing import Any

from application.kernel.command_handler import Request
from domain.ids import ExerciseId, UserId
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.api.driver import AT, ApiDriver

BY_HAND = CountedBy("manual", "", 1)
MINUTE_MS = 60_000


def set_of(number: int, exercise: str, repetitions: int, load_kg: float | None = None) -> list[Any]:
    """Return a set in the minute of its number; without repetitions, a hold of half a minute."""
    start = number * MINUTE_MS
    began = commands.StartSet(
        set=number,
        exercise_id=ExerciseId(exercise),
        counted_by=BY_HAND,
        load_kg=load_kg,
        at_ms=start,
    )
    counted = commands.LogRepetitions(
        set=number, repetitions=max(repetitions, 1), at=start + 30_000
    )
    held = commands.LogHold(set=number, duration_ms=30_000, at=start + 30_000)
    over = commands.CompleteSet(set=number, span=Span(start, start + 40_000))
    return [began, counted if repetitions else held, over]


def train(driver: ApiDriver, key: str, *sets: list[Any], day: int = 0, zone: str = "UTC") -> str:
    """Write a session completed `day` days after the first possible one."""
    at = AT + timedelta(days=day)
    sent = [
        commands.StartSession(athlete_id=UserId("ada"), at=at, time_zone=zone),
        *(each for one in sets for each in one),
        commands.CompleteSession(at=at + timedelta(minutes=9), specs={}),
    ]
    driver.write(Request(SESSION, key, sent))
    return key


def day(number: int) -> str:
    return (AT + timedelta(days=number)).date().isoformat()
