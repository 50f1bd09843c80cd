"""Build the database of erasures, exports and the keys of certificates."""

import sqlalchemy as sa

from adapters.privacy.database import PrivacyDatabase
from bootstrap.settings import Settings


def build_privacy_database(settings: Settings) -> PrivacyDatabase:
    """Open the database of exports, erasures and keys. Raises StorageUnavailable."""
    if settings.postgres_url is not None:
        return PrivacyDatabase(settings.postgres_url.get_secret_value())
    return PrivacyDatabase(sa.URL.create("sqlite", database=str(settings.home / "privacy.sqlite3")))
