"""Take the pictures of the documentation from the running pages, or tell which are out of date.

.venv/bin/python -m tools.doc_pictures            # take all, of the sample athlete
.venv/bin/python -m tools.doc_pictures --check    # list those whose page looks different since
"""

import argparse
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.web.browser import page_browser

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "docs" / "images"

SNAPSHOTS: Final = ROOT / "tests" / "web" / "snapshots"
"""How the pages look; `tests/web/test_snapshots.py` fails if they look different."""

LOOKS: Final = "pictures.json"
"""File beside the pictures: the hash of the snapshot of each, when it was taken."""

QUALITY: Final = 82
"""Of the WebP files."""

PATIENCE_S: Final = 120
"""Time for the server to start."""

PRESCRIBE: Final = {
    "name": "Legs and core",
    "authorId": "athlete",
    "exercises": [
        {"exerciseId": "squat", "sets": 3, "targetRepetitions": 10},
        {"exerciseId": "lunge", "sets": 3, "targetRepetitions": 8},
        {"exerciseId": "plank", "sets": 2, "targetHoldS": 30},
    ],
}


@dataclass(frozen=True)
class Picture:
    """A picture: snapshot and address of its page, and what is shown once it is complete."""

    name: str
    snapshot: str
    address: str
    complete: str
    width: int = 1280
    height: int = 860


PICTURES: Final = (
    Picture("home", "home", "/", ".session-row a"),
    Picture("exercises", "set-up", "/pose_realtime.html", ".tile:nth-child(9) canvas"),
    Picture("exercises-phone", "set-up", "/pose_realtime.html", ".tile", 390, 844),
    Picture("workouts", "workouts", "/workout_player.html", ".workout-card"),
    Picture("session", "result", "/#session={session}", ".strip-bar", 1280, 1240),
)


def look_of(picture: Picture, snapshots: Path = SNAPSHOTS) -> str:
    """Return a hash of the stored look of a picture's page.

    Its sources change more often than what a picture shows.
    """
    stored = snapshots / f"{picture.snapshot}-dark.png"
    return hashlib.sha256(stored.read_bytes()).hexdigest()[:16]


def out_of_date(folder: Path = FOLDER, snapshots: Path = SNAPSHOTS) -> list[str]:
    """List the pictures that are missing, or whose page looks different since they were taken."""
    taken = _taken(folder)
    return [
        picture.name
        for picture in PICTURES
        if not (folder / f"{picture.name}.webp").is_file()
        or taken.get(picture.name) != look_of(picture, snapshots)
    ]


def take(page: Page, picture: Picture, session: str, folder: Path = FOLDER) -> None:
    """Take a picture, and note the look of its page."""
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    page.goto(picture.address.format(session=session), wait_until="networkidle")
    page.wait_for_selector(picture.complete)
    page.wait_for_load_state("networkidle")
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    image.convert("RGB").save(folder / f"{picture.name}.webp", quality=QUALITY, method=6)
    taken = {**_taken(folder), picture.name: look_of(picture)}
    text = json.dumps(taken, indent=2, sort_keys=True)
    (folder / LOOKS).write_text(f"{text}\n", encoding="utf-8")


def _taken(folder: Path) -> Mapping[str, str]:
    path = folder / LOOKS
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


@contextmanager
def _served() -> Generator[tuple[str, str]]:
    """Analyze the sample athlete, and serve the result; return the URL and the session."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "KINELOG_HOME": home}
        kinelog = str(Path(sys.executable).with_name("kinelog"))
        analyzed = subprocess.run(
            [kinelog, "demo", "--no-serve", "--json"],
            env=environment,
            check=True,
            capture_output=True,
            timeout=5 * PATIENCE_S,
        )
        session = json.loads(analyzed.stdout)["session_id"]
        server = subprocess.Popen(
            [kinelog, "serve", "--port", "0", "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            url: str = json.loads(next(server.stdout or iter(())))["url"].rstrip("/")
            _wait_for(url)
            _prescribe(url)
            yield url, session
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_S)


def _wait_for(url: str) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            httpx2.get(f"{url}/v1/exercises", timeout=PATIENCE_S).raise_for_status()
        except httpx2.HTTPError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


def _prescribe(url: str) -> None:
    key = {"Idempotency-Key": "0b7e2c4e-3f5f-4a52-9b1c-3a5d3f3a0a11"}
    response: Any = httpx2.post(
        f"{url}/v1/workout-plans", json=PRESCRIBE, headers=key, timeout=PATIENCE_S
    )
    response.raise_for_status()


def main(arguments: Sequence[str] | None = None) -> int:
    """Take all pictures, or list those that are out of date; exit status 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only list what is out of date")
    if parser.parse_args(arguments).check:
        old = out_of_date()
        for name in old:
            print(f"docs/images/{name}.webp is out of date; run `make pictures`.")
        return 1 if old else 0
    FOLDER.mkdir(exist_ok=True)
    with (
        _served() as (url, session),
        sync_playwright() as playwright,
        page_browser(playwright) as browser,
    ):
        page = browser.new_page(
            base_url=url, color_scheme="dark", reduced_motion="reduce", locale="en-US"
        )
        for picture in PICTURES:
            take(page, picture, session)
    return 0


if __name__ == "__main__":
    sys.exit(main())
