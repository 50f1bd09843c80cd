"""JSON format of live chunks and their responses."""

from base64 import b64decode
from binascii import Error as BinasciiError
from collections.abc import Sequence
from typing import Annotated, Any, Final, Self

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from api.caller import Id
from api.views.base import Body
from application.kernel.video import FramePicture
from application.live.chunk import (
    MAX_FRAMES,
    MAX_SENSOR_SAMPLES,
    FrameChunk,
    IngestChunk,
    SensorSample,
    SessionKey,
)
from application.live.replies import Confidence, Mode
from application.live.service import ChunkResponse
from application.sessions.fact_mapping import milliseconds
from domain.ids import SessionId, TenantId
from domain.motion.facts import Phase
from domain.motion.landmarks import LANDMARK_COUNT, Floats, PoseChunk

STRICT: Final = ConfigDict(extra="forbid", allow_inf_nan=False)
MS: Final = 1000.0

ImagePoint = tuple[float, float, float, float]
WorldPoint = tuple[float, float, float]
Axes = tuple[float, float, float]
Points = Field(min_length=LANDMARK_COUNT, max_length=LANDMARK_COUNT)


class PosedFrame(Body):
    """A frame: 33 landmarks in MediaPipe's order, null if one or all were not detected."""

    model_config = STRICT

    time_ms: float = Field(description="Since the session began.")
    landmarks: Annotated[list[ImagePoint | None], Points] | None = Field(
        default=None,
        description="x, y as shares of the picture's width and height, z, visibility 0..1.",
    )
    world_landmarks: Annotated[list[WorldPoint | None], Points] | None = Field(
        default=None, description="Metres from between the hips."
    )

    def require_whole(self, image: object) -> None:
        """Raise ValueError unless there are landmarks, a picture, or both."""
        if self.landmarks is None and self.world_landmarks is not None:
            raise ValueError("World landmarks come with those of the picture")
        if image is None and "landmarks" not in self.model_fields_set:
            raise ValueError("A frame has landmarks, a picture, or both")


