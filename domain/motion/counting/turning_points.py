"""Turning points by zigzag, relative to the athlete's own range.

A new extreme is accepted once the movement has gone back by a share of the athlete's recent range,
and at least by the exercise's minimum movement. A drifting camera or a shallow style therefore
cannot move a fixed threshold out of reach.
"""

import math
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final, Literal

from domain.motion.exercises.definition import Counting
from domain.motion.state import Cycle

MEMORY_S: Final = 30.0
"""Time constant with which a range not reached again is forgotten: a few slow repetitions."""

SLOW: Final = 0.2
"""A return is nearly over when its speed falls below this share of its greatest speed."""

REGAINED: Final = 0.75
"""A slow return past this share is at rest; before it, it may be a sticking point."""

STANDSTILL_S: Final = 0.15
"""A return that stays slow for this long is over, at any position."""

LEAST_REPORTED_SHARE: Final = 0.1
"""A rise of a smaller share of the athlete's range is noise, and not reported as too shallow."""

LEAST_REPORTED: Final = 0.1
"""Least size of a reported rise, effort units, if all movements of an athlete are small."""

FALLEN_BACK: Final = 0.3
"""A rise is over when less than this share of it is left."""

_numbers_of: Final = attrgetter(*(field.name for field in fields(Cycle)))
"""Fields of a `Cycle` or a `Zigzag`, in the order in which both are constructed."""

Turn = Literal["none", "returned", "bumped"]


@dataclass(slots=True)
class Zigzag:
    """Mutable form of `Cycle`, which documents each number."""

    direction: int
    high: float
    high_s: float
    low: float
    low_s: float
    reach: float
    closed: bool
    bump: float
    bump_s: float
    last: tuple[float, float, float] | None
    peak_s: float
    out: float
    fastest: float
    slow_since_s: float | None

    @classmethod
    def resume(cls, cycle: Cycle) -> "Zigzag":
        return cls(*_numbers_of(cycle))

    def pause(self) -> Cycle:
        return Cycle(*_numbers_of(self))

    def step(self, counting: Counting, time_s: float, effort: float) -> Turn:
        """Process the next sample; return whether it completed a return or ended a small rise."""
        if self.last is None:
            self.high = self.low = effort
            self.high_s = self.low_s = time_s
            self.last = (time_s, effort, effort)
            return "none"
        before_s, before, earlier = self.last
        self.last = (time_s, effort, before)
        self.reach *= math.exp((before_s - time_s) / MEMORY_S)
        threshold = self.threshold(counting)
        if self.direction == 1:
            return self._going_out(time_s, effort, threshold)
        if self.direction == -1:
            return self._coming_back(counting, time_s, effort, earlier - effort)
        return self._first_turn(time_s, effort, threshold)

    def threshold(self, counting: Counting) -> float:
        """Smallest movement that counts as one now, effort units."""
        return max(counting.least_swing, counting.adaptive_share * self.reach)

    def _first_turn(self, time_s: float, effort: float, threshold: float) -> Turn:
        if effort > self.high:
            self.high, self.high_s = effort, time_s
        if effort < self.low:
            self.low, self.low_s = effort, time_s
        if effort - self.low >= threshold:
            self._turn_out(time_s, effort)
        elif self.high - effort >= threshold:
            self._turn_back(time_s, effort)
        return "none"

    def _going_out(self, time_s: float, effort: float, threshold: float) -> Turn:
        if effort > self.high:
            self.high, self.high_s = effort, time_s
            self.reach = max(self.reach, self.high - self.low)
        elif self.high - effort >= threshold:
            self._turn_back(time_s, effort)
        return "none"

    def _coming_back(self, counting: Counting, time_s: float, effort: float, fall: float) -> Turn:
        if effort < self.low:
            self.low, self.low_s = effort, time_s
            self.reach = max(self.reach, self.high - self.low)
        rise = effort - self.low
        if rise >= self.threshold(counting):
            turn: Turn = "none" if self.closed else "returned"
            self._turn_out(time_s, effort)
            return turn
        if not self.closed and self._is_over(time_s, fall):
            self.closed = True
            return "returned"
        return self._watch_bump(counting, time_s, rise)

    def _is_over(self, time_s: float, fall: float) -> bool:
        self.fastest = max(self.fastest, fall)
        if fall >= SLOW * self.fastest:
            self.slow_since_s = None
            return False
        if self.slow_since_s is None:
            self.slow_since_s = time_s
        regained = self.high - self.low >= REGAINED * self.out
        return regained or time_s - self.slow_since_s >= STANDSTILL_S

    def _watch_bump(self, counting: Counting, time_s: float, rise: float) -> Turn:
        """Report a rise that went back before it was large enough: too shallow to count."""
        if rise > self.bump:
            if self.bump == 0.0:
                self.bump_s = time_s
            self.bump = rise
            return "none"
        if self.bump == 0.0 or rise >= FALLEN_BACK * self.bump:
            return "none"
        large = self.bump >= max(LEAST_REPORTED, LEAST_REPORTED_SHARE * self.reach)
        is_reported = large and time_s - self.bump_s >= counting.least_s
        self.bump = 0.0
        return "bumped" if is_reported and self.closed else "none"

    def _turn_out(self, time_s: float, effort: float) -> None:
        self.direction, self.closed, self.bump = 1, True, 0.0
        self.high, self.high_s = effort, time_s
        self.reach = max(self.reach, self.high - self.low)

    def _turn_back(self, time_s: float, effort: float) -> None:
        self.out = self.high - self.low if self.direction == 1 else 0.0
        self.peak_s, self.fastest, self.slow_since_s = self.high_s, 0.0, None
        self.direction, self.closed, self.bump = -1, False, 0.0
        self.low, self.low_s = effort, time_s
        self.reach = max(self.reach, self.high - self.low)
