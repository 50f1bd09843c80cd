"""A session whose exercise is corrected: whether it can be, and the session that replaces it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from application.sessions.exercise_specs import exercise_specs
from application.sessions.fact_mapping import milliseconds, session_commands
from domain.coaching.cues import cue_finished_set
from domain.comments.commands import WriteComment
from domain.comments.comments import Comment
from domain.comments.events import Place
from domain.ids import ExerciseId
from domain.motion.counting.trained_model import trained_model_name
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.set_segmentation import SegmentedSet
from domain.personal import text_of
from domain.sessions import commands, events, prescription_events
from domain.sessions.correction_commands import (
    EntriesInTheWay,
    ExerciseUnchanged,
    SessionWithoutSet,
    SetsDiffer,
    SeveralExercises,
)
from domain.sessions.feedback_commands import RateSet
from domain.sessions.scoring import AthleteMass, ExerciseSpecs, summarize
from domain.sessions.session import SESSION, Completed
from domain.sessions.set_state import SetState
from domain.sessions.tag_commands import ChangeTags
from domain.values import CountedBy, Span

ENTRIES: Final = (
    events.RepetitionOverruled,
    events.ChecksOverridden,
    prescription_events.PrescriptionTaken,
    prescription_events.SetsSkipped,
    prescription_events.RestStarted,
    prescription_events.RestAdjusted,
    prescription_events.RestEnded,
)
"""Facts about the sets of a session that no new count of its movement can have."""


class CorrectedSession:
    """A completed session, given its events and the specs of its exercises."""

    def __init__(self, happened: Sequence[Any], specs: ExerciseSpecs) -> None:
        self._happened = happened
        self._specs = specs
        self.completed: events.SessionCompleted = next(
            each for each in happened if isinstance(each, events.SessionCompleted)
        )
        state = SESSION.fold(happened)
        self._sets: Sequence[SetState] = state.performed if isinstance(state, Completed) else ()

    def check(self, exercise_id: ExerciseId) -> None:
        """Refuse a correction that changes nothing, or that would lose what the athlete entered.

        Raises SessionWithoutSet, SeveralExercises, ExerciseUnchanged or EntriesInTheWay.
        """
        exercises = {each.exercise_id for each in self._sets}
        if not exercises:
            raise SessionWithoutSet
        if len(exercises) > 1:
            raise SeveralExercises
        if exercises == {exercise_id}:
            raise ExerciseUnchanged
        if any(isinstance(each, ENTRIES) or _is_by_hand(each) for each in self._happened):
            raise EntriesInTheWay

    def replacement(
        self, definition: ExerciseDefinition, sets: Sequence[SegmentedSet]
    ) -> list[commands.SessionCommand]:
        """Return the commands of the replacement, at the same time. Raises SetsDiffer."""
        return [*self._replacement(definition, sets)]

    def copy(self, comments: Iterable[Comment]) -> list[WriteComment]:
        """Return the commands that write these comments on the replacement, with their times.

        A comment on a repetition becomes one on its moment, because the new count numbers others.
        """
        return [
            WriteComment(
                comment_id=each.id,
                athlete_id=self.completed.athlete_id,
                trainer_id=each.trainer_id,
                place=self._moment(each.place),
                text=text_of(each.text),
                at=each.at,
            )
            for each in comments
        ]

    def _moment(self, place: Place) -> Place:
        if place.set is None or place.repetition is None:
            return place
        if place.at_ms is not None:
            return replace(place, set=None, repetition=None)
        movement = self._sets[place.set - 1].movements[place.repetition - 1]
        return Place(at_ms=movement.span.start_ms)

    def _replacement(
        self, definition: ExerciseDefinition, sets: Sequence[SegmentedSet]
    ) -> Iterator[commands.SessionCommand]:
        completed, exercise_id = self.completed, ExerciseId(definition.id)
        model = self._sets[0].counted_by.model
        counted_by = CountedBy("file", model, definition.version, trained_model_name(definition.id))
        yield commands.StartSession(
            athlete_id=completed.athlete_id,
            workout_id=completed.workout_id,
            at=completed.started_at,
            time_zone=completed.time_zone,
        )
        for number, (each, entered) in enumerate(self._matched(sets), start=1):
            yield commands.StartSet(
                set=number,
                exercise_id=exercise_id,
                counted_by=counted_by,
                target_repetitions=None if entered is None else entered.target_repetitions,
                load_kg=None if entered is None else entered.load_kg,
                target_hold_s=None if entered is None else entered.target_hold_s,
            )
            facts = cue_finished_set(definition, each.facts, each.started_s, each.ended_s)
            yield from session_commands(facts, set_number=number, counted_by=counted_by)
            yield commands.CompleteSet(set=number, span=_span(each))
            if entered is not None and entered.rpe is not None:
                yield RateSet(set=number, rpe=entered.rpe, at=_ended_at(completed))
        state = SESSION.fold(self._happened)
        if isinstance(state, Completed) and state.tags:
            yield ChangeTags(tags=state.tags, earlier=state.tags)
        yield commands.CompleteSession(
            at=_ended_at(completed),
            capture=commands.CaptureStats(completed.frames, completed.frames_with_pose),
            body_mass=self._body_mass(),
            specs=exercise_specs(),
            request_healthkit=isinstance(state, Completed)
            and state.healthkit.status in {"pending", "failed"},
        )

    def _matched(
        self, sets: Sequence[SegmentedSet]
    ) -> Iterator[tuple[SegmentedSet, SetState | None]]:
        """Yield each set with the one of the same time whose load and targets it takes over."""
        if not any(_is_entered(each) for each in self._sets):
            yield from ((each, None) for each in sets)
            return
        if len(sets) != len(self._sets):
            raise SetsDiffer
        for new, old in zip(sets, self._sets, strict=True):
            if old.span is None or not _overlap(_span(new), old.span):
                raise SetsDiffer
            yield new, old

    def _body_mass(self) -> AthleteMass:
        """Return the body mass of the energy estimate, which is proportional to it.

        The completion has the source of the mass, and not the mass.
        """
        source, kcal = self.completed.body_mass, self.completed.calories_kcal
        until = self._happened.index(self.completed) + 1  # later movements took no part in it
        state = SESSION.fold(self._happened[:until])
        sets = state.performed if isinstance(state, Completed) else ()
        kcal_per_kg = summarize(sets, (), self._specs, 1.0).calories_kcal
        if source == "default" or not kcal_per_kg:
            return AthleteMass(source=source)
        return AthleteMass(round(kcal / kcal_per_kg, 3), source)


def _ended_at(completed: events.SessionCompleted) -> datetime:
    return completed.started_at + timedelta(milliseconds=completed.duration_ms)


def _is_by_hand(event: Any) -> bool:
    counted = isinstance(event, events.RepetitionCounted | events.HoldMeasured)
    return counted and (event.by_hand or event.source == "manual")


def _is_entered(state: SetState) -> bool:
    entered = (state.load_kg, state.target_repetitions, state.target_hold_s, state.rpe)
    return any(each is not None for each in entered)


def _span(segmented: SegmentedSet) -> Span:
    return Span(milliseconds(segmented.started_s), milliseconds(segmented.ended_s))


def _overlap(one: Span, other: Span) -> bool:
    return one.start_ms < other.end_ms and other.start_ms < one.end_ms
