"""Discrete-event simulation of live sessions on machines, with SimPy.

A machine has CPUs, which a fair scheduler shares among threads as Linux does: the thread that used
least of its share runs next, for a time slice at most. A chunk of landmarks passes through the
stages of its path, each a piece of work of one thread, with a delay that costs no CPU between them.
Other work, such as writing the facts of a chunk to the log, follows without the client's waiting.
"""

import math
import statistics
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import simpy

SLICE_S: Final = 0.003
"""Longest time for which a thread runs before the next: `base_slice_ns` of Linux on eight CPUs."""
Process = Generator[simpy.Event, Any, None]


@dataclass
class _Work:
    left_s: float
    done: simpy.Event | None
    """Whether a process waits for it."""


class Thread:
    """Queue of work that one thread does in order, such as a Python process under its lock.

    `weight` is its share of the CPUs, relative to other threads that have work.
    """

    def __init__(self, machine: "Machine", weight: float = 1.0) -> None:
        self._machine = machine
        self._weight = weight
        self._work: deque[_Work] = deque()
        self._used = 0.0
        self.busy_s = 0.0

    def do(self, seconds: float) -> simpy.Event:
        """Queue some work; the event is its end."""
        done = simpy.Event(self._machine.env)
        self._add(_Work(seconds, done))
        return done

    def post(self, seconds: float) -> None:
        """Queue some work that nobody waits for."""
        self._add(_Work(seconds, None))

    def _add(self, work: _Work) -> None:
        self._work.append(work)
        if len(self._work) == 1:
            # Time without work gives no credit: a thread that wakes up may not keep others waiting.
            self._used = max(self._used, self._machine.least_used)
            self._machine.ready.put(simpy.PriorityItem(self._used, self))

    def run_slice(self) -> Process:
        """Run on a CPU for at most a slice."""
        work = self._work[0]
        slice_s = min(SLICE_S, work.left_s)
        yield self._machine.env.timeout(slice_s)
        self.busy_s += slice_s
        self._used += slice_s / self._weight
        work.left_s -= slice_s
        if work.left_s <= 0.0:
            self._work.popleft()
            if work.done is not None:
                work.done.succeed()
        if self._work:
            self._machine.ready.put(simpy.PriorityItem(self._used, self))


class Machine:
    """Machine with some CPUs."""

    def __init__(self, env: simpy.Environment, cpus: int) -> None:
        self.env = env
        self.cpus = cpus
        self.ready = simpy.PriorityStore(env)
        self.least_used = 0.0
        for _ in range(cpus):
            env.process(self._run_cpu())

    def _run_cpu(self) -> Process:
        while True:
            item = yield self.ready.get()
            self.least_used = max(self.least_used, item.priority)
            yield from item.item.run_slice()


@dataclass(frozen=True)
class Work:
    """CPU seconds of a chunk, or of a second without sessions, in a role."""

    role: str
    seconds: float


@dataclass(frozen=True)
class Costs:
    """Costs of a chunk.

    A client waits for `before` and `after`, which run where it is connected, and for the workers'
    part between them, `worker`. `behind` follows the answer. `idle` is the cost of a second of a
    process without sessions. Each piece is drawn from a gamma distribution with the coefficient of
    variation `cv`; `delay_s` is the time on the way that costs no CPU, in equal parts before each
    piece of the workers' part.
    """

    before: Sequence[Work]
    worker: Sequence[Work]
    after: Sequence[Work]
    behind: Sequence[Work] = ()
    idle: Sequence[Work] = ()
    delay_s: float = 0.0
    cv: float = 0.0


@dataclass(frozen=True)
class Layout:
    """Threads of each role on each machine, and the programs that share the machine's CPUs.

    The threads of a role on all machines share the sessions. `others` are the CPUs of each machine
    that other programs use.
    """

    cpus: int
    threads: Mapping[str, int]
    machines: int = 1
    others: float = 0.0


