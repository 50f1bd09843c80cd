"""Exercise definitions: signals, bounds and sources, with which a device counts by itself."""

from api.views.base import Body
from domain.motion.exercises.definition import Kind, OutwardPhase, Part, Side, Statistic
from domain.values import View


class SignalBody(Body):
    """A measure that follows the movement, with its usual values at rest and at the extreme."""

    measure: str
    sides: Side
    rest: float
    effort: float
    weight: float


class CountingBody(Body):
    """Thresholds of a repetition; efforts are relative to the usual movement."""

    least_swing: float
    adaptive_share: float
    least_s: float
    most_s: float


class RangeOfMotionBody(Body):
    """The joint whose travel is reported, its target and its limits in degrees."""

    measure: str
    target_deg: float
    limits_deg: tuple[float, float]
    source: str
    in_form: bool


class TempoTargetBody(Body):
    """Seconds below which a phase counts as uncontrolled."""

    eccentric_least_s: float
    concentric_least_s: float
    source: str


class ViewSpreadBody(Body):
    """How precisely a view shows a fault's value, in the measure's unit.

    `spread`: standard deviation of the measured value. `correct`: usual value of a correct
    repetition. `limit`: value that correct repetitions rarely exceed; if it is beyond the bound,
    the fault is not judged from that view. Null: unknown.
    """

    view: View
    spread: float
    correct: float | None
    limit: float | None


class FaultBody(Body):
    """A fault: a statistic of a measure over a part of the movement, beyond a bound, per view.

    Beyond `slight` it is slight, which is not reported, and beyond `severe` it is severe; null if
    that degree is not told apart. Unless `slight_judged`, nothing is shown or taken from the form
    score up to its bound.
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
    slight: float | None
    severe: float | None
    slight_judged: bool
    spreads: tuple[ViewSpreadBody, ...]


class HoldBody(Body):
    """Definition of a hold: the measure between two bounds for a minimum of seconds."""

    measure: str
    sides: Side
    above: float
    below: float
    least_s: float
    source: str


class Definition(Body):
    """A versioned exercise. `outward` is the phase from rest to the extreme."""

    id: str
    name: str
    version: int
    kind: Kind
    outward: OutwardPhase
    views: tuple[View, ...]
    joints: tuple[str, ...]
    signals: tuple[SignalBody, ...]
    counting: CountingBody
    range_of_motion: RangeOfMotionBody
    tempo: TempoTargetBody
    faults: tuple[FaultBody, ...]
    praise: tuple[str, ...]
    hold: HoldBody | None
