"""Command line of `make chaos`: failures are injected into the whole platform during training.

Every run has its own PostgreSQL, Kafka and platform. The last line is the verdict; the exit
status is 0 only if every invariant holds.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from stamina.instrumentation import set_on_retry_hooks

from tests.chaos.plan import Plan
from tests.chaos.run import Outcome, Tell, play

STEP_S = 5.0
MAX_PRINTED = 10


def teller(seed: int) -> Tell:
    """Return a function that reports each failure, and every few seconds the progress."""
    began = last_at = time.monotonic()

    def tell(share: float, what: str) -> None:
        nonlocal last_at
        now = time.monotonic()
        if what or now - last_at > STEP_S:
            last_at = now
            line = f"seed {seed}  {now - began:5.0f} s  {share:4.0%}  {what}"
            sys.stderr.write(line.rstrip() + "\n")

    return tell


def describe(outcome: Outcome) -> str:
    """Return a line about the outcome of a run."""
    how = f"{len(outcome.wrong)} wrong" if outcome.wrong else "exact"
    line = (
        f"seed {outcome.seed}: {outcome.live} sessions, {outcome.chunks} chunks"
        f" ({outcome.resent} sent again, {outcome.degraded} answered provisionally),"
        f" {len(outcome.struck)} killed, {sum(outcome.fell.values())} fell,"
        f" {outcome.repetitions} repetitions, {outcome.events} events"
        f" ({outcome.again} twice on Kafka, {outcome.skipped} positions left out),"
        f" {outcome.took_s:.0f} s: {how}"
    )
    return "\n".join([line, *(f"  {sentence}" for sentence in outcome.wrong[:MAX_PRINTED])])


def verdict(outcomes: list[Outcome]) -> str:
    """Return a line that says whether all invariants hold."""
    bad = [str(outcome.seed) for outcome in outcomes if outcome.wrong]
    if bad:
        return f"verdict: broken in {len(bad)} of {len(outcomes)} runs, of seed {', '.join(bad)}"
    kills = sum(len(outcome.struck) for outcome in outcomes)
    return f"verdict: all holds in {len(outcomes)} runs, after {kills} kills"


def main() -> int:
    """Run the plans one after the other, and report the verdict."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="seeds from --seed on")
    parser.add_argument("--seed", type=int, default=1, help="chooses who is killed, and when")
    parser.add_argument("--live", type=int, default=100, help="sessions at the same time")
    parser.add_argument("--kills", type=int, default=12, help="in each run")
    parser.add_argument("--speed", type=float, default=1.0, help="1 is real time, 0 waits for none")
    parser.add_argument("--control", choices=("client",), default="", help="break this rule")
    parser.add_argument("--json", action="store_true", help="a JSON object a line")
    parser.add_argument("--folder", type=Path, help="for what the processes say")
    arguments = parser.parse_args()
    set_on_retry_hooks([])  # every client would log each of its retries
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="kinelog-chaos-"))
    outcomes: list[Outcome] = []
    for seed in range(arguments.seed, arguments.seed + arguments.runs):
        plan = Plan.of(
            seed,
            live=arguments.live,
            kills=arguments.kills,
            speed=arguments.speed,
            control=arguments.control,
        )
        outcomes.append(play(plan, folder / str(seed), teller(seed)))
        line = json.dumps(asdict(outcomes[-1])) if arguments.json else describe(outcomes[-1])
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    said = verdict(outcomes)
    holds = not any(outcome.wrong for outcome in outcomes)
    sys.stdout.write(
        f"{json.dumps({'holds': holds, 'verdict': said}) if arguments.json else said}\n"
    )
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
