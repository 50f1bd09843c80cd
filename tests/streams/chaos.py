"""Workers of one group are killed, stopped or suspended at seeded times without any loss.

Run `python -m tests.streams.chaos --rounds 20 --seed 1` for more than the tests do.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.streams.exercise_rounds import ExerciseRound
from tests.streams.lab import WAYS, Lab, Plan
from tests.streams.pose_rounds import PoseRound
from tools.local_services.kafka import LocalKafka
from tools.local_services.postgres import UNSYNCED, LocalPostgres


def summarize(lab: Lab, took_s: float) -> str:
    """Return a line about a round."""
    plan = lab.plan
    blows = ", ".join(
        f"{blow.way} {blow.worker} at {blow.after_s:.1f} s for {blow.back_after_s:.1f} s"
        for blow in plan.blows
    )
    source = {"pose": lab.topics.pose_stream, "exercise": lab.topics.exercise_detect}[lab.work]
    messages = sum(lab.ends(source).values())
    wrong = {what: count for what, count in lab.differences().items() if count}
    return (
        f"{lab.work} seed {plan.seed}: {plan.workers} workers, {blows}: "
        f"{messages} messages, {took_s:.0f} s: {wrong or 'exact'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", choices=("pose", "exercise"), default="pose")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--heavy", action="store_true", help="all at once")
    parser.add_argument("--control", action="store_true", help="with Faust's own offsets")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.mkdtemp()))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    control = ["--control"] if arguments.control else []
    with ExitStack() as stack:
        kafka = stack.enter_context(LocalKafka())
        database = ""
        if arguments.work == "exercise":
            server = stack.enter_context(LocalPostgres(settings=UNSYNCED))
            database = stack.enter_context(upgraded_database(server.url))
        for seed in range(arguments.seed, arguments.seed + arguments.rounds):
            plan = Plan.of(seed, ways=tuple(arguments.ways), heavy=arguments.heavy)
            lab: Lab = (
                ExerciseRound(kafka.bootstrap, plan, arguments.folder, database)
                if database
                else PoseRound(kafka.bootstrap, plan, arguments.folder, *control)
            )
            began = time.monotonic()
            with closing(lab):
                lab.play()
                sys.stdout.write(summarize(lab, time.monotonic() - began) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
