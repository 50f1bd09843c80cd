"""The pose coach's stores under test, and how their content is changed by hand."""

import secrets
import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from adapters.pose_coach.analytics import MysqlAnalytics, SqliteAnalytics
from adapters.pose_coach.documents import SqliteDocuments
from adapters.pose_coach.firestore_api import (
    EMULATOR,
    FirestoreDatabase,
    Write,
    connect_to_emulator,
)
from adapters.pose_coach.firestore_documents import FirestoreDocuments, database_id
from application.pose_coach.stores import SessionStore
from domain.ids import TenantId
from tools.firestore.server import LocalFirestore

HERE: Final = TenantId("here")
UID: Final = "abc123def456ghi789"


@dataclass(frozen=True)
class Rig:
    """A store, and what a person with access to it might do in the tenant `HERE`.

    `change_by_hand` deletes, damages, changes and adds one session each. `broken` is the same store
    where it cannot be opened.
    """

    store: SessionStore
    broken: Callable[[], AbstractContextManager[SessionStore]]
    change_by_hand: Callable[[], None]


ADD_ROW: Final = f"""
INSERT INTO workout_sessions (user_id, exercise, reps, accuracy, timestamp, duration)
VALUES ('{UID}', 'squat', 9, 1, '', 0)
"""  # noqa: S608  a constant

DOCUMENTS_BY_HAND: Final = (
    "DELETE FROM document WHERE session_id = 'deleted'",
    "UPDATE document SET content = '{' WHERE session_id = 'damaged'",
    "UPDATE document SET path = 'elsewhere' WHERE session_id = 'changed'",
    "INSERT INTO document VALUES ('added', '', 'added', '[]')",
)
ROWS_BY_HAND: Final = (
    "DELETE FROM workout_sessions WHERE reps = 1",
    "UPDATE workout_sessions SET feedback_points = '{' WHERE reps = 2",
    "UPDATE workout_sessions SET accuracy = 0.99 WHERE reps = 3",
    ADD_ROW,
)


@contextmanager
def documents_in_files(folder: Path) -> Generator[Rig]:
    """Open the document store of a data folder."""
    with closing(SqliteDocuments(folder)) as store:
        yield _in_files(store, SqliteDocuments, folder, "pose_documents", DOCUMENTS_BY_HAND)


@contextmanager
def analytics_in_files(folder: Path) -> Generator[Rig]:
    """Open the analytics store of a data folder."""
    text = "UPDATE workout_sessions SET accuracy = 'all' WHERE reps = 3"
    by_hand = (*ROWS_BY_HAND[:2], text, ADD_ROW)
    with closing(SqliteAnalytics(folder)) as store:
        yield _in_files(store, SqliteAnalytics, folder, "pose_analytics", by_hand)


def _in_files(
    store: SessionStore,
    kind: type[SqliteDocuments] | type[SqliteAnalytics],
    folder: Path,
    name: str,
    by_hand: Sequence[str],
) -> Rig:
    def change() -> None:
        file = folder / f"{name}.{HERE}.sqlite3"
        with closing(sqlite3.connect(file, isolation_level=None)) as opened:
            for statement in by_hand:
                opened.execute(statement)

    @contextmanager
    def broken() -> Generator[SessionStore]:
        other = folder / "broken"
        other.mkdir()
        (other / f"{name}.{HERE}.sqlite3").write_bytes(b"no database" * 100)
        with closing(kind(other)) as opened:
            yield opened

    return Rig(store, broken, change)


@contextmanager
def analytics_in_mysql(server: str) -> Generator[Rig]:
    """Open the analytics store on a server, in databases of its own, which are dropped."""
    address = sa.make_url(server).set(database=f"pose_{secrets.token_hex(4)}")
    url = address.render_as_string(hide_password=False)
    by_hand = connect(server, f"{address.database}_{HERE}")

    def change() -> None:
        with by_hand.begin() as connection:
            for statement in ROWS_BY_HAND:
                connection.exec_driver_sql(statement)

    @contextmanager
    def broken() -> Generator[SessionStore]:
        wrong = address.set(password="wrong").render_as_string(hide_password=False)  # noqa: S106  not one
        with closing(MysqlAnalytics(wrong)) as opened:
            yield opened

    with closing(MysqlAnalytics(url)) as store:
        yield Rig(store, broken, change)
    by_hand.dispose()
    with connect(server, "information_schema").begin() as connection:
        mine = sa.text("SELECT schema_name FROM schemata WHERE schema_name LIKE :prefix")
        found = connection.execute(mine, {"prefix": f"{address.database}%"})
        for name in found.scalars().all():
            connection.exec_driver_sql(f"DROP DATABASE {name}")


@contextmanager
def documents_in_firestore() -> Generator[Rig]:
    """Open the document store in a local Firestore of its own."""

    def change() -> None:
        path = f"users/{UID}/workoutSessions"
        with closing(connect_to_emulator(server.host)) as channel:
            database = FirestoreDatabase(channel, "project", database_id(HERE), EMULATOR)
            damaged, changed = database.get([f"{path}/damaged", f"{path}/changed"]).values()
            database.commit(
                [
                    Write(f"{path}/deleted", None),
                    Write(f"{path}/damaged", {**damaged.fields, "feedbackPoints": 3}),
                    Write(f"{path}/changed", {**changed.fields, "reps": 99}),
                    Write(f"{path}/added", {}),
                ]
            )

    @contextmanager
    def broken() -> Generator[SessionStore]:
        with closing(open_firestore(server, (("authorization", "Bearer wrong"),))) as opened:
            yield opened

    with LocalFirestore() as server, closing(open_firestore(server)) as store:
        yield Rig(store, broken, change)


def open_firestore(
    server: LocalFirestore, metadata: Sequence[tuple[str, str]] = EMULATOR
) -> FirestoreDocuments:
    """Open the document store; `metadata` has the token."""
    return FirestoreDocuments(connect_to_emulator(server.host), "project", metadata)


def connect(server: str, database: str) -> sa.Engine:
    """Return an engine to a database of a MySQL server, as a person would use it."""
    url = sa.make_url(server).set(drivername="mysql+pymysql", database=database)
    return sa.create_engine(url, poolclass=sa.NullPool)
