"""Build the reader of the hash chain and the signer of its anchors."""

from collections.abc import Generator
from contextlib import closing, contextmanager

from adapters.clock import utc_now
from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from application.audit.hash_chain import HashChainReader
from application.audit.verification import Anchors
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.platform import ensure_folder


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


@contextmanager
def build_anchors(settings: Settings) -> Generator[Anchors]:
    """Build the signer of anchors. Raises StorageUnavailable."""
    from adapters.event_log.signed_anchors import JoseAnchors  # noqa: PLC0415  loads JOSE
    from adapters.users.key_ring import KeyRing  # noqa: PLC0415  same
    from adapters.users.signing_keys import SqlSigningKeys  # noqa: PLC0415  same

    ensure_folder(settings.home)
    with build_encryption(settings) as encryption:
        yield JoseAnchors(
            KeyRing(SqlSigningKeys(encryption.database), encryption.kms, clock=utc_now)
        )
