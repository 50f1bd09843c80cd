"""Contract of encrypted personal data, on both logs and both key stores."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import psycopg
import pytest

from adapters.clock import new_id
from adapters.encryption import envelope
from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.event_log.codec import EventCodec
from adapters.event_log.field_encryption import CipherMissing
from adapters.event_log.postgres import PostgresEventLog
from adapters.event_log.sqlite import SqliteEventLog
from adapters.users.database import IdentityDatabase
from application.kernel.encryption import KeyDisabled, KmsUnavailable, SealBroken, SubjectErased
from application.kernel.ports import Change, Clock, EventLog, EventUnreadable
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.personal import Erased, Personal
from domain.users import events
from tests.adapters.event_log.postgres_databases import empty
from tests.contracts.conftest import AT
from tests.contracts.identity_stores import STORES, identity_database

ADA, BOB = UserId("ada"), UserId("bob")
ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="user/ada", correlation_id=uuid4())
ADDRESS = "ada.lovelace@example.org"
NAME = "Augusta Ada King"


def mail_of(user_id: UserId, address: str = ADDRESS) -> events.EmailChanged:
    return events.EmailChanged(email=Personal(user_id, address))


NAMED = events.DetailsChanged(username=Personal(ADA, NAME), birth_date=None, units="metric")


@pytest.fixture(params=STORES)
def accounts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IdentityDatabase]:
    with identity_database(request, tmp_path) as database:
        yield database


@pytest.fixture
def keys(accounts: IdentityDatabase) -> SqlSubjectKeyStore:
    return SqlSubjectKeyStore(accounts)


@pytest.fixture
def sealer(keys: SqlSubjectKeyStore, tmp_path: Path) -> EnvelopeCipher:
    return EnvelopeCipher(keys, KeyFileKms(tmp_path / "master.key"))


@pytest.fixture
def log(
    request: pytest.FixtureRequest, accounts: object, sealer: EnvelopeCipher, tmp_path: Path,
    clock: Clock,
) -> Iterator[EventLog]:  # fmt: skip
    """Open a log of the same kind as the key store."""
    codec = EventCodec(sealer=sealer)
    opened: SqliteEventLog | PostgresEventLog
    if "sqlite" in request.node.name:
        opened = SqliteEventLog(tmp_path / "log.sqlite", clock=clock, new_id=new_id, codec=codec)
    else:
        url = request.getfixturevalue("database")
        empty(url)
        opened = PostgresEventLog(url, clock=clock, new_id=new_id, codec=codec)
    yield opened
    opened.close()


def append(log: EventLog, stream: str, *facts: Any, version: int = 0) -> None:
    log.append([Change(stream, version, facts)], origin=ORIGIN, command_id=uuid4())


def stored_bytes(request: pytest.FixtureRequest, folder: Path) -> bytes:
    """Read all files or rows of the log's storage, as a thief would."""
    if "sqlite" in request.node.name:
        return b"".join(path.read_bytes() for path in folder.glob("log.sqlite*"))
    with psycopg.connect(request.getfixturevalue("database")) as connection:
        rows = connection.execute("SELECT e::text, state FROM kinelog.events AS e").fetchall()
    return b"".join(text.encode() + state for text, state in rows)


def test_no_personal_value_lies_in_the_log_in_clear(
    request: pytest.FixtureRequest, log: EventLog, tmp_path: Path
) -> None:
    """R-TEN-09, C-23: stored bytes contain neither the address nor the name."""
    append(log, "user-ada", mail_of(ADA), NAMED)
    found = stored_bytes(request, tmp_path)
    assert b"user.email_changed" in found
    for text in (ADDRESS, NAME, "lovelace", "King"):
        assert text.encode() not in found
        assert text.encode().hex().encode() not in found


def test_encrypted_events_are_readable_with_the_keys(log: EventLog) -> None:
    """C-23"""
    append(log, "user-ada", mail_of(ADA), NAMED)
    assert [fact.event for fact in log.load(DEFAULT_TENANT, "user-ada")] == [mail_of(ADA), NAMED]
    assert [fact.event for fact in log.scan(after=0, limit=9)] == [mail_of(ADA), NAMED]


