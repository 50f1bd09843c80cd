"""Rules of exercise definitions and their catalog."""

import math
import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from domain.motion.exercises.definition import InvalidExerciseDefinition
from domain.motion.exercises.library import all_exercises, get_exercise
from domain.motion.exercises.parsing import parse
from domain.values import UnknownExercise

EXPECTED = {
    "squat",
    "push_up",
    "pull_up",
    "biceps_curl",
    "shoulder_press",
    "lunge",
    "jumping_jack",
    "sit_up",
    "deadlift",
    "bench_press",
    "front_raise",
    "rope_pushdown",
    "pommel_horse",
    "plank",
}


def squat() -> dict[str, Any]:
    text = (files("domain.motion") / "exercises" / "squat.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def test_the_catalogue_names_each_exercise_by_its_key() -> None:
    """R-POS-08."""
    assert set(all_exercises()) == EXPECTED
    assert all(name == definition.id for name, definition in all_exercises().items())
    assert get_exercise("squat").name == "Squat"


def test_definitions_with_the_same_hash_are_compared_by_content() -> None:
    text = squat()
    one, same, other = parse(text), parse(text), parse(text | {"name": "Deep squat"})
    assert hash(one) == hash(same) == hash(other)
    assert one == same != other
    assert len({one, same, other}) == 2


def test_an_undefined_exercise_is_not_found() -> None:
    with pytest.raises(UnknownExercise, match="cartwheel") as refusal:
        get_exercise("cartwheel")
    assert refusal.value.kind == "not_found"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_exercise_names_three_faults_with_cue_and_source(name: str) -> None:
    """R-POS-06."""
    faults = get_exercise(name).faults
    assert len(faults) >= 3
    assert all(fault.cue and len(fault.source) > 10 for fault in faults)


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("name"), "name is missing"),
        (lambda d: d.update(colour="red"), "colour is not a known key"),
        (lambda d: d.update(version="1"), "version must be of type int"),
        (lambda d: d.update(version=0), "version must be 1 or more"),
        (lambda d: d.update(version=True), "version must be of type int"),
        (lambda d: d.update(id="Squat 2"), "id must be"),
        (lambda d: d.update(kind="dance"), "kind must be one of"),
        (lambda d: d.update(joints="left_hip"), "joints must be an array"),
        (lambda d: d.update(joints=["left_wing"]), "joints must be names of landmarks"),
        (lambda d: d.update(counting=3), "counting must be a table"),
        (lambda d: d["counting"].update(least_swing=math.nan), "least_swing must be finite"),
        (lambda d: d["counting"].update(least_swing="much"), "least_swing must be a number"),
        (lambda d: d["counting"].update(least_swing=2.0), "within 0..1"),
        (lambda d: d["counting"].update(least_s=20.0), "below counting.most_s"),
        (lambda d: d["range_of_motion"].update(limits_deg=[1.0]), "must have 2 items"),
        (lambda d: d["signals"][0].update(measure="mood"), "mood is not a known measure"),
        (lambda d: d["signals"][0].update(rest=0.05), "must differ"),
        (lambda d: d["faults"][0].update(below=1.0), "one bound"),
        (lambda d: d["faults"].append(d["faults"][0]), "different ids"),
        (lambda d: d["energy"].update(met=0.0), "energy.met"),
        (lambda d: d.update(kind="hold"), "hold must be given"),
        (lambda d: d["signals"].clear(), "signals must have at least one"),
    ],
)
def test_an_invalid_definition_is_refused_with_the_key_of_the_mistake(
    change: Change, message: str
) -> None:
    definition = squat()
    change(definition)
    with pytest.raises(InvalidExerciseDefinition, match=message) as refusal:
        parse(definition)
    assert refusal.value.kind == "invalid"
