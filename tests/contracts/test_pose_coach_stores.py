"""Contract of the pose coach's stores: the same sessions, whichever store has them."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from adapters.pose_coach import analytics
from application.kernel.ports import StorageUnavailable
from application.pose_coach.hash_tree import MemoryTree, differing_sessions
from application.pose_coach.stores import (
    DocumentStore,
    ProfileMissing,
    SessionRecord,
    SessionStore,
)
from domain.ids import TenantId
from domain.values import InvalidValue
from tests.contracts.pose_coach_rigs import (
    HERE,
    UID,
    Rig,
    analytics_in_files,
    analytics_in_mysql,
    documents_in_files,
    documents_in_firestore,
)
from tests.plugins.services import Service

THERE = TenantId("there")
AT = datetime(2025, 10, 17, 14, 30, 1, tzinfo=UTC)
SESSION = SessionRecord(
    session_id="s1",
    user_id=UID,
    exercise="squat",
    reps=12,
    accuracy=0.87,
    timestamp="2025-10-17T14:30:00.000Z",
    duration=120,
    feedback_points=("Knees over toes.", "Спина прямая", '"quoted"'),
)


STORES = (
    "documents in files",
    "documents in Firestore",
    "analytics in files",
    "analytics in MySQL",
)


@pytest.fixture(params=STORES)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with ExitStack() as opened:
        match request.param:
            case "documents in files":
                yield opened.enter_context(documents_in_files(tmp_path))
            case "documents in Firestore":
                yield opened.enter_context(documents_in_firestore())
            case "analytics in files":
                yield opened.enter_context(analytics_in_files(tmp_path))
            case _:
                server: Service = request.getfixturevalue("mariadb")
                yield opened.enter_context(analytics_in_mysql(server.address))


@pytest.fixture
def store(rig: Rig) -> SessionStore:
    rig.store.save_profile(HERE, UID)
    return rig.store


def test_a_session_is_read_as_it_was_saved(store: SessionStore) -> None:
    """R-PCH-15, R-PCH-18, C-19: repeated saves leave one session."""
    for _ in range(2):
        store.save(HERE, SESSION, AT)
    assert store.get(HERE, UID, "s1") == SESSION
    assert store.list(HERE, UID) == [SESSION]
    changed = replace(SESSION, reps=13)
    store.save(HERE, changed, AT)
    assert store.list(HERE, UID) == [changed]


def test_sessions_are_listed_newest_first(store: SessionStore) -> None:
    later = replace(SESSION, session_id="s0", timestamp="2025-10-18T14:30:00.000Z")
    for each in (SESSION, later):
        store.save(HERE, each, AT)
    assert store.list(HERE, UID) == [later, SESSION]


def test_keys_that_differ_in_case_are_different_people(store: SessionStore) -> None:
    """R-IDN-14."""
    other = replace(SESSION, session_id="s2", user_id=UID.upper())
    store.save_profile(HERE, other.user_id)
    for each in (SESSION, other):
        store.save(HERE, each, AT)
    assert store.list(HERE, UID) == [SESSION]
    assert store.get(HERE, other.user_id, "s1") is None
    assert not store.delete(HERE, other.user_id, "s1")


def test_tenants_share_nothing(store: SessionStore) -> None:
    """C-10: one person may have the same key in two tenants."""
    store.save(HERE, SESSION, AT)
    store.save_profile(THERE, UID)
    assert store.list(THERE, UID) == []
    store.delete_profile(THERE, UID)
    assert store.list(HERE, UID) == [SESSION]


def test_deleting_is_repeatable(store: SessionStore) -> None:
    """R-PCH-08."""
    store.save(HERE, SESSION, AT)
    assert [store.delete(HERE, UID, "s1") for _ in range(2)] == [True, False]
    assert store.get(HERE, UID, "s1") is None
    assert store.tree(HERE).root() == 0


def test_deleting_a_profile_deletes_its_sessions(store: SessionStore) -> None:
    """R-TEN-16: and nobody else's."""
    other = replace(SESSION, session_id="s2", user_id="other")
    store.save_profile(HERE, "other")
    for each in (SESSION, other, replace(SESSION, session_id="s3")):
        store.save(HERE, each, AT)
    assert store.delete_profile(HERE, UID) == 2
    assert store.list(HERE, UID) == []
    assert store.list(HERE, "other") == [other]
    assert store.delete_profile(HERE, UID) == 0
    assert list(differing_sessions(store.tree(HERE), MemoryTree({"s2": other.digest()}))) == []


def test_the_tree_follows_each_change(store: SessionStore) -> None:
    """R-PCH-18: and can be computed again from the sessions."""
    sessions = {f"s{n}": replace(SESSION, session_id=f"s{n}", reps=n) for n in range(40)}
    for each in sessions.values():
        store.save(HERE, each, AT)
    sessions["s7"] = replace(sessions["s7"], accuracy=0.5)
    store.save(HERE, sessions["s7"], AT)
    store.delete(HERE, UID, "s9")
    del sessions["s9"]
    expected = MemoryTree({key: each.digest() for key, each in sessions.items()})
    for _ in range(2):
        assert store.tree(HERE).root() == expected.root()
        assert list(differing_sessions(store.tree(HERE), expected)) == []
        store.rebuild_tree(HERE)


