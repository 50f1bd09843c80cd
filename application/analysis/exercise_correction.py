"""Correction of the exercise of a session: count the recorded landmarks again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast
from uuid import UUID, uuid5

from application.analysis.corrected_session import CorrectedSession
from application.comments.service import readable_comments
from application.custom_exercises.lookup import ExerciseLookup
from application.kernel.command_handler import CommandHandler, Request, Snapshot, TooManyConflicts
from application.kernel.media_file import MediaFile
from application.kernel.ports import AppendResult, Clock, EventLog, MediaCorrupt, MediaStore
from application.recordings.pose_archive import PoseArchive
from application.sessions.fact_mapping import milliseconds
from application.sessions.history import SessionHistory, SessionNotRecorded
from domain.comments.comments import COMMENTS
from domain.ids import ExerciseId, SessionId, TenantId
from domain.kernel import Origin, Rejected
from domain.motion.exercises.library import get_exercise
from domain.motion.landmarks import PoseChunk
from domain.motion.set_segmentation import fold_sets, is_performed
from domain.personal import text_of
from domain.recordings import commands as recordings
from domain.recordings import events as recorded
from domain.recordings.recording import RECORDING, Failed, Removed, Running
from domain.recordings.recording import Completed as CompletedRecording
from domain.sessions import events
from domain.sessions.correction_commands import CorrectExercise, RecordingUnderway, VideoNotReady
from domain.sessions.scoring import ExerciseSpecs
from domain.sessions.session import SESSION

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c07")
"""Namespace of the ids of replacements: a repeated correction has the same one."""


class ExerciseNotPerformed(Rejected):
    """The recorded movement has no repetition of this exercise. Choose another one."""

    code = "session.exercise_not_performed"
    kind = "invalid"


@dataclass(frozen=True)
class CorrectionResult:
    """The session that replaces the corrected one."""

    session_id: SessionId
    appended: AppendResult


@dataclass(frozen=True)
class ExerciseCorrection:
    """Replaces a session by one that counts the same landmarks as another exercise.

    The log keeps both: the corrected session is deleted for good. To undo a correction, correct
    the replacement, which takes over the comments of trainers.
    """

    log: EventLog
    commands: CommandHandler
    history: SessionHistory
    archive: PoseArchive
    media: MediaStore
    clock: Clock

    def correct(
        self, session_id: SessionId, exercise: str, *, origin: Origin, command_id: UUID
    ) -> CorrectionResult:
        """Count a completed session as another exercise, all or nothing.

        Raises UnknownExercise, SessionNotFound, SessionMissing, SessionNotCompleted,
        SessionWithoutSet, ExerciseUnchanged, SeveralExercises, EntriesInTheWay, SetsDiffer,
        RecordingUnderway, VideoNotReady, SessionNotRecorded, RecordingNotKept,
        ExerciseNotPerformed, MediaMissing or MediaCorrupt; TooManyConflicts if the session, its
        recording or its comments changed meanwhile.
        """
        definition = get_exercise(exercise)
        tenant = origin.tenant_id
        replacement = SessionId(str(uuid5(NAMESPACE, f"{command_id}")))
        if done := self.log.done(tenant, command_id):
            return CorrectionResult(replacement, done)
        happened = self.history.events(tenant, session_id)
        corrected = CorrectExercise(
            exercise_id=ExerciseId(definition.id), replacement_id=replacement, at=self.clock()
        )
        state = SESSION.fold(happened)
        SESSION.decide(corrected, state)  # refuses what cannot be corrected before anything is read
        source = CorrectedSession(happened, self._specs(tenant, happened))
        source.check(corrected.exercise_id)
        stream = self.log.load(tenant, f"{RECORDING.category}-{session_id}")
        recording = [each.event for each in stream]
        _check_recording(recording)
        chunks = self.history.poses(tenant, session_id)
        sets = fold_sets(definition, chunks, source.completed.duration_ms / 1000)
        if not any(is_performed(each.facts) for each in sets):
            raise ExerciseNotPerformed
        commented = self.log.load(tenant, f"{COMMENTS.category}-{session_id}")
        comments = source.copy(readable_comments(self.log, tenant, commented))
        copied = self._recording(tenant, session_id, replacement, recording, chunks)
        deleted = recordings.DeleteWithSession(at=corrected.at)
        appended = self.commands.execute(
            Request(SESSION, replacement, source.replacement(definition, sets)),
            Request(RECORDING, replacement, copied),
            Request(COMMENTS, replacement, comments),
            Request(SESSION, session_id, [corrected], on_load=_unchanged(len(happened))),
            Request(RECORDING, session_id, [deleted], on_load=_unchanged(len(recording))),
            Request(COMMENTS, session_id, [], on_load=_unchanged(len(commented))),
            origin=origin,
            command_id=command_id,
        )
        return CorrectionResult(replacement, appended)

    def _specs(self, tenant: TenantId, happened: Sequence[Any]) -> ExerciseSpecs:
        """Return the specs of a session's exercises, which the athlete may have recorded."""
        started = next(each for each in happened if isinstance(each, events.SessionStarted))
        sets = (each for each in happened if isinstance(each, events.SetStarted))
        exercises = (each.exercise_id for each in sets)
        return ExerciseLookup(self.log).specs(tenant, started.athlete_id, exercises)

    def _recording(
        self,
        tenant: TenantId,
        session_id: SessionId,
        replacement: SessionId,
        happened: Sequence[Any],
        chunks: Sequence[PoseChunk],
    ) -> list[recordings.RecordingCommand]:
        """Copy the recording with its video, under the id of the replacement."""
        started = next(each for each in happened if isinstance(each, recorded.RecordingStarted))
        athlete = started.user_id
        state = RECORDING.fold(happened)
        name, description = started.name, started.description
        if isinstance(state, CompletedRecording):
            name, description = state.words
        result: list[recordings.RecordingCommand] = [
            recordings.StartRecording(
                user_id=athlete,
                session_id=replacement,
                name=text_of(name),
                description=text_of(description),
                aspect_ratio=started.aspect_ratio,
                at=started.at,
            ),
            *self.archive.store(tenant, replacement, chunks, athlete),
        ]
        for video in (each for each in happened if isinstance(each, recorded.VideoAttached)):
            source = cast(
                "BinaryIO", MediaFile(self.media, tenant, video.digest, prefix=session_id)
            )
            digest = self.media.put_stream(tenant, source, prefix=replacement, subject=athlete)
            if digest != video.digest:
                raise MediaCorrupt
            result.append(recordings.AttachVideo(digest=digest, media_type=video.media_type))
        duration_ms = milliseconds(float(chunks[-1].times_s[-1]))
        result.append(recordings.CompleteRecording(duration_ms=duration_ms, at=started.at))
        return result


def _check_recording(happened: Sequence[recorded.RecordingEvent]) -> None:
    """Refuse a recording that is not final: a copy of it would lack what is still to come."""
    match RECORDING.fold(happened):
        case Running():
            raise RecordingUnderway
        case CompletedRecording(video_status="pending" | "failed") | Failed():
            raise VideoNotReady
        case CompletedRecording():
            return
        case Removed():
            raise recordings.RecordingNotKept
        case _:
            raise SessionNotRecorded


def _unchanged(version: int) -> Callable[[Snapshot], None]:
    """Return a check that a stream still has the version that was copied."""

    def check(loaded: Snapshot) -> None:
        if loaded.version != version:
            raise TooManyConflicts

    return check
