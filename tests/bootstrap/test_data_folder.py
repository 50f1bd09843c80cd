"""The data folder is readable by its owner only, also one of an earlier version."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.clock import utc_now
from adapters.content.folder import FolderUploads
from adapters.media.filesystem import FolderMediaStore
from application.content.upload_store import UploadKey
from application.kernel.projection_status import status
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.platform import ensure_folder
from domain.ids import DEFAULT_TENANT, ContentId
from projections.registry import ALL


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def settings(home: Path) -> Settings:
    return Settings(home=home, cache=home / "cache", postgres_url=None, redis_url=None, kafka=None)


def readable_by_others(home: Path) -> list[str]:
    return [each.name for each in (home, *home.glob("*.sqlite3*")) if mode_of(each) & 0o077]


def test_a_new_data_folder_and_its_databases_are_private(tmp_path: Path) -> None:
    """R-TEN-03: every database of a laptop, with its journals."""
    home = tmp_path / "new" / "home"
    with open_platform(settings(home)) as platform:
        platform.accounts()
        assert len(list(home.glob("*.sqlite3"))) > 2
        assert list(home.glob("*.sqlite3-wal"))
        assert readable_by_others(home) == []
    assert mode_of(home) == 0o700


def test_processes_that_start_at_the_same_moment_share_a_new_data_folder(tmp_path: Path) -> None:
    """C-05: one of them fills the read models, and the others wait for it."""
    home = tmp_path / "home"

    def lags(_: int) -> list[int]:
        with open_platform(settings(home)) as platform:
            return [each.lag for each in status(platform.log, platform.tables, ALL)]

    with ThreadPoolExecutor(4) as processes:
        assert list(processes.map(lags, range(4))) == [[0] * len(ALL)] * 4


def test_an_existing_data_folder_is_mended_at_the_start(tmp_path: Path) -> None:
    """R-TEN-03"""
    home = tmp_path / "home"
    with open_platform(settings(home)):
        pass
    home.chmod(0o755)
    (home / "media").mkdir(exist_ok=True)
    (home / "media").chmod(0o775)
    (home / "media" / "default").mkdir(mode=0o755)
    (home / "notes.txt").write_text("not ours")
    (home / "notes.txt").chmod(0o644)
    for each in home.glob("*.sqlite3"):
        each.chmod(0o644)
    with open_platform(settings(home)):
        assert readable_by_others(home) == []
    assert mode_of(home / "media") == 0o700
    assert mode_of(home / "media" / "default") == 0o700
    assert mode_of(home / "notes.txt") == 0o644, "files of others are left as they are"


def test_folders_of_media_and_of_uploads_are_private(tmp_path: Path) -> None:
    """R-TEN-03: also the parents that storing a file creates."""
    root = tmp_path / "new" / "media"
    media = FolderMediaStore(root)
    media.put(DEFAULT_TENANT, b"picture", prefix="images")
    first = media.put(DEFAULT_TENANT, b"video")
    path = tmp_path / "video"
    path.write_bytes(b"video")
    with path.open("rb") as video:
        media.put_stream(DEFAULT_TENANT, video, prefix="videos")
    assert media.get(DEFAULT_TENANT, first) == b"video"
    uploads = FolderUploads(tmp_path / "other" / "uploads", utc_now)
    uploads.begin(UploadKey(DEFAULT_TENANT, ContentId("lesson"), 1), "video/mp4")
    folders = [each for each in tmp_path.rglob("*") if each.is_dir()]
    assert len(folders) > 5
    assert {mode_of(each) for each in folders} == {0o700}


def test_a_data_folder_of_another_user_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-03: its owner shares it on purpose, for example by a group."""
    tmp_path.chmod(0o750)
    monkeypatch.setattr("os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    ensure_folder(tmp_path)
    assert mode_of(tmp_path) == 0o750


@pytest.mark.parametrize("mode", [0o1777, 0o555])
def test_a_folder_that_all_users_share_is_left_as_it_is(tmp_path: Path, mode: int) -> None:
    """R-TEN-03: such as /tmp or /proc, which other programs need."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(mode)
    ensure_folder(shared)
    assert mode_of(shared) == mode
