"""Cues among motion facts: each fact is followed by the cue that the coach gives on it."""

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
"""Cue preferences of an athlete who has set none."""


class CuedFacts(NamedTuple):
    """The cue memory, and the facts, each followed by its cue."""

    coach: CueMemory
    facts: tuple[CoachedFact, ...]


def add_cues(
    definition: ExerciseDefinition,
    coach: CueMemory,
    facts: Iterable[MotionFact],
    preferences: CuePreferences,
) -> CuedFacts:
    """Add cues to facts of a set under way."""
    cued: list[CoachedFact] = []
    for fact in facts:
        cued.append(fact)
        coach, cue = choose_cue(definition, coach, fact, preferences)
        cued += [] if cue is None else [cue]
    return CuedFacts(coach, tuple(cued))


def add_final_cues(
    definition: ExerciseDefinition,
    coach: CueMemory,
    facts: Iterable[MotionFact],
    ended_s: float,
    preferences: CuePreferences,
) -> tuple[CoachedFact, ...]:
    """Add cues to the last facts of a set, and one on the set as a whole."""
    coach, cued = add_cues(definition, coach, facts, preferences)
    _, cue = choose_cue(definition, coach, SetEnded(ended_s), preferences)
    return cued if cue is None else (*cued, cue)


def cue_finished_set(
    definition: ExerciseDefinition,
    facts: Iterable[MotionFact],
    ended_s: float,
    preferences: CuePreferences = DEFAULT_PREFERENCES,
) -> tuple[CoachedFact, ...]:
    """Return the facts of a finished set with the cues that a live coach would have given."""
    return add_final_cues(definition, CueMemory(), facts, ended_s, preferences)


def add_framing_cues(
    definition: ExerciseDefinition,
    coach: CueMemory,
    chunk: PoseChunk,
    phase: Phase,
    preferences: CuePreferences,
) -> CuedFacts:
    """Add advice on the athlete's position before the camera.

    Call it before the first repetition; a chunk without frames gives no advice.
    """
    if not len(chunk):
        return CuedFacts(coach, ())
    advice = check_framing(definition, chunk).advice
    seen = FramingChecked(advice[0] if advice else None, float(chunk.times_s[-1]), phase)
    coach, cue = choose_cue(definition, coach, seen, preferences)
    return CuedFacts(coach, () if cue is None else (cue,))
