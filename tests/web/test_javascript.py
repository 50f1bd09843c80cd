"""Rules of the pages' JavaScript, checked without a browser (R-LIV-07, R-LIV-10)."""

import base64
import json
import subprocess
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from application.kernel.video import FramePicture
from application.live.chunk import IngestChunk, SensorSample
from application.live.chunk_codec import encode
from domain.coaching.guidance import MAX_REPETITIONS, MAX_SECONDS, MAX_SETS
from domain.coaching.phrasebook import get_phrases, languages
from domain.coaching.sentences import all_sentences
from domain.motion.exercises.library import all_exercises
from domain.motion.landmarks import PoseChunk
from tests.live.chunks import take
from tests.web.nodes import NODE, SOURCES, run


def test_the_pages_scripts_keep_their_rules() -> None:
    """R-LIV-07, R-LIV-10, R-TEN-01: each `web/src/**/*.test.js` names its requirements."""
    scripts = sorted(SOURCES.rglob("*.test.js"))
    assert scripts
    done = subprocess.run(
        [NODE, "--test", *scripts], check=False, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("language", sorted(languages()))
def test_the_server_can_speak_every_sentence_of_the_workout_page(language: str) -> None:
    """R-LIV-16: up to the greatest numbers, and with every exercise's name."""
    names = get_phrases(language).names
    limits = {
        "language": language,
        "names": [names.get(each.id, each.name) for each in all_exercises().values()],
        "sets": MAX_SETS,
        "repetitions": MAX_REPETITIONS,
        "seconds": MAX_SECONDS,
    }
    said = run("saying.js", json.dumps(limits)).splitlines()
    guide = get_phrases(language).guide
    assert {guide["ready"], f"{MAX_REPETITIONS}", guide["rested"]} <= set(said)
    assert set(said) <= all_sentences(language)


def to_json(request: IngestChunk) -> str:
    """Return a chunk as the JSON that the script reads."""
    message, chunk = request.message, request.message.chunk
    images = {each.frame: base64.b64encode(each.jpeg).decode() for each in message.pictures}
    frames = [
        {
            "image": images.get(at),
            "timeMs": time_ms,
            "landmarks": None if np.isnan(chunk.image[at]).all() else _numbers(chunk.image[at]),
            "world": None if chunk.world is None else _numbers(chunk.world[at]),
        }
        for at, time_ms in enumerate((1000.0 * chunk.times_s).tolist())
    ]
    sensors = [
        {
            "timeMs": 1000.0 * sample.time_s,
            "accelerometer": sample.accelerometer,
            "gyroscope": sample.gyroscope,
            "heartRateBpm": sample.heart_rate_bpm,
        }
        for sample in request.sensors
    ]
    return json.dumps(
        {
            "sessionId": request.session.session_id,
            "set": message.set,
            "sequence": message.sequence,
            "exercise": message.exercise,
            "model": message.model,
            "aspectRatio": chunk.aspect_ratio,
            "last": message.last,
            "frames": frames,
            "sensors": sensors,
        }
    )


def _numbers(values: Any) -> list[float | None]:
    return [None if np.isnan(each) else float(each) for each in values.ravel()]


PICTURES = (FramePicture(1, b"\xff\xd8one"), FramePicture(3, bytes(40_000)))


def takes() -> list[IngestChunk]:
    """Return the chunks of a set, and some unusual ones."""
    usual = take("übung-1")
    chunk = usual[0].message.chunk
    assert chunk.world is not None
    quarter_s = np.arange(len(chunk), dtype=np.float64) * np.float64(
        0.25
    )  # exact in milliseconds and in seconds
    image = chunk.image.copy()
    image[1], image[2, 5], image[3, :, 0] = np.nan, np.nan, 37.5
    samples = (
        SensorSample(time_s=0.5, accelerometer=(0.0, 9.8, 0.1)),
        SensorSample(time_s=0.75, gyroscope=(0.1, -2.0, 3.5), heart_rate_bpm=92.0),
    )
    unlike = (
        PoseChunk(quarter_s, image, chunk.world, 0.5625),
        PoseChunk(quarter_s, image, None, 16 / 9),
        PoseChunk(quarter_s[:0], image[:0], None, 1.0),
    )
    return [
        *(each for each in usual if _is_whole(each.message.chunk)),
        *(
            replace(
                usual[0], message=replace(usual[0].message, chunk=each, last=True), sensors=samples
            )
            for each in unlike
        ),
        replace(usual[0], message=replace(usual[0].message, chunk=unlike[1], pictures=PICTURES)),
    ]


def _is_whole(chunk: PoseChunk) -> bool:
    """Return whether times survive the conversion to milliseconds and back."""
    return bool((1000.0 * chunk.times_s / 1000.0 == chunk.times_s).all())


def test_a_browser_writes_the_same_bytes_as_python() -> None:
    """C-01."""
    chunks = takes()
    assert len(chunks) > 4
    lines = run("encoding.js", "\n".join(to_json(each) for each in chunks)).split()
    assert [base64.b64decode(line) for line in lines] == [encode(each) for each in chunks]
