"""A session that was performed live ends with the same summary as one from a film (R-WKT-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from application.analysis import REFERENCE_BODY_MASS_KG
from application.session_history import SessionUnknown
from domain.kernel import value
from domain.motion.catalogue import catalogue
from domain.motion.definition import ExerciseDefinition
from domain.motion.judging import tempo_control
from domain.motion.scoring import PerformanceInputs, calories_kcal, performance_score
from domain.sessions import commands, events
from domain.values import within

MILLISECONDS = 1000.0


@value
class Seen:
    """What the client knows of the session and the log does not; the mass is the athlete's own."""

    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float = REFERENCE_BODY_MASS_KG

    def __post_init__(self) -> None:
        within("frames", self.frames, 0, 10_000_000)
        within("body_mass_kg", self.body_mass_kg, 20.0, 400.0)


@dataclass(frozen=True)
class _Set:
    """A set as it stands. `definition` is None for an exercise that is not known any more.

    `lasted_s` is None while it is under way.
    """

    definition: ExerciseDefinition | None
    target: int | None
    repetitions: dict[int, events.RepetitionCounted] = field(
        default_factory=dict[int, events.RepetitionCounted]
    )
    holds: tuple[events.HoldMeasured, ...] = ()
    lasted_s: float | None = None


def closing(
    history: Iterable[events.SessionEvent], seen: Seen, at: datetime
) -> commands.CompleteSession:
    """Sum a session up that ends at this time; one that is over ended when it did.

    Raises SessionUnknown, SetUnderway, and InvalidValue where it ends before it began.
    """
    started_at: datetime | None = None
    sets: dict[int, _Set] = {}
    for event in history:
        if isinstance(event, events.SessionStarted):
            started_at = event.at
        elif isinstance(event, events.SessionCompleted):
            at = event.at  # over is over, whenever it is said again
        else:
            _add(sets, event)
    if started_at is None:
        raise SessionUnknown
    if any(each.lasted_s is None for each in sets.values()):
        raise commands.SetUnderway  # what comes of it yet is not in this history
    inputs = _inputs(list(sets.values()))
    return commands.CompleteSession(
        at=at,
        duration_ms=round((at - started_at).total_seconds() * MILLISECONDS),
        frames=seen.frames,
        frames_with_pose=seen.frames_with_pose,
        accuracy=inputs.form,
        performance=_performance(inputs),
        calories_kcal=sum(_calories(each, seen.body_mass_kg) for each in sets.values()),
    )


def require_entered(history: Iterable[events.SessionEvent], streamed: int) -> None:
    """See that the log has every set up to `streamed`, the latest whose frames were taken.

    Workers may be behind, and a session that is completed takes none of their facts any more.
    Raises SetUnderway: what was seen of the set is still on its way.
    """
    sets = 0
    for event in history:
        if isinstance(event, events.SessionCompleted):
            return
        if isinstance(event, events.SetStarted):
            sets = event.set
    if streamed > sets:
        raise commands.SetUnderway


def _add(sets: dict[int, _Set], event: events.SessionEvent) -> None:
    match event:
        case events.SetStarted(set=number, exercise_id=name, target_repetitions=target):
            sets[number] = _Set(catalogue().get(name), target)
        case events.RepetitionCounted(set=number):
            sets[number].repetitions[event.number] = event
        case events.RepetitionsReconciled(set=number, withdrawn=withdrawn):
            for each in withdrawn:
                sets[number].repetitions.pop(each, None)
        case events.HoldMeasured(set=number):
            sets[number] = replace(sets[number], holds=(*sets[number].holds, event))
        case events.SetCompleted(set=number, span=span):
            lasted_s = (span.end_ms - span.start_ms) / MILLISECONDS
            sets[number] = replace(sets[number], lasted_s=lasted_s)
        case _:  # nothing else changes the summary
            pass


def _inputs(sets: Sequence[_Set]) -> PerformanceInputs:
    """Take the mean over all repetitions; a second that was held weighs as much as one of those."""
    forms = [rep.form for each in sets for rep in each.repetitions.values() if rep.form is not None]
    weights = [1.0] * len(forms)
    for hold in chain.from_iterable(each.holds for each in sets):
        if hold.form is not None:
            forms.append(hold.form)
            weights.append((hold.span.end_ms - hold.span.start_ms) / MILLISECONDS)
    asked = [(len(each.repetitions), each.target) for each in sets if each.target is not None]
    total = sum(target for _, target in asked)
    done = sum(min(count, target) for count, target in asked)
    judged = [(s.definition, rep) for s in sets if s.definition for rep in s.repetitions.values()]
    return PerformanceInputs(
        completion=done / total if total else None,
        form=_mean(forms, weights),
        tempo=_mean([tempo_control(d, rep.tempo) for d, rep in judged if rep.tempo is not None]),
        range_of_motion=_mean(
            [
                min(rep.range_of_motion_deg / d.range_of_motion.target_deg, 1.0)
                for d, rep in judged
                if rep.range_of_motion_deg is not None
            ]
        ),
    )


def _mean(numbers: Sequence[float], weights: Sequence[float] | None = None) -> float | None:
    shares = weights or [1.0] * len(numbers)
    total = sum(shares)
    if total == 0.0:
        return None
    return sum(each * share for each, share in zip(numbers, shares, strict=True)) / total


def _performance(inputs: PerformanceInputs) -> events.Performance | None:
    if inputs == PerformanceInputs(None, None, None, None):
        return None
    return events.Performance(
        score=performance_score(inputs).score,
        completion=inputs.completion,
        form=inputs.form,
        tempo=inputs.tempo,
        range_of_motion=inputs.range_of_motion,
    )


def _calories(performed: _Set, body_mass_kg: float) -> float:
    """Give the energy of a set; the rest between sets is not exercise."""
    if performed.definition is None or performed.lasted_s is None:
        return 0.0
    return calories_kcal(performed.definition.energy.met, body_mass_kg, performed.lasted_s)