class StreamedFrame(PosedFrame):
    """A frame with landmarks, an image, both, or neither."""

    image: str | None = Field(
        default=None,
        description="The picture, a JPEG in base64. Without landmarks, they are found in it here.",
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        self.require_whole(self.image)
        return self


class StreamedSample(Body):
    """Sensor readings of the device at a time."""

    model_config = STRICT

    time_ms: float = Field(description="Since the session began.")
    accelerometer: Axes | None = Field(default=None, description="m/s², x, y, z.")
    gyroscope: Axes | None = Field(default=None, description="rad/s about x, y, z.")
    heart_rate_bpm: float | None = None


class StreamedChunk(Body):
    """All frames since the previous chunk, and the sensor readings."""

    model_config = STRICT

    session_id: Id
    sequence: int = Field(description="Counts the session's chunks from 1, without a gap.")
    set: int = Field(description="Counts the session's sets from 1.")
    exercise: str = Field(description="Id of the set's exercise.")
    model: str = Field(description="Pose model of the landmarks, such as `blazepose-full`.")
    aspect_ratio: float = Field(description="The picture's width over its height.")
    last: bool = Field(default=False, description="Whether this ends the set.")
    frames: list[StreamedFrame] = Field(max_length=MAX_FRAMES)
    sensors: list[StreamedSample] = Field(default=[], max_length=MAX_SENSOR_SAMPLES)

    def command(self, tenant_id: TenantId) -> IngestChunk:
        """Convert the chunk to a command. Raises what IngestChunk refuses."""
        return IngestChunk(
            session=SessionKey(tenant_id, SessionId(self.session_id)),
            message=FrameChunk(
                set=self.set,
                sequence=self.sequence,
                exercise=self.exercise,
                model=self.model,
                last=self.last,
                chunk=self._chunk(),
                pictures=tuple(
                    FramePicture(number, jpeg_of(frame.image))
                    for number, frame in enumerate(self.frames)
                    if frame.image is not None
                ),
            ),
            sensors=tuple(
                SensorSample(
                    sample.time_ms / MS,
                    sample.accelerometer,
                    sample.gyroscope,
                    sample.heart_rate_bpm,
                )
                for sample in self.sensors
            ),
        )

    def _chunk(self) -> PoseChunk:
        frames = self.frames
        has_world = any(frame.world_landmarks for frame in frames)
        return PoseChunk(
            times_s=np.array([frame.time_ms / MS for frame in frames], np.float64),
            image=points([frame.landmarks for frame in frames], 4),
            world=points([frame.world_landmarks for frame in frames], 3) if has_world else None,
            aspect_ratio=self.aspect_ratio,
        )


def jpeg_of(text: str) -> bytes:
    """Decode base64. Invalid text is returned as its bytes, which are then rejected as no JPEG."""
    content = text.encode()
    try:
        return b64decode(content, validate=True)
    except BinasciiError:
        return content


def points(frames: Sequence[Sequence[Any] | None], width: int) -> Floats:
    """Return an array (n, 33, width) of frames; landmarks that were not detected are NaN."""
    absent = (np.nan,) * width
    nobody = [absent] * LANDMARK_COUNT
    rows = [nobody if each is None else [point or absent for point in each] for each in frames]
    with np.errstate(over="ignore"):  # what is beyond all bounds is refused as that
        return np.array(rows, np.float32).reshape(len(frames), LANDMARK_COUNT, width)


class StreamedCue(Body):
    """A correction, or praise where `fault` is null."""

    repetition: int = Field(description="Its number in the set; 0 if it belongs to none.")
    fault: str | None
    cue: str = Field(description="The caption.")
    at_ms: int = Field(description="Since the session began.")
    say: str = Field(description="Text to speak; empty if the athlete prefers silence.")
    urgent: bool = Field(description="It may injure: it interrupts whatever is being said.")


class PictureProblem(Body):
    """A picture that was skipped; its landmarks were accepted."""

    time_ms: float = Field(description="Of its frame, since the session began.")
    code: str
    detail: str


class StreamAnswer(Body):
    """State of the set, and how many of the session's chunks were processed."""

    session_id: str
    sequence: int = Field(description="Of the chunk that this answers.")
    seq_ack: int = Field(description="No chunk up to this one will be lost; forget those.")
    mode: Mode = Field(
        description="`degraded`: a provisional count answers, and the true one comes later."
    )
    set: int
    set_over: bool
    repetitions: int = Field(
        description="Counted by the camera in the set, so far; without what the athlete changed."
    )
    held_ms: int = Field(description="Of a timed exercise, so far.")
    form: float | None = Field(description="Of the latest repetition, 0..1.")
    phase: Phase
    pose_seen: bool = Field(description="Whether the camera sees the athlete.")
    confidence: Confidence = Field(description="`low`: too few frames a second to count by.")
    cues: list[StreamedCue]
    next_interval_ms: int = Field(description="Time from this chunk to the next, 500..2000.")
    picture_problems: list[PictureProblem] = Field(
        default=[], description="Of those pictures that were not looked at."
    )

    @classmethod
    def of(cls, session: SessionKey, answer: ChunkResponse) -> "StreamAnswer":
        """Convert the answer of the live service."""
        result, feedback = answer.result, answer.result.feedback
        return cls(
            session_id=session.session_id,
            sequence=result.sequence,
            seq_ack=result.acknowledged,
            mode=result.mode,
            set=result.set,
            set_over=result.over,
            repetitions=feedback.repetitions,
            held_ms=milliseconds(feedback.held_s + feedback.holding_s),
            form=feedback.form,
            phase=feedback.phase,
            pose_seen=feedback.pose_seen,
            confidence=answer.confidence,
            cues=[StreamedCue.model_validate(cue) for cue in result.cues],
            next_interval_ms=answer.next_interval_ms,
            picture_problems=[
                PictureProblem(time_ms=each.at_s * MS, code=each.code, detail=each.detail)
                for each in answer.problems
            ],
        )
