"""Retrospective count of a set.

A live repetition must be reported at once, from what was seen so far. At the end the whole set is
known: the athlete's usual range around each repetition, and which signal of the exercise followed
the movement most regularly. The count by that signal is final.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.kernel import value
from domain.motion.signals.body import Array
from domain.motion.state import Point, RepetitionTimes, SignalTurns

SMALLEST_TURN: Final = 0.1
"""Turning points closer than this, effort units, are noise in every signal."""

MOST_POINTS: Final = 320
"""Turning points kept of a signal; a longer set, 160 repetitions, is not reviewed."""

FIRST_SWING: Final = 0.3
"""Minimum movement for the first guess of the athlete's repetitions."""

LEAST_SWING: Final = 0.15
"""Minimum movement of a repetition for an athlete whose movements are all small."""

SHARE: Final = 0.6
"""Share of the usual movement around it that a repetition must reach."""

NEIGHBOURS: Final = 7
"""Number of repetitions around one that define what is usual."""

ROUNDS: Final = 3
"""Iterations of finding repetitions and their usual size; it converges within three."""

SHORTEST_SET: Final = 3
"""With fewer repetitions there is no rhythm; the live count is final."""

APART: Final = 3.0
"""A movement separated by this many usual intervals or more is outside the set's rhythm."""

TOO_LARGE: Final = 2.0
"""A movement larger than this many usual ones is not a repetition of the same exercise."""

ALIKE: Final = 0.8
"""Least ratio of the distances of a first repetition before a long rest to the usual ones."""

MOST_AT_AN_END: Final = 2
"""Getting into or out of position looks like one or two repetitions, not more."""

MEAN_BONUS: Final = 0.1
"""The signals' mean is preferred unless a single signal is more regular by this much."""

AGREEMENT_BONUS: Final = 0.2
"""Bonus in regularity if all other signals give the same count."""

SAME_COUNT: Final = 0.03
"""Counts that differ by less than this share are the same."""


@value
class Return:
    """One repetition: times in seconds, and the distances out and back in effort units."""

    started_s: float
    peak_s: float
    ended_s: float
    out: float
    back: float


@dataclass(slots=True)
class Turns:
    """Mutable turning points of one signal; `SignalTurns` is the stored form."""

    direction: int
    high: Point
    low: Point
    points: list[Point]

    @classmethod
    def resume(cls, channel: SignalTurns) -> "Turns":
        return cls(channel.direction, channel.high, channel.low, list(channel.points))

    def pause(self) -> SignalTurns:
        return SignalTurns(self.direction, self.high, self.low, tuple(self.points))

    def step(self, time_s: float, effort: float) -> None:
        """Take the next moment."""
        now = (time_s, effort)
        if not self.points:
            self.high = self.low = now
            self.points.append(now)
        if effort > self.high[1]:
            self.high = now
        if effort < self.low[1]:
            self.low = now
        if self.direction >= 0 and self.high[1] - effort >= SMALLEST_TURN:
            self._turn(-1, self.high, now)
        elif self.direction <= 0 and effort - self.low[1] >= SMALLEST_TURN:
            self._turn(1, self.low, now)

    def _turn(self, direction: int, at: Point, now: Point) -> None:
        if len(self.points) < MOST_POINTS:
            self.points.append(at)
        self.direction, self.high, self.low = direction, now, now

    def all(self) -> list[Point]:
        """Every turning point, with the extreme that is still open."""
        if self.direction == 0:
            return self.points
        return [*self.points, self.high if self.direction == 1 else self.low]


def count_set(signals: Sequence[Sequence[Point]]) -> list[Return] | None:
    """Find the repetitions of a set by its most regular signal; the first is the signals' mean.

    None if the set is too short or too long to be reviewed.
    """
    candidates = [_within_rhythm(_all_returns(points), may_rest=True) for points in signals]
    best: tuple[float, list[Return]] | None = None
    for index, returns in enumerate(candidates):
        if len(returns) < SHORTEST_SET:
            continue
        others = candidates[:index] + candidates[index + 1 :]
        doubt = irregularity(returns) - AGREEMENT_BONUS * _agreement(returns, others)
        doubt -= MEAN_BONUS * (index == 0)
        if best is None or doubt < best[0]:
            best = (doubt, returns)
    return None if best is None else best[1]


def count_by_signals(
    turns: Sequence[Turns], live: Sequence[RepetitionTimes], least_swing: float
) -> list[Return]:
    """Find the repetitions of a set by its signals; without a rhythm, those counted `live`.

    If nothing was counted live and no movement reached `least_swing`, nothing was performed.
    """
    returns = count_set([each.all() for each in turns])
    if returns is None or (not live and usual_size(returns) < least_swing):
        return [
            Return(started_s, peak_s, ended_s, out=0.0, back=0.0)
            for started_s, peak_s, ended_s, _ in live
        ]
    return returns


def count_returns(times_s: Array, efforts: Array) -> list[Return]:
    """Find the repetitions of a set by one signal (n,)."""
    turns = Turns.resume(SignalTurns())
    may_turn = ~_on_the_way(efforts)
    for time_s, effort in zip(times_s[may_turn].tolist(), efforts[may_turn].tolist(), strict=True):
        turns.step(time_s, effort)
    return count_turns(turns)


