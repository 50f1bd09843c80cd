"""Import files of health records on a thread of the API's process."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from threading import Event

from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.threads import keep_running, running


@contextmanager
def importing_health_files(settings: Settings, platform: Platform) -> Generator[None]:
    """Import files until the end of the block; the next process continues the one in progress.

    Several processes may do it: an import is leased.
    """

    def run(stop: Event) -> None:
        platform.health_imports.run(stop)

    work = {"health imports": partial(keep_running, "health_imports", run)}
    with running(work, settings.shutdown_s):
        yield
