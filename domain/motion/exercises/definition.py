"""Exercise definition: signals, counting rules, faults and their sources."""

from typing import Literal

from domain.kernel import Rejected, value
from domain.values import View

Kind = Literal["repetitions", "hold"]
Side = Literal["mean", "least", "most", "left", "right"]
"""How a measure of two limbs becomes one: mean weighted by visibility, or one of the two."""

Part = Literal["repetition", "effort", "out", "back", "rest", "movement"]
"""The part a fault is judged in: all, at the extreme, on the way out or back, back at rest; or all
with the rest around it, for travel that the times of the repetition must not cut off."""

Statistic = Literal["least", "most", "mean", "range"]
MarkStatistic = Literal["low", "middle", "high", "range"]
OutwardPhase = Literal["eccentric", "concentric"]


class InvalidExerciseDefinition(Rejected):
    """An exercise definition must be complete, and its numbers finite and in range."""

    code = "motion.invalid_exercise_definition"
    kind = "invalid"


@value
class Signal:
    """A measure that follows the movement, with its usual values at rest and at the extreme."""

    measure: str
    sides: Side
    rest: float
    effort: float
    weight: float


@value
class Counting:
    """Rules for a repetition. Efforts are shares of the usual movement (rest 0, full 1).

    `least_swing`: minimum share that counts at all. `adaptive_share`: minimum share of the
    athlete's own recent range. `least_s`, `most_s`: duration of a repetition, seconds.
    """

    least_swing: float
    adaptive_share: float
    least_s: float
    most_s: float


@value
class RangeOfMotion:
    """The joint whose travel is reported, its target (0: none) and its anatomical limits, degrees.

    `limits_deg`: the smallest and largest angle of a healthy joint; a range beyond them is an error
    of the pose, not of the athlete. `in_form`: its share of the target is part of the form score.
    """

    measure: str
    target_deg: float
    limits_deg: tuple[float, float]
    source: str
    in_form: bool = True


@value
class TempoTarget:
    """Seconds below which a phase counts as uncontrolled, for the form score."""

    eccentric_least_s: float
    concentric_least_s: float
    source: str


@value
class Energy:
    """Metabolic equivalent (1 MET = 3.5 ml O2/kg/min) and its code in the Compendium."""

    met: float
    compendium_code: str
    source: str


@value
class ViewSpread:
    """How precisely a view shows a fault's value, in the measure's unit.

    `spread`: standard deviation of the measured value. `correct`: usual value of a correct
    repetition. `limit`: value that 1 of 100 correct repetitions exceeds or, where videos of people
    show it, 1 of 20 correct videos. None: unknown.
    """

    view: View
    spread: float
    correct: float | None = None
    limit: float | None = None


@value
class Fault:
    """A deviation: `statistic` of `measure` over `part` beyond a bound; seen only from `views`.

    Exactly one of `above` and `below` is given: from there the fault is clear, and reported. Beyond
    `slight` it is slight, which is not reported; beyond `severe` it is severe. None: that degree is
    not told apart. `slight_judged` False: a slight fault would often be missed, or seen where there
    is none, so up to its bound nothing is shown, and nothing taken from the form score. `penalty`
    0..1 is taken from the form score. `spreads`: of each of its views.
    """

    id: str
    measure: str
    sides: Side
    part: Part
    statistic: Statistic
    above: float | None
    below: float | None
    views: tuple[View, ...]
    penalty: float
    cue: str
    source: str
    slight: float | None = None
    severe: float | None = None
    slight_judged: bool = True
    spreads: tuple[ViewSpread, ...] = ()

    @property
    def bound(self) -> float:
        """The value from which the fault is reported."""
        bound = self.below if self.above is None else self.above
        if bound is None:
            raise ValueError(f"fault {self.id} has no bound")
        return bound

    def spread(self, view: View) -> float:
        """Standard deviation of its value from one of its views. KeyError for another view."""
        return self.precision(view).spread

    def precision(self, view: View) -> ViewSpread:
        """How precisely one of its views shows it. KeyError for another view."""
        for each in self.spreads:
            if each.view == view:
                return each
        raise KeyError(view)

    def excess(self, found: float, bound: float) -> float:
        """Return how far a value is beyond a bound; negative if it is not."""
        return found - bound if self.below is None else bound - found


@value
class Feature:
    """A feature of the movement over a whole clip, used for recognition.

    `statistic` of the measure (10th, 50th, 90th percentile, or the distance of the outer two) is
    above or below a bound; short of the bound by `tolerance`, the feature scores one half.
    """

    measure: str
    sides: Side
    statistic: MarkStatistic
    above: float | None
    below: float | None
    tolerance: float


@value
class Hold:
    """Condition of a held position: a measure between two bounds for at least `least_s` seconds."""

    measure: str
    sides: Side
    above: float
    below: float
    least_s: float
    source: str


@value
class ExerciseDefinition:
    """One exercise, versioned: a count names the version it was made with."""

    id: str
    name: str
    version: int
    kind: Kind
    outward: OutwardPhase
    views: tuple[View, ...]
    joints: tuple[str, ...]
    signals: tuple[Signal, ...]
    counting: Counting
    range_of_motion: RangeOfMotion
    tempo: TempoTarget
    energy: Energy
    faults: tuple[Fault, ...]
    praise: tuple[str, ...]
    marks: tuple[Feature, ...]
    hold: Hold | None = None

    def __hash__(self) -> int:
        """Hash id and version only: caches look definitions up for each chunk of frames."""
        return hash((self.id, self.version))

    def fault(self, fault_id: str) -> Fault:
        """Return a fault by its id; KeyError if there is none."""
        for fault in self.faults:
            if fault.id == fault_id:
                return fault
        raise KeyError(fault_id)
