"""Chunks of frames are accepted unchanged, or rejected with the reason."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from application.live.chunk import (
    FramesMissing,
    IngestChunk,
    InvalidLandmarks,
    InvalidSensors,
    SensorSample,
    TimeOutsideSession,
    TimesNotIncreasing,
    TimesTooClose,
    TooManyFrames,
)
from application.live.replies import frame_rate_confidence
from domain.kernel import Rejected
from domain.motion.landmarks import PoseChunk
from domain.values import InvalidValue
from tests.live.chunks import command, cut, video

GOOD = next(cut(video()))
NAN = float("nan")


def changed(change: Callable[[PoseChunk], object]) -> PoseChunk:
    assert GOOD.world is not None
    copy = PoseChunk(GOOD.times_s.copy(), GOOD.image.copy(), GOOD.world.copy(), GOOD.aspect_ratio)
    change(copy)
    return copy


def put(column: str, place: tuple[int, ...], number: float) -> Callable[[PoseChunk], None]:
    def change(chunk: PoseChunk) -> None:
        getattr(chunk, column)[place] = number

    return change


def frames(count: int) -> PoseChunk:
    return PoseChunk(np.arange(count) / 60.0, np.full((count, 33, 4), 0.5, np.float32))


@pytest.mark.parametrize(
    ("chunk", "refusal"),
    [
        (changed(put("times_s", (3,), 0.0)), TimesNotIncreasing),
        (changed(put("times_s", (3,), NAN)), TimeOutsideSession),
        (PoseChunk(GOOD.times_s / 1000.0, GOOD.image), TimesTooClose),
        (changed(put("times_s", (0,), -0.1)), TimeOutsideSession),
        (changed(put("times_s", (7,), 86_401.0)), TimeOutsideSession),
        (changed(put("image", (2, 5, 1), NAN)), InvalidLandmarks),
        (changed(put("image", (2, 5, 3), NAN)), InvalidLandmarks),
        (changed(put("world", (2, 5, 0), NAN)), InvalidLandmarks),
        (changed(put("image", (2, 5, 3), 1.1)), InvalidLandmarks),
        (changed(put("image", (2, 5, 3), -0.1)), InvalidLandmarks),
        (changed(put("image", (2, 5, 0), 101.0)), InvalidLandmarks),
        (changed(put("world", (2, 5, 0), float("inf"))), InvalidLandmarks),
        (PoseChunk(GOOD.times_s, GOOD.image, None, 0.0), InvalidValue),
        (PoseChunk(GOOD.times_s, GOOD.image, None, NAN), InvalidValue),
        (frames(601), TooManyFrames),
        (frames(0), FramesMissing),
    ],
)
def test_impossible_frames_are_refused(chunk: PoseChunk, refusal: type[Rejected]) -> None:
    """R-LIV-03, R-API-03."""
    with pytest.raises(refusal):
        command("s", 1, chunk)


@pytest.mark.parametrize(
    "sample",
    [
        SensorSample(1.0),
        SensorSample(-1.0, heart_rate_bpm=80.0),
        SensorSample(NAN, heart_rate_bpm=80.0),
        SensorSample(1.0, heart_rate_bpm=900.0),
        SensorSample(1.0, heart_rate_bpm=NAN),
        SensorSample(1.0, accelerometer=(0.0, NAN, 0.0)),
        SensorSample(1.0, accelerometer=(0.0, 401.0, 0.0)),
        SensorSample(1.0, gyroscope=(0.0, 0.0, -101.0)),
    ],
)
def test_sensor_samples_that_cannot_be_are_refused(sample: SensorSample) -> None:
    """R-LIV-03."""
    with pytest.raises((InvalidSensors, TimeOutsideSession)):
        command("s", 1, sensors=(sample,))


@pytest.mark.parametrize("number", [0, 1001])
def test_sets_have_numbers(number: int) -> None:
    with pytest.raises(InvalidValue):
        command("s", 1, number=number)


@pytest.mark.parametrize("model", ["", "m" * 65, "m\0", "m\n", "m\ud800"])
def test_models_have_names_that_can_be_kept(model: str) -> None:
    """R-API-03: PostgreSQL rejects NUL, and UTF-8 half a surrogate pair."""
    good = command("s", 1)
    with pytest.raises(InvalidValue):
        IngestChunk(session=good.session, message=replace(good.message, model=model))


def test_an_athlete_out_of_sight_is_not_an_error() -> None:
    unseen = changed(put("image", (2,), NAN))
    assert unseen.world is not None
    unseen.world[2] = NAN
    assert command("s", 1, unseen).message.chunk is unseen


def test_a_set_ends_without_frames_and_sensors_need_none() -> None:
    assert command("s", 1, frames(0), last=True).message.last
    assert command("s", 1, frames(0), sensors=(SensorSample(1.0, heart_rate_bpm=80.0),)).sensors


@pytest.mark.parametrize(
    ("every", "sure"), [(1, "normal"), (3, "low")], ids=["15 a second", "5 a second"]
)
def test_a_low_frame_rate_lowers_the_confidence(every: int, sure: str) -> None:
    """C-30."""
    sparse = PoseChunk(GOOD.times_s[::every], GOOD.image[::every])
    assert frame_rate_confidence(sparse) == sure


def test_a_single_frame_is_not_enough_for_advice() -> None:
    """C-30."""
    assert frame_rate_confidence(PoseChunk(GOOD.times_s[:1], GOOD.image[:1])) == "low"
