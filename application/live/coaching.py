"""What was seen of a set is told together with what the coach says about it, in one order."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from domain.coaching.cue_memory import Cue, CueMemory
from domain.coaching.cues import FramingChecked, SetEnded, choose_cue
from domain.coaching.preferences import CuePreferences
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.facts import MotionFact, Phase
from domain.motion.landmarks import PoseChunk
from domain.motion.signals.camera_framing import check_framing

CoachedFact = MotionFact | Cue

DEFAULT_PREFERENCES: Final = CuePreferences()
"""How an athlete is coached who has not said otherwise."""


class CuedFacts(NamedTuple):
    """What the coach remembers now, and the facts, each followed by the cue given on it."""

    coach: CueMemory
    facts: tuple[CoachedFact, ...]


def add_cues(
    definition: ExerciseDefinition,
    coach: CueMemory,
    facts: Iterable[MotionFact],
    preferences: CuePreferences,
) -> CuedFacts:
    """Let the coach speak on facts of a set that is under way."""
    told: list[CoachedFact] = []
    for fact in facts:
        told.append(fact)
        coach, cue = choose_cue(definition, coach, fact, preferences)
        told += [] if cue is None else [cue]
    return CuedFacts(coach, tuple(told))


def add_final_cues(
    definition: ExerciseDefinition,
    coach: CueMemory,
    facts: Iterable[MotionFact],
    ended_s: float,
    preferences: CuePreferences,
) -> tuple[CoachedFact, ...]:
    """Let the coach speak on the last facts of a set, and on the set as a whole."""
    coach, told = add_cues(definition, coach, facts, preferences)
    _, cue = choose_cue(definition, coach, SetEnded(ended_s), preferences)
    return told if cue is None else (*told, cue)


def cue_finished_set(
    definition: ExerciseDefinition,
    facts: Iterable[MotionFact],
    ended_s: float,
    preferences: CuePreferences = DEFAULT_PREFERENCES,
) -> tuple[CoachedFact, ...]:
    """Say what the coach would have said during a set that is over."""
    return add_final_cues(definition, CueMemory(), facts, ended_s, preferences)


def add_framing_cues(
    definition: ExerciseDefinition,
    coach: CueMemory,
    chunk: PoseChunk,
    phase: Phase,
    preferences: CuePreferences,
) -> CuedFacts:
    """Let the coach speak on how the athlete stands before the camera.

    To be asked before the first repetition; a chunk without frames shows nothing.
    """
    if not len(chunk):
        return CuedFacts(coach, ())
    advice = check_framing(definition, chunk).advice
    seen = FramingChecked(advice[0] if advice else None, float(chunk.times_s[-1]), phase)
    coach, cue = choose_cue(definition, coach, seen, preferences)
    return CuedFacts(coach, () if cue is None else (cue,))
