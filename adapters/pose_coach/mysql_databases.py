"""MySQL or MariaDB databases of the pose coach, one per tenant: their tables have no column for it.

A column for keys of users is compared by code points, without padding: keys may differ in case, or
in a space at the end.
"""

from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from adapters.sql.errors import storage_errors
from adapters.sql.tables import create_tables
from application.kernel.ports import StorageUnavailable
from domain.ids import TenantId

LONGEST_NAME: Final = 64
"""Characters of a database's name in MySQL."""

CONNECT_TIMEOUT_S: Final = 5
ANSWER_TIMEOUT_S: Final = 60
LOCK_TIMEOUT_S: Final = 10
"""Longest wait of a writer for another one. A write takes milliseconds."""

CONNECTIONS: Final = 4
"""Open connections to the database of a tenant, at most."""

UNREACHABLE: Final = frozenset({1044, 1045, 1049, 1142, 1146, 1227})
"""No such database or table, or no access to it: MySQL manual, "Server Error Message Reference"."""

WHAT: Final = "The analytics store"


class MysqlDatabases:
    """Opens the database `{name}_{tenant}` of a server, with its tables, on first use.

    `url` is like `mysql://user:password@host:3306/name?ssl_ca=/path.pem`. The user needs all rights
    on the databases `{name}_%`, and creates those that are missing.
    """

    def __init__(self, url: str, metadata: sa.MetaData) -> None:
        address = sa.make_url(url)
        self._url = address.set(drivername="mysql+pymysql").update_query_dict(
            {"charset": "utf8mb4"}
        )
        self._name = address.database or "pose_coach"
        self._metadata = metadata
        self._engines: dict[TenantId, sa.Engine] = {}
        self._lock = Lock()

    @contextmanager
    def reading(self, tenant_id: TenantId) -> Generator[sa.Connection]:
        """Open a transaction that reads. Raises StorageUnavailable."""
        with _errors(), self._engine(tenant_id).begin() as connection:
            yield connection

    @contextmanager
    def writing(self, tenant_id: TenantId) -> Generator[sa.Connection]:
        """Open a transaction that writes, one at a time. Raises StorageUnavailable."""
        with (
            _errors(),
            self._engine(tenant_id).connect() as connection,
            _alone(connection, database_name(self._name, tenant_id)),
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()

    def _engine(self, tenant_id: TenantId) -> sa.Engine:
        with self._lock:
            if tenant_id not in self._engines:
                self._engines[tenant_id] = self._open(database_name(self._name, tenant_id))
            return self._engines[tenant_id]

    def _open(self, name: str) -> sa.Engine:
        server = _connecting(self._url.set(database="information_schema"))
        try:
            with server.connect() as connection, _alone(connection, name), connection.begin():
                _create(connection, name)
        finally:
            server.dispose()
        engine = _connecting(self._url.set(database=name))
        with engine.connect() as connection, _alone(connection, name), connection.begin():
            create_tables(connection, self._metadata)
        return engine


def _create(connection: sa.Connection, name: str) -> None:
    existing = sa.text("SELECT 1 FROM schemata WHERE schema_name = :name")
    if connection.execute(existing, {"name": name}).first() is not None:
        return
    quoted = connection.dialect.identifier_preparer.quote(name)
    is_mariadb = getattr(connection.dialect, "is_mariadb", False)
    collation = "utf8mb4_nopad_bin" if is_mariadb else "utf8mb4_0900_bin"
    connection.exec_driver_sql(
        f"CREATE DATABASE {quoted} CHARACTER SET utf8mb4 COLLATE {collation}"
    )


def database_name(name: str, tenant_id: TenantId) -> str:
    """Return the name of a tenant's database; the end of a long one is a hash."""
    full = f"{name}_{tenant_id}"
    if len(full) <= LONGEST_NAME:
        return full
    return f"{full[: LONGEST_NAME - 17]}_{sha256(full.encode()).hexdigest()[:16]}"


def _connecting(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "read_timeout": ANSWER_TIMEOUT_S,
            "write_timeout": ANSWER_TIMEOUT_S,
            "init_command": "SET time_zone = '+00:00',"
            f" innodb_lock_wait_timeout = {LOCK_TIMEOUT_S},"
            " sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE'",
        },
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=CONNECT_TIMEOUT_S,
        hide_parameters=True,
    )


@contextmanager
def _errors() -> Generator[None]:
    """Translate errors. PyMySQL reports a missing table as a programming error."""
    try:
        with storage_errors(WHAT):
            yield
    except DBAPIError as error:
        arguments = () if error.orig is None else error.orig.args
        if not arguments or arguments[0] not in UNREACHABLE:
            raise
        raise StorageUnavailable(f"{WHAT} cannot be reached: {arguments[-1]}.") from error


@contextmanager
def _alone(connection: sa.Connection, name: str) -> Generator[None]:
    """Hold a lock of the server, which it frees if the connection is lost."""
    names = {"name": sha256(name.encode()).hexdigest(), "timeout": LOCK_TIMEOUT_S}
    got = connection.execute(sa.text("SELECT GET_LOCK(:name, :timeout)"), names).scalar_one()
    connection.commit()
    if got != 1:
        raise StorageUnavailable(f"{WHAT} cannot be written: others write for too long.")
    try:
        yield
    finally:
        _release(connection, names)


def _release(connection: sa.Connection, names: dict[str, Any]) -> None:
    if connection.invalidated:
        return  # the connection was lost, and the lock with it
    try:
        connection.execute(sa.text("SELECT RELEASE_LOCK(:name)"), names)
        connection.commit()
    except DBAPIError:
        connection.invalidate()
