"""Which Kinelog this is: a laptop's, or one of many machines. Nothing else knows."""

from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace

from application.kernel.telemetry import OFF, Telemetry
from application.operations.readiness import Check
from application.platform import Platform
from application.privacy.reauthentication import PrivacyServices
from bootstrap.distributed import distributed
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from bootstrap.wiring.lazy_imports import Late


@contextmanager
def platform(
    settings: Settings, *, telemetry: Telemetry = OFF, checks: tuple[Check, ...] = ()
) -> Generator[Platform]:
    """Open the platform: in PostgreSQL where its URL is set, in the data folder otherwise.

    Raises StorageUnavailable.
    """
    opened = embedded if settings.postgres_url is None else distributed
    with opened(settings, telemetry=telemetry, checks=checks) as lent:

        def privacy() -> AbstractContextManager[PrivacyServices]:
            from bootstrap.wiring.privacy import build_privacy_services  # noqa: PLC0415  seldom asked for

            return build_privacy_services(settings, lent)

        with closing(Late(privacy)) as late:
            yield replace(lent, privacy=late)
