"""A key that AWS KMS does not have: the key of one tenant was deleted, or its name is wrong."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from adapters.clock import utc_now
from adapters.encryption.aws_kms import AwsKms
from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.users.database import IdentityDatabase
from adapters.users.key_ring import KeyRing
from adapters.users.signing_keys import SqlSigningKeys
from application.kernel.encryption import KeyDisabled, KmsUnavailable
from application.kernel.outages import is_outage
from bootstrap.wiring.encryption import OnDemandKms
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from tests.adapters.users.kms_peer import KmsPeer, kms_of
from tests.contracts.identity_stores import STORES, identity_database

RED, ADA, BEA, PLACE = TenantId("red"), UserId("ada"), UserId("bea"), b"a place"

Start = Callable[[str], OnDemandKms]
"""Returns the KMS of a process that has just started, by `KINELOG_KMS_KEY`."""


@pytest.fixture(params=STORES)
def accounts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IdentityDatabase]:
    with identity_database(request, tmp_path) as database:
        yield database


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[KmsPeer]:
    with kms_of(monkeypatch, DEFAULT_TENANT, RED) as serving:
        yield serving


@pytest.fixture
def start(accounts: IdentityDatabase, peer: KmsPeer) -> Iterator[Start]:
    keys = SqlSubjectKeyStore(accounts)
    with ExitStack() as stack:

        def started(key_id: str) -> OnDemandKms:
            aws = stack.enter_context(closing(AwsKms(key_id, endpoint_url=peer.url)))
            return OnDemandKms(lambda *, may_create: aws, keys.has_any, keys.find_samples)

        yield started


@pytest.fixture
def sealed(accounts: IdentityDatabase, start: Start) -> bytes:
    """A name of Ada in the tenant `red`, encrypted by an earlier process with a signing key."""
    kms = start("alias/kinelog-{tenant}")
    KeyRing(SqlSigningKeys(accounts), kms, clock=utc_now).rotate()
    cipher = EnvelopeCipher(SqlSubjectKeyStore(accounts), kms)
    return cipher.seal(b"a name", tenant_id=RED, subject=ADA, place=PLACE)


def unseal(accounts: IdentityDatabase, kms: OnDemandKms, sealed: bytes) -> bytes | None:
    cipher = EnvelopeCipher(SqlSubjectKeyStore(accounts), kms)
    return cipher.unseal(sealed, tenant_id=RED, subject=ADA, place=PLACE)


def test_a_wrong_name_of_all_keys_is_an_outage(
    accounts: IdentityDatabase, start: Start, sealed: bytes
) -> None:
    """C-24: read models and workers wait, instead of putting aside the data of all tenants."""
    kms = start("alias/kinelgo-{tenant}")
    with pytest.raises(KmsUnavailable, match="KINELOG_KMS_KEY") as refusal:
        unseal(accounts, kms, sealed)
    assert is_outage(refusal.value)
    cipher = EnvelopeCipher(SqlSubjectKeyStore(accounts), kms)
    with pytest.raises(KmsUnavailable, match="KINELOG_KMS_KEY") as refusal:
        cipher.seal(b"a name", tenant_id=RED, subject=BEA, place=PLACE)
    assert is_outage(refusal.value)
    assert unseal(accounts, start("alias/kinelog-{tenant}"), sealed) == b"a name"


def test_a_deleted_key_locks_its_tenant_only(
    accounts: IdentityDatabase, peer: KmsPeer, start: Start, sealed: bytes
) -> None:
    """C-24: also in a process that has used no other key before."""
    del peer.keys["alias/kinelog-red"]
    kms = start("alias/kinelog-{tenant}")
    for _ in range(2):
        with pytest.raises(KeyDisabled, match="NotFoundException"):
            unseal(accounts, kms, sealed)
    cipher = EnvelopeCipher(SqlSubjectKeyStore(accounts), kms)
    assert cipher.seal(b"a name", tenant_id=DEFAULT_TENANT, subject=BEA, place=PLACE)


def test_a_new_tenant_without_a_key_is_locked(accounts: IdentityDatabase, start: Start) -> None:
    """C-24: no stored key tells whether the name is wrong."""
    cipher = EnvelopeCipher(SqlSubjectKeyStore(accounts), start("alias/kinelog-{tenant}"))
    with pytest.raises(KeyDisabled, match="NotFoundException"):
        cipher.seal(b"a name", tenant_id=TenantId("green"), subject=ADA, place=PLACE)
