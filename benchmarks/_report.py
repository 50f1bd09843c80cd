"""Report of a benchmark: measures alternatives in turns, and prints a table or JSON.

Taking turns keeps the ratios stable when the machine is busy for a while.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any, Final, NamedTuple

from rich.console import Console
from rich.table import Table

Row = dict[str, Any]
"""One line of a table: column → figure or word. Not every row has every column."""

WARM_UP: Final = 6
"""Rounds that do not count: they prepare statements and open files."""


class Beside(NamedTuple):
    """Comparison of two alternatives: their median seconds, and the median ratio of the rounds."""

    ours_s: float
    theirs_s: float
    ratio: float


def seconds(work: Callable[[], object]) -> float:
    """Return the wall-clock seconds of one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def compare(
    ours: Callable[[int], object],
    theirs: Callable[[int], object],
    rounds: int,
    *,
    warm_up: int = WARM_UP,
) -> Beside:
    """Call both with the number of each round, alternating which is first."""
    times: tuple[list[float], list[float]] = ([], [])
    sides = [(ours, times[0]), (theirs, times[1])]
    for number in range(warm_up + rounds):
        for work, taken in sides if number % 2 else reversed(sides):
            taken.append(seconds(lambda: work(number)))
    mine, other = (taken[warm_up:] for taken in times)
    ratios = [one / another for one, another in zip(mine, other, strict=True)]
    return Beside(median(mine), median(other), median(ratios))


def part(rounds: int, percent: int) -> int:
    """Return this percentage of the rounds, and at least one."""
    return max(1, rounds * percent // 100)


def row(work: str, size: int, times: Beside, *, ours: str = "port", theirs: str = "raw") -> Row:
    """Return one comparison in microseconds as a row."""
    return {
        "work": work,
        "events": size,
        f"{ours}_us": round(1e6 * times.ours_s, 1),
        f"{theirs}_us": round(1e6 * times.theirs_s, 1),
        "ratio": round(times.ratio, 2),
    }


async def in_turns(
    shape: str, ways: Mapping[str, Callable[[], Any]], rounds: int, *, to: str
) -> list[Row]:
    """Await each way once a round; a row for each with its ratios to the way `to`.

    Medians in milliseconds, by the clock on the wall and by the processor time of this process, on
    which other programs have no influence; the first tenth is left out. Garbage is collected in
    few rounds, so only the mean of the processor time includes it.
    """
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(rounds + rounds // 10):
        for name, way in ways.items():
            start, used = time.perf_counter(), time.process_time()
            await way()
            spent = (time.perf_counter() - start, time.process_time() - used)
            took[name].append(spent)
    kept = {name: [*zip(*spent[rounds // 10 :], strict=True)] for name, spent in took.items()}
    middle = {name: [1000 * median(kind) for kind in kinds] for name, kinds in kept.items()}
    return [
        {
            "shape": shape,
            "way": name,
            "ms": round(wall, 3),
            "cpu_ms": round(processor, 3),
            "cpu_mean_ms": round(1000 * mean(kept[name][1]), 3),
            f"to_{to}": round(wall / middle[to][0], 2),
            f"cpu_to_{to}": round(processor / middle[to][1], 2),
        }
        for name, (wall, processor) in middle.items()
    ]


def print_report(description: str | None, run: Callable[..., list[Row]], **sizes: int) -> None:
    """Run a benchmark from the command line: parse options, measure, and print.

    `sizes` are the integer options of `run` with their defaults.
    """
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    for name, usual in sizes.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=usual, help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = vars(parser.parse_args())
    as_json = arguments.pop("json")
    rows = run(**arguments)
    if as_json:
        name = Path(sys.argv[0]).stem
        print(json.dumps([{"benchmark": name, **each} for each in rows], indent=2))
        return
    console = Console(width=None if Console().is_terminal else 200)
    console.print(_table(rows))


def _table(rows: Sequence[Row]) -> Table:
    """Return a table: text left-aligned, numbers right-aligned, missing columns empty."""
    table = Table(box=None, header_style="bold")
    columns = dict.fromkeys(name for each in rows for name in each)
    for name in columns:
        figures = all(isinstance(each.get(name, 0), int | float) for each in rows)
        table.add_column(name, justify="right" if figures else "left")
    for each in rows:
        table.add_row(*(_cell(each.get(name, "")) for name in columns))
    return table


def _cell(content: object) -> str:
    return f"{content:,}" if isinstance(content, int | float) else str(content)
