"""Contract of the stores of accounts and sign-ins, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from adapters.encryption.blind_index import BlindIndex
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.users.credentials import SqlCredentials, SqlIdentityIndex
from adapters.users.database import IdentityDatabase
from adapters.users.newest_anchors import SqlNewestAnchors
from adapters.users.signing_keys import SqlSigningKeys, StoredKey
from adapters.users.single_use_links import SqlSingleUseLinks
from adapters.users.tables import BY_TENANT
from application.audit.verification import AnchorLink
from application.kernel.ports import StorageUnavailable
from application.users.ports import (
    Link,
    LinkPurpose,
)
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.tenants.tenant_id import TenantInvalid
from domain.users.identities import APPLE, FIREBASE, GOOGLE
from tests.contracts.conftest import AT
from tests.contracts.identity_stores import STORES, at_once, identity_database

ADA, BOB, RED = UserId("ada"), UserId("bob"), TenantId("red")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
MAIL = "Ada@Example.org"


@pytest.fixture(params=STORES)
def accounts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IdentityDatabase]:
    with identity_database(request, tmp_path) as database:
        yield database


@pytest.fixture
def index(accounts: IdentityDatabase, tmp_path: Path) -> SqlIdentityIndex:
    kms = KeyFileKms(tmp_path / "master.key")
    return SqlIdentityIndex(accounts, BlindIndex(SqlSubjectKeyStore(accounts), kms))


@pytest.fixture
def credentials(accounts: IdentityDatabase) -> SqlCredentials:
    return SqlCredentials(accounts)


@pytest.fixture
def links(accounts: IdentityDatabase) -> SqlSingleUseLinks:
    return SqlSingleUseLinks(accounts)


# Addresses and identities


def test_an_address_belongs_to_its_first_claimant(index: SqlIdentityIndex) -> None:
    """C-04: one account in a tenant, however the address is spelled."""
    assert index.find(DEFAULT_TENANT, "email", MAIL) is None
    assert index.claim(DEFAULT_TENANT, "email", MAIL, ADA) == ADA
    assert index.claim(DEFAULT_TENANT, "email", MAIL.lower(), BOB) == ADA
    assert index.find(DEFAULT_TENANT, "email", MAIL.upper()) == ADA


def test_concurrent_claims_of_an_address_have_one_winner(index: SqlIdentityIndex) -> None:
    claimed = at_once(6, lambda n: index.claim(DEFAULT_TENANT, "email", MAIL, UserId(f"u{n}")))
    assert len(set(claimed)) == 1


def test_pseudonyms_and_addresses_are_separate_namespaces(
    index: SqlIdentityIndex,
) -> None:
    """C-41"""
    assert index.claim(DEFAULT_TENANT, "email", "otter", ADA) == ADA
    assert index.claim(DEFAULT_TENANT, "pseudonym", "otter", BOB) == BOB
    assert index.claim(RED, "pseudonym", "otter", ADA) == ADA
    index.release_all(DEFAULT_TENANT, BOB)
    assert index.find(DEFAULT_TENANT, "pseudonym", "otter") is None


def test_a_subject_is_unique_per_provider_only(index: SqlIdentityIndex) -> None:
    """C-04: `identities(provider, subject)`."""
    index.claim(DEFAULT_TENANT, GOOGLE, "1", ADA)
    index.claim(DEFAULT_TENANT, APPLE, "1", BOB)
    assert index.find(DEFAULT_TENANT, GOOGLE, "1") == ADA
    assert index.find(DEFAULT_TENANT, APPLE, "1") == BOB
    assert index.find(DEFAULT_TENANT, FIREBASE, "1") is None


def test_a_tenant_has_addresses_of_its_own(index: SqlIdentityIndex) -> None:
    """R-TEN-03, C-10: the same person may have an account in each of two tenants."""
    index.claim(DEFAULT_TENANT, "email", MAIL, ADA)
    assert index.find(RED, "email", MAIL) is None
    assert index.claim(RED, "email", MAIL, BOB) == BOB


def test_a_released_value_can_be_claimed_again(index: SqlIdentityIndex) -> None:
    index.claim(DEFAULT_TENANT, "email", MAIL, ADA)
    index.claim(DEFAULT_TENANT, GOOGLE, "1", ADA)
    index.release(DEFAULT_TENANT, ADA, GOOGLE)
    assert index.claim(DEFAULT_TENANT, GOOGLE, "1", BOB) == BOB
    assert index.claim(DEFAULT_TENANT, "email", MAIL, BOB) == ADA
    index.release_all(DEFAULT_TENANT, ADA)
    assert index.claim(DEFAULT_TENANT, "email", MAIL, BOB) == BOB


def test_the_index_shows_neither_addresses_nor_subjects(
    index: SqlIdentityIndex, accounts: IdentityDatabase
) -> None:
    """R-TEN-09: digests differ between tenants and providers, so they cannot be compared."""
    for tenant in (DEFAULT_TENANT, RED):
        index.claim(tenant, "email", MAIL.lower(), ADA)
        index.claim(tenant, GOOGLE, MAIL.lower(), ADA)
    digests: set[bytes] = set()
    for tenant in (DEFAULT_TENANT, RED):
        with accounts.reading(tenant) as connection:
            rows = connection.exec_driver_sql("SELECT tenant_id, subject FROM identities")
            digests |= {bytes(subject) for owner, subject in rows if owner == tenant}
    assert len(digests) == 4
    assert all(len(digest) == 32 and b"ada" not in digest.lower() for digest in digests)


# Passwords


def test_a_password_is_replaced_and_removed(credentials: SqlCredentials) -> None:
    """R-IDN-04, R-IDN-18"""
    assert credentials.find(DEFAULT_TENANT, ADA) is None
    credentials.put(DEFAULT_TENANT, ADA, "$argon2id$1", AT)
    credentials.put(DEFAULT_TENANT, ADA, "$argon2id$2", AT)
    assert credentials.find(DEFAULT_TENANT, ADA) == "$argon2id$2"
    assert credentials.find(RED, ADA) is None
    credentials.remove(RED, ADA)
    assert credentials.find(DEFAULT_TENANT, ADA) == "$argon2id$2"
    credentials.remove(DEFAULT_TENANT, ADA)
    assert credentials.find(DEFAULT_TENANT, ADA) is None


def test_a_password_is_replaced_only_if_it_is_the_expected_one(
    credentials: SqlCredentials,
) -> None:
    """R-EVT-16: of two concurrent registrations, neither overwrites what it has not read."""

    def replace(hashed: str | None, expected: str | None) -> bool:
        return credentials.replace(DEFAULT_TENANT, ADA, hashed, expected=expected, at=AT)

    assert not replace(None, None)
    assert replace("1", None)
    assert not replace("2", None)
    assert not replace("2", "0")
    assert not replace(None, "0")
    assert replace("2", "1")
    assert credentials.find(DEFAULT_TENANT, ADA) == "2"
    assert replace(None, "2")
    assert credentials.find(DEFAULT_TENANT, ADA) is None


# Links


def issued(links: SqlSingleUseLinks, digest: bytes, purpose: LinkPurpose = "verify_email") -> None:
    links.issue(Link(DEFAULT_TENANT, digest, purpose, ADA, AT + DAY), AT)


def test_a_link_is_used_once(links: SqlSingleUseLinks) -> None:
    """R-IDN-07"""
    issued(links, b"1")
    assert links.owner(DEFAULT_TENANT, b"1", "verify_email", AT) == ADA
    assert links.redeem(DEFAULT_TENANT, b"1", "verify_email", AT) == ADA
    assert links.redeem(DEFAULT_TENANT, b"1", "verify_email", AT) is None
    assert links.owner(DEFAULT_TENANT, b"1", "verify_email", AT) is None


def test_concurrent_uses_of_a_link_have_one_winner(links: SqlSingleUseLinks) -> None:
    """R-IDN-07"""
    issued(links, b"1")
    arrived = at_once(6, lambda _: links.redeem(DEFAULT_TENANT, b"1", "verify_email", AT))
    assert sorted(arrived, key=str) == [None] * 5 + [ADA]


def test_a_link_sets_one_password_and_is_stored_for_a_repetition(
    links: SqlSingleUseLinks, credentials: SqlCredentials
) -> None:
    """R-EVT-16, R-IDN-18: the password is stored and the link used, or neither."""

    def put(digest: bytes, hashed: str, at: datetime = AT) -> UserId | None:
        return credentials.put_by_link(
            DEFAULT_TENANT, digest, hashed, at, until=at + timedelta(minutes=10)
        )

    issued(links, b"1")
    assert put(b"1", "hash") is None, "it verifies an address"
    issued(links, b"2", "reset_password")
    assert put(b"2", "hash", AT + DAY) is None, "it has expired"
    assert credentials.find(DEFAULT_TENANT, ADA) is None
    arrived = at_once(6, lambda number: put(b"2", f"hash {number}"))
    assert sorted(arrived, key=str) == [None] * 5 + [ADA]
    winner = next(number for number, user_id in enumerate(arrived) if user_id)
    assert credentials.find(DEFAULT_TENANT, ADA) == f"hash {winner}"
    assert links.owner(DEFAULT_TENANT, b"2", "reset_password", AT) is None
    later = AT + timedelta(minutes=9)
    assert links.owner(DEFAULT_TENANT, b"2", "password_reset", later) == ADA
    later = AT + timedelta(minutes=10)
    assert links.owner(DEFAULT_TENANT, b"2", "password_reset", later) is None


def test_a_link_expires_and_is_for_one_purpose_in_one_tenant(links: SqlSingleUseLinks) -> None:
    issued(links, b"1")
    for tenant, digest, purpose, at in [
        (RED, b"1", "verify_email", AT),
        (DEFAULT_TENANT, b"2", "verify_email", AT),
        (DEFAULT_TENANT, b"1", "reset_password", AT),
        (DEFAULT_TENANT, b"1", "verify_email", AT + DAY),
    ]:
        assert links.owner(tenant, digest, purpose, at) is None  # type: ignore[arg-type]
        assert links.redeem(tenant, digest, purpose, at) is None  # type: ignore[arg-type]
    assert links.redeem(DEFAULT_TENANT, b"1", "verify_email", AT) == ADA


def test_links_for_a_purpose_are_withdrawn_together(links: SqlSingleUseLinks) -> None:
    issued(links, b"1", "reset_password")
    issued(links, b"2", "reset_password")
    issued(links, b"3")
    links.withdraw(DEFAULT_TENANT, ADA, "reset_password")
    assert links.redeem(DEFAULT_TENANT, b"1", "reset_password", AT) is None
    assert links.redeem(DEFAULT_TENANT, b"2", "reset_password", AT) is None
    assert links.redeem(DEFAULT_TENANT, b"3", "verify_email", AT) == ADA


# Signing keys


def test_a_signing_key_is_rotated_and_deleted_after_its_time(
    accounts: IdentityDatabase,
) -> None:
    keys = SqlSigningKeys(accounts)
    until = AT + DAY + DAY
    keys.rotate("one", b"1", at=AT, until=AT, records={})
    keys.rotate("two", b"2", at=AT + DAY, until=until, records={"one": b"I"})
    assert keys.all() == [
        StoredKey("two", b"2", AT + DAY, None), StoredKey("one", b"1", AT, until),
    ]  # fmt: skip
    keys.rotate("three", b"3", at=until, until=until + DAY, records={"one": b"II", "two": None})
    assert [key.kid for key in keys.all()] == ["three", "two"]
    assert [keys.record(kid) for kid in ("one", "two", "three")] == [b"I", None, None]


def test_a_signing_key_is_not_deleted_before_it_is_recorded(accounts: IdentityDatabase) -> None:
    """R-EVT-15: another process may have stored it in the meantime."""
    keys = SqlSigningKeys(accounts)
    keys.rotate("one", b"1", at=AT, until=AT, records={})
    keys.rotate("two", b"2", at=AT, until=AT + DAY, records={})
    expired = AT + DAY + DAY
    keys.rotate("three", b"3", at=expired, until=expired, records={"two": b"II"})
    assert {key.kid for key in keys.all()} == {"one", "two", "three"}
    records = {"one": b"I", "two": b"II", "three": b"III"}
    keys.rotate("four", b"4", at=expired, until=expired, records=records)
    assert [key.kid for key in keys.all()] == ["four", "three"]
    assert [keys.record(kid) for kid in records] == [b"I", b"II", b"III"]


# Daily anchors


def test_the_newest_anchor_of_each_tenant_is_kept(accounts: IdentityDatabase) -> None:
    """R-EVT-15"""
    newest = SqlNewestAnchors(accounts)
    assert (newest.find(RED), newest.tenants()) == (None, [])
    for name in ("first", "second"):
        newest.save(RED, AnchorLink(name, bytes(32)))
        assert newest.find(RED) == AnchorLink(name, bytes(32))
    assert newest.find(DEFAULT_TENANT) is None
    assert newest.tenants() == [RED]


# The database


@pytest.mark.parametrize("tenant", ["", "red/x", "Red", "r" * 65])
def test_a_tenant_is_named_as_everywhere(accounts: IdentityDatabase, tenant: str) -> None:
    """R-TEN-03"""
    with pytest.raises(TenantInvalid):
        SqlCredentials(accounts).find(TenantId(tenant), ADA)


def test_the_database_shows_a_tenant_its_rows_only(database: str) -> None:
    """R-TEN-03, R-TEN-07, C-10: without a filter in the statement; SQLite's statements have one."""
    with closing(IdentityDatabase(database)) as accounts:
        SqlCredentials(accounts).put(RED, ADA, "red's", AT)
        with accounts.reading(TenantId("blue")) as connection:
            seen = connection.exec_driver_sql("SELECT * FROM credential").all()
        assert seen == []
        with pytest.raises(Exception, match="row-level security"):
            foreign_row(accounts)
    with psycopg.connect(database) as connection:
        protected = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'identity'::regnamespace"
            " AND relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
        ).fetchall()
    assert {name for (name,) in protected} == {table.name for table in BY_TENANT}


def foreign_row(accounts: IdentityDatabase) -> None:
    with accounts.of_tenant(TenantId("blue")) as connection:
        connection.exec_driver_sql("INSERT INTO credential VALUES ('red', 'eve', 'hash', now())")


@pytest.mark.parametrize("role", ["kinelog_reader", "kinelog_analyst", "kinelog_relay"])
def test_only_the_application_role_reads_accounts(database: str, role: str) -> None:
    """C-24: analysts can read neither hashes nor keys."""
    with psycopg.connect(database) as connection:
        connection.execute("SELECT set_config('role', %s, true)", [role])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT 1 FROM identity.subject_key")


def test_missing_tables_are_reported(postgres_database: str) -> None:
    with closing(IdentityDatabase(postgres_database)) as accounts:  # noqa: SIM117
        with pytest.raises(StorageUnavailable):
            SqlCredentials(accounts).find(DEFAULT_TENANT, ADA)
