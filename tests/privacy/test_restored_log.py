"""E-mails after a backup was restored whose log is older than its keys, as the newest keys are."""

import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from tests.api.conftest import WEB
from tests.api.people import Town

OF_THE_LOG = ("log.sqlite3", "tables.sqlite3")


@contextmanager
def opened(settings: Settings) -> Generator[Town]:
    """Serve a platform that requires tokens."""
    with open_platform(settings) as platform:
        app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
        with TestClient(app) as client:
            yield Town(client, platform, settings.home / "mail")


def test_emails_are_sent_after_an_older_log_was_restored(
    settings: Settings, tmp_path: Path
) -> None:
    """R-EVT-03: those that were sent before are not sent again."""
    home, backup = settings.home, tmp_path / "backup"
    backup.mkdir()
    with opened(settings) as town:
        town.citizen("ada@example.org")
        for name in OF_THE_LOG:
            with (
                closing(sqlite3.connect(home / name)) as used,
                closing(sqlite3.connect(backup / name)) as copy,
            ):
                used.backup(copy)
        town.citizen("bob@example.org")
    for name in OF_THE_LOG:
        for path in home.glob(f"{name}*"):
            path.unlink()
        shutil.copy(backup / name, home / name)
    with opened(settings) as town:
        before = {each: len(town.emails(each)) for each in ("ada@example.org", "bob@example.org")}
        town.citizen("bob@example.org")
        town.citizen("eve@example.org")
        assert len(town.emails("ada@example.org")) == before["ada@example.org"]
        assert len(town.emails("bob@example.org")) == before["bob@example.org"] + 1
