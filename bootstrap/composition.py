"""Which Kinelog this is: a laptop's, or one of many machines. Nothing else knows."""

from contextlib import AbstractContextManager

from application.platform import Platform
from application.readiness import Check
from application.telemetry import OFF, Telemetry
from bootstrap.distributed import distributed
from bootstrap.embedded import embedded
from bootstrap.settings import Settings


def platform(
    settings: Settings, *, telemetry: Telemetry = OFF, checks: tuple[Check, ...] = ()
) -> AbstractContextManager[Platform]:
    """Open the platform: in PostgreSQL where its URL is set, in the data folder otherwise.

    Raises StorageUnavailable.
    """
    opened = embedded if settings.postgres_url is None else distributed
    return opened(settings, telemetry=telemetry, checks=checks)
