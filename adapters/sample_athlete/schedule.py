"""Schedule of a set: when each repetition leaves rest, turns, and returns to rest.

Within a phase the movement follows the minimum-jerk profile of human movements from rest to rest
(Flash & Hogan, "The coordination of arm movements", 1985): it begins and ends exactly.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from adapters.sample_athlete.geometry import Array
from adapters.sample_athlete.performance import Performance

PhaseName = Literal["eccentric", "bottom_pause", "concentric", "top_pause"]


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a repetition; `fraction` of its range goes from `begins` to `ends`, 0..1."""

    name: PhaseName
    start_s: float
    end_s: float
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class TimedRepetition:
    """From leaving rest to regaining it; the last of the four phases is the rest that follows."""

    number: int
    phases: tuple[Phase, Phase, Phase, Phase]

    @property
    def start_s(self) -> float:
        return self.phases[0].start_s

    @property
    def end_s(self) -> float:
        return self.phases[2].end_s


@dataclass(frozen=True, eq=False)
class Progress:
    """Positions in the range of motion at some times.

    `fraction` (n,) is 0 at rest and 1 at the full range. `strain` (n,) is the same as a share of
    the range that this repetition reaches, and `faulty` (n,) marks the times at which the faults
    are made.
    """

    fraction: Array
    strain: Array
    faulty: Array


def minimum_jerk(share_of_time: Array) -> Array:
    """Share of the way (n,) after a share of the time (n,): 10 t^3 - 15 t^4 + 6 t^5."""
    t = share_of_time
    way: Array = t**3 * (10.0 - 15.0 * t + 6.0 * t**2)
    return way


def timed_repetitions(performance: Performance) -> tuple[TimedRepetition, ...]:
    """Return every repetition of the set in order."""
    return tuple(
        TimedRepetition(number, _phases(performance, number))
        for number in range(1, performance.repetitions + 1)
    )


def _phases(performance: Performance, number: int) -> tuple[Phase, Phase, Phase, Phase]:
    tempo = performance.tempo
    start_s = performance.idle_before_s + (number - 1) * performance.repetition_s
    begins, ends = performance.share_at_rest(number - 1), performance.share_at_rest(number)
    lowering: list[tuple[PhaseName, float]] = [
        ("eccentric", tempo.eccentric_s),
        ("bottom_pause", tempo.bottom_pause_s),
    ]
    lifting: list[tuple[PhaseName, float]] = [
        ("concentric", tempo.concentric_s),
        ("top_pause", tempo.top_pause_s),
    ]
    lifts_first = performance.movement.begins_with == "concentric"
    (out, out_s), (far, far_s), (back, back_s), (near, near_s) = (
        lifting + lowering if lifts_first else lowering + lifting
    )
    turn_s = start_s + out_s
    return_s = turn_s + far_s
    home_s = return_s + back_s
    return (
        Phase(out, start_s, turn_s, begins, 1.0),
        Phase(far, turn_s, return_s, 1.0, 1.0),
        Phase(back, return_s, home_s, 1.0, ends),
        Phase(near, home_s, home_s + near_s, ends, ends),
    )


def progress(performance: Performance, times_s: Array) -> Progress:
    """Return the athlete's positions in the range of motion at these times (n,)."""
    strain = np.zeros_like(times_s)
    share = np.zeros_like(times_s)
    faulty = np.zeros_like(times_s)
    for repetition in timed_repetitions(performance):
        first, last = np.searchsorted(times_s, [repetition.start_s, repetition.end_s])
        share[first:last] = performance.share_of_range(repetition.number)
        faulty[first:last] = float(performance.is_faulty(repetition.number))
        for phase in repetition.phases:
            _follow(phase, times_s, strain)
        # Keep the end position until the next repetition begins, and forever after the last one.
        share[last:] = performance.share_of_range(repetition.number)
        strain[np.searchsorted(times_s, repetition.end_s) :] = repetition.phases[3].ends
    return Progress(strain * share, strain, faulty)


def _follow(phase: Phase, times_s: Array, strain: Array) -> None:
    first, last = np.searchsorted(times_s, [phase.start_s, phase.end_s])
    if first == last:
        return
    passed = (times_s[first:last] - phase.start_s) / (phase.end_s - phase.start_s)
    strain[first:last] = phase.begins + (phase.ends - phase.begins) * minimum_jerk(passed)
