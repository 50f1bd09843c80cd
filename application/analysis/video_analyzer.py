"""Video analyzer: count, measure and coach a workout video, and store it as a session."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from application.analysis.video_digest import digest_video
from application.analysis.video_poses import Progress, VideoPoses, extract_poses
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog, MediaStore
from application.kernel.video import PoseEstimator, VideoDecoder
from application.recordings.pose_archive import PoseArchive
from application.sessions.exercise_specs import exercise_specs
from application.sessions.fact_mapping import milliseconds, session_commands
from application.sessions.report import SessionReport, build_report
from domain.coaching.cues import cue_finished_set
from domain.coaching.preferences import DEFAULT_PREFERENCES, CuePreferences
from domain.event_text import ID
from domain.ids import ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.motion.counting.trained_model import trained_model_name
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.exercises.recognition import recognize
from domain.motion.set_segmentation import SegmentedSet, fold_sets, is_performed
from domain.recordings import commands as recording
from domain.recordings.names import name_of
from domain.recordings.recording import RECORDING
from domain.sessions import commands as session
from domain.sessions.scoring import REFERENCE_BODY_MASS_KG, AthleteMass
from domain.sessions.session import SESSION, Completed, Deleted
from domain.users.user import USER, Registered
from domain.values import CountedBy, Span, within

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c01")
"""Namespace of analysis ids: the same analysis always has the same id."""


class ExerciseNotRecognised(Rejected):
    """The exercise was not recognized. Name the exercise.

    `alternatives`: ids of the exercises that it may be, most likely first.
    """

    code = "motion.exercise_not_recognised"
    kind = "invalid"

    def __init__(self, alternatives: tuple[str, ...] = ()) -> None:
        names = [get_exercise(each).name.lower() for each in alternatives]
        likely = f" It may be: {', '.join(names)}." if names else ""
        super().__init__(f"The exercise was not recognized.{likely} Name the exercise.")
        self.alternatives = alternatives


@dataclass(frozen=True, kw_only=True)
class AnalysisRequest:
    """A video to analyze. Without `exercise` it is recognized; `name` is that of the recording.

    The same athlete, video, exercise and `key` are the same session, however often requested;
    another key makes another session of the same video.
    """

    video: Path
    athlete_id: UserId
    exercise: str | None = None
    name: str = ""
    key: str = ""
    target_repetitions: int | None = None
    body_mass_kg: float = REFERENCE_BODY_MASS_KG
    preferences: CuePreferences = DEFAULT_PREFERENCES

    def __post_init__(self) -> None:
        within("body_mass_kg", self.body_mass_kg, 20.0, 400.0)
        if not self.athlete_id.strip():
            raise session.AthleteMissing
        ID.check("athlete_id", self.athlete_id)


@dataclass(frozen=True, eq=False)
class AnalysisResult:
    """The session of an analysis; `repeated` if it had been analyzed before."""

    report: SessionReport
    position: int
    repeated: bool


@dataclass(frozen=True, eq=False)
class _VideoSets:
    """Poses and sets of a video, from which the session is written."""

    poses: VideoPoses
    definition: ExerciseDefinition
    sets: tuple[SegmentedSet, ...]


class VideoAnalyzer:
    """Analyzer of videos: extracts poses, counts sets, stores sessions."""

    def __init__(
        self,
        *,
        decoder: VideoDecoder,
        estimator: PoseEstimator,
        log: EventLog,
        commands: CommandHandler,
        media: MediaStore,
        archive: PoseArchive,
        clock: Clock,
    ) -> None:
        self._decoder = decoder
        self._estimator = estimator
        self._log = log
        self._commands = commands
        self._media = media
        self._archive = archive
        self._clock = clock

    def analyze(
        self, analysis: AnalysisRequest, *, origin: Origin, progress: Progress
    ) -> AnalysisResult:
        """Analyze a video and store the session, in one transaction at the very end.

        Raises UnknownExercise, ExerciseNotRecognised, or what the video is refused for; then
        nothing is stored. A repeated analysis is answered from the log, without decoding; if its
        session was deleted, and no correction replaces it, another one is stored.
        """
        named = get_exercise(analysis.exercise) if analysis.exercise else None
        command_id = self._command_id(analysis, origin.tenant_id)
        while done := self._log.done(origin.tenant_id, command_id):
            stored = self._stored(origin.tenant_id, _session_id(command_id))
            if stored is not None:
                return self._answer(stored, origin, done.position, repeated=True)
            command_id = uuid5(command_id, "again")
        session_id = _session_id(command_id)
        poses = extract_poses(analysis.video, self._decoder, self._estimator, progress)
        definition, sets = (
            _recognised(poses)
            if named is None
            else (named, fold_sets(named, poses.chunks, poses.duration_s))
        )
        video = _VideoSets(poses, definition, sets)
        requests = (
            Request(SESSION, session_id, self._session(analysis, video, origin)),
            Request(RECORDING, session_id, self._recording(analysis, session_id, video, origin)),
        )
        appended = self._commands.execute(*requests, origin=origin, command_id=command_id)
        return self._answer(session_id, origin, appended.position, repeated=appended.repeated)

    def _command_id(self, analysis: AnalysisRequest, tenant_id: TenantId) -> UUID:
        """Return an id of everything that the result depends on."""
        digest = digest_video(analysis.video)
        shipped = all_exercises()
        versions = [
            f"{each.id}.{each.version}.{trained_model_name(each.id) or ''}"
            for each in shipped.values()
        ]
        parts = [
            *(tenant_id, analysis.athlete_id, analysis.exercise or "", analysis.key, digest),
            *(self._estimator.model, *versions),
        ]
        return uuid5(NAMESPACE, "\x1f".join(parts))

    def _stored(self, tenant_id: TenantId, session_id: SessionId) -> SessionId | None:
        """Return a session, or the one that corrects its exercise; None if it was deleted."""
        history = self._log.load(tenant_id, f"{SESSION.category}-{session_id}")
        match SESSION.fold(recorded.event for recorded in history):
            case Deleted(before=Completed(replacement=str(replacement))):
                return self._stored(tenant_id, SessionId(replacement))
            case Deleted():
                return None
            case _:
                return session_id

    def _answer(
        self, session_id: SessionId, origin: Origin, position: int, *, repeated: bool
    ) -> AnalysisResult:
        history = self._log.load(origin.tenant_id, f"{SESSION.category}-{session_id}")
        report = build_report(session_id, (recorded.event for recorded in history))
        return AnalysisResult(report, position, repeated)

    def _session(
        self, analysis: AnalysisRequest, video: _VideoSets, origin: Origin
    ) -> list[session.SessionCommand]:
        duration = video.poses.duration_s
        ended_at = self._clock()
        time_zone = self._time_zone(analysis.athlete_id, origin.tenant_id)
        return [
            session.StartSession(
                athlete_id=analysis.athlete_id,
                at=ended_at - timedelta(seconds=duration),
                time_zone=time_zone,
            ),
            *self._sets(analysis, video),
            session.CompleteSession(
                at=ended_at,
                capture=session.CaptureStats(video.poses.frames, video.poses.frames_with_pose),
                body_mass=AthleteMass(analysis.body_mass_kg, None),
                specs=exercise_specs(),
            ),
        ]

    def _sets(
        self, analysis: AnalysisRequest, video: _VideoSets
    ) -> Iterator[session.SessionCommand]:
        definition = video.definition
        counted_by = CountedBy(
            "file", self._estimator.model, definition.version, trained_model_name(definition.id)
        )
        for number, seen in enumerate(video.sets, start=1):
            yield session.StartSet(
                set=number,
                exercise_id=ExerciseId(definition.id),
                counted_by=counted_by,
                target_repetitions=analysis.target_repetitions,
            )
            facts = cue_finished_set(
                definition, seen.facts, seen.started_s, seen.ended_s, analysis.preferences
            )
            yield from session_commands(facts, set_number=number, counted_by=counted_by)
            span = Span(milliseconds(seen.started_s), milliseconds(seen.ended_s))
            yield session.CompleteSet(set=number, span=span)

    def _time_zone(self, athlete_id: UserId, tenant_id: TenantId) -> str:
        """Return the zone of the athlete's profile, UTC without an account (C-52)."""
        history = self._log.load(tenant_id, f"{USER.category}-{athlete_id}")
        user = USER.fold(recorded.event for recorded in history)
        return user.time_zone if isinstance(user, Registered) else "UTC"

    def _recording(
        self,
        analysis: AnalysisRequest,
        session_id: SessionId,
        video: _VideoSets,
        origin: Origin,
    ) -> list[recording.RecordingCommand]:
        tenant = origin.tenant_id
        now = self._clock()
        shape = video.poses.shape
        chunks = self._archive.store(tenant, session_id, video.poses.chunks, analysis.athlete_id)
        digest = self._media.put_file(
            tenant, analysis.video, prefix=session_id, subject=analysis.athlete_id
        )
        return [
            recording.StartRecording(
                user_id=analysis.athlete_id,
                session_id=session_id,
                name=name_of(analysis.name or analysis.video.name),
                aspect_ratio=shape.width / shape.height,
                at=now,
            ),
            *chunks,
            recording.AttachVideo(digest=digest, media_type=shape.media_type),
            recording.CompleteRecording(duration_ms=milliseconds(video.poses.duration_s), at=now),
        ]


def _session_id(command_id: UUID) -> SessionId:
    return SessionId(str(uuid5(command_id, "session")))


def _recognised(poses: VideoPoses) -> tuple[ExerciseDefinition, tuple[SegmentedSet, ...]]:
    """Recognize the exercise, and find its sets.

    Raises ExerciseNotRecognised if the exercise is in doubt, also because none of it was performed:
    a count of nothing is not a result.
    """
    recognition = recognize(poses.chunks)
    if recognition.exercise is None:
        raise ExerciseNotRecognised(recognition.alternatives)
    definition = get_exercise(recognition.exercise)
    sets = fold_sets(definition, poses.chunks, poses.duration_s)
    if not any(is_performed(each.facts) for each in sets):
        raise ExerciseNotRecognised(recognition.alternatives)
    return definition, sets
