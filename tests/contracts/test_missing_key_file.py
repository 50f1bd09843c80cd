"""A missing key file is not replaced, and a wrong one not used, while there are wrapped keys."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from adapters.clock import utc_now
from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore
from adapters.users.database import IdentityDatabase
from adapters.users.key_ring import KeyRing
from adapters.users.signing_keys import SqlSigningKeys
from application.kernel.encryption import KeyRefused, KmsUnavailable
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import KEY_FILE, OnDemandKms, build_encryption
from bootstrap.wiring.exports import build_signer
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from tests.contracts.identity_stores import STORES, identity_database
from tests.data_folders import prepared

ADA = UserId("ada")
BEA = UserId("bea")
RED = TenantId("red")
PLACE = b"a place"


@pytest.fixture(params=STORES)
def accounts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IdentityDatabase]:
    with identity_database(request, tmp_path) as database:
        yield database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.key"


def restarted(accounts: IdentityDatabase, path: Path) -> OnDemandKms:
    """Return the KMS of a process that has just started."""
    keys = SqlSubjectKeyStore(accounts)

    def build(*, may_create: bool) -> KeyFileKms:
        return KeyFileKms(path, may_create=may_create)

    return OnDemandKms(build, keys.has_any, keys.find_samples)


def sealer(accounts: IdentityDatabase, path: Path) -> EnvelopeCipher:
    return EnvelopeCipher(SqlSubjectKeyStore(accounts), restarted(accounts, path))


def seal(cipher: EnvelopeCipher, tenant_id: TenantId, person: UserId) -> bytes:
    return cipher.seal(b"a name", tenant_id=tenant_id, subject=person, place=PLACE)


def test_what_an_earlier_key_file_encrypted_is_not_read_with_a_new_one(
    accounts: IdentityDatabase, path: Path
) -> None:
    """C-23: the operator is told what is missing, and restores it."""
    sealed = seal(sealer(accounts, path), DEFAULT_TENANT, ADA)
    kept = path.rename(path.with_name("copy"))
    reader = sealer(accounts, path)
    with pytest.raises(KmsUnavailable, match="is missing"):
        reader.unseal(sealed, tenant_id=DEFAULT_TENANT, subject=ADA, place=PLACE)
    assert not path.exists()
    kept.rename(path)
    assert reader.unseal(sealed, tenant_id=DEFAULT_TENANT, subject=ADA, place=PLACE) == b"a name"


def test_no_new_person_is_encrypted_with_another_key_file(
    accounts: IdentityDatabase, path: Path
) -> None:
    """C-23: their data would be lost once the earlier file is restored."""
    seal(sealer(accounts, path), DEFAULT_TENANT, ADA)
    path.unlink()
    with pytest.raises(KmsUnavailable, match="is missing"):
        seal(sealer(accounts, path), DEFAULT_TENANT, BEA)
    assert not path.exists()


def test_the_key_that_signs_tokens_shows_that_there_was_a_key_file(
    accounts: IdentityDatabase, path: Path
) -> None:
    """C-23: also to a tenant without people, which cannot see the keys of other tenants."""
    KeyRing(SqlSigningKeys(accounts), restarted(accounts, path), clock=utc_now).rotate()
    path.unlink()
    with pytest.raises(KmsUnavailable, match="is missing"):
        seal(sealer(accounts, path), RED, ADA)


def test_the_key_of_certificates_shows_that_there_was_a_key_file(tmp_path: Path) -> None:
    """C-23: no later erasure could be certified."""
    settings = Settings(home=prepared(tmp_path / "home"), postgres_url=None)
    with build_signer(settings) as signer:
        signer.sign({"person": ADA})
    (settings.home / KEY_FILE).unlink()
    with build_encryption(settings) as services, pytest.raises(KmsUnavailable, match="is missing"):
        seal(services.sealer, DEFAULT_TENANT, BEA)
    assert not (settings.home / KEY_FILE).exists()


def test_a_new_key_file_is_created_once_all_people_are_erased(
    accounts: IdentityDatabase, path: Path
) -> None:
    first = sealer(accounts, path)
    seal(first, DEFAULT_TENANT, ADA)
    first.destroy(DEFAULT_TENANT, ADA, utc_now())
    path.unlink()
    assert seal(sealer(accounts, path), DEFAULT_TENANT, BEA)
    assert path.exists()


@pytest.mark.parametrize("tenant_id", [DEFAULT_TENANT, RED])
def test_no_new_person_is_encrypted_with_the_wrong_key_file(
    accounts: IdentityDatabase, path: Path, tenant_id: TenantId
) -> None:
    """C-23: a file from the wrong copy is like a missing one, also for a new tenant."""
    seal(sealer(accounts, path), DEFAULT_TENANT, ADA)
    KeyRing(SqlSigningKeys(accounts), restarted(accounts, path), clock=utc_now).rotate()
    right = path.rename(path.with_name("copy"))
    KeyFileKms(path)
    with pytest.raises(KeyRefused, match="Restore"):
        seal(sealer(accounts, path), tenant_id, BEA)
    right.rename(path)
    assert seal(sealer(accounts, path), tenant_id, BEA)


def test_a_tenant_without_keys_does_not_prove_the_key_file(
    accounts: IdentityDatabase, path: Path
) -> None:
    """C-23: without signing keys, only keys of the tenant itself can prove it."""
    seal(sealer(accounts, path), DEFAULT_TENANT, ADA)
    path.rename(path.with_name("copy"))
    KeyFileKms(path)
    wrong = sealer(accounts, path)
    seal(wrong, RED, ADA)
    with pytest.raises(KeyRefused, match="Restore"):
        seal(wrong, DEFAULT_TENANT, BEA)


def test_an_outage_of_the_kms_does_not_prove_its_keys(
    accounts: IdentityDatabase, path: Path
) -> None:
    """C-23: they are tried again once the KMS replies."""
    seal(sealer(accounts, path), DEFAULT_TENANT, ADA)
    path.rename(path.with_name("copy"))
    wrong = KeyFileKms(path)
    kms = Mock(wraps=wrong)
    kms.unwrap.side_effect = kms.wrap.side_effect = KmsUnavailable
    keys = SqlSubjectKeyStore(accounts)
    cipher = EnvelopeCipher(
        keys, OnDemandKms(lambda *, may_create: kms, keys.has_any, keys.find_samples)
    )
    with pytest.raises(KmsUnavailable):
        seal(cipher, DEFAULT_TENANT, BEA)
    kms.unwrap.side_effect = kms.wrap.side_effect = None
    with pytest.raises(KeyRefused, match="Restore"):
        seal(cipher, DEFAULT_TENANT, BEA)


def test_others_are_encrypted_although_one_key_is_damaged(
    accounts: IdentityDatabase, path: Path
) -> None:
    """C-23: the key file is the right one as long as it opens one of the keys."""
    cipher = sealer(accounts, path)
    sealed = seal(cipher, DEFAULT_TENANT, BEA)
    SqlSubjectKeyStore(accounts).find_or_add(DEFAULT_TENANT, ADA, lambda: b"damaged")
    with pytest.raises(KeyRefused):
        seal(sealer(accounts, path), DEFAULT_TENANT, ADA)
    later = sealer(accounts, path)
    assert seal(later, DEFAULT_TENANT, UserId("eve"))
    assert later.unseal(sealed, tenant_id=DEFAULT_TENANT, subject=BEA, place=PLACE) == b"a name"