@dataclass(frozen=True)
class Limits:
    """A chunk is on time if `answer_s` after its capture it is answered.

    The answer is provisional, so it does not count, if the workers take longer than `worker_s`.
    After `failures` such answers in a row, a server's circuit breaker does not wait for them at all
    for `open_s`. (`settings.live_deadline_s`, and `adapters/live/kafka_channel.py`.)
    """

    answer_s: float = 0.5
    worker_s: float = 0.4
    on_time: float = 0.95
    failures: int = 5
    open_s: float = 2.0


@dataclass
class _Breaker:
    """Circuit breaker of one server process."""

    failures: int = 0
    open_until_s: float = 0.0

    def note(self, live: bool, now_s: float, limits: Limits) -> None:  # noqa: FBT001  an outcome
        self.failures = 0 if live else self.failures + 1
        if self.failures >= limits.failures:
            self.open_until_s = now_s + limits.open_s


@dataclass
class Run:
    """Result of a load, after the warm-up. `busy` is the share of the CPUs that our threads used.

    `in_system` is the mean number of chunks on their way, `rate` the answers a second.
    """

    sessions: int
    chunks: int
    on_time: int = 0
    latency_s: list[float] = field(default_factory=list[float])
    busy: float = 0.0
    in_system: float = 0.0
    rate: float = 0.0

    def is_borne(self, limits: Limits) -> bool:
        return self.on_time >= limits.on_time * self.chunks

    @property
    def p95_ms(self) -> float:
        """Return the 95th percentile of the time to an answer; infinite if too few came."""
        rank = math.ceil(0.95 * self.chunks)
        if not 0 < rank <= len(self.latency_s):
            return math.inf
        return 1000.0 * sorted(self.latency_s)[rank - 1]

    @property
    def p50_ms(self) -> float:
        return 1000.0 * statistics.median(self.latency_s) if self.latency_s else math.inf


SERVER: Final = "serve"
"""Role of the processes that clients are connected to."""
INTERVAL_S: Final = 0.5
"""Clients send half a second of landmarks at a time."""
WARM_UP_S: Final = 3.0
IDLE_EVERY_S: Final = 0.05
"""Pause between two pieces of idle work, such as a poll."""
DISTURBANCE_S: Final = 0.05
"""Mean time for which a thread of other programs has work."""
FIRST: Final = 1000.0
"""Weight of other programs: they get the CPU time that they were measured to use."""


