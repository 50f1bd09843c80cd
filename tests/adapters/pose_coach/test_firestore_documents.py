"""The document store in Firestore: lost answers, other writers, many sessions, and access."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from google.cloud.firestore_v1 import types
from google.protobuf.json_format import MessageToDict
from joserfc import jwt
from joserfc.jwk import RSAKey

from adapters.pose_coach.document_content import to_content
from adapters.pose_coach.firestore_api import (
    EMULATOR,
    SCOPE,
    FirestoreDatabase,
    FirestoreRefused,
    Query,
    connect,
    connect_to_emulator,
    credentials_of,
    encode,
)
from adapters.pose_coach.firestore_documents import FirestoreDocuments, database_id
from application.kernel.ports import StorageUnavailable
from application.pose_coach.hash_tree import MemoryTree, differing_sessions
from application.pose_coach.stores import SessionRecord, document_path
from domain.ids import DEFAULT_TENANT, TenantId
from tests.contracts.pose_coach_rigs import HERE, UID, open_firestore
from tools.firestore.documents import Documents
from tools.firestore.server import Fault, LocalFirestore

HOST = "firestore.googleapis.com"
AT = datetime(2025, 10, 17, 14, 30, 1, tzinfo=UTC)
SESSION = SessionRecord("s1", UID, "squat", 12, 0.87, "2025-10-17T14:30:00.000Z", 120, ("Knees.",))
CHANGED = replace(SESSION, reps=13)


@pytest.fixture
def server() -> Iterator[LocalFirestore]:
    with LocalFirestore() as served:
        yield served


@pytest.fixture
def store(server: LocalFirestore) -> Iterator[FirestoreDocuments]:
    with closing(open_firestore(server)) as opened:
        yield opened


def agrees(store: FirestoreDocuments, *records: SessionRecord) -> bool:
    """Check that the store and its tree have these sessions, also if computed again."""
    expected = MemoryTree({each.session_id: each.digest() for each in records})
    before = list(differing_sessions(store.tree(HERE), expected))
    store.rebuild_tree(HERE)
    after = list(differing_sessions(store.tree(HERE), expected))
    stored = {each.session_id: each for each in store.list(HERE, UID)}
    return not before and not after and stored == {each.session_id: each for each in records}


def fields_of(record: SessionRecord) -> Any:
    return MessageToDict(types.Value.pb(encode(to_content(record, AT))))["mapValue"]["fields"]


@pytest.mark.parametrize("fault", ["down", "lost_answer"])
def test_a_write_that_fails_is_an_outage_and_can_be_repeated(
    server: LocalFirestore, store: FirestoreDocuments, fault: Fault
) -> None:
    """R-PCH-16, R-PCH-21: also one that was carried out, and its answer lost."""
    store.save(HERE, SESSION, AT)
    server.faults.append(fault)
    with pytest.raises(StorageUnavailable):
        store.save(HERE, CHANGED, AT)
    assert agrees(store, CHANGED if fault == "lost_answer" else SESSION)
    store.save(HERE, CHANGED, AT)
    assert agrees(store, CHANGED)


def test_two_writers_lose_no_change_of_the_tree(
    server: LocalFirestore, store: FirestoreDocuments
) -> None:
    """R-PCH-18, R-PCH-21: a repair beside a sink, on the same sessions."""
    sessions = [replace(SESSION, session_id=f"s{n}") for n in range(4)]
    with closing(open_firestore(server)) as other, ThreadPoolExecutor(2) as pool:
        saves = [
            pool.submit(each.save, HERE, replace(session, reps=reps), AT)
            for reps in range(5)
            for session in sessions
            for each in (store, other)
        ]
        for each in saves:
            each.result(60)
    assert agrees(store, *store.list(HERE, UID))
    assert len(store.list(HERE, UID)) == len(sessions)


def test_more_sessions_than_one_page_are_listed_verified_and_deleted(
    server: LocalFirestore, store: FirestoreDocuments
) -> None:
    """R-PCH-05, R-OPS-08: 300 documents are in one answer. They were written by something else."""
    sessions = [replace(SESSION, session_id=f"s{n:03}", reps=n) for n in range(305)]
    root = f"projects/project/databases/{database_id(HERE)}/documents"
    writes = [
        {
            "update": {
                "name": f"{root}/{document_path(UID, each.session_id)}",
                "fields": fields_of(each),
            }
        }
        for each in sessions
    ]
    server.documents.commit(writes)
    assert store.list(HERE, UID) == sessions[::-1]
    store.rebuild_tree(HERE)
    assert agrees(store, *sessions)
    assert store.delete_profile(HERE, UID) == len(sessions)
    assert agrees(store)


def test_documents_survive_the_end_of_the_server(tmp_path: Path) -> None:
    """R-OPS-09: also if it ended in mid-write: half a line of the journal is no commit."""
    journal = tmp_path / "documents.jsonl"
    for record in (SESSION, CHANGED):
        with ExitStack() as opened:
            server = opened.enter_context(LocalFirestore(Documents(journal)))
            store = opened.enter_context(closing(open_firestore(server)))
            store.save(HERE, record, AT)
        with journal.open("a") as file:
            file.write('["2030-01-01T00:00:00+00:00", [["half')
    with LocalFirestore(Documents(journal)) as server, closing(open_firestore(server)) as store:
        assert agrees(store, CHANGED)


def test_content_that_firestore_refuses_is_no_outage(store: FirestoreDocuments) -> None:
    """R-PCH-21: a document has at most 1 MiB. Only this session fails, as a whole."""
    store.save(HERE, SESSION, AT)
    with pytest.raises(FirestoreRefused) as refused:
        store.save(HERE, replace(CHANGED, feedback_points=("x" * 1_100_000,)), AT)
    assert UID not in str(refused.value), "no personal data in the log"
    assert agrees(store, SESSION)


def test_a_database_that_is_missing_is_an_outage() -> None:
    """C-10: databases are created by the operator."""
    with (
        LocalFirestore(databases=frozenset({"(default)"})) as server,
        closing(open_firestore(server)) as store,
    ):
        store.save(DEFAULT_TENANT, SESSION, AT)
        with pytest.raises(StorageUnavailable):
            store.save(HERE, SESSION, AT)


def test_a_read_that_firestore_refuses_for_now_is_an_outage(server: LocalFirestore) -> None:
    """R-PCH-16: such as of a moment that is too old; only a commit can come too late."""
    with closing(connect_to_emulator(server.host)) as channel:
        database = FirestoreDatabase(channel, "project", "(default)", EMULATOR)
        with pytest.raises(StorageUnavailable):
            database.query(Query("workoutSessions"), AT)


def test_each_tenant_has_a_database_whose_id_fits() -> None:
    """C-10: ids have at most 63 characters: a to z, 0 to 9 and `-`."""
    names = ["default", "here", "a_b", "a-b", "end-", "t" * 64]
    ids = [database_id(TenantId(each)) for each in names]
    assert ids[:2] == ["(default)", "pose-coach-here"]
    assert len(set(ids)) == len(names)
    assert all(len(each) <= 63 and "_" not in each and each[-1] != "-" for each in ids)


def test_a_service_account_signs_its_tokens_itself(tmp_path: Path) -> None:
    """R-PCH-01: no other server takes part. Another file than its key is refused."""
    key = RSAKey.generate_key(2048)
    content = {
        "type": "service_account",
        "client_email": "pose@project.example",
        "private_key_id": "key 1",
        "private_key": key.as_pem(private=True).decode(),
        "token_uri": "https://token.invalid",
    }
    file = tmp_path / "key.json"
    file.write_text(json.dumps(content))
    headers: dict[str, str] = {}
    credentials: Any = credentials_of(file)  # its methods have no types
    credentials.before_request(None, "POST", f"https://{HOST}/", headers)
    token = headers["authorization"].removeprefix("Bearer ")
    found = jwt.decode(token, key, algorithms=["RS256"])
    assert (found.header["kid"], found.claims["iss"]) == ("key 1", "pose@project.example")
    assert (found.claims["scope"], found.claims["sub"]) == (SCOPE, "pose@project.example")
    with closing(connect(HOST, file)):
        pass  # the channel accepts the credentials
    file.write_text("{}")
    with pytest.raises(ValueError, match="Service account"):
        connect(HOST, file)
