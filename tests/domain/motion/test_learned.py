"""Rules of models trained on examples."""

import json
from hashlib import sha256
from importlib.resources import files

import pytest

from domain.motion.counting.trained_model import (
    find_trained_model,
    from_plain,
    to_plain,
    trained_model_name,
)
from domain.motion.exercises.library import all_exercises

MODELS = {
    entry.name.removesuffix(".json"): entry.read_bytes()
    for entry in (files("domain.motion") / "models").iterdir()
}


@pytest.mark.parametrize("exercise", sorted(MODELS))
def test_a_trained_model_is_named_by_its_content(exercise: str) -> None:
    """C-49: a new training has a new name, and a count names its model."""
    assert trained_model_name(exercise) == sha256(MODELS[exercise]).hexdigest()[:12]
    model = find_trained_model(exercise)
    assert model is not None
    assert from_plain(json.loads(json.dumps(to_plain(model)))) == model


def test_no_two_exercises_learned_the_same() -> None:
    assert len({trained_model_name(exercise) for exercise in MODELS}) == len(MODELS)
    assert MODELS.keys() <= all_exercises().keys()


def test_without_learned_exercises_none_is_recognised() -> None:
    for exercise in all_exercises().keys() - MODELS.keys():
        assert find_trained_model(exercise) is None
        assert trained_model_name(exercise) is None
