"""Pictures of the documentation: taken by a tool, which tells when they are out of date."""

import shutil
from pathlib import Path

from PIL import Image

from tests.web.conftest import NewPage
from tests.web.server import PlatformServer
from tools.doc_pictures import FOLDER, PICTURES, ROOT, SNAPSHOTS, out_of_date, take

PHONE = next(each for each in PICTURES if each.name == "exercises-phone")


def test_every_picture_shows_its_page_as_it_looks() -> None:
    """After a change of a snapshot, `make pictures` takes them again."""
    assert out_of_date() == []


def test_a_picture_is_current_until_its_page_looks_different(
    server: PlatformServer, new_page: NewPage, tmp_path: Path
) -> None:
    """The documentation shows the pages as they are."""
    assert PHONE.name in out_of_date(tmp_path)
    take(new_page(server.url), PHONE, "", tmp_path)
    with Image.open(tmp_path / f"{PHONE.name}.webp") as image:
        assert image.size == (PHONE.width, PHONE.height)
        assert len(image.getcolors(maxcolors=1 << 20) or ()) > 100
    assert PHONE.name not in out_of_date(tmp_path)
    changed = tmp_path / "snapshots"
    shutil.copytree(SNAPSHOTS, changed)
    shutil.copy(changed / "home-dark.png", changed / f"{PHONE.snapshot}-dark.png")
    assert PHONE.name in out_of_date(tmp_path, changed)


def test_the_documentation_has_every_picture() -> None:
    shown = (ROOT / "docs" / "athletes.md").read_text(encoding="utf-8")
    for picture in PICTURES:
        assert f"images/{picture.name}.webp" in shown, picture.name
        assert (FOLDER / f"{picture.name}.webp").is_file()
