"""Custom exercise service: exercises that athletes record, rename and delete."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from application.custom_exercises.lookup import ExerciseLookup
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock
from application.live.chunk import check_chunk
from domain.custom_exercises.commands import (
    CustomExerciseCommand,
    DeleteCustomExercise,
    RecordCustomExercise,
    RenameCustomExercise,
)
from domain.custom_exercises.custom_exercises import CUSTOM_EXERCISES
from domain.ids import ExerciseId, UserId
from domain.kernel import Origin
from domain.motion.exercises.custom import CUSTOM_PREFIX, to_text
from domain.motion.exercises.example import derive_definition
from domain.motion.landmarks import PoseChunk


@dataclass(frozen=True)
class CustomExerciseService:
    """Custom exercises of callers who are authorized."""

    lookup: ExerciseLookup
    commands: CommandHandler
    clock: Clock

    def record(
        self,
        athlete_id: UserId,
        name: str,
        example: PoseChunk,
        repetitions: int,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> tuple[ExerciseId, AppendResult]:
        """Derive an exercise from an example, once per `command_id`.

        Raises InvalidExample, ExampleMiscounted, TooManyCustomExercises, InvalidValue, and what
        `check_chunk` raises.
        """
        exercise_id = ExerciseId(f"{CUSTOM_PREFIX}{uuid5(command_id, 'exercise').hex}")
        check_chunk(example)
        definition = derive_definition(exercise_id, "", [example], repetitions)
        command = RecordCustomExercise(
            exercise_id=exercise_id,
            athlete_id=athlete_id,
            name=name,
            definition=to_text(definition),
            at=self.clock(),
        )
        return exercise_id, self._execute(athlete_id, command, origin, command_id)

    def rename(
        self,
        athlete_id: UserId,
        exercise_id: str,
        name: str,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Rename a custom exercise. Raises CustomExerciseNotFound and InvalidValue."""
        command = RenameCustomExercise(
            exercise_id=ExerciseId(exercise_id), name=name, at=self.clock()
        )
        return self._execute(athlete_id, command, origin, command_id)

    def delete(
        self, athlete_id: UserId, exercise_id: str, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Delete a custom exercise; sessions keep it. Raises CustomExerciseNotFound."""
        command = DeleteCustomExercise(exercise_id=ExerciseId(exercise_id), at=self.clock())
        return self._execute(athlete_id, command, origin, command_id)

    def _execute(
        self,
        athlete_id: UserId,
        command: CustomExerciseCommand,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        request = Request(CUSTOM_EXERCISES, athlete_id, [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)
