"""Local Ceph: an S3 gateway, a monitor and an in-memory object store.

Data are lost when it stops. There is no manager, so commands that query it (`ceph pg stat`) never
return. Clients must have keys: without cephx the gateway of Ceph 16 does not start.
"""

import base64
import os
import secrets
import struct
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Self

from tools.local_services import binaries
from tools.local_services.ports import LOOPBACK, Port
from tools.local_services.probes import http_answers
from tools.local_services.server import (
    READY_WITHIN_S,
    LocalServer,
    ServerFailed,
    Startable,
    write_private,
)

REGION: Final = "us-east-1"
"""Default region of S3 clients; Ceph accepts any."""
CAPACITY_BYTES: Final = 2 << 30

CAPABILITIES: Final = {
    "mon.": {"mon": "allow *"},
    "client.admin": {"mon": "allow *", "osd": "allow *"},
    "client.gateway": {"mon": "allow rw", "osd": "allow rwx"},
    "osd.0": {"mon": "allow profile osd", "osd": "allow *"},
}
"""Permissions in the cluster, by name."""

SETTINGS: Final = {
    "log to file": "false",
    "log to stderr": "true",
    "public addr": LOOPBACK,
    "cluster addr": LOOPBACK,
    "ms bind ipv6": "false",
    # One copy, in one place.
    "osd pool default size": "1",
    "osd pool default min size": "1",
    "osd crush chooseleaf type": "0",
    "mon allow pool size one": "true",
    "osd pool default pg num": "1",
    "osd pool default pgp num": "1",
    "osd pool default pg autoscale mode": "off",
    "osd objectstore": "memstore",
    "memstore device bytes": str(CAPACITY_BYTES),
    # Ready in 2 s instead of 12: waits that are for clusters of many machines.
    "paxos propose interval": "0.05",
    "paxos min wait": "0.01",
    "mon tick interval": "1",
    "objecter tick interval": "0.5",
}


@dataclass(frozen=True)
class Access:
    """Credentials of an S3 client."""

    endpoint: str
    region: str
    key_id: str
    secret: str


class CephDaemon(LocalServer):
    """One process of the cluster. `home` is the monitor's folder, with settings and keys."""

    def __init__(self, home: Path | None = None) -> None:
        self.program = binaries.ceph_program(self.name)
        super().__init__(None)
        self.home = home or self.folder

    def prepare(self) -> None:
        """Do nothing: the monitor has prepared the cluster."""

    def command(self) -> list[str]:
        return [str(self.program), "--foreground", *self._options(), "--conf", f"{self.home}/conf"]

    def answers(self) -> bool:
        """Report ready: the processes that need the daemon wait for it."""
        return True

    def _options(self) -> list[str]:
        return ["--id", "0"]

    def run(self, program: Path, *words: str) -> None:
        """Run a Ceph program on the cluster. Raises ServerFailed."""
        ran = subprocess.run(
            [program, *words, "--conf", f"{self.home}/conf"],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            timeout=READY_WITHIN_S,
        )
        if ran.returncode != 0:
            raise ServerFailed(f"{program.name} failed: {ran.stderr.strip()}")


class Monitor(CephDaemon):
    """Ceph monitor, which keeps the map of the cluster."""

    name: ClassVar[str] = "ceph-mon"

    def __init__(self, gateway: Port) -> None:
        super().__init__()
        self._port = Port()
        self._address = f"v2:{LOOPBACK}:{self._port.number}"
        self._gateway = gateway

    def prepare(self) -> None:
        if (self.folder / "mon").exists():
            return
        cluster = str(uuid.uuid4())
        write_private(self.folder / "keyring", _keyring())
        (self.folder / "conf").write_text(self._conf(cluster))
        members, keys = self.folder / "monmap", self.folder / "keyring"
        tool = binaries.ceph_program("monmaptool")
        self.run(
            tool, "--create", "--addv", "0", f"[{self._address}]", "--fsid", cluster, str(members)
        )
        (self.folder / "mon").mkdir()
        words = ("--mkfs", *self._options(), "--monmap", str(members), "--keyring", str(keys))
        self.run(self.program, *words)

    def close(self) -> None:
        super().close()
        self._port.release()

    def _conf(self, cluster: str) -> str:
        here = {
            "fsid": cluster,
            "mon host": self._address,
            "mon data": f"{self.folder}/mon",
            "osd data": f"{self.folder}/osd",
            "keyring": f"{self.folder}/keyring",
            "admin socket": f"{self.folder}/$name.asok",
            "rgw data": f"{self.folder}/gateway",
            "rgw frontends": f"beast endpoint={LOOPBACK}:{self._gateway.number} tcp_nodelay=1",
        }
        lines = [f"{name} = {value}" for name, value in {**SETTINGS, **here}.items()]
        return "\n".join(["[global]", *lines, ""])


class Store(CephDaemon):
    """In-memory object store."""

    name: ClassVar[str] = "ceph-osd"

    def prepare(self) -> None:
        place = self.home / "osd"
        if not place.exists():
            place.mkdir()
            self.run(self.program, "--mkfs", *self._options())


class Gateway(CephDaemon):
    """The S3 gateway. It has no state, so it may be killed and restarted at any time."""

    name: ClassVar[str] = "radosgw"

    def __init__(self, home: Path, port: Port) -> None:
        super().__init__(home)
        self._port = port

    @property
    def url(self) -> str:
        """The endpoint for S3 clients."""
        return f"http://{LOOPBACK}:{self._port.number}"

    def answers(self) -> bool:
        return http_answers(self.url)

    def close(self) -> None:
        super().close()
        self._port.release()

    def _options(self) -> list[str]:
        return ["--name", "client.gateway"]

    def admit(self, user: str, secret: str) -> None:
        """Create a user with these credentials."""
        words = ("user", "create", "--uid", user, "--display-name", user)
        keys = ("--access-key", user, "--secret-key", secret, "--name", "client.admin")
        self.run(binaries.ceph_program("radosgw-admin"), *words, *keys)


class LocalObjectStorage(Startable):
    """Ceph cluster of one machine and one user, who may create buckets. `gateway` can be killed."""

    def __init__(self) -> None:
        port = Port()
        self._monitor = Monitor(port)
        self._store = Store(self._monitor.folder)
        self.gateway = Gateway(self._monitor.folder, port)
        self.access = Access(self.gateway.url, REGION, "kinelog", secrets.token_urlsafe(30))

    def start(self, within_s: float = READY_WITHIN_S) -> Self:
        """Start the three daemons, and create the user."""
        for each in (self._monitor, self._store, self.gateway):
            each.launch()
        self.gateway.admit(self.access.key_id, self.access.secret)
        self.gateway.wait_until_ready(within_s)
        return self

    def close(self) -> None:
        """Stop the three daemons at once; there are no data to keep."""
        for each in (self.gateway, self._store, self._monitor):
            each.close()


def _keyring() -> str:
    """Write new keys in Ceph's format, each a CryptoKey: type, time, length, AES key."""
    lines: list[str] = []
    for name, capabilities in CAPABILITIES.items():
        key = struct.pack("<hiih", 1, int(time.time()), 0, 16) + os.urandom(16)
        lines += [f"[{name}]", f"key = {base64.b64encode(key).decode()}"]
        lines += [f'caps {who} = "{what}"' for who, what in capabilities.items()]
    return "\n".join([*lines, ""])
