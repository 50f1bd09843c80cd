"""Repetition metrics: times, tempo, range of motion, symmetry and view."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from domain.kernel import value
from domain.motion.exercises.definition import ExerciseDefinition
from domain.motion.signals.columns import ANGLE, ANGLE_LEFT, ANGLE_RIGHT, FACING, VISIBILITY
from domain.motion.signals.minimum_jerk import Moments, fit, swing
from domain.motion.signals.resampling import COLUMNS, SEEN, SMOOTH, TAPS, TIME, smooth, to_number
from domain.motion.state import Row
from domain.values import LONGEST_PHASE_S, Tempo, View

MOVING: Final = 0.25
"""Share of a phase's greatest speed above which it is surely under way, not noise at rest."""

UNSEEN: Final = 0.207
"""Unseen time of a phase before, and after, the part faster than `MOVING`, as a share of that part.

People move from rest to rest with minimum jerk, 10 t^3 - 15 t^4 + 6 t^5 (Flash & Hogan, "The
coordination of arm movements", J Neurosci 5(7), 1985). Its speed 30 t^2 (1 - t)^2 passes a quarter
of its greatest at t = 0.1464 and 0.8536, and 0.1464 / 0.7071 = 0.207."""

PAUSE_ZONE: Final = 0.35
"""Only this near to rest or the extreme may a standstill end a phase; between, it is sticking."""

REST_S: Final = 0.5
"""Rest before a repetition that is kept, and that still belongs to its movement."""

LEAST_WAY: Final = 2
"""Rows of 1/15 s before the extreme; with fewer, the way out was not seen."""

SLOW_S: Final = 1.5
"""A repetition longer than this may be smoothed without flattening its extremes."""


@value
class Span:
    """Times of one repetition, seconds: leave rest, reach the extreme, leave it, reach rest.

    `first`..`last`: rows from leaving rest to returning to it; `turn`: row of the extreme;
    `before`: first row of the rest before, after the previous repetition.
    """

    started_s: float
    effort_from_s: float
    effort_to_s: float
    ended_s: float
    first: int
    turn: int
    last: int
    before: int

    @property
    def began_unseen(self) -> bool:
        """Return whether the way out was not seen, so that the extreme may have been earlier."""
        return self.turn - self.before < LEAST_WAY


def span_of(track: Sequence[Row], peak_s: float, earliest_s: float, latest_s: float) -> Span:
    """Find the times of the repetition with its extreme at `peak_s` in the rows since rest.

    It lies after the previous repetition and, when the set is over, before the last frame.
    """
    times = [to_number(row[TIME]) for row in track]
    turn = min(range(len(times)), key=lambda index: abs(times[index] - peak_s))
    begin = min(bisect_left(times, earliest_s), turn)
    guess = _guessed(times[begin:], _curve(track[begin:], turn - begin), turn - begin)
    found = _fitted(times[begin:], track[begin:], guess)
    started, effort_from, effort_to, ended = (
        min(max(moment, earliest_s), latest_s)
        for moment in (found.started_s, found.effort_from_s, found.effort_to_s, found.ended_s)
    )
    first = max(bisect_right(times, started) - 1, 0)
    last = min(bisect_left(times, ended), len(times) - 1)
    before = min(max(bisect_left(times, started - REST_S), begin), first)
    return Span(started, effort_from, effort_to, ended, first, turn, last, before)


def _guessed(times: Sequence[float], curve: Sequence[float], turn: int) -> Moments:
    """Estimate the times from the speed of a curve that rises to its extreme at `turn`."""
    started, effort_from = _moving(times[: turn + 1], curve[: turn + 1])
    mirrored = [-time_s for time_s in reversed(times[turn:])]
    ended, effort_to = (-at for at in _moving(mirrored, list(reversed(curve[turn:]))))
    if effort_from > effort_to:
        effort_from = effort_to = (effort_from + effort_to) / 2.0
    return Moments(min(started, effort_from), effort_from, effort_to, max(ended, effort_to))


def _fitted(times: Sequence[float], rows: Sequence[Row], guess: Moments) -> Moments:
    """Refine the times by the driving joints' angles, if measured."""
    cells = [[row[COLUMNS + column] for row in rows] for column in (ANGLE_LEFT, ANGLE_RIGHT)]
    if any(cell is None for side in cells for cell in side):
        cells = [[row[COLUMNS + ANGLE] for row in rows]]
    if any(cell is None for side in cells for cell in side):
        return guess
    angles = np.array(cells, dtype=np.float64)
    return fit(np.array(times, dtype=np.float64), angles, guess) or guess


def _curve(track: Sequence[Row], turn: int) -> list[float]:
    """Return the driving joint's angle, rising towards the extreme; without angles the effort.

    An angle begins to change with the movement; a height, such as a squatter's, only later.
    """
    efforts = [to_number(row[SMOOTH]) for row in track]
    angles = [row[COLUMNS + ANGLE] for row in track]
    measured_angles = [angle for angle in angles if angle is not None]
    if len(measured_angles) < len(angles):
        return efforts
    smoothed = _smoothed(measured_angles)
    lowest = min(range(len(efforts)), key=efforts.__getitem__)
    if smoothed[turn] < smoothed[lowest]:
        return [-angle for angle in smoothed]
    return smoothed


def _smoothed(values_of: list[float]) -> list[float]:
    first, last = values_of[0], values_of[-1]
    padded = [first, first, *values_of, last, last]
    return [
        smooth(*window)
        for window in zip(padded, padded[1:], padded[2:], padded[3:], padded[4:], strict=False)
    ]