def test_destroying_a_key_erases_its_subjects_data(log: EventLog, sealer: EnvelopeCipher) -> None:
    """C-24: the events stay and can be replayed; other users are not affected."""
    append(log, "user-ada", mail_of(ADA), events.PasswordSet(at=AT))
    append(log, "user-bob", mail_of(BOB, "bob@example.org"))
    assert sealer.destroy(DEFAULT_TENANT, ADA, AT) == AT
    erased = [fact.event for fact in log.scan(after=0, limit=9)]
    assert erased == [
        events.EmailChanged(email=Personal(ADA, Erased())),
        events.PasswordSet(at=AT),
        mail_of(BOB, "bob@example.org"),
    ]


def test_nothing_is_stored_about_an_erased_subject(log: EventLog, keys: SqlSubjectKeyStore) -> None:
    """C-24: a person whose key was destroyed never gets a second one."""
    keys.destroy(DEFAULT_TENANT, ADA, AT)
    with pytest.raises(SubjectErased):
        append(log, "user-ada", mail_of(ADA))
    assert log.head() == 0


def test_provider_tokens_can_be_encrypted(sealer: EnvelopeCipher) -> None:
    """R-TEN-10, C-23: a token is erased with the key of its owner."""
    token, place = b"ya29.a0ARrdaM", b"health.integration/ada/strava"
    sealed = sealer.seal(token, tenant_id=DEFAULT_TENANT, subject=ADA, place=place)
    assert token not in sealed
    opened = sealer.unseal(sealed, tenant_id=DEFAULT_TENANT, subject=ADA, place=place)
    assert opened == token
    elsewhere = b"health.integration/ada/withings"
    with pytest.raises(SealBroken):
        sealer.unseal(sealed, tenant_id=DEFAULT_TENANT, subject=ADA, place=elsewhere)
    sealer.destroy(DEFAULT_TENANT, ADA, AT)
    assert sealer.unseal(sealed, tenant_id=DEFAULT_TENANT, subject=ADA, place=place) is None


def test_an_encrypted_value_cannot_be_read_in_another_place(sealer: EnvelopeCipher) -> None:
    """R-TEN-09: stream and field are authenticated, so a ciphertext cannot be moved."""
    codec = EventCodec(sealer=sealer)
    payload = codec.encode(mail_of(ADA), "default/user-ada")
    assert codec.decode("user.email_changed", 1, payload, "default/user-ada") == mail_of(ADA)
    with pytest.raises(EventUnreadable):
        codec.decode("user.email_changed", 1, payload, "default/user-eve")
    renamed = payload.replace(b'"email"', b'"subject"')
    linked = renamed[:-1] + b',"provider":"google","at":"2030-01-01T00:00:00Z"}'
    with pytest.raises(EventUnreadable):
        codec.decode("user.identity_linked", 1, linked, "default/user-ada")


def test_tenants_have_keys_of_their_own(keys: SqlSubjectKeyStore, tmp_path: Path) -> None:
    """C-10: the same name in two tenants is two people."""
    red, blue = TenantId("red"), TenantId("blue")
    sealer = EnvelopeCipher(keys, KeyFileKms(tmp_path / "master.key"))
    sealed = sealer.seal(b"x", tenant_id=red, subject=ADA, place=b"")
    assert sealer.unseal(sealed, tenant_id=red, subject=ADA, place=b"") == b"x"
    assert sealer.unseal(sealed, tenant_id=blue, subject=ADA, place=b"") is None


def test_missing_keys_are_reported(
    request: pytest.FixtureRequest, clock: Clock, tmp_path: Path, log: EventLog
) -> None:
    """R-TEN-09: without a cipher nothing is stored in clear instead."""
    append(log, "user-ada", mail_of(ADA))
    other: SqliteEventLog | PostgresEventLog
    if "sqlite" in request.node.name:
        other = SqliteEventLog(tmp_path / "log.sqlite", clock=clock, new_id=new_id)
    else:
        other = PostgresEventLog(request.getfixturevalue("database"), clock=clock, new_id=new_id)
    with pytest.raises(CipherMissing):
        append(other, "user-bob", mail_of(BOB))
    with pytest.raises(CipherMissing):
        other.load(DEFAULT_TENANT, "user-ada")
    other.close()


