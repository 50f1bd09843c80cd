"""What a viewer is told first of a recording: all but its frames."""

from datetime import datetime
from urllib.parse import urlencode

from api.caller import Caller
from api.http.recordings import known_recording
from api.http.share_link_auth import PARAMETER, ShareLinkAuth
from api.views.base import Body
from application.recordings.frame_index import FrameIndex, Pause
from projections.cue import CUE, Cue
from projections.exercise_set import EXERCISE_SET, ExerciseSet
from projections.repetition import REPETITION, Repetition
from projections.session_recording import SessionRecording
from projections.session_summary import SESSION_SUMMARY


class RecordingTold(Body):
    """What is replayed. Times are those of its first and last frame."""

    id: str
    session_id: str
    name: str
    description: str
    status: str
    created_at: datetime
    aspect_ratio: float
    frame_count: int
    start_ms: float
    end_ms: float
    exercise: str | None


class FilmTold(Body):
    """Where the film is."""

    url: str
    media_type: str | None


class ChunkTold(Body):
    """A line of the index."""

    first: int
    frames: int
    start_ms: int
    end_ms: int


class RepetitionTold(Body):
    """A repetition that stands."""

    set: int
    number: int
    exercise: str | None
    start_ms: int
    end_ms: int
    form: float | None
    faults: tuple[str, ...]


class SetView(Body):
    """A set of which it is known when it began; one that is under way has no end."""

    set: int
    exercise: str
    start_ms: int
    end_ms: int | None


class CueView(Body):
    """What the coach said."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


class PauseTold(Body):
    """While the recording was paused."""

    start_ms: int
    end_ms: int


class Markers(Body):
    """What there is to be found on the way."""

    sets: list[SetView]
    repetitions: list[RepetitionTold]
    cues: list[CueView]
    pauses: list[PauseTold]

    @classmethod
    def of(
        cls,
        sets: list[ExerciseSet],
        repetitions: list[Repetition],
        cues: list[Cue],
        pauses: list[Pause],
    ) -> "Markers":
        """Tell rows of one session."""
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
                RepetitionTold(
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
            pauses=[PauseTold.model_validate(each) for each in pauses],
        )


class Hello(Body):
    """All but the frames."""

    recording: RecordingTold
    film: FilmTold | None
    index: list[ChunkTold]
    markers: Markers
    shared_until: datetime | None


def hello(
    caller: Caller, share: ShareLinkAuth | None, streamer: FrameIndex, recording_id: str
) -> Hello:
    """Describe a recording, and what happened meanwhile, to whoever came by a link or without.

    Raises RecordingNotFound.
    """
    row, claims = known_recording(caller, recording_id), caller.claims
    summary = caller.platform.read.get(SESSION_SUMMARY, caller.tenant_id, row.session_id)
    return Hello(
        recording=_recording(row, streamer, None if summary is None else summary.exercise_id),
        film=_film(row, share),
        index=[ChunkTold.model_validate(each) for each in streamer.index],
        markers=_markers(caller, row, streamer),
        shared_until=None if share is None or claims is None else claims.expires_at,
    )


def _recording(row: SessionRecording, streamer: FrameIndex, exercise: str | None) -> RecordingTold:
    return RecordingTold(
        id=row.id,
        session_id=row.session_id,
        name=row.name,
        description=row.description,
        status=row.status,
        created_at=row.created_at,
        aspect_ratio=row.aspect_ratio,
        frame_count=streamer.frame_count,
        start_ms=streamer.start_ms,
        end_ms=streamer.end_ms,
        exercise=exercise,
    )


def _film(row: SessionRecording, share: ShareLinkAuth | None) -> FilmTold | None:
    if row.video_file_path is None:
        return None
    asked = "" if share is None else f"?{urlencode({PARAMETER: share.token})}"
    url = f"/v1/recordings/{row.id}/video{asked}"
    return FilmTold(url=url, media_type=row.video_media_type)


def _markers(caller: Caller, row: SessionRecording, streamer: FrameIndex) -> Markers:
    read, tenant, whose = caller.platform.read, caller.tenant_id, row.session_id
    repetitions = read.by(REPETITION, tenant, "session_id", [whose])[whose]
    cues = read.by(CUE, tenant, "session_id", [whose])[whose]
    sets = read.by(EXERCISE_SET, tenant, "session_id", [whose])[whose]
    return Markers.of(sets, repetitions, cues, streamer.pauses)
