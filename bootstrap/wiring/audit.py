"""Build the reader of the hash chain and the signer of its anchors."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from adapters.anchors.folder import FolderAnchors
from adapters.clock import utc_now
from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from application.audit.daily_anchors import DailyAnchors
from application.audit.hash_chain import HashChainReader
from application.audit.stored_anchors import AnchorStore, StoredAnchors
from application.audit.verification import AnchorLink, Anchors
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import EncryptionServices, build_encryption
from bootstrap.wiring.platform import ensure_folder
from domain.ids import TenantId
from domain.kernel import Rejected


class AnchorsInvalid(Rejected):
    """KINELOG_ANCHORS has to be a folder, or s3://bucket/prefix."""

    code = "anchors.invalid"
    kind = "invalid"


@contextmanager
def build_hash_chain(settings: Settings) -> Generator[HashChainReader]:
    """Open the hash chain: in PostgreSQL if its URL is set, otherwise in the data folder.

    Raises StorageUnavailable.
    """
    url = settings.postgres_url
    log = (
        SqliteHashChain(ensure_folder(settings.home) / "log.sqlite3")
        if url is None
        else PostgresHashChain(url.get_secret_value())
    )
    with closing(log):
        yield log


def build_anchor_store(settings: Settings) -> AnchorStore:
    """Return the storage of daily anchors: a folder, or a bucket. Raises AnchorsInvalid."""
    if not settings.anchors.startswith("s3://"):
        return FolderAnchors(Path(settings.anchors or settings.home / "anchors"))
    from adapters.anchors.s3 import BucketAnchors  # noqa: PLC0415  loads the S3 client, where it is set
    from adapters.media.s3 import BucketAddress  # noqa: PLC0415  same

    bucket, _, prefix = settings.anchors.removeprefix("s3://").partition("/")
    if not bucket:
        raise AnchorsInvalid
    secret = settings.s3_secret
    address = BucketAddress(
        bucket=bucket,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        key_id=settings.s3_key_id,
        secret=None if secret is None else secret.get_secret_value(),
    )
    retention = timedelta(days=settings.anchor_retention_days)
    return BucketAnchors(address, prefix, retention=retention, clock=utc_now)


class DailyAnchorsOnDemand:
    """Opens hash chain and signing keys for each anchor: the daily job needs them for seconds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = build_anchor_store(settings)

    def __call__(self, tenant_id: TenantId) -> AnchorLink | None:
        """Verify and anchor the chain of a tenant. Raises as DailyAnchors does."""
        settings = self._settings
        with (
            build_hash_chain(settings) as chain,
            build_stored_anchors(settings, self._store) as stored,
        ):
            return DailyAnchors(chain, stored, utc_now)(tenant_id)


@contextmanager
def build_anchors(settings: Settings) -> Generator[Anchors]:
    """Build the signer of anchors. Raises StorageUnavailable."""
    ensure_folder(settings.home)
    with build_encryption(settings) as encryption:
        yield _signer(encryption)


@contextmanager
def build_stored_anchors(settings: Settings, store: AnchorStore) -> Generator[StoredAnchors]:
    """Build the check of stored anchors. Raises StorageUnavailable."""
    from adapters.users.newest_anchors import SqlNewestAnchors  # noqa: PLC0415  as the signer

    ensure_folder(settings.home)
    with build_encryption(settings) as encryption:
        yield StoredAnchors(
            anchors=_signer(encryption),
            store=store,
            newest=SqlNewestAnchors(encryption.database),
            retention=timedelta(days=settings.anchor_retention_days),
            clock=utc_now,
        )


def _signer(encryption: EncryptionServices) -> Anchors:
    from adapters.event_log.signed_anchors import JoseAnchors  # noqa: PLC0415  loads JOSE
    from adapters.users.key_ring import KeyRing  # noqa: PLC0415  same
    from adapters.users.signing_keys import SqlSigningKeys  # noqa: PLC0415  same

    keys = SqlSigningKeys(encryption.database)
    return JoseAnchors(KeyRing(keys, encryption.kms, clock=utc_now))
