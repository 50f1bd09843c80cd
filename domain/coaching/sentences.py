"""Every sentence that can be spoken: the catalogue of cues with each figure filled in."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Final, get_args

from domain.coaching.cue_ranking import fill_in, render
from domain.coaching.guidance import all_guidance
from domain.coaching.phrasebook import Phrasebook, get_phrases, get_rules
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises
from domain.motion.exercises.library import get_exercise as exercise_of
from domain.motion.signals.camera_framing import STEP_DEG, Advice, Change, Direction

MOST_METRES: Final = 20.0
"""Nobody stands farther away than a hall is long; a larger figure is shown and not spoken."""

SIDES: Final[tuple[Direction, ...]] = get_args(Direction)
CHANGES: Final[Mapping[str, Change]] = {change: change for change in get_args(Change)}


@cache
def phrases_for(exercise: str, language: str) -> tuple[str, ...]:
    """Give what may be spoken in a set of an exercise, without figures, the gravest first.

    Raises UnknownExercise and CueLanguageUnknown.
    """
    own, known = exercise_of(exercise), get_phrases(language)
    found = [*known.pages.values(), *_faults(own, known), *_praise(own, known)]
    return tuple(dict.fromkeys(found))


@cache
def all_sentences(language: str) -> frozenset[str]:
    """Give every sentence that is ever spoken in a language. Raises CueLanguageUnknown."""
    known = get_phrases(language)
    cues = (each for exercise in all_exercises() for each in phrases_for(exercise, language))
    return frozenset((*cues, *_framing(known), *all_guidance(known)))


def _faults(exercise: ExerciseDefinition, known: Phrasebook) -> Iterator[str]:
    """Give the corrections: what is spoken in full, then captions, which some want instead."""
    faults = sorted(exercise.faults, key=lambda fault: get_rules().of(fault.id).priority)
    said = [render(known.phrase(exercise.id, fault.id), fault.cue) for fault in faults]
    said.append(render(known.phrase(exercise.id, "hurried"), ""))
    yield from (say for _, say in said)
    yield from (text for text, _ in said)


def _praise(exercise: ExerciseDefinition, known: Phrasebook) -> Iterator[str]:
    for cue in ("corrected", "clean_set"):
        yield from render(known.phrase(exercise.id, cue), "")
    for sentence in exercise.praise:
        yield from render(known.phrase(exercise.id, "clean"), sentence)


def _framing(known: Phrasebook) -> Iterator[str]:
    for change, phrase in known.framing.items():
        for advice in _advices(change):
            yield from render(fill_in(known, phrase, advice), "")


def _advices(change: str) -> Iterator[Advice]:
    """Give every advice whose words are those of a change, with each figure it can have."""
    if change == "come_closer_by":
        steps = range(1, int(2 * MOST_METRES) + 1)
        yield from (Advice("come_closer", metres=step / 2) for step in steps)
        return
    known: Change = CHANGES[change]
    if known in {"turn", "go_round"}:
        turns = product(range(STEP_DEG, 180 + 1, STEP_DEG), SIDES)
        yield from (Advice(known, degrees=degrees, side=side) for degrees, side in turns)
    elif known in {"step_back", "show"}:
        yield from (Advice(known, part=part) for part in _parts())
    else:
        yield Advice(known)


def _parts() -> set[str]:
    """Name the joints that exercises need, without their sides."""
    joints = (joint for exercise in all_exercises().values() for joint in exercise.joints)
    return {joint.removeprefix("left_").removeprefix("right_") for joint in joints}
