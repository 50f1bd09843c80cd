"""Key management services that wrap personal keys: a local key file, or AWS KMS."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from adapters.encryption.aws_kms import AwsKms
from adapters.encryption.key_file import KeyFileKms
from application.kernel.encryption import KeyDisabled, KeyRefused, Kms, KmsUnavailable
from domain.ids import TenantId
from tests.adapters.users.kms_peer import KmsPeer, kms_of

RED, BLUE = TenantId("red"), TenantId("blue")
KEY = bytes(range(32))


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[KmsPeer]:
    with kms_of(monkeypatch, RED, BLUE) as serving:
        yield serving


@pytest.fixture
def aws(peer: KmsPeer) -> Iterator[AwsKms]:
    with closing(AwsKms("alias/kinelog-{tenant}", endpoint_url=peer.url)) as kms:
        yield kms


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFileKms:
    return KeyFileKms(tmp_path / "keys" / "master.key")


@pytest.fixture(params=["key_file", "aws"])
def kms(request: pytest.FixtureRequest) -> Kms:
    given: Kms = request.getfixturevalue(request.param)
    return given


def test_a_wrapped_key_is_unreadable_and_unwraps_unchanged(kms: Kms) -> None:
    """R-TEN-09, C-23"""
    wrapped = kms.wrap(KEY, tenant_id=RED, about="ada")
    assert KEY not in wrapped
    assert kms.wrap(KEY, tenant_id=RED, about="ada") != wrapped
    assert kms.unwrap(wrapped, tenant_id=RED, about="ada") == KEY


@pytest.mark.parametrize(("tenant", "about"), [(BLUE, "ada"), (RED, "eve")])
def test_a_key_is_unwrapped_for_its_tenant_and_person_only(
    kms: Kms, tenant: TenantId, about: str
) -> None:
    """C-10, C-23"""
    wrapped = kms.wrap(KEY, tenant_id=RED, about="ada")
    with pytest.raises(KeyRefused):
        kms.unwrap(wrapped, tenant_id=tenant, about=about)


@pytest.mark.parametrize("wrapped", [b"", b"short", bytes(60)])
def test_a_token_signed_with_no_key_is_refused(kms: Kms, wrapped: bytes) -> None:
    with pytest.raises((KeyRefused, KmsUnavailable)):
        kms.unwrap(wrapped, tenant_id=RED, about="ada")


def test_a_disabled_key_serves_nobody(aws: AwsKms, peer: KmsPeer) -> None:
    """C-24: an operator can lock a whole tenant."""
    wrapped = aws.wrap(KEY, tenant_id=RED, about="ada")
    peer.disabled.add("alias/kinelog-red")
    with pytest.raises(KeyDisabled, match="DisabledException"):
        aws.unwrap(wrapped, tenant_id=RED, about="ada")
    with pytest.raises(KeyDisabled, match="NotFoundException"):
        aws.wrap(KEY, tenant_id=TenantId("green"), about="ada")


def test_a_disabled_key_of_all_tenants_is_an_outage(peer: KmsPeer) -> None:
    """Background work waits for it: no tenant could go on without the others."""
    peer.disabled.add("alias/kinelog-red")
    with (
        closing(AwsKms("alias/kinelog-red", endpoint_url=peer.url)) as shared,
        pytest.raises(KmsUnavailable, match="DisabledException") as refusal,
    ):
        shared.wrap(KEY, tenant_id=BLUE, about="ada")
    assert not isinstance(refusal.value, KeyDisabled)


def test_aws_receives_the_owner_of_each_key(aws: AwsKms, peer: KmsPeer) -> None:
    """C-23: the audit trail of AWS names tenant and person."""
    aws.wrap(KEY, tenant_id=RED, about="ada")
    ((target, request),) = peer.requests
    assert target == "TrentService.Encrypt"
    assert request["EncryptionContext"] == {"tenant": "red", "about": "ada"}


def test_unreachable_aws_is_reported(peer: KmsPeer) -> None:
    with (
        closing(AwsKms("alias/x", endpoint_url="http://127.0.0.1:1")) as away,
        pytest.raises(KmsUnavailable, match="cannot be reached"),
    ):
        away.wrap(KEY, tenant_id=RED, about="ada")


def test_the_key_file_is_its_owners_and_serves_again(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    wrapped = KeyFileKms(path).wrap(KEY, tenant_id=RED, about="ada")
    assert path.stat().st_mode & 0o777 == 0o600
    assert KeyFileKms(path).unwrap(wrapped, tenant_id=RED, about="ada") == KEY
    assert [entry.name for entry in tmp_path.iterdir()] == ["master.key"]


def test_a_key_file_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    KeyFileKms(path)
    path.chmod(0o640)
    with pytest.raises(KmsUnavailable, match="0600"):
        KeyFileKms(path)


@pytest.mark.parametrize("content", [b"", b"a photograph", b"AAAA"])
def test_a_file_without_a_key_is_reported(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KmsUnavailable, match="does not contain a key"):
        KeyFileKms(path)


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KmsUnavailable, match="cannot be read"):
        KeyFileKms(tmp_path / "file" / "master.key")


def test_concurrent_processes_create_one_key_file(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    with ThreadPoolExecutor(8) as threads:
        opened = list(threads.map(lambda _: KeyFileKms(path), range(8)))
    wrapped = opened[0].wrap(KEY, tenant_id=RED, about="ada")
    assert {kms.unwrap(wrapped, tenant_id=RED, about="ada") for kms in opened} == {KEY}
