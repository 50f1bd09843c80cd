"""Local Kafka: one broker, or a cluster of three."""

import base64
import shutil
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from tools.local_services import binaries
from tools.local_services.ports import LOOPBACK, Port
from tools.local_services.probes import kafka_brokers
from tools.local_services.server import READY_WITHIN_S, LocalServer, ServerFailed, Startable

HEAP_MB = 512
CLASS_ARCHIVE = binaries.kafka_libs() / "classes.jsa"
"""JVM class archive of Kafka, which halves the time of a start (JEP 310 and 350)."""
QUICK_START = ("-XX:TieredStopAtLevel=1", f"-XX:SharedArchiveFile={CLASS_ARCHIVE}")
"""JVM options for a fast start with less optimized code. Throughput measurements pass ()."""
CHECKPOINT = binaries.kafka_libs() / "bootstrap.checkpoint"
"""What Kafka's own tool writes into a new storage beside its ids: the version of the metadata."""
LOG4J = """\
rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %c{1}: %m%n
"""


@dataclass(frozen=True)
class Quorum:
    """Controllers of a cluster: node id → port. They agree on the metadata by majority."""

    cluster_id: str
    ports: Mapping[int, Port]

    @classmethod
    def of(cls, nodes: int) -> Self:
        """Prepare a new cluster with this number of nodes."""
        return cls(_new_id(), {node: Port() for node in range(1, nodes + 1)})

    @property
    def voters(self) -> str:
        """Value of `controller.quorum.voters`."""
        return ",".join(f"{node}@{LOOPBACK}:{port.number}" for node, port in self.ports.items())


class LocalKafka(LocalServer):
    """KRaft node, both broker and controller, on the loopback address.

    Topics are not created automatically. `settings` are those of server.properties and override
    ours.
    """

    name: ClassVar[str] = "kafka"
    grace_s = 20.0  # without a majority of controllers it would wait for minutes

    def __init__(
        self,
        folder: Path | None = None,
        *,
        port: int | None = None,
        node_id: int = 1,
        quorum: Quorum | None = None,
        heap_mb: int = HEAP_MB,
        jvm_options: Sequence[str] = QUICK_START,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._java, self._libs = binaries.java(), binaries.kafka_jars()
        super().__init__(folder)
        self._port = Port(port)
        self._node_id = node_id
        self._quorum = quorum or Quorum.of(1)
        self._jvm_options = [f"-Xmx{heap_mb}m", *jvm_options]
        self._settings = dict(settings or {})

    @property
    def bootstrap(self) -> str:
        """host:port of this node, for clients."""
        return f"{LOOPBACK}:{self._port.number}"

    @property
    def url(self) -> str:
        """The same as `bootstrap`: Kafka has no URLs."""
        return self.bootstrap

    def prepare(self) -> None:
        lines = [f"{name}={value}" for name, value in self._properties().items()]
        self._config.write_text("\n".join(lines) + "\n")
        (self.folder / "log4j2.properties").write_text(LOG4J)
        if not (self.folder / "data" / "meta.properties").exists():
            self._format()

    def command(self) -> list[str]:
        return [*self._jvm(*self._jvm_options), "kafka.Kafka", str(self._config)]

    def answers(self) -> bool:
        return self._node_id in kafka_brokers(self.bootstrap)

    def close(self) -> None:
        super().close()
        self._port.release()
        self._quorum.ports[self._node_id].release()

    @property
    def _config(self) -> Path:
        return self.folder / "server.properties"

    def _jvm(self, *options: str) -> list[str]:
        always = ["-Xms64m", "-XX:+UseSerialGC"]  # a small heap needs no other collector
        log4j = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}"
        return [str(self._java), *always, *options, log4j, "-cp", f"{self._libs}/*"]

    def _format(self) -> None:
        """Format the storage with its cluster id; Kafka does not start on an empty folder.

        Kafka's own tool takes a JVM of its own, so it runs once per machine: its result is kept.
        """
        data = self.folder / "data"
        if not CHECKPOINT.exists():
            self._run_storage_tool()
            draft = CHECKPOINT.with_suffix(f".{self._port.number}")
            shutil.copyfile(data / CHECKPOINT.name, draft)
            draft.replace(CHECKPOINT)
            return
        data.mkdir(exist_ok=True)
        shutil.copyfile(CHECKPOINT, data / CHECKPOINT.name)
        ids = {
            "version": "1",
            "node.id": str(self._node_id),
            "cluster.id": self._quorum.cluster_id,
            "directory.id": _new_id(),
        }
        lines = [f"{name}={value}\n" for name, value in ids.items()]
        (data / "meta.properties").write_text("".join(lines))

    def _run_storage_tool(self) -> None:
        tool = [*self._jvm(*QUICK_START), "kafka.tools.StorageTool", "format"]
        formatted = subprocess.run(
            [*tool, f"--cluster-id={self._quorum.cluster_id}", "--config", str(self._config)],
            capture_output=True,
            text=True,
            check=False,
        )
        if formatted.returncode != 0:
            raise ServerFailed(f"Kafka's storage was not formatted: {formatted.stderr.strip()}")

    def _properties(self) -> dict[str, str]:
        controller = self._quorum.ports[self._node_id].number
        nodes = len(self._quorum.ports)
        in_sync = max(1, nodes - 1)  # of three, one may be missing
        return {
            "process.roles": "broker,controller",
            "node.id": str(self._node_id),
            "controller.quorum.voters": self._quorum.voters,
            "controller.listener.names": "CONTROLLER",
            "listeners": f"CLIENT://{self.bootstrap},CONTROLLER://{LOOPBACK}:{controller}",
            "advertised.listeners": f"CLIENT://{self.bootstrap}",
            "inter.broker.listener.name": "CLIENT",
            "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": str(self.folder / "data"),
            "auto.create.topics.enable": "false",
            "default.replication.factor": str(nodes),
            "min.insync.replicas": str(in_sync),
            "offsets.topic.replication.factor": str(nodes),
            "transaction.state.log.replication.factor": str(nodes),
            "transaction.state.log.min.isr": str(in_sync),
            "share.coordinator.state.topic.replication.factor": str(nodes),
            "share.coordinator.state.topic.min.isr": str(in_sync),
            # 50 partitions each are for large clusters; here they only slow every start.
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.num.partitions": "4",
            # A killed broker can rejoin only after its old session: 9 s by default.
            "broker.session.timeout.ms": "4000",
            "broker.heartbeat.interval.ms": "500",
            "group.initial.rebalance.delay.ms": "0",
            **self._settings,
        }


