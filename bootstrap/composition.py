"""Which Kinelog this is: a laptop's, or one of many machines. Nothing else knows."""

from contextlib import AbstractContextManager

from application.platform import Platform
from bootstrap.distributed import distributed
from bootstrap.embedded import embedded
from bootstrap.settings import Settings


def platform(settings: Settings) -> AbstractContextManager[Platform]:
    """Open the platform: in PostgreSQL where its URL is set, in the data folder otherwise.

    Raises StorageUnavailable.
    """
    if settings.postgres_url is None:
        return embedded(settings)
    return distributed(settings)
