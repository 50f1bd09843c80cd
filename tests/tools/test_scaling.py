"""R-OPS-08: capacity model and simulation of `benchmarks/scaling.py`."""

from collections.abc import Generator
from random import Random
from statistics import mean
from typing import Any

import pytest
import simpy

from benchmarks._capacity import limits, read_inputs
from benchmarks._simulation import (
    Costs,
    Layout,
    Limits,
    Machine,
    Thread,
    Work,
    saturation,
    simulate,
)
from benchmarks.scaling import BLOCK, DOCUMENT, digest, kept, tables

COSTS = Costs(
    before=[Work("serve", 0.01)],
    worker=[Work("pose", 0.02)],
    after=[Work("serve", 0.01)],
    behind=[Work("pose", 0.01)],
    delay_s=0.01,
    cv=0.7,
)


def layout(cpus: int = 2, machines: int = 1, others: float = 0.0) -> Layout:
    return Layout(cpus, {"serve": 2, "pose": 2}, machines, others)


def mean_sojourn_s(arrivals_per_s: float, service_s: float, customers: int) -> float:
    """Simulate random arrivals with random service times at one thread on one CPU."""
    env, random = simpy.Environment(), Random(1)  # noqa: S311  reproducible
    thread = Thread(Machine(env, 1))
    took: list[float] = []

    def customer() -> Generator[simpy.Event, Any]:
        came = env.now
        yield thread.do(random.expovariate(1.0 / service_s))
        took.append(env.now - came)

    def arrive() -> Generator[simpy.Event, Any]:
        for _ in range(customers):
            yield env.timeout(random.expovariate(arrivals_per_s))
            env.process(customer())

    env.process(arrive())
    env.run()
    return mean(took)


def test_one_thread_is_an_m_m_1_queue() -> None:
    """The mean time in an M/M/1 queue is 1 / (service rate - arrival rate)."""
    assert mean_sojourn_s(250.0, 0.002, 5000) == pytest.approx(1 / (500 - 250), rel=0.1)


def test_chunks_on_their_way_follow_littles_law() -> None:
    run = simulate(COSTS, layout(), 12, seconds=12.0)
    assert run.is_borne(Limits())
    assert run.in_system == pytest.approx(run.rate * mean(run.latency_s), rel=0.05)
    assert run.rate == pytest.approx(24.0, rel=0.05)  # two chunks a second of each session


def test_busy_cpus_are_the_work_that_was_done() -> None:
    run = simulate(COSTS, layout(), 12, seconds=12.0)
    assert run.busy == pytest.approx(12 * 2 * 0.05 / 2, rel=0.1)


def test_a_seed_determines_the_result() -> None:
    first, again, other = (
        simulate(COSTS, layout(others=0.5), 12, seconds=5.0, seed=n) for n in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_more_cpus_or_machines_bear_more_and_other_programs_less() -> None:
    small, cpus, machines, disturbed = (
        saturation(COSTS, each, seconds=5.0)
        for each in (layout(), layout(cpus=4), layout(machines=2), layout(others=1.0))
    )
    assert disturbed < small < cpus
    assert small < machines
    assert small <= 2 / (2 * 0.05)  # the CPUs, by the work of a session-second


def test_an_overload_is_not_sustained() -> None:
    assert not simulate(COSTS, layout(), 40, seconds=6.0).is_borne(Limits())


def test_kept_results_are_of_the_current_inputs() -> None:
    assert kept().digest == digest(), "Run `python -m benchmarks.scaling --write`."


def test_the_document_has_the_tables_that_the_command_prints() -> None:
    documented = dict(BLOCK.findall(DOCUMENT.read_text(encoding="utf-8")))
    assert documented == tables(read_inputs(), kept())


def test_simulated_saturation_is_near_the_measured_one() -> None:
    """Each search within a third, as other programs disturbed them; all together within 20 %.

    So are those whose sessions begin in turn, which are the ones that the simulation describes.
    """
    measured = read_inputs().searches
    ratios = [
        mean(found) / search.sessions
        for search, found in zip(measured, kept().saturations, strict=True)
    ]
    assert all(2 / 3 < ratio < 3 / 2 for ratio in ratios)
    assert 0.8 < mean(ratios) < 1.2
    in_turn = [
        ratio
        for search, ratio in zip(measured, ratios, strict=True)
        if "--spread" in search.command
    ]
    assert 0.8 < mean(in_turn) < 1.2


def test_a_planned_cell_bears_more_than_a_cluster_as_it_is_built() -> None:
    built, planned = kept().cells
    assert built.sessions < planned.sessions
    assert int(limits(read_inputs())[0].sessions) <= built.sessions