class _Simulation:
    def __init__(
        self, costs: Costs, layout: Layout, limits: Limits, sessions: int, seconds: float, seed: int
    ) -> None:
        self._env = simpy.Environment()
        self._costs, self._layout, self._limits = costs, layout, limits
        self._random = Random(seed)  # noqa: S311  reproducible, not secret
        self._seconds = seconds
        self._machines = [Machine(self._env, layout.cpus) for _ in range(layout.machines)]
        self._threads = {
            role: [Thread(machine) for _ in range(number) for machine in self._machines]
            for role, number in layout.threads.items()
        }
        self._breakers = [_Breaker() for _ in self._threads[SERVER]]
        self._result = Run(sessions, chunks=0)
        self._area, self._inside, self._changed_s = 0.0, 0, 0.0

    def run(self) -> Run:
        result, layout = self._result, self._layout
        for session in range(result.sessions):
            self._env.process(self._train(session))
        for work in self._costs.idle:
            for thread in self._threads.get(work.role, ()):
                self._env.process(self._idle(thread, work.seconds))
        for machine in self._machines if layout.others else ():
            for _ in range(layout.cpus):
                thread = Thread(machine, FIRST)
                self._env.process(self._disturb(thread, layout.others / layout.cpus))
        self._env.run(until=WARM_UP_S)
        busy_s = self._busy_s()
        self._area, self._changed_s = 0.0, WARM_UP_S
        self._env.run(until=self._seconds)
        self._note_change(0)
        lasted_s = self._seconds - WARM_UP_S
        cpus = layout.cpus * layout.machines
        result.busy = (self._busy_s() - busy_s) / (lasted_s * cpus)
        result.in_system = self._area / lasted_s
        result.rate = len(result.latency_s) / (lasted_s - self._limits.answer_s)
        return result

    def _busy_s(self) -> float:
        return sum(thread.busy_s for role in self._threads.values() for thread in role)

    def _note_change(self, step: int) -> None:
        """Note that a chunk came or went, for the mean number of chunks on their way."""
        self._area += self._inside * (self._env.now - self._changed_s)
        self._inside += step
        self._changed_s = self._env.now

    def _vary(self, seconds: float) -> float:
        """Draw the cost of a piece of work."""
        if self._costs.cv == 0.0 or seconds == 0.0:
            return seconds
        shape = 1.0 / self._costs.cv**2
        return self._random.gammavariate(shape, seconds / shape)

    def _thread(self, role: str, session: int) -> Thread:
        threads = self._threads[role]
        return threads[session % len(threads)]

    def _train(self, session: int) -> Process:
        """Run a client, which sends a chunk after the answer to the one before it."""
        due_s = INTERVAL_S * self._random.random()
        end_s = self._seconds - self._limits.answer_s
        while True:
            counts = WARM_UP_S <= due_s < end_s
            self._result.chunks += counts
            yield self._env.timeout(max(0.0, due_s - self._env.now))
            self._note_change(1)
            live = yield from self._send(session)
            self._note_change(-1)
            if counts and live:
                took_s = self._env.now - due_s
                self._result.latency_s.append(took_s)
                self._result.on_time += took_s <= self._limits.answer_s
            due_s += INTERVAL_S

    def _send(self, session: int) -> Generator[simpy.Event, Any, bool]:
        """Return whether the workers answered in time."""
        for work in self._costs.before:
            yield self._thread(work.role, session).do(self._vary(work.seconds))
        answered = self._env.process(self._work(session))
        breaker = self._breakers[session % len(self._breakers)]
        live = False
        if self._env.now >= breaker.open_until_s:
            yield answered | self._env.timeout(self._limits.worker_s)
            live = answered.processed
            breaker.note(live, self._env.now, self._limits)
        for work in self._costs.after:
            yield self._thread(work.role, session).do(self._vary(work.seconds))
        return live

    def _work(self, session: int) -> Process:
        """Do the workers' part, and leave the rest of the chunk's work behind."""
        pause_s = self._costs.delay_s / max(1, len(self._costs.worker))
        for work in self._costs.worker:
            yield self._env.timeout(pause_s)
            yield self._thread(work.role, session).do(self._vary(work.seconds))
        for work in self._costs.behind:
            self._thread(work.role, session).post(self._vary(work.seconds))

    def _idle(self, thread: Thread, seconds: float) -> Process:
        yield self._env.timeout(IDLE_EVERY_S * self._random.random())
        while True:
            thread.post(self._vary(seconds * IDLE_EVERY_S))
            yield self._env.timeout(IDLE_EVERY_S)

    def _disturb(self, thread: Thread, share: float) -> Process:
        """Use a CPU for this share of the time."""
        pause_s = DISTURBANCE_S * (1.0 / share - 1.0)
        while True:
            yield self._env.timeout(self._random.expovariate(1.0 / pause_s))
            yield thread.do(self._random.expovariate(1.0 / DISTURBANCE_S))


def simulate(
    costs: Costs,
    layout: Layout,
    sessions: int,
    *,
    limits: Limits = Limits(),
    seconds: float = 10.0,
    seed: int = 1,
) -> Run:
    """Run a load. The same arguments give the same result."""
    return _Simulation(costs, layout, limits, sessions, seconds, seed).run()


def saturation(
    costs: Costs,
    layout: Layout,
    *,
    limits: Limits = Limits(),
    first: int = 8,
    most: int = 4096,
    seconds: float = 10.0,
    seed: int = 1,
) -> int:
    """Return the largest sustained load, searched as `_live_load.most` does; 0 for none."""
    borne, beyond, number = 0, most + 1, first
    while beyond - borne > max(1, borne // 16):
        run = simulate(costs, layout, number, limits=limits, seconds=seconds, seed=seed)
        if run.is_borne(limits):
            borne = number
        else:
            beyond = number
        doubled = max(first, 2 * borne)
        number = doubled if doubled < beyond else (borne + beyond) // 2
    return borne
