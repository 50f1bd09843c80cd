"""Capacity model past one cluster: the simulation beside measured searches, limits, predictions.

Prints the tables of `docs/scaling.md` from the inputs of `scaling.toml`: measured beside simulated
saturation on two CPUs and their ratio; what limits a cluster; cells that are simulated whole; and
what 10 thousand and 1 million live sessions need. Simulations take about two minutes, and their
results are kept in `scaling.json`: `--kept` prints the tables from there. `--write` replaces them,
and the tables in the document.

Run `python -m benchmarks.scaling [--json | --kept | --write]`.
"""

import argparse
import hashlib
import json
import math
import re
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from benchmarks import _capacity, _simulation
from benchmarks._capacity import (
    HOUR_S,
    INPUTS,
    Cell,
    Inputs,
    bill,
    bus_bytes_per_s,
    cell_of,
    limits,
    ranges,
    read_inputs,
    simulated_saturation,
)

KEPT: Final = INPUTS.with_suffix(".json")
DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "scaling.md"
BLOCK: Final = re.compile(r"<!-- table: (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)
SCALES: Final = (10_000, 1_000_000)
HOURS_A_DAY: Final = 24.0


class Simulated(msgspec.Struct, frozen=True):
    """Results of all simulations, and the digest of what they depend on."""

    digest: str
    saturations: list[list[int]]
    """Of each measured search, by seed."""
    cells: list[Cell]


def digest() -> str:
    """Return the digest of the inputs and of the code of model and simulation."""
    sources = [INPUTS, Path(_simulation.__file__), Path(_capacity.__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def simulate_all(inputs: Inputs) -> Simulated:
    """Run all simulations."""
    return Simulated(
        digest=digest(),
        saturations=[simulated_saturation(inputs, search) for search in inputs.searches],
        cells=[cell_of(inputs, planned=planned) for planned in (False, True)],
    )


def kept() -> Simulated:
    """Return the kept results. They may be older than the inputs."""
    return msgspec.json.decode(KEPT.read_bytes(), type=Simulated)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table in Markdown, with figures on the right."""
    columns = [isinstance(cell, str) for cell in rows[0]]
    lines = [head, ["---" if text else "--:" for text in columns], *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def tables(inputs: Inputs, simulated: Simulated) -> dict[str, str]:
    """Return all tables by name."""
    return {
        "saturation": _saturation(inputs, simulated),
        "costs": _costs(inputs),
        "limits": _limits(inputs),
        "cells": _cells(simulated),
        "machines": _machines(inputs, simulated),
        "money": _money(inputs, simulated),
        "bytes": _bytes(inputs),
    }


def _saturation(inputs: Inputs, simulated: Simulated) -> str:
    head = ("search", "CPUs of others", "measured", "refused", "simulated", "of 5 seeds", "ratio")
    rows = [
        (
            search.name,
            search.others,
            search.sessions,
            search.refused,
            round(statistics.mean(found)),
            ranges(found),
            statistics.mean(found) / search.sessions,
        )
        for search, found in zip(inputs.searches, simulated.saturations, strict=True)
    ]
    return table(head, rows)


def _costs(inputs: Inputs) -> str:
    cpu = inputs.measured.cpu
    rows: list[tuple[object, ...]] = [
        (f"`{role}`", cost.idle, cost.session) for role, cost in cpu.items()
    ]
    total = sum(cost.session for cost in cpu.values()) - cpu[_capacity.LISTENER].session
    rows.append(("all but `listener`", "", total))
    return table(("process", "idle, ms/s", "a session, ms/s"), rows)


def _limits(inputs: Inputs) -> str:
    rows = [(limit.name, round(limit.sessions), limit.remedy) for limit in limits(inputs)]
    return table(("what is used up", "at sessions", "remedy"), rows)


def _cells(simulated: Simulated) -> str:
    head = ("cell", "sessions", "machines", "p95, ms", "busy", "API", "pose", "partitions", "lock")
    rows = [
        (
            each.name,
            each.sessions,
            each.machines,
            round(each.p95_ms),
            each.busy,
            each.api,
            each.pose,
            each.partitions,
            each.lock,
        )
        for each in simulated.cells
    ]
    return table(head, rows)


def _machines(inputs: Inputs, simulated: Simulated) -> str:
    head = (
        "live sessions",
        "cells",
        "machines",
        "API",
        "pose",
        "partitions",
        "databases",
        "events/s",
    )
    rows = [
        (
            f"{sessions:,} {cell.name}",
            (cells := math.ceil(sessions / cell.sessions)),
            cells * cell.machines,
            cells * cell.api,
            cells * cell.pose,
            cells * cell.partitions,
            cells,
            round(sessions * inputs.measured.events_per_s),
        )
        for sessions in SCALES
        for cell in simulated.cells
    ]
    return table(head, rows)


def _money(inputs: Inputs, simulated: Simulated) -> str:
    head = (
        "live sessions",
        "machines",
        "zones",
        "internet",
        "storage",
        "US cents",
        "range",
        "US$ an hour",
    )
    rows: list[tuple[object, ...]] = []
    factor = inputs.assumptions.uncertainty
    for sessions in SCALES:
        for cell in simulated.cells:
            for one_zone in (False, True):
                each = bill(inputs, cell, sessions, one_zone=one_zone)
                rest = each.total - each.machines
                low, high = (100 * (each.machines * by + rest) for by in (1 / factor, factor))
                where = "a cell in one zone" if one_zone else "messages in three zones"
                parts = (each.machines, each.zones, each.internet, each.storage, each.total)
                cents = [round(100 * part, 2) for part in parts]
                name = f"{sessions:,} {cell.name}, {where}"
                rows.append(
                    (name, *cents, f"{low:.2f} to {high:.2f}", round(each.total * sessions))
                )
    return table(head, rows)


def _bytes(inputs: Inputs) -> str:
    measured, hours = inputs.measured, HOURS_A_DAY
    events = measured.events_per_s * HOUR_S
    hot = events * (measured.log_bytes + measured.read_bytes)
    cold = events * measured.log_bytes * inputs.assumptions.cold_bytes_ratio
    rows: list[tuple[object, ...]] = [
        ("to Kafka, MB/s", *(n * bus_bytes_per_s(measured) / 1e6 for n in (1, *SCALES))),
        ("events of the log, a second", *(n * measured.events_per_s for n in (1, *SCALES))),
        ("PostgreSQL, GB a day", *(n * hot * hours / 1e9 for n in (1, *SCALES))),
        ("archive, GB a day", *(n * cold * hours / 1e9 for n in (1, *SCALES))),
    ]
    return table(("", "a session", *(f"{n:,}" for n in SCALES)), rows)


def filled(text: str, replacements: Mapping[str, str]) -> str:
    """Return a document with these tables. Raises KeyError for a table that does not exist."""
    return BLOCK.sub(
        lambda found: f"<!-- table: {found[1]} -->\n{replacements[found[1]]}<!-- end -->", text
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Capacity past one cluster.")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--json", action="store_true", help="the simulated results")
    ways.add_argument("--kept", action="store_true", help="do not simulate")
    ways.add_argument("--write", action="store_true", help="keep the results, write the document")
    words = parser.parse_args()
    inputs = read_inputs()
    simulated = kept() if words.kept else simulate_all(inputs)
    if words.json:
        print(json.dumps(msgspec.to_builtins(simulated)))
        return
    printed = tables(inputs, simulated)
    if words.write:
        KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(simulated), indent=1) + b"\n")
        DOCUMENT.write_text(filled(DOCUMENT.read_text(encoding="utf-8"), printed), encoding="utf-8")
    for name, content in printed.items():
        print(f"{name}\n\n{content}")


if __name__ == "__main__":
    main()
