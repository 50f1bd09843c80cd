"""Every sentence that can be spoken: all cues with all numbers filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Final, get_args

from domain.coaching.cue_ranking import fill_in, render
from domain.coaching.guidance import all_guidance
from domain.coaching.phrasebook import DEFAULT_LANGUAGE, Phrasebook, get_phrases, get_rules
from domain.motion.exercises.custom import CUSTOM_PREFIX
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.example import PRAISE
from domain.motion.exercises.library import all_exercises
from domain.motion.exercises.library import get_exercise as exercise_of
from domain.motion.signals.camera_framing import STEP_DEG, Advice, Change, Direction

MAX_METERS: Final = 20.0
"""Longest distance that is spoken; a larger one is only shown."""

SIDES: Final[tuple[Direction, ...]] = get_args(Direction)
CHANGES: Final[Mapping[str, Change]] = {change: change for change in get_args(Change)}


@cache
def phrases_for(exercise: str, language: str) -> tuple[str, ...]:
    """Return the sentences that a set of an exercise may need, most important first.

    Sentences with numbers are left out.

    Raises UnknownExercise and CueLanguageUnknown.
    """
    own, phrasebook = exercise_of(exercise), get_phrases(language)
    sentences = [*phrasebook.pages.values(), *_faults(own, phrasebook), *_praise(own, phrasebook)]
    return tuple(dict.fromkeys(sentences))


@cache
def phrases_for_custom_exercises(language: str) -> tuple[str, ...]:
    """Return the sentences that a set of a custom exercise may need. Raises CueLanguageUnknown."""
    phrasebook = get_phrases(language)
    any_custom = replace(exercise_of("squat"), id=CUSTOM_PREFIX, faults=(), praise=PRAISE)
    sentences = (*_faults(any_custom, phrasebook), *_praise(any_custom, phrasebook))
    return tuple(dict.fromkeys((*phrasebook.pages.values(), *sentences)))


@cache
def all_sentences(language: str) -> frozenset[str]:
    """Return every sentence that can be spoken in a language. Raises CueLanguageUnknown."""
    phrasebook = get_phrases(language)
    cues = (each for exercise in all_exercises() for each in phrases_for(exercise, language))
    custom = phrases_for_custom_exercises(language)
    return frozenset((*cues, *custom, *_framing(phrasebook), *all_guidance(phrasebook)))


@cache
def translations(language: str) -> Mapping[str, str]:
    """Return the cues in a language, by their English sentences. Raises CueLanguageUnknown."""
    english, phrasebook = get_phrases(DEFAULT_LANGUAGE), get_phrases(language)
    pairs: dict[str, str] = {}
    for exercise in all_exercises().values():
        for kind in (_faults, _praise):
            cues = zip(kind(exercise, english), kind(exercise, phrasebook), strict=True)
            pairs = dict(cues) | pairs
    framing = {change: phrasebook.framing[change] for change in english.framing}
    ordered = replace(phrasebook, framing=framing)
    return pairs | dict(zip(_framing(english), _framing(ordered), strict=True))


def _faults(exercise: ExerciseDefinition, phrasebook: Phrasebook) -> Iterator[str]:
    """Yield the corrections: full sentences first, then captions."""
    faults = sorted(exercise.faults, key=lambda fault: get_rules().of(fault.id).priority)
    phrases = [render(phrasebook.phrase(exercise.id, fault.id), fault.cue) for fault in faults]
    phrases.append(render(phrasebook.phrase(exercise.id, "hurried"), ""))
    yield from (say for _, say in phrases)
    yield from (text for text, _ in phrases)


def _praise(exercise: ExerciseDefinition, phrasebook: Phrasebook) -> Iterator[str]:
    for cue in ("corrected", "clean_set"):
        yield from render(phrasebook.phrase(exercise.id, cue), "")
    for sentence in exercise.praise:
        yield from render(phrasebook.phrase(exercise.id, "clean"), sentence)


def _framing(phrasebook: Phrasebook) -> Iterator[str]:
    for change, phrase in phrasebook.framing.items():
        for advice in _advices(change):
            yield from render(fill_in(phrasebook, phrase, advice), "")


def _advices(change: str) -> Iterator[Advice]:
    """Yield every advice of a framing change, with each number it can have."""
    if change == "come_closer_by":
        steps = range(1, int(2 * MAX_METERS) + 1)
        yield from (Advice("come_closer", metres=step / 2) for step in steps)
        return
    kind: Change = CHANGES[change]
    if kind in {"turn", "go_round"}:
        turns = product(range(STEP_DEG, 180 + 1, STEP_DEG), SIDES)
        yield from (Advice(kind, degrees=degrees, side=side) for degrees, side in turns)
    elif kind in {"step_back", "show"}:
        yield from (Advice(kind, part=part) for part in _parts())
    else:
        yield Advice(kind)


def _parts() -> set[str]:
    """Joints that exercises need, without their sides."""
    joints = (joint for exercise in all_exercises().values() for joint in exercise.joints)
    return {joint.removeprefix("left_").removeprefix("right_") for joint in joints}
