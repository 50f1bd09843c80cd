"""Exercise lookup: an exercise of the library, or a custom one of an athlete, by its id."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from application.kernel.ports import EventLog
from application.sessions.exercise_specs import exercise_specs, to_spec
from domain.custom_exercises.custom_exercises import CUSTOM_EXERCISES, CustomExercise
from domain.ids import ExerciseId, TenantId, UserId
from domain.motion.exercises.custom import from_text, is_custom
from domain.motion.exercises.definition import ExerciseDefinition, InvalidExerciseDefinition
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.personal import Erased, text_of
from domain.sessions.scoring import ExerciseSpecs
from domain.values import UnknownExercise

log: Any = structlog.get_logger()


@dataclass(frozen=True)
class ExerciseLookup:
    """Definitions of exercises by id.

    A custom exercise of another athlete is as unknown as one that does not exist.
    """

    log: EventLog

    def of(self, tenant_id: TenantId, athlete_id: UserId) -> tuple[CustomExercise, ...]:
        """Return all custom exercises of an athlete, deleted ones included; none if erased."""
        history = self.log.load(tenant_id, f"{CUSTOM_EXERCISES.category}-{athlete_id}")
        exercises = CUSTOM_EXERCISES.fold(recorded.event for recorded in history)
        return tuple(
            each for each in exercises.all if not isinstance(each.definition.value, Erased)
        )

    def names(self, tenant_id: TenantId, athlete_id: UserId) -> Mapping[str, str]:
        """Return the names of an athlete's custom exercises by their ids."""
        return {each.id: text_of(each.name) for each in self.of(tenant_id, athlete_id)}

    def get(self, tenant_id: TenantId, athlete_id: UserId, exercise_id: str) -> ExerciseDefinition:
        """Return a definition. Raises UnknownExercise and StorageUnavailable.

        A deleted custom exercise has one as well, for the sessions and workouts with it.
        """
        if not is_custom(exercise_id):
            return get_exercise(exercise_id)
        for each in self.of(tenant_id, athlete_id):
            if each.id == exercise_id:
                return definition_of(each)
        raise UnknownExercise.of(exercise_id, all_exercises())

    def specs(
        self, tenant_id: TenantId, athlete_id: UserId, exercise_ids: Iterable[str]
    ) -> ExerciseSpecs:
        """Return the library, and those of the exercises that are custom."""
        custom = self._custom(tenant_id, athlete_id, exercise_ids)
        return {
            **exercise_specs(),
            **{ExerciseId(key): to_spec(each) for key, each in custom.items()},
        }

    def definitions(
        self, tenant_id: TenantId, athlete_id: UserId, exercise_ids: Iterable[str]
    ) -> Mapping[str, ExerciseDefinition]:
        """Return the library, and those of the exercises that are custom."""
        return {**all_exercises(), **self._custom(tenant_id, athlete_id, exercise_ids)}

    def _custom(
        self, tenant_id: TenantId, athlete_id: UserId, exercise_ids: Iterable[str]
    ) -> Mapping[str, ExerciseDefinition]:
        wanted = {each for each in exercise_ids if is_custom(each)}
        if not wanted:
            return {}
        found = [each for each in self.of(tenant_id, athlete_id) if each.id in wanted]
        return {each.id: definition for each, definition in readable(found)}


def readable(
    exercises: Iterable[CustomExercise],
) -> Iterator[tuple[CustomExercise, ExerciseDefinition]]:
    """Yield exercises with their definitions.

    One whose definition is no longer valid, as by a newer rule, is left out: it must not hide the
    others.
    """
    for exercise in exercises:
        try:
            definition = definition_of(exercise)
        except InvalidExerciseDefinition as invalid:
            log.warning("custom_exercise.unreadable", exercise=exercise.id, reason=invalid.detail)
        else:
            yield exercise, definition


def definition_of(exercise: CustomExercise) -> ExerciseDefinition:
    """Return the definition of a custom exercise that is not erased, with its current name."""
    return replace(from_text(text_of(exercise.definition)), name=text_of(exercise.name))
