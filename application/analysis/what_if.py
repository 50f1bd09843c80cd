"""What-if replay of a recorded session under another exercise definition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from application.sessions.fact_mapping import are_within, session_commands
from application.sessions.history import SessionHistory
from application.sessions.report import SessionReport, build_report
from domain.coaching.cues import cue_finished_set
from domain.ids import ExerciseId, SessionId, TenantId
from domain.motion.counting.trained_model import trained_model_name
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk
from domain.sessions import commands, events
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span


@dataclass(frozen=True)
class Difference:
    """One field that differs."""

    what: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Comparison:
    """The report of the session, the report of its replay, and their differences."""

    before: SessionReport
    after: SessionReport
    differences: tuple[Difference, ...]


COMPARED = ("exercise", "repetitions", "reps", "rejected", "hold_s", "cues")
"""Fields that depend on the definition. The others (duration, frames, …) are the camera's."""


def replay_with(
    history: SessionHistory,
    tenant_id: TenantId,
    session_id: SessionId,
    definition: ExerciseDefinition,
) -> Comparison:
    """Fold the recorded landmarks again, with another definition. Nothing is stored.

    Raises SessionNotFound, SessionNotRecorded, RecordingNotKept, MediaMissing or MediaCorrupt.
    """
    happened = history.events(tenant_id, session_id)
    chunks = history.poses(tenant_id, session_id)
    before = build_report(session_id, happened)
    after = build_report(session_id, _replayed(happened, definition, chunks))
    return Comparison(before, after, tuple(_differences(before, after)))


def _replayed(
    happened: Sequence[events.SessionEvent],
    definition: ExerciseDefinition,
    chunks: Sequence[PoseChunk],
) -> list[events.SessionEvent]:
    """Decide each set again from its landmarks; the session around them stays the same."""
    replayed: list[events.SessionEvent] = []
    state = SESSION.initial
    for command in _commands(happened, definition, chunks):
        decided = SESSION.decide(command, state)
        state = SESSION.fold(decided, state)
        replayed.extend(decided)
    return replayed


def _commands(
    happened: Sequence[events.SessionEvent],
    definition: ExerciseDefinition,
    chunks: Sequence[PoseChunk],
) -> Iterator[commands.SessionCommand]:
    for event in happened:
        match event:
            case events.SessionStarted(athlete_id=athlete, at=at, time_zone=zone):
                yield commands.StartSession(athlete_id=athlete, at=at, time_zone=zone)
            case events.SetCompleted(set=number, span=span):
                counted_by = CountedBy(
                    "file",
                    "recorded landmarks",
                    definition.version,
                    trained_model_name(definition.id),
                )
                yield commands.StartSet(
                    set=number, exercise_id=ExerciseId(definition.id), counted_by=counted_by
                )
                facts = fold(definition, [_between(chunk, span) for chunk in chunks]).facts
                coached = cue_finished_set(
                    definition, facts, span.start_ms / 1000, span.end_ms / 1000
                )
                yield from session_commands(coached, set_number=number, counted_by=counted_by)
                yield commands.CompleteSet(set=number, span=span)
            case _:
                pass  # decided again, or not compared


def _between(chunk: PoseChunk, span: Span) -> PoseChunk:
    """The frames of a chunk that lie within a span of the session."""
    keep = are_within(chunk.times_s, span.start_ms, span.end_ms)
    world = None if chunk.world is None else chunk.world[keep]
    return PoseChunk(chunk.times_s[keep], chunk.image[keep], world, chunk.aspect_ratio)


def _differences(before: SessionReport, after: SessionReport) -> Iterator[Difference]:
    for name in COMPARED:
        was, would_be = getattr(before, name), getattr(after, name)
        if was != would_be:
            yield Difference(name, was, would_be)
