"""Capacity model: what limits a cluster, and what a number of live sessions needs and costs.

The inputs are in `scaling.toml`. Simulated parts are in `_simulation.py`.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from benchmarks._simulation import SERVER, Costs, Layout, Limits, Work, saturation, simulate

INPUTS: Final = Path(__file__).with_name("scaling.toml")
CHUNKS_PER_S: Final = 2.0
SEEDS: Final = (1, 2, 3, 4, 5)
GB: Final = 1e9
HOUR_S: Final = 3600.0
HOURS_A_MONTH: Final = 730.0
LISTENER: Final = "listener"
ON_THE_WAY: Final = (SERVER, "kafka", "pose", "generator")
"""Roles whose work a client waits for; Kafka does half of its work afterwards."""
SERVICE_THREADS: Final = 4
"""Threads of Kafka and PostgreSQL that work at the same time, on two CPUs."""


class Cpu(msgspec.Struct, frozen=True):
    """CPU milliseconds of a second: without sessions, and of each session."""

    idle: float
    session: float


class MessageRate(msgspec.Struct, frozen=True):
    """Messages of a session in a topic."""

    per_s: float
    bytes: float


class Measured(msgspec.Struct, frozen=True):
    """Measured costs of a distributed platform."""

    date: str
    machine: str
    command: str
    delay_ms: float
    events_per_s: float
    log_bytes: float
    read_bytes: float
    append_ms: float
    append_100_ms: float
    reply_bytes: float
    api_connections: int
    worker_connections: int
    api_mb: int
    pose_mb: int
    cpu: dict[str, Cpu]
    messages: dict[str, MessageRate]


class Search(msgspec.Struct, frozen=True):
    """Measured largest load, and what the machine did meanwhile."""

    name: str
    command: str
    sessions: int
    refused: int
    others: float
    cpu: dict[str, float]


class Assumptions(msgspec.Struct, frozen=True):
    """Inputs that are chosen, not measured."""

    variation: float
    machine_cpus: int
    busy: float
    headroom: float
    answer_ms: float
    partitions: int
    api_pods: int
    connections: int
    replicas: int
    group: int
    planned_cell: int
    hot_days: float
    cold_bytes_ratio: float
    uncertainty: float


class Prices(msgspec.Struct, frozen=True):
    """Prices in US dollars."""

    cpu_hour: float
    zone_gb: float
    internet_gb: float
    block_gb_month: float
    object_gb_month: float


class Inputs(msgspec.Struct, frozen=True):
    """All inputs of the model."""

    measured: Measured
    searches: list[Search]
    assumptions: Assumptions
    prices: Prices


def read_inputs() -> Inputs:
    """Return the inputs of `scaling.toml`."""
    return msgspec.toml.decode(INPUTS.read_bytes(), type=Inputs)


def costs_of(
    cpu_ms: Mapping[str, float], idle_ms: Mapping[str, float], *, delay_ms: float, variation: float
) -> Costs:
    """Return the costs of a chunk from CPU milliseconds of a session-second by role."""
    chunk = {role: ms / 1000.0 / CHUNKS_PER_S for role, ms in cpu_ms.items()}
    client = [Work("generator", chunk["generator"] / 2)] if "generator" in chunk else []
    behind = [Work(role, s) for role, s in sorted(chunk.items()) if role not in ON_THE_WAY]
    idle = [Work(role, ms / 1000.0) for role, ms in sorted(idle_ms.items())]
    if "kafka" not in chunk:  # embedded: one process does all of it
        worker = [Work(SERVER, chunk[SERVER])]
        return Costs(client, worker, client, behind, idle, delay_ms / 1000.0, variation)
    server, bus = Work(SERVER, chunk[SERVER] / 2), Work("kafka", chunk["kafka"] / 4)
    return Costs(
        before=[*client, server],
        worker=[bus, Work("pose", chunk["pose"]), bus],
        after=[server, *client],
        behind=[Work("kafka", chunk["kafka"] / 2), *behind],
        idle=idle,
        delay_s=delay_ms / 1000.0,
        cv=variation,
    )


def simulated_saturation(inputs: Inputs, search: Search) -> list[int]:
    """Simulate a search on two CPUs with each seed."""
    distributed = "kafka" in search.cpu
    costs = costs_of(
        search.cpu,
        {},
        delay_ms=inputs.measured.delay_ms if distributed else 0.0,
        variation=inputs.assumptions.variation,
    )
    threads = {role: SERVICE_THREADS if role in {"kafka", "postgres"} else 1 for role in search.cpu}
    layout = Layout(cpus=2, threads=threads, others=search.others)
    return [saturation(costs, layout, seed=seed) for seed in SEEDS]


class Limit(msgspec.Struct, frozen=True):
    """Sessions of a cluster at which something is used up, and the remedy."""

    name: str
    sessions: float
    remedy: str


def limits(inputs: Inputs) -> list[Limit]:
    """Return what limits a cluster as it is built, the smallest first."""
    measured, chosen = inputs.measured, inputs.assumptions
    cpu, budget = measured.cpu, 1000.0 * chosen.busy

    def alone(role: str, processes: int = 1) -> float:
        return processes * (budget - cpu[role].idle) / cpu[role].session

    def served(processes: float) -> float:
        """Return the sessions of some API processes, each of which reads all replies."""
        each = budget - cpu[SERVER].idle
        return processes * each / (cpu[SERVER].session + processes * cpu[LISTENER].session)

    free = chosen.connections - measured.worker_connections
    waits_s = measured.events_per_s * measured.append_ms / 1000.0
    found = [
        Limit(
            "connections to PostgreSQL",
            served(free // measured.api_connections),
            "raise `max_connections`, smaller pools",
        ),
        Limit("API pods", served(chosen.api_pods), "raise `maxReplicas`"),
        Limit(
            "partitions of `pose.stream`",
            alone("pose", chosen.partitions),
            "more partitions (below)",
        ),
        Limit("the projection runner", alone("projections"), "a runner per log partition"),
        Limit(
            "replies, which every API process reads",
            (budget - cpu[SERVER].idle) / cpu[LISTENER].session,
            "a partition of replies per API process",
        ),
        Limit(
            "the lock of appends",
            chosen.busy / waits_s,
            "group commit, then a log per tenant group",
        ),
        Limit("the relay", alone("relay"), "a relay per log partition"),
        Limit(
            "partitions of `exercise.detect`",
            chosen.partitions / (cpu["exercise"].session / budget + waits_s / chosen.busy),
            "more partitions, group commit",
        ),
    ]
    return sorted(found, key=lambda limit: limit.sessions)


class Cell(msgspec.Struct, frozen=True):
    """Cluster of some sessions, with everything that serves them, on machines of its own."""

    name: str
    sessions: int
    machines: int
    p95_ms: float
    busy: float
    api: int
    pose: int
    partitions: int
    lock: float
    """Share of the time for which the lock of appends is taken."""


def cell_of(inputs: Inputs, *, planned: bool) -> Cell:
    """Simulate a cell, as it is built or as it is planned."""
    measured, chosen = inputs.measured, inputs.assumptions
    budget = 1000.0 * chosen.busy
    if planned:
        sessions, append_ms, listen_ms = chosen.planned_cell, measured.append_100_ms / 100, 0.0
        append_ms = max(append_ms, measured.append_ms / chosen.group)
    else:
        raised = ("connections to PostgreSQL", "API pods")  # settings
        sessions = int(min(each.sessions for each in limits(inputs) if each.name not in raised))
        append_ms, listen_ms = measured.append_ms, measured.cpu[LISTENER].session
    session_ms = {role: cpu.session for role, cpu in measured.cpu.items() if role != LISTENER}
    idle_ms = {role: measured.cpu[role].idle for role in session_ms}
    idle_ms[SERVER] += listen_ms * sessions
    costs = costs_of(session_ms, idle_ms, delay_ms=measured.delay_ms, variation=chosen.variation)
    processes = {
        role: math.ceil(sessions * ms / (budget - idle_ms[role])) for role, ms in session_ms.items()
    }
    required = Limits(answer_s=chosen.answer_ms / 1000.0)
    machines = math.ceil(sessions * sum(session_ms.values()) / 1000.0 / chosen.machine_cpus)
    while True:
        threads = {role: math.ceil(number / machines) for role, number in processes.items()}
        layout = Layout(chosen.machine_cpus, threads, machines)
        run = simulate(costs, layout, sessions, limits=required, seconds=6.0)
        if run.is_borne(required):
            break
        machines += max(1, machines // 20)
    return Cell(
        name="as planned" if planned else "as built",
        sessions=sessions,
        machines=math.ceil(machines / chosen.headroom),
        p95_ms=round(run.p95_ms),
        busy=round(run.busy, 2),
        api=processes[SERVER],
        pose=processes["pose"],
        partitions=max(chosen.partitions, processes["pose"]),
        lock=round(sessions * measured.events_per_s * append_ms / 1000.0, 2),
    )


class Bill(msgspec.Struct, frozen=True):
    """US dollars of a live session for an hour."""

    machines: float
    zones: float
    internet: float
    storage: float

    @property
    def total(self) -> float:
        return self.machines + self.zones + self.internet + self.storage


def bus_bytes_per_s(measured: Measured) -> float:
    """Return the bytes that a session sends to Kafka in a second."""
    return sum(each.per_s * each.bytes for each in measured.messages.values())


def bill(inputs: Inputs, cell: Cell, sessions: int, *, one_zone: bool) -> Bill:
    """Return the bill. Storage is of a month hot and a year cold, for each hour's events.

    If a cell has one zone, only the log is copied to others. Else messages are copied to all, and
    producers and consumers find their partition in another zone in all but one of `replicas` cases.
    """
    measured, chosen, prices = inputs.measured, inputs.assumptions, inputs.prices
    cells = math.ceil(sessions / cell.sessions)
    cpus = cells * cell.machines * chosen.machine_cpus
    events = measured.events_per_s * HOUR_S
    copies = chosen.replicas - 1
    elsewhere = copies / chosen.replicas
    crossing = measured.events_per_s * measured.log_bytes * copies
    if not one_zone:
        crossing += bus_bytes_per_s(measured) * (copies + 2 * elsewhere)
    hot = events * (measured.log_bytes + measured.read_bytes) / GB * prices.block_gb_month
    cold = events * measured.log_bytes * chosen.cold_bytes_ratio / GB * prices.object_gb_month
    return Bill(
        machines=cpus * prices.cpu_hour / sessions,
        zones=crossing * HOUR_S / GB * prices.zone_gb,
        internet=CHUNKS_PER_S * measured.reply_bytes * HOUR_S / GB * prices.internet_gb,
        storage=hot * chosen.hot_days / 30.0 * chosen.replicas + cold * 12,
    )


def ranges(values: Sequence[int]) -> str:
    """Return the least and the greatest value."""
    return str(min(values)) if min(values) == max(values) else f"{min(values)} to {max(values)}"
