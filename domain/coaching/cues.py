"""Cue selection: one cue at a time, the most important one, at most as often as it can be heard.

Cues come between repetitions; only a risk of injury interrupts one. Pure: cue memory and an
observation give a cue and the new memory.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from domain.coaching.cue_memory import Cue, CueMemory
from domain.coaching.cue_ranking import CueRanker
from domain.coaching.phrasebook import get_rules
from domain.coaching.preferences import DEFAULT_PREFERENCES, CuePreferences
from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.facts import (
    FaultSeen,
    MotionFact,
    Phase,
    PoseLost,
    PraiseEarned,
    RepetitionCounted,
)
from domain.motion.signals.camera_framing import Advice, check_framing, is_person_seen
from domain.motion.signals.columns import MeasuredChunk

HURRIED_BY_S: Final = 0.15
"""A phase is surely too short by this: tempo is measured to within 0.15 s."""

UNSEEN_START_S: Final = 0.1
"""A repetition that starts this soon after the first frame began before it: its depth and tempo are
not known. The start is measured to within 0.1 s."""

SURE: Final = 0.9
"""Probability of a fault from which a repetition confirms that it was seen before."""

CONFIRMED_BY: Final = 2
"""Repetitions before this one of which one must have had the fault, too."""

STANDS_S: Final = 1.0
"""Wrong framing causes a cue when it has lasted this long."""

SHORTEST_CLEAN_SET: Final = 3
"""Sets with fewer repetitions are not praised."""


@value
class FramingChecked:
    """Result of the framing check in this phase; `advice` is None if the framing is good."""

    advice: Advice | None
    at_s: float
    phase: Phase


@value
class SetEnded:
    """The set is over."""

    at_s: float


CoachedFact = MotionFact | Cue

Observation = MotionFact | FramingChecked | SetEnded
"""Observations that can lead to a cue; others are ignored."""


def choose_cue(
    definition: ExerciseDefinition,
    coach: CueMemory,
    observation: Observation,
    preferences: CuePreferences,
) -> tuple[CueMemory, Cue | None]:
    """Choose at most one cue for an observation in a set of this exercise."""
    match observation:
        case RepetitionCounted():
            return _repetition(definition, coach, observation, preferences)
        case FaultSeen(repetition=0):  # in a hold, which has no repetitions to wait for
            moment = CueRanker(definition, coach, observation.at_s, preferences)
            return moment.say([moment.fault(observation.fault, None)])
        case FaultSeen(repetition=number) if number > coach.repetitions:
            moment = CueRanker(definition, coach, observation.at_s, preferences)
            return moment.say([moment.fault(observation.fault, number)], underway=True)
        case PraiseEarned() if coach.latest_clean:
            return _praise(definition, coach, observation, preferences)
        case PoseLost(at_s=at_s):
            moment = CueRanker(definition, coach, at_s, preferences)
            return moment.say([moment.framing(Advice("step_in"))])
        case FramingChecked():
            return _framing(definition, coach, observation, preferences)
        case SetEnded(at_s=at_s):
            return _ended(definition, coach, at_s, preferences)
        case _:
            return coach, None


def _repetition(
    definition: ExerciseDefinition,
    coach: CueMemory,
    counted: RepetitionCounted,
    preferences: CuePreferences,
) -> tuple[CueMemory, Cue | None]:
    """Correct the most important fault of a repetition; praise has its own observation."""
    tempo, target = counted.tempo, definition.tempo
    hurried = tempo is not None and tempo.eccentric_s < target.eccentric_least_s - HURRIED_BY_S
    clean = tempo is not None and not hurried and not counted.faults
    sure = [fault for fault in counted.faults if _is_sure(definition, coach, counted, fault)]
    coach = replace(
        coach,
        recent=(*coach.recent, counted.faults)[-CONFIRMED_BY:],
        repetitions=max(counted.number, coach.repetitions),
        clean=coach.clean + clean,
        latest_clean=clean,
    )
    if coach.seen_from_s is not None and counted.started_s - coach.seen_from_s < UNSEEN_START_S:
        return coach, None
    if _may_be_no_repetition(definition, counted):
        return coach, None
    moment = CueRanker(definition, coach, counted.ended_s, preferences, counted.view)
    candidates = [moment.fault(fault, counted.number) for fault in sure]
    if hurried:
        candidates.append(
            moment.candidate("hurried", "", fault="hurried", repetition=counted.number)
        )
    return moment.say(candidates)


def _is_sure(
    definition: ExerciseDefinition, coach: CueMemory, counted: RepetitionCounted, fault: str
) -> bool:
    """Return whether a fault is reported at once: a risk of injury, or a proven detection.

    Others must be clear, and have been seen in one of the two repetitions before.
    """
    rules, view = get_rules(), counted.view
    if rules.of(fault).category == "safety" or view is None:
        return True
    if (definition.id, fault, view) in rules.proven:
        return True
    judged = [each.probability for each in counted.judgements if each.fault == fault]
    return any(fault in faults for faults in coach.recent) and min(judged, default=1.0) >= SURE


def _may_be_no_repetition(definition: ExerciseDefinition, counted: RepetitionCounted) -> bool:
    """Return whether this is perhaps only the way into position, such as to the bar.

    It is the first movement of the set, and the driving joint travels less than the least share of
    its usual travel that counts. A second repetition shows whether the athlete trains like that.
    """
    travel_deg = counted.range_of_motion_deg
    if counted.number > 1 or travel_deg is None:
        return False
    return travel_deg < definition.counting.least_swing * definition.range_of_motion.target_deg


def _praise(
    definition: ExerciseDefinition,
    coach: CueMemory,
    earned: PraiseEarned,
    preferences: CuePreferences,
) -> tuple[CueMemory, Cue | None]:
    """Praise a good repetition; the first one without the corrected fault comes first."""
    moment = CueRanker(definition, replace(coach, correcting=None), earned.at_s, preferences)
    corrected = moment.praise("corrected", "", earned.repetition)
    clean = moment.praise("clean", earned.cue, earned.repetition)
    return moment.say([corrected if coach.correcting is not None else clean])


def _framing(
    definition: ExerciseDefinition,
    coach: CueMemory,
    seen: FramingChecked,
    preferences: CuePreferences,
) -> tuple[CueMemory, Cue | None]:
    """Advise a framing change once the framing has been wrong for a while."""
    if seen.advice is None:
        return replace(coach, misframed=None), None
    since_s = seen.at_s
    if coach.misframed is not None and coach.misframed[0].change == seen.advice.change:
        since_s = coach.misframed[1]
    coach = replace(coach, misframed=(seen.advice, since_s))
    moment = CueRanker(definition, coach, seen.at_s, preferences)
    moving = seen.phase not in {"rest", "hold"} and seen.advice.change != "step_in"
    if seen.at_s - since_s < STANDS_S:
        return coach, None
    return moment.say([moment.framing(seen.advice)], underway=moving)


def _ended(
    definition: ExerciseDefinition, coach: CueMemory, at_s: float, preferences: CuePreferences
) -> tuple[CueMemory, Cue | None]:
    moment = CueRanker(definition, coach, at_s, preferences)
    if not SHORTEST_CLEAN_SET <= coach.repetitions == coach.clean:
        return coach, None
    return moment.say([moment.praise("clean_set", "", coach.repetitions)])


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
    """Add cues to facts of a set under way.

    A lost pose gets none: joints may be hidden, or the model may have failed for a moment. An
    athlete who is gone is called back by `add_framing_cues`.
    """
    cued: list[CoachedFact] = []
    for fact in facts:
        cued.append(fact)
        if isinstance(fact, PoseLost):
            continue
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
    started_s: float,
    ended_s: float,
    preferences: CuePreferences = DEFAULT_PREFERENCES,
) -> tuple[CoachedFact, ...]:
    """Return the facts of a finished set with the cues that a live coach would have given."""
    coach = CueMemory(seen_from_s=started_s)
    return add_final_cues(definition, coach, facts, ended_s, preferences)


def add_framing_cues(
    coach: CueMemory,
    measured: MeasuredChunk,
    phase: Phase,
    preferences: CuePreferences,
) -> CuedFacts:
    """Add advice on the athlete's position before the camera.

    After the first repetition, only an athlete who is gone is called back. A chunk without frames
    gives no advice.
    """
    definition, chunk, body = measured.definition, measured.chunk, measured.body
    if not len(chunk):
        return CuedFacts(coach, ())
    if coach.repetitions:
        advice = None if is_person_seen(body) else Advice("step_in")
    else:
        advice = next(iter(check_framing(definition, chunk, body).advice), None)
    seen = FramingChecked(advice, float(chunk.times_s[-1]), phase)
    coach, cue = choose_cue(definition, coach, seen, preferences)
    return CuedFacts(coach, () if cue is None else (cue,))
