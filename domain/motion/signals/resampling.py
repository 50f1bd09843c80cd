"""Resampling to 15 Hz.

Cameras differ in frame rate and drop frames. Frames within 1/15 s are averaged (time included),
short gaps are interpolated linearly, and the effort is smoothed by a symmetric window, which delays
it by two samples without shifting it.
"""

from operator import add
from typing import Final

from domain.motion.state import PartialSample, Row

RATE_HZ: Final = 15
"""Counting is as accurate at 10-15 samples a second as at 30 (C-30)."""

TAPS: Final = (1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9)
"""A triangle over a third of a second: -3 dB at 2.6 Hz, above the fastest repetitions."""

BRIDGED_SLOTS: Final = 8
"""Gaps up to half a second are interpolated; a repetition takes longer than that."""

TIME: Final = 0
SEEN: Final = 1
SMOOTH: Final = 2
COLUMNS: Final = 3
"""A row is time, share seen, smoothed effort, then the plan's columns, its signals smoothed too."""


class Resampler:
    """Turns measured frames into smoothed rows with a short delay; mutable between states."""

    def __init__(
        self, gathering: PartialSample | None, window: tuple[Row, ...], *, first_signal: int
    ) -> None:
        self._slot = gathering.slot if gathering else None
        self._frames = gathering.frames if gathering else 0
        self._sums = [to_number(total) for total in gathering.sums] if gathering else []
        self._window = list(window)
        self._first_signal = COLUMNS + first_signal

    def state(self) -> tuple[PartialSample | None, tuple[Row, ...]]:
        """Return the state to continue from: the open slot and the window."""
        gathering = None
        if self._slot is not None:
            gathering = PartialSample(self._slot, self._frames, tuple(_to_none(self._sums)))
        return gathering, tuple(self._window)

    def push(self, time_s: float, columns: list[float]) -> list[Row]:
        """Add a frame with a pose; return the rows that are now final."""
        slot = round(time_s * RATE_HZ)
        if slot == self._slot:
            self._frames += 1
            self._sums = list(map(add, self._sums, (time_s, *columns)))
            return []
        ready = self.close()
        self._slot, self._frames, self._sums = slot, 1, [time_s, *columns]
        return ready

    def close(self) -> list[Row]:
        """Close the open slot, for example when a frame without a pose follows."""
        if self._slot is None:
            return []
        frames = self._frames
        time_s, *columns = _to_none([total / frames for total in self._sums])
        self._slot = None
        return self._append((time_s, 1.0, columns[0], *columns))

    def flush(self) -> list[Row]:
        """Close the slot and the window: no later rows will smooth these."""
        ready = self.close()
        if self._window:
            last = self._window[-1]
            ready += self._slide(last) + self._slide(last)
            self._window = []
        return ready

    def _append(self, row: Row) -> list[Row]:
        if not self._window:
            self._window = [row, row]
            return self._slide(row)
        last = self._window[-1]
        gap = round((to_number(row[TIME]) - to_number(last[TIME])) * RATE_HZ)
        if gap <= 1:
            return self._slide(row)
        ready: list[Row] = []
        if gap > BRIDGED_SLOTS:
            ready += self.flush()
            self._window = [row, row]
            return ready + self._slide(row)
        for step in range(1, gap):
            ready += self._slide(_between(last, row, step / gap))
        return ready + self._slide(row)

    def _slide(self, row: Row) -> list[Row]:
        self._window.append(row)
        if len(self._window) < len(TAPS):
            return []
        centre, first = self._window[2], self._first_signal
        effort, *signals = map(
            _smooth_if_measured, *[(each[COLUMNS], *each[first:]) for each in self._window]
        )
        del self._window[0]
        return [(*centre[:SMOOTH], effort, *centre[COLUMNS:first], *signals)]


def smooth(one: float, two: float, centre: float, four: float, five: float) -> float:
    """Weight five values of a curve by the taps; written out, because it is called so often."""
    a, b, c, d, e = TAPS
    return a * one + b * two + c * centre + d * four + e * five


def _smooth_if_measured(
    one: float | None,
    two: float | None,
    centre: float | None,
    four: float | None,
    five: float | None,
) -> float | None:
    """Smooth a column; None where one of its values was not measured."""
    if one is None or two is None or centre is None or four is None or five is None:
        return None
    return smooth(one, two, centre, four, five)


def _between(before: Row, after: Row, share: float) -> Row:
    values = (
        None if a is None or b is None else a + (b - a) * share
        for a, b in zip(before, after, strict=True)
    )
    time_s, _, *rest = values
    return (time_s, 0.0, *rest)


def to_number(cell_value: float | None) -> float:
    """Return a cell as a float: NaN for None."""
    return float("nan") if cell_value is None else cell_value


def _to_none(numbers: list[float]) -> list[float | None]:
    # Only NaN differs from itself.
    return [None if number != number else number for number in numbers]  # noqa: PLR0124
