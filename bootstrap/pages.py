"""The built web pages (docs/adr/0036): a wheel contains them, and a checkout builds them.

`python -m bootstrap.pages` builds the pages of a checkout if a source has changed. It needs only
the standard library, and Node.js with the packages of `web/package-lock.json`; `make setup`
installs both.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent

SOURCES: Final = ROOT / "web"
"""The sources of the pages, in a checkout."""

SOURCE_PATTERNS: Final = (
    "*.html",
    "*.svg",
    "icons/*.png",
    "locales/*/*.ftl",
    "package-lock.json",
    "package.json",
    "vite.config.js",
    "src/**/*.ts",
    "styles/*.css",
)

STAMP: Final = ".sources"
"""File in a folder of built pages: the hash of the sources that they were built from."""

KEPT: Final = ".kept"
"""File in a folder of built pages: the paths of files that are kept of the build before."""

Mode = Literal["production", "test"]
"""`test` has modules that tests import from the pages."""

FOLDERS: Final[dict[Mode, str]] = {"production": "pages", "test": "pages-test"}


class PagesNotBuilt(Exception):  # noqa: N818  it names the state
    """The pages cannot be built."""


def pages_folder(mode: Mode = "production") -> Path:
    """Return the folder of the built pages. In a checkout, build them if a source has changed.

    Raises PagesNotBuilt if that fails.
    """
    shipped = HERE / "web"
    return shipped if shipped.is_dir() else build(mode)


def build(mode: Mode = "production") -> Path:
    """Build the pages into `build`, unless they are up to date; return their folder."""
    folder = ROOT / "build" / FOLDERS[mode]
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / f"{FOLDERS[mode]}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes may start at once
        stamp = sources_hash()
        if not is_current(folder, stamp):
            sys.stderr.write("kinelog: building the pages\n")
            _replace(folder, _vite(mode), stamp)
    return folder


def is_current(folder: Path, stamp: str) -> bool:
    """Return whether the pages in a folder were built from the sources with this hash."""
    file = folder / STAMP
    return file.is_file() and file.read_text(encoding="utf-8") == stamp


def sources_hash() -> str:
    """Return a hash of the names and contents of all sources."""
    digest = hashlib.sha256()
    for path in _sources():
        content = path.read_bytes()
        digest.update(f"{path.relative_to(SOURCES)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for pattern in SOURCE_PATTERNS:
        yield from sorted(path for path in SOURCES.glob(pattern) if path.is_file())


def _vite(mode: Mode) -> Path:
    """Build the pages with Vite into a new folder; return it."""
    node, vite = Path(sys.executable).with_name("node"), SOURCES / "node_modules/vite/bin/vite.js"
    if not (node.exists() and vite.exists()):
        raise PagesNotBuilt(
            "The built web pages are older than their sources, or missing. Run `make setup`."
        )
    folder = ROOT / "build" / f"{FOLDERS[mode]}.new"
    done = subprocess.run(  # noqa: S603  the program of this environment
        [node, vite, "build", "--mode", mode, "--outDir", folder, "--logLevel", "warn"],
        cwd=SOURCES,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise PagesNotBuilt(f"The web pages cannot be built.\n{done.stdout}")
    return folder


def _replace(folder: Path, new: Path, stamp: str) -> None:
    """Move new pages to a folder from which a server may be answering at the same time.

    Files of the last build that the new one lacks are kept until the next build, because open
    pages may still load them.
    """
    (folder / STAMP).unlink(missing_ok=True)
    built = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    last = set(own_files(folder))
    outdated = {path for path in _files(folder) if path not in last | built}
    for path in sorted(built, key=lambda each: each.suffix == ".html"):  # a page after its scripts
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (new / path).replace(folder / path)
    for path in outdated:
        (folder / path).unlink()
    shutil.rmtree(new)
    kept = "".join(f"{path}\n" for path in sorted(last - built))
    (folder / KEPT).write_text(kept, encoding="utf-8")
    (folder / STAMP).write_text(stamp, encoding="utf-8")


def own_files(folder: Path) -> Iterator[Path]:
    """Yield the paths of built pages within their folder, without those kept of an older build."""
    record = folder / KEPT
    kept = record.read_text(encoding="utf-8").splitlines() if record.is_file() else []
    return (path for path in _files(folder) if str(path) not in kept)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in {STAMP, KEPT}:
            yield path.relative_to(folder)


if __name__ == "__main__":
    try:
        build()
    except PagesNotBuilt as failed:
        sys.exit(f"kinelog: {failed}")