def test_rows_that_were_changed_by_hand_differ_and_can_be_replaced(
    rig: Rig, store: SessionStore
) -> None:
    """R-PCH-18, R-PCH-23: deleted, damaged and added ones. Others stay as they were."""
    names = ("deleted", "damaged", "changed", "untouched")
    sessions = [replace(SESSION, session_id=n, reps=i) for i, n in enumerate(names, 1)]
    for each in sessions:
        store.save(HERE, each, AT)
    rig.change_by_hand()
    expected = MemoryTree({each.session_id: each.digest() for each in sessions})
    store.rebuild_tree(HERE)
    differing = set(differing_sessions(store.tree(HERE), expected))
    (added,) = differing - {"deleted", "damaged", "changed"}
    assert added in ("added", "row 5")
    assert store.find(HERE, "damaged") is None
    store.discard(HERE, added)
    for each in sessions:
        store.save(HERE, each, AT)
    for _ in range(2):
        assert list(differing_sessions(store.tree(HERE), expected)) == []
        store.rebuild_tree(HERE)
    assert {each.session_id for each in store.list(HERE, UID)} == set(names)


def test_keys_of_users_are_compared_exactly(store: SessionStore) -> None:
    """R-IDN-14: a space at the end, an accent or a wide letter makes another person."""
    for number, other in enumerate((f"{UID} ", UID.replace("a", "á"), UID.replace("a", "\uff41"))):
        store.save_profile(HERE, other)
        theirs = replace(SESSION, session_id=f"other {number}", user_id=other)
        store.save(HERE, theirs, AT)
        assert store.list(HERE, other) == [theirs]
    assert store.list(HERE, UID) == []
    assert store.delete_profile(HERE, UID) == 0


@pytest.mark.parametrize("bad", [{"accuracy": float("nan")}, {"user_id": ""}])
def test_no_session_is_without_a_key_or_a_number(bad: dict[str, Any]) -> None:
    """R-PCH-18, R-IDN-16: an empty key, and an accuracy that is no number."""
    with pytest.raises(InvalidValue):
        replace(SESSION, **bad)


def test_a_store_that_cannot_be_opened_is_unavailable(rig: Rig) -> None:
    """R-OPS-09: which is an outage, and not a failure of a session."""
    with rig.broken() as store:
        with pytest.raises(StorageUnavailable):
            store.list(HERE, UID)
        with pytest.raises(StorageUnavailable):
            store.save(HERE, SESSION, AT)


@pytest.mark.parametrize("rig", STORES[:2], indirect=True)
def test_a_document_has_the_literal_path_and_fields(rig: Rig) -> None:
    """R-PCH-02, R-PCH-03, C-18: and keeps the time of its creation."""
    documents = cast("DocumentStore", rig.store)
    documents.save(HERE, SESSION, AT)
    documents.save(HERE, SESSION, AT + timedelta(days=1))
    assert documents.document(HERE, f"users/{UID}/workoutSessions/s1") == {
        "sessionId": "s1",
        "userId": UID,
        "exercise": "squat",
        "reps": 12,
        "accuracy": 0.87,
        "timestamp": "2025-10-17T14:30:00.000Z",
        "duration": 120,
        "feedbackPoints": list(SESSION.feedback_points),
        "createdAt": "2025-10-17T14:30:01.000Z",
    }


def test_a_row_needs_a_profile(rig: Rig) -> None:
    """R-PCH-19, R-HLT-14: nothing of the session is stored without one. Documents need none."""
    if rig.store.name == "analytics":
        with pytest.raises(ProfileMissing):
            rig.store.save(HERE, SESSION, AT)
    rig.store.save_profile(HERE, UID)
    assert rig.store.list(HERE, UID) == []
    assert rig.store.tree(HERE).root() == 0


def test_the_table_is_the_literal_one() -> None:
    """R-PCH-09, R-DAT-05: as MySQL would create it."""
    ddl = str(sa.schema.CreateTable(analytics.SESSIONS).compile(dialect=mysql.dialect()))
    lines = [line.strip().rstrip(",") for line in ddl.splitlines()]
    for column in (
        "id INTEGER NOT NULL AUTO_INCREMENT",
        "user_id VARCHAR(255) NOT NULL",
        "exercise VARCHAR(100) NOT NULL",
        "reps INTEGER NOT NULL",
        "accuracy FLOAT NOT NULL",
        "timestamp VARCHAR(50) NOT NULL",
        "duration INTEGER NOT NULL",
        "feedback_points TEXT",
        "created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP",
        "PRIMARY KEY (id)",
        "FOREIGN KEY(user_id) REFERENCES user_health_profiles (`userId`) ON DELETE CASCADE",
    ):
        assert column in lines, ddl
    assert len(analytics.SESSIONS.columns) == 9
