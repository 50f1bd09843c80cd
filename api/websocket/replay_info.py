"""First message of a replay: everything about a recording except its frames."""

from datetime import datetime
from urllib.parse import urlencode

from api.http.recordings import visible_recording
from api.share_link_auth import PARAMETER, ShareLinkAuth
from api.views.base import Body
from api.views.supervision import own_id
from application.caller import Caller
from application.recordings.frame_index import FrameIndex, Pause
from projections.cue import CUE, Cue
from projections.exercise_set import EXERCISE_SET, ExerciseSet
from projections.repetition import REPETITION, Repetition
from projections.session_recording import SessionRecording
from projections.session_summary import SESSION_SUMMARY


class RecordingView(Body):
    """Metadata of a recording. Times are those of its first and last frame.

    `is_own` says whether the viewer made the recording, and may share it.
    """

    id: str
    is_own: bool
    session_id: str
    name: str
    description: str
    status: str
    created_at: datetime
    video_status: str
    video_problem: str | None
    aspect_ratio: float
    frame_count: int
    start_ms: float
    end_ms: float
    exercise: str | None


class VideoView(Body):
    """URL of the video."""

    url: str
    media_type: str | None


class ChunkView(Body):
    """An entry of the frame index."""

    first: int
    frames: int
    start_ms: int
    end_ms: int


class RepetitionView(Body):
    """A counted repetition."""

    set: int
    number: int
    exercise: str | None
    start_ms: int
    end_ms: int
    form: float | None
    faults: tuple[str, ...]


class SetView(Body):
    """A set with its start; a set in progress has no end."""

    set: int
    exercise: str
    start_ms: int
    end_ms: int | None


class CueView(Body):
    """A cue that was given."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


class PauseView(Body):
    """A pause of the recording."""

    start_ms: int
    end_ms: int


class Markers(Body):
    """Events on the timeline."""

    sets: list[SetView]
    repetitions: list[RepetitionView]
    cues: list[CueView]
    pauses: list[PauseView]

    @classmethod
    def of(
        cls,
        sets: list[ExerciseSet],
        repetitions: list[Repetition],
        cues: list[Cue],
        pauses: list[Pause],
    ) -> "Markers":
        """Return the markers of one session."""
        exercises = {each.id: str(each.exercise_id) for each in sets}
        return cls(
            sets=[
                SetView(
                    set=each.number,
                    exercise=str(each.exercise_id),
                    start_ms=each.start_ms,
                    end_ms=each.end_ms,
                )
                for each in sets
                if each.start_ms is not None
            ],
            repetitions=[
                RepetitionView(
                    set=each.set,
                    number=each.number,
                    exercise=exercises.get(each.set_id),
                    start_ms=each.start_ms,
                    end_ms=each.end_ms,
                    form=each.form,
                    faults=each.faults,
                )
                for each in repetitions
            ],
            cues=[CueView.model_validate(each) for each in cues],
            pauses=[PauseView.model_validate(each) for each in pauses],
        )


class RecordingInfo(Body):
    """Everything about a recording except its frames."""

    recording: RecordingView
    video: VideoView | None
    index: list[ChunkView]
    markers: Markers
    shared_until: datetime | None


def recording_info(
    caller: Caller, share: ShareLinkAuth | None, streamer: FrameIndex, recording_id: str
) -> RecordingInfo:
    """Return the description of a recording for a caller or the bearer of a share link.

    Raises RecordingNotThere.
    """
    row, claims = visible_recording(caller, recording_id), caller.claims
    summary = caller.platform.read.get(SESSION_SUMMARY, caller.tenant_id, row.session_id)
    return RecordingInfo(
        recording=_recording(
            caller,
            row,
            streamer,
            is_own=share is None and own_id(caller) == row.user_id,
            exercise=None if summary is None else summary.exercise_id,
        ),
        video=_video(caller, row, share),
        index=[ChunkView.model_validate(each) for each in streamer.index],
        markers=_markers(caller, row, streamer),
        shared_until=None if share is None or claims is None else claims.expires_at,
    )


def _recording(
    caller: Caller,
    row: SessionRecording,
    streamer: FrameIndex,
    *,
    is_own: bool,
    exercise: str | None,
) -> RecordingView:
    sees_video = caller.sees("film", row.user_id)
    return RecordingView(
        id=row.id,
        is_own=is_own,
        session_id=row.session_id,
        name=row.name,
        description=row.description,
        status=row.status,
        created_at=row.created_at,
        video_status=row.video_status if sees_video else "none",
        video_problem=row.video_problem if sees_video else None,
        aspect_ratio=row.aspect_ratio,
        frame_count=streamer.frame_count,
        start_ms=streamer.start_ms,
        end_ms=streamer.end_ms,
        exercise=exercise,
    )


def _video(caller: Caller, row: SessionRecording, share: ShareLinkAuth | None) -> VideoView | None:
    if row.video_file_path is None or not caller.sees("film", row.user_id):
        return None
    query = "" if share is None else f"?{urlencode({PARAMETER: share.token})}"
    url = f"/v1/recordings/{row.id}/video{query}"
    return VideoView(url=url, media_type=row.video_media_type)


def _markers(caller: Caller, row: SessionRecording, streamer: FrameIndex) -> Markers:
    read, tenant, session_id = caller.platform.read, caller.tenant_id, row.session_id
    repetitions = read.by(REPETITION, tenant, "session_id", [session_id])[session_id]
    cues = read.by(CUE, tenant, "session_id", [session_id])[session_id]
    sets = read.by(EXERCISE_SET, tenant, "session_id", [session_id])[session_id]
    return Markers.of(sets, repetitions, cues, streamer.pauses)
