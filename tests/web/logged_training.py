"""Training that is logged by hand, some days ago."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from application.kernel.command_handler import Request
from application.sessions.exercise_specs import exercise_specs
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.web.server import PlatformServer

BERLIN = "Europe/Berlin"
MINUTE_MS = 60_000


def train(server: PlatformServer, ago: int, *sets: tuple[str, int, float | None]) -> None:
    """Write a session some days ago; a set is an exercise, repetitions and a load."""
    zone = ZoneInfo(BERLIN)
    day = datetime.now(zone).date() - timedelta(days=ago)
    at = datetime.combine(day, time(0, 5), zone).astimezone(UTC)
    session_commands: list[Any] = [
        commands.StartSession(athlete_id=UserId("athlete"), at=at, time_zone=BERLIN)
    ]
    for number, (exercise, repetitions, load_kg) in enumerate(sets, start=1):
        begins = MINUTE_MS * number
        session_commands += [
            commands.StartSet(
                set=number,
                exercise_id=ExerciseId(exercise),
                counted_by=CountedBy("manual", "", 1),
                load_kg=load_kg,
                at_ms=begins,
            ),
            commands.LogRepetitions(set=number, repetitions=repetitions, at=begins + 1),
            commands.CompleteSet(set=number, span=Span(begins, begins + 30_000)),
        ]
    lasting = MINUTE_MS * (len(sets) + 1)
    over = at + timedelta(milliseconds=lasting)
    session_commands.append(commands.CompleteSession(at=over, specs=exercise_specs()))
    new_id = server.platform.new_id
    server.platform.commands.execute(
        Request(SESSION, f"session-{new_id()}", session_commands),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=new_id()),
        command_id=new_id(),
    )