class LocalKafkaCluster(Startable):
    """Cluster of three nodes, each broker and controller. Any node may be killed and restarted."""

    def __init__(self, folder: Path | None = None, *, nodes: int = 3) -> None:
        quorum = Quorum.of(nodes)
        self.nodes = [
            LocalKafka(folder and folder / str(node), node_id=node, quorum=quorum)
            for node in quorum.ports
        ]

    @property
    def bootstrap(self) -> str:
        """host:port of every node, separated by commas."""
        return ",".join(node.bootstrap for node in self.nodes)

    def start(self, within_s: float = READY_WITHIN_S) -> Self:
        """Start every node that is down, and wait until all are ready."""
        for node in self.nodes:
            node.launch()
        for node in self.nodes:
            node.wait_until_ready(within_s)
        return self

    def stop(self) -> None:
        """Stop all nodes gracefully and together: the last one alone would wait for a majority."""
        for node in self.nodes:
            node.ask_to_stop()
        for node in self.nodes:
            node.stop()

    def kill(self) -> None:
        """Kill all nodes with SIGKILL."""
        for node in self.nodes:
            node.kill()

    def close(self) -> None:
        """Stop all nodes, and remove their folders if those are temporary."""
        for node in self.nodes:
            node.close()


def _new_id() -> str:
    """Return 16 random bytes in Kafka's format: base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


def archive_classes() -> None:
    """Start and stop Kafka once so that the JVM writes the class archive; takes seconds.

    The JVM ignores an archive of another Java or of other jars.
    """
    draft = CLASS_ARCHIVE.with_suffix(".partial")
    node = LocalKafka(jvm_options=[f"-XX:ArchiveClassesAtExit={draft}"])
    node.grace_s = 300.0  # the archive is written at the end; a partial one is useless
    with node:
        node.stop()
    draft.replace(CLASS_ARCHIVE)
