"""Kafka and the live workers, as processes that can be killed."""

import json
import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2

from adapters.bus.kafka.admin import KafkaTopics
from application.kernel.topics import TOPICS
from tests.commands import Command
from tools.local_services.kafka import LocalKafka

PATIENCE_S = 120.0


class Site:
    """Runs commands of a distributed Kinelog. Their standard error is in `folder`."""

    def __init__(
        self,
        database: str | None,
        bootstrap: str | None,
        folder: Path,
        *,
        read_your_writes_timeout_s: float = 0,
    ) -> None:
        self.folder = folder
        where = {"KINELOG_POSTGRES_URL": database, "KINELOG_KAFKA": bootstrap}
        given = {name: text for name, text in where.items() if text is not None}
        home = {
            "KINELOG_HOME": str(folder),
            "KINELOG_CACHE": str(folder / "cache"),
            "KINELOG_PORT": "0",
            "KINELOG_READ_YOUR_WRITES_TIMEOUT_S": str(read_your_writes_timeout_s),
            "KINELOG_SIGN_IN": "open",
        }
        self._environment = {**os.environ, **given, **home}

    def begin(self, *words: str) -> Command:
        """Start a command that prints one line of JSON when it is ready."""
        errors = self.folder / f"{'-'.join(words)}.log"
        return Command(*words, "--json", environment=self._environment, errors=errors)

    def at_work(self, process: Command) -> Any:
        """Wait until a command is ready; return what it printed."""
        said = process.stdout.readline()
        assert said, f"it ended with {process.wait()}: see {self.folder}"
        return json.loads(said)

    @contextmanager
    def run(self, *words: str) -> Generator[Any]:
        """Run a command until the block ends; yield what it printed when it was ready."""
        with self.begin(*words) as process:
            try:
                yield self.at_work(process)
            finally:
                process.kill()

    @contextmanager
    def together(self, *commands: str) -> Generator[list[Any]]:
        """Run commands that start at the same time; yield what each printed when it was ready."""
        with ExitStack() as opened:
            processes = [opened.enter_context(self.begin(*each.split())) for each in commands]
            for process in processes:
                opened.callback(process.kill)
            yield [self.at_work(process) for process in processes]

    @contextmanager
    def workers(self) -> Generator[None]:
        """Run one worker of each kind; they start at the same time."""
        with self.begin("worker", "pose") as pose, self.begin("worker", "exercise") as exercise:
            try:
                self.at_work(pose)
                self.at_work(exercise)
                yield
            finally:
                pose.terminate()
                exercise.terminate()


@contextmanager
def kafka_with_topics() -> Generator[LocalKafka]:
    """Run a separate Kafka broker with all topics."""
    with LocalKafka() as kafka:
        KafkaTopics(kafka.bootstrap).create(TOPICS)
        yield kafka


class InTurn(httpx2.BaseTransport):
    """Sends each request to the next of these servers; `urls` may change."""

    def __init__(self, *urls: str) -> None:
        self.urls = list(urls)
        self._inner = httpx2.HTTPTransport()
        self._turn = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self._turn += 1
        server = httpx2.URL(self.urls[self._turn % len(self.urls)])
        request.url = request.url.copy_with(host=server.host, port=server.port)
        request.headers["Host"] = server.netloc.decode()
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()
