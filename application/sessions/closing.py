"""A session that was performed live ends with the same summary as one from a film (R-WKT-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from application.analysis.video_analyzer import REFERENCE_BODY_MASS_KG
from application.sessions.history import SessionNotFound
from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.exercises.library import all_exercises
from domain.motion.form.faults import tempo_control
from domain.motion.form.form_score import PerformanceInputs, calories_kcal, performance_score
from domain.sessions import commands, events
from domain.sessions.prescription_events import PrescribedLine, PrescriptionTaken
from domain.sessions.sets import movement_of
from domain.values import within

MILLISECONDS = 1000.0


@value
class Seen:
    """What the client knows of the session and the log does not; `body_mass` says whose it is."""

    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float = REFERENCE_BODY_MASS_KG
    body_mass: events.BodyMass = "default"

    def __post_init__(self) -> None:
        within("frames", self.frames, 0, 10_000_000)
        within("body_mass_kg", self.body_mass_kg, 20.0, 400.0)


@dataclass(frozen=True)
class _Set:
    """A set as it stands. `definition` is None for an exercise that is not known any more.

    `movements` are all that were seen or told of, whether they count or not. `lasted_s` is None
    while it is under way.
    """

    definition: ExerciseDefinition | None
    target: int | None
    target_hold_s: int | None = None
    line: int | None = None
    repetitions: dict[int, events.Movement] = field(default_factory=dict[int, events.Movement])
    movements: int = 0
    holds: tuple[events.HoldMeasured, ...] = ()
    lasted_s: float | None = None

    @property
    def held_s(self) -> float:
        """How long was held in all."""
        lengths = (hold.span.end_ms - hold.span.start_ms for hold in self.holds)
        return sum(lengths) / MILLISECONDS

    @property
    def share(self) -> float:
        """How much of its target was done, 0..1; where it has none, whether anything was."""
        if self.target is not None:
            return min(len(self.repetitions) / self.target, 1.0)
        if self.target_hold_s is not None:
            return min(self.held_s / self.target_hold_s, 1.0)
        return 1.0 if self.repetitions or self.held_s else 0.0


def closing(
    history: Iterable[events.SessionEvent], seen: Seen, at: datetime
) -> commands.CompleteSession:
    """Sum a session up that ends at this time; one that is over ended when it did.

    Raises SessionNotFound, SetUnderway, and InvalidValue where it ends before it began.
    """
    started_at: datetime | None = None
    sets: dict[int, _Set] = {}
    lines: tuple[PrescribedLine, ...] = ()
    for event in history:
        if isinstance(event, events.SessionStarted):
            started_at = event.at
        elif isinstance(event, events.SessionCompleted):
            at = event.at  # over is over, whenever it is said again
        elif isinstance(event, PrescriptionTaken):
            lines = event.lines
        else:
            _add(sets, event)
    if started_at is None:
        raise SessionNotFound
    if any(each.lasted_s is None for each in sets.values()):
        raise commands.SetUnderway  # what comes of it yet is not in this history
    inputs = _inputs(list(sets.values()), lines)
    return commands.CompleteSession(
        at=at,
        duration_ms=round((at - started_at).total_seconds() * MILLISECONDS),
        frames=seen.frames,
        frames_with_pose=seen.frames_with_pose,
        accuracy=inputs.form,
        performance=_performance(inputs),
        calories_kcal=sum(_calories(each, seen.body_mass_kg) for each in sets.values()),
        body_mass=seen.body_mass,
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
            definition = all_exercises().get(name)
            sets[number] = _Set(definition, target, event.target_hold_s, event.line)
        case events.RepetitionCounted(set=number):
            sets[number].repetitions[event.number] = movement_of(event)
            sets[number] = _moved(sets[number])
        case events.RepetitionRejected(set=number):
            sets[number] = _moved(sets[number])
        case events.RepetitionOverruled(set=number, movement=movement):
            sets[number].repetitions.pop(event.number, None)
            if event.accepted:
                sets[number].repetitions[event.number] = movement
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


def _moved(performed: _Set) -> _Set:
    return replace(performed, movements=performed.movements + 1)


def _inputs(sets: Sequence[_Set], lines: Sequence[PrescribedLine]) -> PerformanceInputs:
    """Take the mean over all repetitions; a second that was held weighs as much as one of those."""
    forms = [rep.form for each in sets for rep in each.repetitions.values() if rep.form is not None]
    weights = [1.0] * len(forms)
    for hold in chain.from_iterable(each.holds for each in sets):
        if hold.form is not None:
            forms.append(hold.form)
            weights.append((hold.span.end_ms - hold.span.start_ms) / MILLISECONDS)
    judged = [(s.definition, rep) for s in sets if s.definition for rep in s.repetitions.values()]
    return PerformanceInputs(
        completion=_completion(sets, lines),
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


def _completion(sets: Sequence[_Set], lines: Sequence[PrescribedLine]) -> float | None:
    """Say how much was done of what was to be done, 0..1; None where nothing was.

    Of a prescription it is the mean over all its sets, whether repetitions or seconds, and a set
    that was not begun counts as 0. Elsewhere it is the repetitions done of those announced.
    """
    prescribed = sum(line.sets for line in lines)
    if prescribed:
        return sum(each.share for each in sets if each.line is not None) / prescribed
    asked = [(len(each.repetitions), each.target) for each in sets if each.target is not None]
    total = sum(target for _, target in asked)
    done = sum(min(count, target) for count, target in asked)
    return done / total if total else None


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
    exercised = exercised_s(
        performed.definition, performed.lasted_s, performed.movements, performed.held_s
    )
    return calories_kcal(performed.definition.energy.met, body_mass_kg, exercised)


def exercised_s(
    definition: ExerciseDefinition, lasted_s: float, movements: int, held_s: float
) -> float:
    """Say how many of the seconds that a set lasted were exercise.

    A set may be paused, or be left open for hours. Of a hold it is what was held; else no
    movement, whether it counted or not, takes longer than the exercise says a repetition does.
    """
    at_most_s = held_s if definition.kind == "hold" else movements * definition.counting.most_s
    return min(lasted_s, at_most_s)