def count_turns(turns: Turns) -> list[Return]:
    """Find the repetitions of a set by the turning points of one signal."""
    return _within_rhythm(_all_returns(turns.all()))


def _on_the_way(efforts: Array) -> npt.NDArray[np.bool_]:
    """Return the moments at which a signal continues up or down without turning, (n,)."""
    rises, falls = efforts[1:] > efforts[:-1], efforts[1:] < efforts[:-1]
    on_the_way = np.zeros(len(efforts), np.bool_)
    on_the_way[1:-1] = (rises[1:] & rises[:-1]) | (falls[1:] & falls[:-1])
    return on_the_way


def _all_returns(points: Sequence[Point]) -> list[Return]:
    return _returns(points) if 1 < len(points) < MOST_POINTS else []


def usual_size(returns: Sequence[Return]) -> float:
    """Usual distance out or back, effort units; needs at least one repetition."""
    return median(max(each.out, each.back) for each in returns)


def _within_rhythm(returns: list[Return], *, may_rest: bool = False) -> list[Return]:
    """Drop movements at either end that only got the athlete into or out of position.

    `may_rest`: a first movement like the others counts, however long the rest after it. Only the
    exercise's own signals know what is alike: any measure moves while getting into position, too.
    """
    if len(returns) <= SHORTEST_SET:
        return returns
    size = usual_size(returns)
    wait = median(after.peak_s - before.peak_s for before, after in pairwise(returns))

    def stray(each: Return, neighbour: Return) -> bool:
        apart = abs(neighbour.peak_s - each.peak_s) > APART * wait
        return apart or max(each.out, each.back) > TOO_LARGE * size

    kept = list(returns)
    for _ in range(MOST_AT_AN_END):
        if len(kept) > SHORTEST_SET and stray(kept[0], kept[1]):
            if may_rest and _is_alike(kept[0], kept[1:]):
                break
            del kept[0]
    for _ in range(MOST_AT_AN_END):
        if len(kept) > SHORTEST_SET and stray(kept[-1], kept[-2]):
            del kept[-1]
    return kept


def _is_alike(first: Return, others: Sequence[Return]) -> bool:
    """Return whether a movement is as large as the others, out and back."""
    usual_out = median(each.out for each in others)
    usual_back = median(each.back for each in others)
    ratios = (first.out / usual_out, first.back / usual_back)
    return all(ALIKE <= ratio <= 1.0 / ALIKE for ratio in ratios)


def _agreement(returns: Sequence[Return], others: Sequence[Sequence[Return]]) -> float:
    """Share of the other signals that give the same count."""
    if not others:
        return 0.0
    near = SAME_COUNT * len(returns)
    return sum(abs(len(other) - len(returns)) <= near for other in others) / len(others)


def irregularity(returns: Sequence[Return]) -> float:
    """Variation in size and interval: mean absolute log ratio to the median."""
    sizes = [max(each.back, 0.01) for each in returns]
    waits = [max(after.peak_s - before.peak_s, 0.05) for before, after in pairwise(returns)]
    return _spread(sizes) + _spread(waits)


def _spread(numbers: Sequence[float]) -> float:
    usual = median(numbers)
    return sum(abs(math.log(number / usual)) for number in numbers) / len(numbers)


def _returns(points: Sequence[Point]) -> list[Return]:
    """Repetitions that reach their share of what is usual among their neighbours."""
    returns = _zigzag(points, [FIRST_SWING] * len(points))
    if not returns:
        returns = _zigzag(points, [LEAST_SWING] * len(points))
    for _ in range(ROUNDS):
        if not returns:
            break
        returns = _zigzag(points, _thresholds(points, returns))
    return returns


def _thresholds(points: Sequence[Point], returns: Sequence[Return]) -> list[float]:
    sizes = [max(each.out, each.back) for each in returns]
    last = max(len(sizes) - NEIGHBOURS, 0)
    usual = [median(sizes[first : first + NEIGHBOURS]) for first in range(last + 1)]
    passed = 0
    thresholds: list[float] = []
    for time_s, _ in points:
        while passed < len(returns) and returns[passed].peak_s < time_s:
            passed += 1
        first = min(max(passed - NEIGHBOURS // 2 - 1, 0), last)
        thresholds.append(max(LEAST_SWING, SHARE * usual[first]))
    return thresholds


def _zigzag(points: Sequence[Point], thresholds: Sequence[float]) -> list[Return]:
    """Returns from a high to a low where both ways are at least the threshold at their end."""
    high = low = points[0]
    direction = 0
    found: list[Return] = []
    for point, least in zip(points, thresholds, strict=True):
        effort = point[1]
        if direction <= 0 and effort < low[1]:
            low = point
            if direction == -1:
                found[-1] = _back_at(found[-1], high, low)
        if direction >= 0 and effort > high[1]:
            high = point
        if direction >= 0 and high[1] - effort >= least:
            out = high[1] - low[1] if direction == 1 else 0.0
            started_s = low[0] if direction == 1 else high[0]
            found.append(Return(started_s, high[0], point[0], out, high[1] - effort))
            direction, low = -1, point
        elif direction <= 0 and effort - low[1] >= least:
            direction, high = 1, point
    return found


def _back_at(before: Return, high: Point, low: Point) -> Return:
    return Return(before.started_s, before.peak_s, low[0], before.out, high[1] - low[1])
