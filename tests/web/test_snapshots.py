"""How the home page, the set-up, exercises, workouts, the stage and a result look, in both themes.

The pages are compared in a small size with stored pictures, so that fonts and smoothing of another
machine make no difference, but a part that is missing, or has another place or color, does.
After an intended change, run this file with `KINELOG_SNAPSHOTS=write` to store those that look
different, and then `make pictures`.
"""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.web.coaching import counts, does, stub_pose_model
from tests.web.conftest import NewPage
from tests.web.player import prescribed
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

FOLDER: Final = Path(__file__).with_name("snapshots")

SIZE: Final = (96, 64)
"""Of the pictures that are compared: a cell is 13 by 13 pixels of the page."""

MOST_DIFFERENT: Final = 0.03
"""Part of the cells whose color may differ, such as those with dates."""

DIFFERENT: Final = 48
"""Difference of a channel, of 255, from which on a cell has another color."""

WINDOW: Final = {"width": 1280, "height": 853}

HIDDEN: Final = "document.querySelector('.stage-video').style.visibility = 'hidden'"
"""The fake camera shows a clock."""


def home(page: Page, session: str) -> None:
    page.goto("/")
    page.wait_for_selector(".session-row a")
    page.wait_for_selector(".totals-now")
    page.wait_for_selector("#hero-figure:not([hidden])")
    page.wait_for_selector("#insights:not([hidden])")
    page.wait_for_selector("#condition:not([hidden])")


def set_up(page: Page, session: str) -> None:
    page.goto("/pose_realtime.html")
    page.wait_for_selector(".tile canvas")
    page.wait_for_selector("#demonstration:not([hidden])")
    page.wait_for_selector("#place svg")


def library(page: Page, session: str) -> None:
    page.goto("/exercises.html")
    page.wait_for_selector(".exercise-card canvas")


def workouts(page: Page, session: str) -> None:
    prescribed(page, {"exerciseId": "squat", "sets": 3, "targetRepetitions": 8}, real_time=True)
    page.goto("/workout_player.html")
    page.wait_for_selector(".workout-card")


def stage(page: Page, session: str) -> None:
    stub_pose_model(page)
    set_up(page, session)
    page.locator("#camera-on").click()
    expect(page.locator("[data-light][data-state=green]")).to_have_count(5)
    does(page, 2)
    page.locator("#start").click()
    counts(page, 2)
    page.evaluate(HIDDEN)
    expect(page.locator("#toast")).to_be_empty()


def result(page: Page, session: str) -> None:
    page.goto(f"/#session={session}")
    page.wait_for_selector(".strip-bar")
    until(page, "document.querySelector('.loading').textContent === ''")


SCENES: Final[dict[str, Callable[[Page, str], None]]] = {
    "home": home,
    "set-up": set_up,
    "exercises": library,
    "workouts": workouts,
    "stage": stage,
    "result": result,
}


@pytest.fixture(scope="module")
def gallery(
    tmp_path_factory: pytest.TempPathFactory, video: Path
) -> Iterator[tuple[PlatformServer, str]]:
    """A server with a filmed session and some that were counted by hand."""
    with opened(tmp_path_factory.mktemp("gallery"), video) as server:
        for number in range(1, 4):
            server.log_by_hand(number)
        yield server, server.analyze()


@pytest.fixture(scope="module")
def changed_server(
    tmp_path_factory: pytest.TempPathFactory, video: Path
) -> Iterator[tuple[PlatformServer, str]]:
    """A server for the scenes that add sessions or workouts."""
    with opened(tmp_path_factory.mktemp("changed_server"), video) as server:
        yield server, ""


def small(picture: Image.Image) -> Any:
    return np.asarray(picture.convert("RGB").resize(SIZE, Image.Resampling.BOX)).astype(int)


def difference(shown: Any, path: Path) -> float:
    """Return the part of the cells whose color differs from a stored picture."""
    stored = small(Image.open(path))
    return float((np.abs(shown - stored).max(axis=2) > DIFFERENT).mean())


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("scene", SCENES)
def test_a_page_looks_as_stored(
    request: pytest.FixtureRequest, new_page: NewPage, scene: str, theme: str
) -> None:
    """R-UIX-01, R-UIX-02, R-UIX-07"""
    changes = scene in {"stage", "workouts"}
    server, session = request.getfixturevalue("changed_server" if changes else "gallery")
    permissions = {"permissions": ["camera"]} if scene == "stage" else {}
    page = new_page(server.url, **WINDOW, **permissions)
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    SCENES[scene](page, session)
    shown = small(Image.open(io.BytesIO(page.screenshot(animations="disabled"))))
    path = FOLDER / f"{scene}-{theme}.png"
    writes = os.environ.get("KINELOG_SNAPSHOTS") == "write"
    if writes and (not path.is_file() or difference(shown, path) > MOST_DIFFERENT):
        Image.fromarray(shown.astype(np.uint8)).save(path, optimize=True)
    differs = difference(shown, path)
    assert differs <= MOST_DIFFERENT, f"{differs:.1%} of the picture differ from {path.name}"
