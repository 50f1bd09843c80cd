"""An archive of a person's data is made also if some of their stored files are damaged."""

import json
from pathlib import Path
from zipfile import ZipFile

from application.content.manifest import captions_prefix
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from tests.api.published import LESSON, publish
from tests.privacy.person import settle, write_archive


def damage(folder: Path, digest: str) -> None:
    """Change the last bit of stored media."""
    (path,) = folder.rglob(digest)
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)


def test_an_archive_marks_damaged_files_and_has_all_others(
    platform: Platform, settings: Settings, tmp_path: Path
) -> None:
    """R-TEN-12, C-29"""
    person = settle(platform)
    landmarks = platform.media.list_media(DEFAULT_TENANT, person.session)[0].digest
    damage(settings.home, landmarks)
    publish(platform, person.id)
    (captions,) = platform.media.list_media(DEFAULT_TENANT, captions_prefix(LESSON))
    damage(settings.home, captions.digest)

    write_archive(platform, person.id, tmp_path / "all.zip")
    with ZipFile(tmp_path / "all.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {name for name, entry in manifest.items() if "damaged" in entry} == {
            f"media/{person.session}/{landmarks}",
            f"videos/{LESSON}/captions.en.vtt",
        }
        assert archive.testzip() is None
        assert all(archive.getinfo(name).file_size == manifest[name]["bytes"] for name in manifest)
        assert "rows/content_item.jsonl" in manifest
