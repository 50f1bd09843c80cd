"""One chaos run: athletes train, failures are injected, and the result is checked."""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.aftermath import Aftermath
from tests.chaos.athletes import Act, Athlete, truth
from tests.chaos.plan import Blow, Plan
from tests.chaos.platform import NeverSo, Site, running, until

Tell = Callable[[float, str], None]
"""Reports the share done and what has happened, which is empty between failures."""


@dataclass(frozen=True)
class Outcome:
    """Outcome of a run. `wrong` is empty if all invariants hold.

    `fell`: processes that ended because a dependency was down, and were restarted. `skipped`:
    positions that PostgreSQL skipped. `again`: events that Kafka has more than once. Response
    times are those of chunks.
    """

    seed: int
    live: int
    struck: tuple[str, ...]
    fell: dict[str, int]
    chunks: int
    resent: int
    degraded: int
    answer_p50_ms: float
    repetitions: int
    events: int
    skipped: int
    again: int
    took_s: float
    wrong: tuple[str, ...]


def play(plan: Plan, folder: Path, tell: Tell) -> Outcome:
    """Execute a plan on its own platform, whose output is in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(plan.live):
        truth(Act.of(number))
    with running(folder) as site:
        return played(plan, site, tell)


def played(plan: Plan, site: Site, tell: Tell) -> Outcome:
    """Execute a plan on a running platform; sessions of earlier runs are ignored."""
    tell(0.0, "the platform is at work")
    with closing(Aftermath(site)) as before:
        streams_before = before.streams()
    began = time.monotonic()
    athletes = [Athlete(number, plan, site.urls) for number in range(plan.live)]
    with site.supervised():
        missed = _train(plan, site, athletes, tell)
    with closing(Aftermath(site, streams_before)) as aftermath:
        missed += _drain(site, aftermath)
        return _outcome(plan, site, athletes, aftermath, time.monotonic() - began, missed)


def _train(plan: Plan, site: Site, athletes: Sequence[Athlete], tell: Tell) -> list[str]:
    """Run all athletes while failures are injected; return the failures that were not possible."""
    steps = sum(each.steps for each in athletes)
    blows = list(plan.blows)
    for each in athletes:
        each.start()
    try:
        while any(each.is_alive() for each in athletes):
            share = sum(each.done for each in athletes) / steps
            tell(share, "")
            if blows and share >= blows[0].at_share:
                _strike(site, blows.pop(0), share, tell)
            else:
                athletes[0].join(0.1)
                time.sleep(0.1)
    except NeverSo as never:
        return [str(never)]
    return [f"{each.target} was never struck" for each in blows]


def _strike(site: Site, blow: Blow, share: float, tell: Tell) -> None:
    site.strike(blow.target, blow.back_after_s)
    tell(share, f"{blow.target} killed, back after {blow.back_after_s:.1f} s")


def _drain(site: Site, aftermath: Aftermath) -> list[str]:
    """Wait until nothing is pending; return what is left."""
    try:
        with site.supervised():
            until(lambda: not aftermath.unworked(), lambda: f"left to do: {aftermath.unworked()}")
    except NeverSo as never:
        return [str(never)]
    return []


def _outcome(
    plan: Plan,
    site: Site,
    athletes: Sequence[Athlete],
    aftermath: Aftermath,
    took_s: float,
    missed: Sequence[str],
) -> Outcome:
    logged, arrived = aftermath.logged(), aftermath.arrived()
    seen = [each.statistics for each in athletes]
    took = [took for each in seen for took in each.took_ms]
    return Outcome(
        seed=plan.seed,
        live=plan.live,
        struck=tuple(blow.target for blow in plan.blows),
        fell=dict(site.fell),
        chunks=sum(each.steps - 1 for each in athletes),
        resent=sum(each.resent for each in seen),
        degraded=sum(each.degraded for each in seen),
        answer_p50_ms=round(statistics.median(took), 1) if took else 0.0,
        repetitions=sum(each.act.repetitions for each in athletes),
        events=len(logged),
        skipped=(logged[-1].position if logged else 0) - len(logged),
        again=len(arrived) - len({event.event_id for event in arrived}),
        took_s=round(took_s, 1),
        wrong=(*missed, *aftermath.wrong(athletes)),
    )
