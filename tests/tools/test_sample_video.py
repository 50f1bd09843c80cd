"""The committed sample video matches its generator; `make sample-video` renders it again.

The bytes of a video differ between builds of FFmpeg. So the test compares what does not: the
ground truth, the number, size and times of the frames, and how close some decoded frames are to
rendered ones.
"""

import json
from itertools import islice

import av
import numpy as np
import pytest

from adapters.sample_athlete.athlete import truth
from adapters.sample_athlete.sample_video import SAMPLE, VIDEO
from tools.film_studio.video import render_frames, truth_path

MAX_BYTES = 1_500_000
COMPARED = 90
"""Frames compared with rendered ones: three seconds, from rest into the first squat."""
MAX_MEAN_DIFFERENCE = 4.0
"""Gray levels lost by compression; another figure, view or phase differs by more."""


def test_the_video_is_small_and_shows_the_declared_performance() -> None:
    assert VIDEO.stat().st_size <= MAX_BYTES
    committed = json.loads(truth_path(VIDEO).read_text(encoding="utf-8"))
    rendered = json.loads(json.dumps(truth(SAMPLE).as_json()))
    assert committed.keys() == rendered.keys()
    for name in committed.keys() - {"repetitions"}:
        assert committed[name] == rendered[name], name
    assert len(committed["repetitions"]) == SAMPLE.repetitions
    for one, other in zip(committed["repetitions"], rendered["repetitions"], strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            assert value == (
                pytest.approx(other[name]) if isinstance(value, float) else other[name]
            )


def test_the_decoded_frames_have_the_declared_number_size_and_times() -> None:
    with av.open(str(VIDEO)) as container:
        frames = list(container.decode(container.streams.video[0]))
    assert len(frames) == SAMPLE.frames
    assert {(frame.width, frame.height) for frame in frames} == {(SAMPLE.width, SAMPLE.height)}
    times = [frame.time for frame in frames]
    assert times == pytest.approx(np.arange(SAMPLE.frames) / SAMPLE.fps)


def test_decoded_frames_look_like_rendered_ones() -> None:
    with av.open(str(VIDEO)) as container:
        decoded = container.decode(container.streams.video[0])
        pairs = zip(islice(decoded, COMPARED), render_frames(SAMPLE), strict=False)
        for number, (frame, image) in enumerate(pairs):
            difference = np.abs(frame.to_ndarray(format="bgr24").astype(int) - image.astype(int))
            assert difference.mean() <= MAX_MEAN_DIFFERENCE, number
