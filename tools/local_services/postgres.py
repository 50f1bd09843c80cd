"""Local PostgreSQL."""

import os
import pwd
import secrets
import signal
import stat
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import ClassVar

from tools.local_services import binaries
from tools.local_services.guarded_process import Account
from tools.local_services.ports import LOOPBACK, Port
from tools.local_services.probes import postgres_answers
from tools.local_services.server import LocalServer, ServerFailed, write_private

SUPERUSER = "kinelog"
SOCKET_PATH_BYTES = 107
"""The longest path of a Unix socket: unix(7), sun_path without its last byte."""
UNSYNCED: Mapping[str, str] = {"fsync": "off"}
"""Settings for tests that kill a server, but simulate no power cuts. A killed server still keeps
commits, which it would not with `synchronous_commit` off as well."""
UNSAFE_BUT_FAST: Mapping[str, str] = {**UNSYNCED, "full_page_writes": "off"}
"""Settings for tests of a server that is stopped, or removed with its data."""


class LocalPostgres(LocalServer):
    """PostgreSQL, UTF-8 and C.UTF-8, with a password, on TCP and a Unix socket in its folder.

    `settings` are those of postgresql.conf, and `programs` the folder of initdb and postgres, by
    default that of the newest installed version. Durability is PostgreSQL's default, which is full.
    """

    name: ClassVar[str] = "postgres"
    stop_signal = signal.SIGINT  # "fast": roll back, write a checkpoint, end
    orphan_signal = signal.SIGQUIT  # "immediate": end now, but give shared memory back

    def __init__(
        self,
        folder: Path | None = None,
        *,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        programs: Path | None = None,
    ) -> None:
        self._programs = programs or binaries.postgres_bin()
        super().__init__(folder)
        self._port = Port(port)
        self._settings = dict(settings or {})

    @property
    def url(self) -> str:
        """The maintenance database `postgres`, as superuser, over TCP."""
        return f"postgresql://{SUPERUSER}:{self._password}@{LOOPBACK}:{self._port.number}/postgres"

    @property
    def socket_url(self) -> str:
        """The same over the Unix socket in the server's folder."""
        place = f"host={self.folder}&port={self._port.number}"
        return f"postgresql://{SUPERUSER}:{self._password}@/postgres?{place}"

    def account(self) -> Account | None:
        return unprivileged()

    def prepare(self) -> None:
        if len(os.fsencode(self.folder / f".s.PGSQL.{self._port.number}")) > SOCKET_PATH_BYTES:
            raise ServerFailed(f"The path {self.folder} is too long for a Unix socket in it.")
        account = self.account()
        for above in self.folder.parents if account is not None else ():
            if not above.stat().st_mode & stat.S_IXOTH:
                raise ServerFailed(f"{above} is closed to the user who runs PostgreSQL for root.")
        if (self.folder / "data" / "PG_VERSION").exists():
            return
        write_private(self.folder / "password", secrets.token_urlsafe(18))
        if account is not None:
            os.chown(self.folder, account.user, account.group)
            os.chown(self.folder / "password", account.user, account.group)
        self._initialise(account)

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self._port.number),
            "unix_socket_directories": str(self.folder),
            **self._settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self._programs / "postgres"), "-D", str(self.folder / "data"), *options]

    def answers(self) -> bool:
        return postgres_answers(self.url)

    def close(self) -> None:
        super().close()
        self._port.release()

    @property
    def _password(self) -> str:
        return (self.folder / "password").read_text()

    def _initialise(self, account: Account | None) -> None:
        """Create a cluster; data in a temporary folder need not survive a power cut."""
        options = [
            *("--pgdata", str(self.folder / "data"), "--username", SUPERUSER),
            *("--pwfile", str(self.folder / "password"), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"),
            *(("--no-sync",) if self.temporary else ()),
        ]
        initdb = subprocess.run(
            [self._programs / "initdb", *options],
            cwd=self.folder,
            user=None if account is None else account.user,
            group=None if account is None else account.group,
            extra_groups=None if account is None else [],
            capture_output=True,
            text=True,
            check=False,
        )
        if initdb.returncode != 0:
            raise ServerFailed(f"initdb in {self.folder} failed: {initdb.stderr.strip()}")


@cache
def unprivileged() -> Account | None:
    """Return the user that runs a database if we are root, as databases refuse to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return Account(entry.pw_uid, entry.pw_gid)
