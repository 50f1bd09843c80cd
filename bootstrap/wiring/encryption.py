"""Build encryption: the keys of people, the KMS, and the codec that encrypts personal fields."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Final, Protocol

from sqlalchemy import URL

from adapters.encryption.envelope import EnvelopeCipher
from adapters.encryption.key_file import KeyFileKms
from adapters.encryption.subject_keys import SqlSubjectKeyStore, WrappedKey
from adapters.event_log.codec import EventCodec
from adapters.privacy.certificate_signer import has_certificate_keys
from adapters.users.database import IdentityDatabase
from application.kernel.encryption import KeyMissing, KeyRefused, Kms, KmsUnavailable
from application.operations.readiness import Check
from bootstrap.settings import Settings
from bootstrap.wiring.privacy_database import build_privacy_database
from domain.ids import DEFAULT_TENANT, TenantId

KEY_FILE: Final = "master.key"
"""The key file's name in the data folder."""

CONNECTIONS: Final = 8
"""Connections to the tables of users and keys in PostgreSQL: every request checks its sign-in,
which takes a tenth of a millisecond."""


@dataclass(frozen=True)
class EncryptionServices:
    """The tables of users and keys, and the event codec that encrypts personal fields."""

    database: IdentityDatabase
    keys: SqlSubjectKeyStore
    kms: Kms
    sealer: EnvelopeCipher
    codec: EventCodec


@contextmanager
def build_encryption(settings: Settings) -> Generator[EncryptionServices]:
    """Open the key store: in PostgreSQL if its URL is set, otherwise in the data folder.

    Raises StorageUnavailable. Encrypting and decrypting raise KmsUnavailable.
    """
    with closing(IdentityDatabase(identity_url(settings), connections=CONNECTIONS)) as database:
        keys = SqlSubjectKeyStore(database)

        def build(*, may_create: bool) -> Kms:
            return _kms(settings, may_create=may_create)

        def has_keys(tenant_id: TenantId) -> bool:
            return keys.has_any(tenant_id) or _has_certificate_keys(settings)

        kms = OnDemandKms(build, has_keys, keys.find_samples)
        sealer = EnvelopeCipher(keys, kms)
        yield EncryptionServices(database, keys, kms, sealer, EventCodec(sealer=sealer))


def _has_certificate_keys(settings: Settings) -> bool:
    """Return whether there are keys of erasure certificates. They outlast the keys of users."""
    with closing(build_privacy_database(settings)) as database:
        return has_certificate_keys(database)


def identity_url(settings: Settings) -> str | URL:
    """Return the URL of the tables of users and keys."""
    if settings.postgres_url is not None:
        return settings.postgres_url.get_secret_value()
    return URL.create("sqlite", database=str(settings.home / "identity.sqlite3"))


def _kms(settings: Settings, *, may_create: bool) -> Kms:
    if settings.kms_key is None:
        path = settings.key_file or settings.home / KEY_FILE
        return KeyFileKms(path, may_create=may_create)
    from adapters.encryption.aws_kms import AwsKms  # noqa: PLC0415  loads boto3

    return AwsKms(settings.kms_key)


def find_refusal(kms: Kms, keys: Sequence[WrappedKey]) -> KeyRefused | KmsUnavailable | None:
    """Return why the KMS can unwrap none of these keys.

    Returns None if it unwraps one, or if there are no keys.
    """
    refusal: KeyRefused | KmsUnavailable | None = None
    for each in keys:
        try:
            kms.unwrap(each.wrapped, tenant_id=each.tenant_id, about=each.about)
        except (KeyRefused, KmsUnavailable) as refused:
            refusal = refused
        else:
            return None
    return refusal


