"""Open the platform that the settings describe: embedded in one process, or distributed."""

from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace

from application.operations.readiness import Check
from application.platform import Platform
from application.privacy.reauthentication import PrivacyServices
from bootstrap.distributed import distributed
from bootstrap.embedded import embedded
from bootstrap.settings import Settings
from bootstrap.wiring.lazy_services import Lazy


@contextmanager
def open_platform(settings: Settings, *, checks: tuple[Check, ...] = ()) -> Generator[Platform]:
    """Open the platform: on PostgreSQL if its URL is set, otherwise in the data folder.

    Raises StorageUnavailable.
    """
    composition = embedded if settings.postgres_url is None else distributed
    with composition(settings, checks=checks) as platform:

        def build() -> AbstractContextManager[PrivacyServices]:
            from bootstrap.wiring.privacy import build_privacy_services  # noqa: PLC0415  rarely needed

            return build_privacy_services(settings, platform)

        with closing(Lazy(build)) as privacy:
            yield replace(platform, privacy=privacy)
