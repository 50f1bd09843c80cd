"""Example sessions of several athletes, and the windows expected from them."""

import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from application.analytics.session_fold import fold
from application.analytics.windows import Changes, ReceivedEvent, Session, SessionState
from domain.kernel import Recorded
from tests.projections import histories
from tests.projections.histories import AT, ListLog

EXERCISES = ("squat", "push_up", "plank")


def seen(recorded: Recorded[Any]) -> ReceivedEvent:
    """Convert an event of the log to the input of analytics."""
    of = Session(recorded.origin.tenant_id, recorded.stream)
    return ReceivedEvent(of, recorded.version, recorded.recorded_at, recorded.event)


def windows(events: Iterable[ReceivedEvent]) -> Changes:
    """Fold all events at once into empty windows."""
    changes = Changes()
    assert fold({}, events, changes) == ()
    return changes


def in_parts(parts: Iterable[Sequence[ReceivedEvent]]) -> Changes:
    """Fold events in parts, each on top of the previous ones."""
    changes, standings = Changes(), dict[Session, SessionState]()
    for part in parts:
        fold(standings, part, changes)
    return changes


def training(seed: int, sessions: int = 6) -> ListLog:
    """Return two nights of training in two tenants, with corrections, from a seed."""
    chance = random.Random(seed)  # noqa: S311  a test's own chance
    log = ListLog()
    for number in range(sessions):
        at = AT + timedelta(hours=chance.uniform(0, 40))
        train(log, chance, f"session-{number}", at=at)
    log.recorded.sort(key=lambda each: each.recorded_at)
    return log


def train(log: ListLog, chance: random.Random, stream: str, *, at: Any) -> None:
    """Add a session of two sets, with some repetitions withdrawn."""
    tenant = chance.choice(("red", "blue"))
    athlete, zone = chance.choice((("ada", "Europe/Berlin"), ("bob", "Asia/Tokyo")))

    def happen(*events: Any, after_s: float) -> None:
        nonlocal at
        at += timedelta(seconds=after_s)
        log.add(stream, *events, tenant=tenant, at=at)

    happen(histories.started(at=at, athlete=athlete, zone=zone), after_s=0)
    for number in (1, 2):
        happen(histories.set_started(number, chance.choice(EXERCISES)), after_s=30)
        count = chance.randint(0, 9)
        for repetition in range(1, count + 1):
            happen(histories.repetition(repetition, number), after_s=chance.uniform(1, 25))
        if count > 2:
            gone = chance.sample(range(1, count + 1), 2)
            correction = histories.reconciled(*gone, standing=count - 2, set_number=number)
            happen(correction, after_s=5)
        happen(histories.set_completed(count, number), after_s=1)
    happen(histories.completed(at=at, athlete=athlete, zone=zone), after_s=60)
