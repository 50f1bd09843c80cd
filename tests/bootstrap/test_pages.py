"""Pages of a checkout are built again when a source has changed."""

from pathlib import Path

import pytest

from bootstrap import pages
from bootstrap.cli import serve


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sources of a checkout with built pages, and without npm's packages."""
    folder = tmp_path / "web"
    (folder / "src" / "home").mkdir(parents=True)
    (folder / "src" / "home" / "page.ts").write_text("1")
    (folder / "index.html").write_text("<!doctype html>")
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(pages, "SOURCES", folder)
    built = tmp_path / "build" / "pages"
    built.mkdir(parents=True)
    (built / pages.STAMP).write_text(pages.sources_hash())
    return folder


def test_pages_are_not_built_again_without_a_change(sources: Path) -> None:
    (sources / "index.html").touch()
    assert pages.build() == sources.parent / "build" / "pages"


@pytest.mark.parametrize(
    "changed", ["index.html", "src/home/page.ts", "src/home/new.ts", "styles/new.css"]
)
def test_a_changed_or_new_source_needs_a_build(sources: Path, changed: str) -> None:
    """The error names the command that installs what is missing."""
    (sources / changed).parent.mkdir(exist_ok=True)
    (sources / changed).write_text("2")
    with pytest.raises(pages.PagesNotBuilt, match="Run `make setup`"):
        pages.build()


def test_a_test_of_a_script_needs_no_build(sources: Path) -> None:
    for name in ("home/page.test.js", "testing/page.js"):
        (sources / "src" / name).parent.mkdir(exist_ok=True)
        (sources / "src" / name).write_text("1")
    assert pages.build() == sources.parent / "build" / "pages"


def test_a_removed_source_needs_a_build(sources: Path) -> None:
    (sources / "src" / "home" / "page.ts").unlink()
    with pytest.raises(pages.PagesNotBuilt):
        pages.build()


def test_the_server_does_not_start_with_outdated_pages(sources: Path) -> None:
    (sources / "index.html").write_text("2")
    with pytest.raises(serve.PagesUnavailable, match="older than their sources"):
        serve.find_pages()


def test_errors_of_the_build_are_shown(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vite of this checkout builds a page whose script does not exist."""
    (sources / "index.html").write_text('<script type="module" src="/src/none.js"></script>')
    (sources / "node_modules").symlink_to(Path(pages.__file__).parents[1] / "web" / "node_modules")
    with pytest.raises(pages.PagesNotBuilt, match=r"none\.js"):
        pages.build()
    assert (sources.parent / "build" / "pages").is_dir(), "the last pages that could be built"


def test_files_of_the_last_build_are_kept_until_the_next(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open pages can still load their scripts; a wheel has only the new ones."""

    def built(_mode: pages.Mode) -> Path:
        new = sources.parent / "build" / "pages.new"
        (new / "assets").mkdir(parents=True)
        version = (sources / "index.html").read_text()
        for path in ("index.html", f"assets/index-{version}.js", "assets/model.wasm"):
            (new / path).write_text(version)
        return new

    monkeypatch.setattr(pages, "_vite", built)
    found = []
    for version in ("1", "2", "3"):
        (sources / "index.html").write_text(version)
        folder = pages.build()
        assert (folder / "index.html").read_text() == version
        assert {str(path) for path in pages.own_files(folder)} == {
            "index.html",
            f"assets/index-{version}.js",
            "assets/model.wasm",
        }
        found.append(sorted(path.name for path in (folder / "assets").glob("index-*")))
    assert found == [
        ["index-1.js"],
        ["index-1.js", "index-2.js"],
        ["index-2.js", "index-3.js"],
    ]