def _moving(times: Sequence[float], curve: Sequence[float]) -> tuple[float, float]:
    """Start and end of the rise from rest (first) to the extreme (last), seconds."""
    if len(curve) < 3:
        return times[0], times[-1]
    speeds = [
        (b - a) / max(t - s, 1e-6)
        for (a, b), (s, t) in zip(pairwise(curve), pairwise(times), strict=True)
    ]
    fastest = max(range(len(speeds)), key=speeds.__getitem__)
    slow = MOVING * speeds[fastest]
    low, high = min(curve), curve[-1]
    near_rest = low + PAUSE_ZONE * (high - low)
    near_extreme = high - PAUSE_ZONE * (high - low)
    begin = fastest
    while begin > 0 and (speeds[begin - 1] >= slow or curve[begin] > near_rest):
        begin -= 1
    over = fastest
    while over + 1 < len(speeds) and (speeds[over + 1] >= slow or curve[over + 1] < near_extreme):
        over += 1
    began = _reached(times, speeds, begin - 1, slow) if begin > 0 else times[0]
    ended = _reached(times, speeds, over, slow) if over + 1 < len(speeds) else times[-1]
    unseen = UNSEEN * (ended - began)
    return began - unseen, ended + unseen


def _reached(times: Sequence[float], speeds: Sequence[float], index: int, speed: float) -> float:
    """Time after `index` at which the speed, interpolated between rows, passes a value."""
    before_s = (times[index] + times[index + 1]) / 2.0
    after_s = (times[index + 1] + times[index + 2]) / 2.0
    change = speeds[index + 1] - speeds[index]
    share = (speed - speeds[index]) / change if change else 0.5
    return before_s + min(max(share, 0.0), 1.0) * (after_s - before_s)


def tempo_of(definition: ExerciseDefinition, span: Span, rest_since_s: float | None) -> Tempo:
    """Return the tempo; the way out is eccentric in a squat and concentric in a curl.

    A set may be paused for hours, but no rest counts longer than a phase of a tempo can last.
    """
    out = span.effort_from_s - span.started_s
    pause = span.effort_to_s - span.effort_from_s
    back = span.ended_s - span.effort_to_s
    since = span.started_s if rest_since_s is None else rest_since_s
    rest = min(max(span.started_s - since, 0.0), LONGEST_PHASE_S)
    if definition.outward == "eccentric":
        return Tempo(out, pause, back, rest)
    return Tempo(back, rest, out, pause)


def values(rows: Sequence[Row], column: int) -> list[float]:
    """Return the measured values of a column."""
    return [cell for row in rows if (cell := row[COLUMNS + column]) is not None]


def travel(definition: ExerciseDefinition, rows: Sequence[Row], column: int) -> float | None:
    """Degrees a joint traveled; None without metric landmarks or for impossible angles."""
    angles = values(rows, column)
    if not angles:
        return None
    seconds = to_number(rows[-1][TIME]) - to_number(rows[0][TIME])
    if seconds > SLOW_S and len(angles) >= len(TAPS):
        angles = np.convolve(angles, TAPS, mode="valid").tolist()
    least, most = definition.range_of_motion.limits_deg
    if not angles or min(angles) < least or max(angles) > most:
        return None
    return max(angles) - min(angles)


def range_of_motion(
    definition: ExerciseDefinition, rows: Sequence[Row], span: Span
) -> float | None:
    """Range of motion of the repetition, degrees; None without meters or with a hidden joint."""
    travelled = travel(definition, rows, ANGLE)
    angles = values(rows, ANGLE)
    if travelled is None or len(angles) < len(rows):
        return travelled
    times = np.array([to_number(row[TIME]) for row in rows])
    moments = Moments(span.started_s, span.effort_from_s, span.effort_to_s, span.ended_s)
    smooth = swing(times, np.array(angles), moments)
    return travelled if smooth is None else smooth


def symmetry(
    definition: ExerciseDefinition, rows: Sequence[Row], view: View | None
) -> float | None:
    """1 for equal travel of left and right, 0 if one does not move; None from the side."""
    if view not in {"front", "rear"}:
        return None
    left = travel(definition, rows, ANGLE_LEFT)
    right = travel(definition, rows, ANGLE_RIGHT)
    if left is None or right is None or max(left, right) == 0.0:
        return None
    return min(left, right) / max(left, right)


def view_of(rows: Sequence[Row]) -> View | None:
    """View of the camera during the repetition; None if the shoulders were not seen."""
    turned = values(rows, FACING)
    if not turned:
        return None
    return view_of_mean(sum(turned) / len(turned))


def view_of_mean(turned: float) -> View:
    """Return the view for a mean rotation of the trunk: 1 to the camera, 0 sideways, -1 away.

    Shoulders within 37 degrees of the image plane are a front view, beyond 63 degrees a side view.
    """
    if abs(turned) <= 0.45:
        return "side"
    if abs(turned) < 0.8:
        return "oblique"
    return "front" if turned > 0.0 else "rear"


def confidence(rows: Sequence[Row]) -> float:
    """Confidence of the repetition, 0..1: mean visibility times the share of time seen."""
    visibility = values(rows, VISIBILITY)
    seen = sum(to_number(row[SEEN]) for row in rows) / max(len(rows), 1)
    return min(max(sum(visibility) / max(len(visibility), 1) * seen, 0.0), 1.0)