class StoredKeysCheck:
    """Checks that the KMS of this process can unwrap the stored keys.

    After the first success, the KMS is not called again: a key file stays in memory, and an outage
    of AWS KMS, which all processes share, must not take all of them out of service.
    """

    def __init__(self, encryption: EncryptionServices) -> None:
        self._encryption = encryption
        self._is_unwrapped = False

    def probe(self) -> str:
        """Return a sentence about the stored keys, if one can be unwrapped or there are none.

        Raises KeyRefused or KmsUnavailable if none can be unwrapped, and StorageUnavailable.
        """
        if not self._is_unwrapped:
            keys = self._encryption.keys.find_samples(DEFAULT_TENANT)
            if not keys:
                return "There are no keys yet."
            refusal = find_refusal(self._encryption.kms, keys)
            if refusal is not None:
                raise refusal
            self._is_unwrapped = True
        return "Stored keys can be unwrapped."


def build_keys_check(encryption: EncryptionServices) -> Check:
    """Build the health check of the stored keys: without them, nobody can sign in."""
    return Check("keys", StoredKeysCheck(encryption).probe)


class Build(Protocol):
    """Opens a KMS."""

    def __call__(self, *, may_create: bool) -> Kms:
        """With `may_create`, a master key that does not exist is created. Raises KmsUnavailable."""
        ...


class OnDemandKms:
    """A KMS that is opened when a key is first used: without use, no key file is created.

    While there are keys that an earlier key file wrapped (`has_keys`), no new file is created:
    it could not unwrap them, and what it wraps would be lost once the earlier one is restored. For
    the same reason, a KMS that can unwrap none of a few stored keys (`find_samples`) wraps nothing.

    If the key of a tenant is missing, and the KMS can unwrap none of these keys either, the setting
    is wrong: that is an outage, and not the lock of one tenant after another.
    """

    def __init__(
        self,
        build: Build,
        has_keys: Callable[[TenantId], bool],
        find_samples: Callable[[TenantId], Sequence[WrappedKey]],
    ) -> None:
        self._build = build
        self._has_keys = has_keys
        self._find_samples = find_samples
        self._is_checked = False
        self._lock = Lock()
        self._opened: Kms | None = None

    def wrap(self, key: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        kms = self._kms(lambda: not self._has_keys(tenant_id))
        self._check_stored_keys(kms, tenant_id)
        with self._checked_setting(kms, tenant_id):
            return kms.wrap(key, tenant_id=tenant_id, about=about)

    def unwrap(self, wrapped: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        kms = self._kms(lambda: False)
        with self._checked_setting(kms, tenant_id):
            return kms.unwrap(wrapped, tenant_id=tenant_id, about=about)

    def _check_stored_keys(self, kms: Kms, tenant_id: TenantId) -> None:
        """Raise KeyRefused if the KMS can unwrap none of a few stored keys.

        The check is repeated until the KMS has unwrapped one. An unavailable KMS is not refused
        here: the key of only one tenant may be disabled.
        """
        refusal = self._find_refusal(kms, tenant_id)
        if isinstance(refusal, KeyRefused):
            raise refusal

    @contextmanager
    def _checked_setting(self, kms: Kms, tenant_id: TenantId) -> Generator[None]:
        """Turn KeyMissing into KmsUnavailable if the names of all keys seem to be wrong."""
        try:
            yield
        except KeyMissing as missing:
            refusal = self._find_refusal(kms, tenant_id)
            if refusal is None:
                raise
            raise KmsUnavailable(
                "AWS KMS unwraps none of a few stored keys. Check KINELOG_KMS_KEY."
            ) from missing

    def _find_refusal(self, kms: Kms, tenant_id: TenantId) -> KeyRefused | KmsUnavailable | None:
        """Return why the KMS can unwrap none of a few stored keys; None once it has unwrapped one.

        Returns None if there are no stored keys, too.
        """
        if self._is_checked:
            return None
        keys = self._find_samples(tenant_id)
        refusal = find_refusal(kms, keys)
        self._is_checked = bool(keys) and refusal is None
        return refusal

    def _kms(self, may_create: Callable[[], bool]) -> Kms:
        with self._lock:
            if self._opened is None:
                self._opened = self._build(may_create=may_create())
            return self._opened
