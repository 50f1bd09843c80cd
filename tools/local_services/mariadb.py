"""Local MariaDB."""

import os
import secrets
import subprocess
from pathlib import Path
from typing import ClassVar

from tools.local_services import binaries
from tools.local_services.guarded_process import Account
from tools.local_services.ports import LOOPBACK, Port
from tools.local_services.postgres import unprivileged
from tools.local_services.probes import mysql_answers
from tools.local_services.server import LocalServer, ServerFailed, write_private

USER = "kinelog"


class LocalMariaDb(LocalServer):
    """MariaDB with a password, on TCP. Its user may do everything."""

    name: ClassVar[str] = "mariadb"

    def __init__(self, folder: Path | None = None, *, port: int | None = None) -> None:
        binaries.mariadb_program("my_print_defaults")
        self._server = binaries.mariadb_program("mariadbd")
        self._install = binaries.mariadb_program("mariadb-install-db")
        super().__init__(folder)
        self._port = Port(port)

    @property
    def url(self) -> str:
        """The database prefix `pose_coach`, as the user with all rights, over TCP."""
        return f"mysql://{USER}:{self._password}@{LOOPBACK}:{self._port.number}/pose_coach"

    def account(self) -> Account | None:
        return unprivileged()

    def prepare(self) -> None:
        if (self.folder / "data" / "mysql").is_dir():
            return
        password = secrets.token_urlsafe(18)
        write_private(self.folder / "password", password)
        # A file, because every user of the machine can read command lines.
        write_private(
            self.folder / "first.sql",
            f"ALTER USER root@localhost IDENTIFIED BY '{password}';\n"
            "DROP USER IF EXISTS root@'127.0.0.1', root@'::1';\n"
            f"CREATE OR REPLACE USER {USER}@'{LOOPBACK}' IDENTIFIED BY '{password}';\n"
            f"GRANT ALL ON *.* TO {USER}@'{LOOPBACK}' WITH GRANT OPTION;\n",
        )
        account = self.account()
        if account is not None:
            for path in (self.folder, self.folder / "first.sql"):
                os.chown(path, account.user, account.group)
        self._initialise(account)

    def command(self) -> list[str]:
        return [
            str(self._server),
            "--no-defaults",
            f"--datadir={self.folder / 'data'}",
            f"--bind-address={LOOPBACK}",
            f"--port={self._port.number}",
            "--skip-name-resolve",
            "--socket=mysql.sock",  # in the data folder: a longer path might not fit
            f"--pid-file={self.folder / 'mariadb.pid'}",
            f"--init-file={self.folder / 'first.sql'}",
            "--innodb-buffer-pool-size=16M",
            "--innodb-log-file-size=8M",
            *(("--innodb-flush-log-at-trx-commit=2",) if self.temporary else ()),
        ]

    def answers(self) -> bool:
        return mysql_answers(self.url)

    def close(self) -> None:
        super().close()
        self._port.release()

    @property
    def _password(self) -> str:
        return (self.folder / "password").read_text()

    def _initialise(self, account: Account | None) -> None:
        """Create the system tables; data in a temporary folder need not survive a power cut."""
        options = [
            "--no-defaults",
            f"--datadir={self.folder / 'data'}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--innodb-log-file-size=8M",
            *(("--skip-innodb-doublewrite",) if self.temporary else ()),
        ]
        made = subprocess.run(
            [self._install, *options],
            cwd=self.folder,
            user=None if account is None else account.user,
            group=None if account is None else account.group,
            extra_groups=None if account is None else [],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise ServerFailed(
                f"mariadb-install-db in {self.folder} failed: {made.stdout}{made.stderr}"
            )