def test_unavailable_keys_do_not_make_an_event_invalid(
    log: EventLog, keys: SqlSubjectKeyStore
) -> None:
    """C-23"""

    class Away:
        def wrap(self, key: bytes, *, tenant_id: TenantId, about: str) -> bytes:
            raise KmsUnavailable

        def unwrap(self, wrapped: bytes, *, tenant_id: TenantId, about: str) -> bytes:
            raise KmsUnavailable

    codec = EventCodec(sealer=EnvelopeCipher(keys, Away()))
    append(log, "user-ada", mail_of(ADA))
    payload = EventCodec(sealer=EnvelopeCipher(keys, Away())).encode(
        events.EmailChanged(email=Personal(ADA, Erased())), "default/user-ada"
    )
    assert b'"sealed":""' in payload
    with pytest.raises(KmsUnavailable):
        codec.decode(
            "user.email_changed", 1,
            b'{"email":{"subject":"ada","sealed":"AQAAAAAAAAAAAAAAAA=="}}', "default/user-ada",
        )  # fmt: skip


def test_an_event_is_read_while_the_key_of_its_tenant_is_disabled(
    keys: SqlSubjectKeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-24: only its encrypted value cannot be read, until the key is enabled again."""
    kms = KeyFileKms(tmp_path / "master.key")
    codec = EventCodec(sealer=EnvelopeCipher(keys, kms, cache_ttl_s=0.0))
    payload = codec.encode(NAMED, "default/user-ada")
    disabled = Mock(side_effect=KeyDisabled)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(kms, "unwrap", disabled)
        event = codec.decode("user.details_changed", 1, payload, "default/user-ada")
        assert event.units == "metric"
        assert NAME not in repr(event)
        for _ in range(3):
            with pytest.raises(KeyDisabled):
                _ = event.username.value
        assert disabled.call_count == 1, "the KMS is not called again so soon"
    monkeypatch.setattr(envelope, "time", Mock(monotonic=lambda: time.monotonic() + 60.0))
    assert event == NAMED


def test_concurrent_writers_create_one_key(keys: SqlSubjectKeyStore) -> None:
    with ThreadPoolExecutor(6) as threads:
        made = list(
            threads.map(
                lambda n: keys.find_or_add(DEFAULT_TENANT, ADA, lambda: bytes([n])), range(6)
            )
        )
    assert set(made) == {keys.find(DEFAULT_TENANT, ADA)}


def test_a_key_is_destroyed_once_and_for_ever(keys: SqlSubjectKeyStore) -> None:
    """C-24"""
    keys.find_or_add(DEFAULT_TENANT, ADA, lambda: b"key")
    assert keys.destroy(DEFAULT_TENANT, ADA, AT) == AT
    assert keys.destroy(DEFAULT_TENANT, ADA, AT + timedelta(days=1)) == AT
    assert keys.find(DEFAULT_TENANT, ADA) is None
    assert keys.find_or_add(DEFAULT_TENANT, ADA, lambda: b"another") is None


def test_a_missing_key_is_cached_for_a_while(
    keys: SqlSubjectKeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-24: reading a long history of an erased person is not slower."""
    sealer = EnvelopeCipher(keys, KeyFileKms(tmp_path / "master.key"))
    sealed = sealer.seal(b"x", tenant_id=DEFAULT_TENANT, subject=ADA, place=b"")
    keys.destroy(DEFAULT_TENANT, ADA, AT)
    reader = EnvelopeCipher(keys, KeyFileKms(tmp_path / "master.key"))
    looks: list[str] = []
    real = keys.find

    def counted(tenant_id: TenantId, subject: str) -> bytes | None:
        looks.append(subject)
        return real(tenant_id, subject)

    monkeypatch.setattr(keys, "find", counted)
    for _ in range(5):
        assert reader.unseal(sealed, tenant_id=DEFAULT_TENANT, subject=ADA, place=b"") is None
    assert looks == [ADA]
    with pytest.raises(SubjectErased):
        reader.seal(b"x", tenant_id=DEFAULT_TENANT, subject=ADA, place=b"")


def test_a_key_that_another_process_destroyed_is_not_used_for_long(
    keys: SqlSubjectKeyStore, tmp_path: Path
) -> None:
    """C-24"""
    kms = KeyFileKms(tmp_path / "master.key")
    patient, hasty = EnvelopeCipher(keys, kms), EnvelopeCipher(keys, kms, cache_ttl_s=0.0)
    sealed = patient.seal(b"x", tenant_id=DEFAULT_TENANT, subject=ADA, place=b"")
    assert hasty.unseal(sealed, tenant_id=DEFAULT_TENANT, subject=ADA, place=b"") == b"x"
    patient.destroy(DEFAULT_TENANT, ADA, AT)
    for sealer in (patient, hasty):
        assert sealer.unseal(sealed, tenant_id=DEFAULT_TENANT, subject=ADA, place=b"") is None
