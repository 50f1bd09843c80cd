"""Exports of an athlete's completed sessions for other programs: a file for each workout.

The manifest says what the format cannot hold.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Final, Literal, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

from application.custom_exercises.lookup import ExerciseLookup
from application.exports.exported_sessions import exported_sessions
from application.exports.manifest import file_record, member, write_manifest
from application.exports.merkle import MerkleTree
from application.exports.scope import ExportScope
from application.health.writes import CompletedWorkout, WrittenSet
from application.kernel.ports import Clock
from application.kernel.read_models import ReadModels
from application.privacy.data_archive import Archive
from application.privacy.ports import CertificateSigner
from application.sessions.session_export import Exported
from domain.health.activities import activity_types
from domain.ids import TenantId, UserId
from projections.exercise_set import ExerciseSet

WorkoutFormat = Literal["fit", "tcx", "fhir", "open_mhealth"]

NOT_HELD: Final = {
    "movements": "Repetitions one by one: their times, tempo, range of motion, and corrections",
    "form": "Scores and faults of form, and cues",
    "landmarks": "Landmarks, videos, and other media",
    "sets": "Sets, repetitions and loads",
    "set_data": "Sets, repetitions and loads as data; they are lines of the notes",
    "exercise_codes": "Exercises as codes; they are names",
    "times": "Times before July 1998 and after January 2126, as of a device whose clock is wrong",
    "other_exercises": "Exercises that the format has no category for; they are `unknown`",
}
"""What formats cannot hold."""


class WorkoutEncoder(Protocol):
    """Encodes workouts in a format. The same workout gives the same bytes."""

    @property
    def extension(self) -> str:
        """The extension of file names, with its dot."""
        ...

    @property
    def not_held(self) -> Sequence[str]:
        """What the format cannot hold: names of `NOT_HELD`."""
        ...

    def encode(self, athlete_id: UserId, workout: CompletedWorkout) -> bytes:
        """Return the file of a workout."""
        ...


@dataclass(frozen=True)
class WorkoutFiles:
    """Writes exports in a format, page by page.

    `require_current` raises ReadModelsStale unless `read` has every event.
    """

    format: WorkoutFormat
    encoder: WorkoutEncoder
    read: ReadModels
    exercises: ExerciseLookup
    signer: CertificateSigner
    require_current: Callable[[], None]
    clock: Clock

    def write_into(self, tenant_id: TenantId, scope: ExportScope, output: BinaryIO) -> Archive:
        """Write an export into an empty file.

        Raises ReadModelsStale, StorageUnavailable and KmsUnavailable.
        """
        made_at = self.clock()  # before any session is read: none of an earlier time is missing
        self.require_current()
        tree = MerkleTree()
        with ZipFile(output, "w", ZIP_DEFLATED) as archive:
            for page in exported_sessions(self.read, self.exercises, tenant_id, scope):
                for workout in map(completed_workout, page):
                    name = f"{workout.local_day}-{workout.session_id}{self.encoder.extension}"
                    content = self.encoder.encode(scope.athlete_id, workout)
                    archive.writestr(member(name), content)
                    tree.add(file_record(name, content))
            statement = {
                "tenant": tenant_id,
                **scope.statement(),
                "madeAt": made_at.isoformat(),
                "format": self.format,
                "notHeld": {name: NOT_HELD[name] for name in self.encoder.not_held},
                "sessions": tree.count,
                "records": tree.count,
                "root": tree.root(),
            }
            write_manifest(archive, statement, self.signer)
        return Archive(tree.count + 1, output.seek(0, os.SEEK_END))


def completed_workout(exported: Exported) -> CompletedWorkout:
    """Return an exported session as other programs know workouts."""
    row = exported.row
    return CompletedWorkout(
        session_id=row.id,
        activity_type=activity_types().of(row.exercises),
        started_at=row.started_at,
        ended_at=row.completed_at or row.started_at + timedelta(milliseconds=row.duration_ms),
        duration_ms=row.duration_ms,
        energy_kcal=row.calories_kcal,
        time_zone=row.time_zone,
        sets=tuple(_written(exported, each) for each in exported.sets),
    )


def _written(exported: Exported, of: ExerciseSet) -> WrittenSet:
    def at(since_ms: int | None) -> datetime | None:
        began = exported.row.started_at
        return None if since_ms is None else began + timedelta(milliseconds=since_ms)

    return WrittenSet(
        exercise=of.exercise_id,
        repetitions=of.repetitions,
        held_ms=of.hold_ms,
        load_kg=of.load_kg,
        started_at=at(of.start_ms),
        ended_at=at(of.end_ms),
        custom_name=exported.custom_names.get(of.exercise_id),
    )
