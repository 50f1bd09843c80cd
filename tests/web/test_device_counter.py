"""The device counts like the server without a trained model (R-LIV-08, C-02, C-49)."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.movements import MOVEMENTS
from adapters.sample_athlete.performance import Performance
from api.views.exercises import Definition
from domain.motion.exercises.library import get_exercise
from domain.motion.facts import HoldMeasured, MotionFact, RepetitionCounted
from domain.motion.fold import fold
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.camera_framing import check_framing
from tests.web.nodes import run

SEEDS = {0.0: (0,), 2.0: (1, 2, 3)}
"""Seeds of the noise, by its pixels."""

EXACTLY = 0.95
"""Share of the sets in which the device counts exactly what the server counts."""

TOLERANCE_MS = 250.0
"""Tolerance: a sample is reported after the next two, which is 0.2 s and a frame."""


@dataclass(frozen=True)
class Set:
    """A performed set, and the results of both counters."""

    performance: Performance
    facts: tuple[MotionFact, ...]
    repetitions: int
    device: dict[str, Any]


def performances() -> Iterator[Performance]:
    """Sets of all exercises, at usual rates, with and without noise."""
    for name in MOVEMENTS:
        for noise_px, seeds in SEEDS.items():
            for seed in seeds:
                for fps in (15, 30):
                    yield Performance(
                        exercise=name,
                        repetitions=3 + seed,
                        fps=fps,
                        landmark_noise_px=noise_px,
                        seed=seed,
                    )


def to_line(performance: Performance, chunk: PoseChunk) -> str:
    """Return a set as the JSON line that the script reads."""
    definition = Definition.model_validate(get_exercise(performance.exercise))
    assert chunk.world is not None
    return json.dumps(
        {
            "definition": definition.model_dump(mode="json", by_alias=True),
            "timesMs": (1000.0 * chunk.times_s).tolist(),
            "image": _floats(chunk.image),
            "world": _floats(chunk.world),
            "aspectRatio": chunk.aspect_ratio,
        }
    )


def _floats(values: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()


@pytest.fixture(scope="module")
def sets() -> list[Set]:
    chosen = list(performances())
    chunks = [landmarks(performance) for performance in chosen]
    lines = [to_line(*each) for each in zip(chosen, chunks, strict=True)]
    results = [json.loads(line) for line in run("counting.js", "\n".join(lines)).splitlines()]
    made = []
    for performance, chunk, device in zip(chosen, chunks, results, strict=True):
        done = fold(get_exercise(performance.exercise), [chunk])
        made.append(Set(performance, done.facts, done.state.repetitions, device))
    return made


def test_a_device_counts_what_the_server_counts(sets: list[Set]) -> None:
    """R-LIV-08, C-02: within one everywhere, and equal in nearly all sets."""
    apart = [(each.repetitions, each.device["repetitions"], each.performance) for each in sets]
    assert [each for each in apart if abs(each[0] - each[1]) > 1] == []
    same = sum(server == device for server, device, _ in apart)
    assert same >= EXACTLY * len(sets), [each for each in apart if each[0] != each[1]]


def test_each_repetition_is_reported_once_and_in_order(sets: list[Set]) -> None:
    for each in sets:
        assert each.device["numbers"] == list(range(1, each.device["repetitions"] + 1))


def test_a_device_times_a_hold_as_the_server_does(sets: list[Set]) -> None:
    """R-LIV-11: a timer works without the server; it lags by a smoothing window."""
    for each in sets:
        held = [fact.held_s for fact in each.facts if isinstance(fact, HoldMeasured)]
        assert each.device["heldMs"] == pytest.approx(1000.0 * sum(held), abs=TOLERANCE_MS)


def test_a_device_measures_the_athletes_size_as_the_server_does(sets: list[Set]) -> None:
    """R-LIV-11: the set-up checks and the server's framing advice have one measure."""
    for each in sets:
        definition, chunk = get_exercise(each.performance.exercise), landmarks(each.performance)
        assert np.median(each.device["fills"]) == pytest.approx(
            check_framing(definition, chunk).fills, rel=1e-3
        )
        assert each.device["present"] is True


def test_a_device_judges_form_nearly_as_the_server_does(sets: list[Set]) -> None:
    """C-49: a first estimate of form; the server analyzes it more closely."""
    apart = [
        abs(fact.form - form)
        for each in sets
        for fact, form in zip(
            (fact for fact in each.facts if isinstance(fact, RepetitionCounted)),
            each.device["forms"],
            strict=False,
        )
        if fact.form is not None
    ]
    assert float(np.mean(apart)) < 0.01
