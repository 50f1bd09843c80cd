"""A platform for trainers' videos as processes that can be killed: both compositions, with an S3
server and a virus scanner."""

import os
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Literal
from uuid import uuid4

import httpx2

from adapters.bus.kafka.admin import KafkaTopics
from api.idempotency import RequestInProgress
from application.kernel.topics import TOPICS
from bootstrap.settings import Settings
from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.chaos.platform import Process, Server, Target, until
from tests.plugins.object_storage import make_bucket
from tools.local_services.ceph import LocalObjectStorage
from tools.local_services.clamd import LocalClamd
from tools.local_services.kafka import LocalKafka
from tools.local_services.ports import Port
from tools.local_services.postgres import UNSYNCED, LocalPostgres

Composition = Literal["embedded", "distributed"]

PROCESSES: Final[dict[Composition, dict[str, tuple[str, ...]]]] = {
    "embedded": {"api": ("serve",)},
    "distributed": {
        "api": ("serve",),
        "encoder": ("worker", "analyses"),
        "projections": ("worker", "projections"),
        "relay": ("events", "relay"),
    },
}

WORKER: Final[dict[Composition, str]] = {"embedded": "api", "distributed": "encoder"}
"""The process that checks and encodes."""

PATIENCE_S: Final = 240.0
RETRY_S: Final = 0.2
UNAVAILABLE: Final = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
}
SETTLED: Final = frozenset({"ready", "rejected"})


def is_to_repeat(response: httpx2.Response) -> bool:
    """Return whether a response asks to send the same request again."""
    if response.status_code == HTTPStatus.CONFLICT:
        return bool(response.json()["code"] == RequestInProgress.code)
    return response.status_code in UNAVAILABLE


@dataclass
class ContentSite:
    """The running platform. `targets` are its processes and servers by name."""

    url: str
    composition: Composition
    targets: dict[str, Target]
    environment: dict[str, str]

    @property
    def worker(self) -> Target:
        """The process that checks and encodes."""
        return self.targets[WORKER[self.composition]]

    def settings(self) -> Settings:
        """Return the settings of its processes, to read the log and the store."""
        names = {name.removeprefix("KINELOG_").lower(): name for name in self.environment}
        given: dict[str, Any] = {
            field: self.environment[name]
            for field, name in names.items()
            if field in Settings.model_fields
        }
        return Settings(**given)

    def restart(self, *names: str) -> None:
        """Kill targets, all before the first one starts again."""
        targets = [self.targets[name] for name in names]
        for target in targets:
            target.kill()
        for target in targets:
            target.start()

    def ask(self, method: str, path: str, **what: Any) -> httpx2.Response:
        """Send a request again until the platform answers it, and is available.

        An attempt without a response in time may still run in the server.
        """
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                response = httpx2.request(method, f"{self.url}{path}", timeout=30, **what)
            except httpx2.TransportError:
                response = None
            if response is not None and not is_to_repeat(response):
                return response
            assert time.monotonic() < deadline, response
            time.sleep(RETRY_S)

    def upload(self, content: bytes, before_complete: Callable[[], None] = lambda: None) -> str:
        """Upload a file, whatever is killed meanwhile; return the id of its item."""
        declared = {"mediaType": "video/mp4", "bytes": len(content)}
        body = {"title": "Squats", **declared, "sha256": sha256(content).hexdigest()}
        once = {"Idempotency-Key": str(uuid4())}
        begun = self.ask("POST", "/v1/content", json=body, headers=once)
        assert begun.status_code in {200, 201}, begun.text
        key: str = begun.json()["contentId"]
        self._send(key, content)
        before_complete()
        once = {"Idempotency-Key": str(uuid4())}
        done = self.ask("POST", f"/v1/content/{key}/upload/complete", headers=once)
        assert done.status_code == 200, done.text
        return key

    def _send(self, key: str, content: bytes) -> None:
        """Send the parts that are missing until none is."""
        deadline = time.monotonic() + PATIENCE_S
        while parts := self.ask("GET", f"/v1/content/{key}/upload").json()["parts"]:
            assert time.monotonic() < deadline
            for part in parts:
                start, size = int(part["offset"]), int(part["bytes"])
                try:
                    httpx2.put(part["url"], content=content[start : start + size], timeout=30)
                except httpx2.TransportError:
                    time.sleep(RETRY_S)

    def item(self, key: str) -> Any:
        """Return an item as its trainer sees it."""
        return self.ask("GET", f"/v1/content/{key}").json()

    def wait(self, key: str, is_so: Callable[[Any], bool]) -> Any:
        """Return an item once a condition holds."""
        until(lambda: is_so(self.item(key)), lambda: str(self.item(key)))
        return self.item(key)

    def settled(self, key: str) -> Any:
        """Return an item once it is published or rejected."""
        return self.wait(key, lambda item: item["status"] in SETTLED)


@contextmanager
def running(folder: Path, composition: Composition) -> Generator[ContentSite]:
    """Run a platform without data, and wait until it is ready. Its output is in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        storage = opened.enter_context(LocalObjectStorage())
        clamd = opened.enter_context(LocalClamd())
        bucket = make_bucket(storage.access)
        port = Port()
        opened.callback(port.release)
        given = {
            "KINELOG_HOME": str(folder / "home"),
            "KINELOG_CACHE": str(folder / "cache"),
            "KINELOG_PORT": str(port.number),
            "KINELOG_SIGN_IN": "open",
            "KINELOG_CLAMD": clamd.address,
            "KINELOG_S3_BUCKET": bucket.bucket,
            "KINELOG_S3_ENDPOINT": str(bucket.endpoint),
            "KINELOG_S3_REGION": bucket.region,
            "KINELOG_S3_KEY_ID": str(bucket.key_id),
            "KINELOG_S3_SECRET": str(bucket.secret),
        }
        servers: list[Target] = [Server(storage.gateway), Server(clamd)]
        if composition == "distributed":
            postgres, kafka = LocalPostgres(settings=UNSYNCED), LocalKafka()
            for server in (postgres, kafka):
                opened.callback(server.close)
                server.launch()
            postgres.wait_until_ready()
            kafka.wait_until_ready()
            KafkaTopics(kafka.bootstrap).create(TOPICS)
            servers.append(Server(kafka))
            given |= {
                "KINELOG_POSTGRES_URL": opened.enter_context(upgraded_database(postgres.url)),
                "KINELOG_KAFKA": kafka.bootstrap,
                "KINELOG_ANALYZES": "false",
            }
        processes = [
            Process(name, words, folder, {**os.environ, **given})
            for name, words in PROCESSES[composition].items()
        ]
        targets = {target.name: target for target in [*processes, *servers]}
        for process in processes:
            opened.callback(process.close)
            process.start()
        until(lambda: all(each.is_at_work for each in processes), lambda: f"see {folder}")
        yield ContentSite(f"http://127.0.0.1:{port.number}", composition, targets, given)
