"""The whole platform as local processes that are restarted whenever one ends."""

import os
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from adapters.bus.kafka.admin import KafkaTopics
from application.kernel.topics import TOPICS
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.chaos.plan import PROCESSES
from tests.commands import Command
from tools.local_services.kafka import LocalKafka
from tools.local_services.ports import Port
from tools.local_services.postgres import UNSYNCED, LocalPostgres
from tools.local_services.server import LocalServer

WITHIN_S: Final = 300.0
LOOK_S: Final = 0.1
AGAIN_AFTER_S: Final = 1.0
"""Delay before a restart of an ended process, as with `restart: unless-stopped`."""


class NeverSo(AssertionError):  # noqa: N818  the name states the obstacle
    """A condition did not become true in time."""


def until(condition: Callable[[], bool], what: Callable[[], str]) -> None:
    """Wait for a condition. Raises NeverSo."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        if time.monotonic() > deadline:
            raise NeverSo(what())
        time.sleep(LOOK_S)


class Target(ABC):
    """Something that can be killed and started again, from any thread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_wanted = True
        self._lock = threading.Lock()

    @property
    @abstractmethod
    def runs(self) -> bool:
        """Return whether the process is running."""

    @property
    @abstractmethod
    def is_at_work(self) -> bool:
        """Return whether it is ready."""

    def start(self) -> None:
        """Start it unless it is running."""
        with self._lock:
            if self.is_wanted and not self.runs:
                self._start()

    def kill(self) -> None:
        """End it with SIGKILL; it stays down until it is started."""
        with self._lock:
            self._kill()

    def close(self) -> None:
        """End it for good."""
        self.is_wanted = False
        self.kill()

    @abstractmethod
    def _start(self) -> None: ...

    @abstractmethod
    def _kill(self) -> None: ...


class Process(Target):
    """A Kinelog command, which prints a JSON line when it is ready."""

    def __init__(
        self, name: str, words: tuple[str, ...], folder: Path, environment: dict[str, str]
    ) -> None:
        super().__init__(name)
        self._words = words
        self._folder = folder
        self._environment = environment
        self._lives = 0
        self._process: Command | None = None

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def is_at_work(self) -> bool:
        return self.runs and self._said.stat().st_size > 0

    @property
    def _said(self) -> Path:
        return self._folder / f"{self.name}-{self._lives}.out"

    def _start(self) -> None:
        self._lives += 1
        notes = self._folder / f"{self.name}.log"
        self._said.touch()
        self._process = Command(
            *self._words, "--json", environment=self._environment, errors=notes, output=self._said
        )

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Server(Target):
    """A third-party server that keeps its port and data folder across restarts."""

    def __init__(self, server: LocalServer) -> None:
        super().__init__(server.name)
        self._server = server

    @property
    def runs(self) -> bool:
        return self._server.running

    @property
    def is_at_work(self) -> bool:
        return self.runs and self._server.answers()

    def _start(self) -> None:
        self._server.start()

    def _kill(self) -> None:
        self._server.kill()


class Site:
    """The running platform. `fell` counts the processes that ended by themselves, by name."""

    def __init__(
        self, targets: list[Target], *, urls: list[str], database: str, kafka: str
    ) -> None:
        self.targets = {target.name: target for target in targets}
        self.urls = urls
        self.database = database
        self.kafka = kafka
        self.fell: Counter[str] = Counter()
        self._down: set[str] = set()
        self._returning: list[threading.Timer] = []

    def strike(self, name: str, back_after_s: float) -> None:
        """Kill a target that is ready, and start it again later. Raises NeverSo."""
        target = self.targets[name]
        until(lambda: name not in self._down and target.is_at_work, lambda: f"{name} never works")
        self._down.add(name)
        target.kill()
        timer = threading.Timer(back_after_s, self._return, (target,))
        self._returning.append(timer)
        timer.start()

    def _return(self, target: Target) -> None:
        target.start()
        self._down.discard(target.name)

    def settle(self) -> None:
        """Wait until all killed targets run again."""
        for timer in self._returning:
            timer.join()

    @contextmanager
    def supervised(self) -> Generator[None]:
        """Restart processes that end by themselves, until the block ends."""
        over = threading.Event()
        watching = threading.Thread(target=self._watch, args=(over,))
        watching.start()
        try:
            yield
        finally:
            over.set()
            watching.join()
            self.settle()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(LOOK_S):
            ended = [each for each in self.targets.values() if not each.runs]
            for target in ended:
                if target.name not in self._down:
                    self.fell[target.name] += 1
                    self._down.add(target.name)
                    timer = threading.Timer(AGAIN_AFTER_S, self._return, (target,))
                    self._returning.append(timer)
                    timer.start()

    def close(self) -> None:
        """End every process of the platform, but not the servers."""
        for name in PROCESSES:
            self.targets[name].close()


@contextmanager
def running(folder: Path) -> Generator[Site]:
    """Run the whole platform without data, and wait until it is ready.

    `folder` is for its output.
    """
    with ExitStack() as opened:
        postgres, kafka = LocalPostgres(settings=UNSYNCED), LocalKafka()
        for server in (postgres, kafka):
            opened.callback(server.close)
            server.launch()
        postgres.wait_until_ready()
        database = opened.enter_context(upgraded_database(postgres.url))
        kafka.wait_until_ready()
        KafkaTopics(kafka.bootstrap).create(TOPICS)
        ports = {name: opened.enter_context(_leased()) for name in ("api-1", "api-2")}
        processes = [
            Process(name, words, folder, _environment(folder, database, kafka, ports.get(name)))
            for name, words in PROCESSES.items()
        ]
        site = Site(
            [*processes, Server(kafka), Server(postgres)],
            urls=[f"http://127.0.0.1:{port}" for port in ports.values()],
            database=database,
            kafka=kafka.bootstrap,
        )
        opened.callback(site.close)
        for process in processes:
            process.start()
        until(lambda: all(each.is_at_work for each in processes), lambda: f"see {folder}")
        yield site
        site.close()
        site.settle()


@contextmanager
def _leased() -> Generator[int]:
    port = Port()
    try:
        yield port.number
    finally:
        port.release()


def _environment(
    folder: Path, database: str, kafka: LocalKafka, port: int | None
) -> dict[str, str]:
    return {
        **os.environ,
        "KINELOG_POSTGRES_URL": database,
        "KINELOG_KAFKA": kafka.bootstrap,
        "KINELOG_HOME": str(folder / "home"),
        "KINELOG_CACHE": str(folder / "cache"),
        "KINELOG_PORT": str(port or 0),
        "KINELOG_READ_YOUR_WRITES_TIMEOUT_S": "0",
        "KINELOG_SIGN_IN": "open",
    }
