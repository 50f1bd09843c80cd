"""Training along with a trainer's video: the count, the ghost, and the comparison."""

import json
import os
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from adapters.sample_athlete.athlete import landmarks, truth
from adapters.sample_athlete.performance import Performance
from api.views.exercises import Definition
from application.content.pose_track import piece_to_bytes
from domain.ids import DEFAULT_TENANT, SessionId
from domain.motion.exercises.library import get_exercise
from domain.motion.landmarks import PoseChunk
from domain.sessions import events
from domain.values import Tempo
from tests.web.coaching import counts, does, stub_pose_model
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.lessons import PERFORMED, TEMPO, analyze_lesson, publish_lesson
from tests.web.nodes import HERE, NODE
from tests.web.server import PlatformServer, opened
from tests.web.waiting import until

TITLE = "Squats for beginners"
PAGE = "/lesson.html?content=lesson"

GHOST = """() => {
  const canvas = document.querySelector("#ghost");
  const { width, height } = canvas;
  const blank = Object.assign(document.createElement("canvas"), { width, height });
  return width > 0 && canvas.toDataURL() !== blank.toDataURL();
}"""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformServer]:
    folder = tmp_path_factory.mktemp("host")
    with opened(folder / "home", folder / "none.mp4") as server:
        publish_lesson(server.platform, TITLE)
        analyze_lesson(server.platform)
        yield server


def lesson(new_page: NewPage, server: PlatformServer, **options: object) -> Page:
    page = new_page(server.url, permissions=["camera"], **options)
    stub_pose_model(page)
    page.goto(PAGE)
    expect(page.locator("#sets > li")).to_have_count(2)
    return page


@pytest.mark.slow
def test_an_athlete_trains_along_and_is_compared_with_the_trainer(
    host: PlatformServer, new_page: NewPage
) -> None:
    """R-CON-04: the video plays with the set, a ghost does the same, and sets are recorded."""
    page = new_page(host.url)
    page.goto("/watch.html?content=lesson")
    expect(page.get_by_role("link", name="Train along with the camera")).to_have_attribute(
        "href", PAGE
    )
    page = lesson(new_page, host)
    rows = page.locator("#compared tr")
    expect(rows).to_have_count(3)
    does(page, 0)
    page.get_by_role("button", name="Turn on the camera").click()
    page.get_by_role("button", name="Start set").click()
    expect(page.get_by_role("button", name="Stop set")).to_be_visible()
    until(page, "!document.querySelector('#video').paused")
    until(page, GHOST)
    does(page, 1)
    counts(page, 1)
    expect(page.locator("[data-what=range]")).to_have_attribute("data-match", "same")
    expect(page.locator("[data-what=eccentric]")).to_contain_text("1.2 s")
    does(page)
    first = page.locator("#sets > li").first
    expect(first).to_contain_text("Done: 3 of 3")
    expect(page.locator("#now-title")).to_contain_text("Plank")
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#summary-words")).to_have_text("You trained 1 of 2 sets of this video.")
    session = SessionId((page.locator("#open").get_attribute("href") or "").partition("=")[2])
    history = host.platform.log.load(DEFAULT_TENANT, f"session-{session}")
    facts = [each.event for each in history]
    assert any(
        isinstance(each, events.SetStarted) and each.target_repetitions == 3 for each in facts
    )
    assert isinstance(facts[-1], events.SessionCompleted)


def test_a_lesson_can_be_counted_by_hand(host: PlatformServer, new_page: NewPage) -> None:
    """R-CON-04: without a camera."""
    page = new_page(host.url)  # its browser refuses the camera
    page.goto(PAGE)
    page.get_by_role("button", name="Turn on the camera").click()
    page.get_by_role("button", name="Count manually").click()
    page.get_by_role("button", name="Start set").click()
    for _ in range(3):
        page.get_by_role("button", name="Count one").click()
    expect(page.locator("#sets > li").first).to_contain_text("Done: 3 of 3")


def test_the_video_is_played_and_paused_with_the_keyboard(
    host: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: before the camera is on."""
    page = lesson(new_page, host)
    page.get_by_role("button", name="Play the video").press("Enter")
    pause = page.get_by_role("button", name="Pause the video")
    expect(pause).to_be_focused()
    pause.press("Enter")
    expect(page.get_by_role("button", name="Play the video")).to_be_focused()
    assert page.evaluate("document.querySelector('#video').paused")


def test_the_page_fits_and_is_accessible(host: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-07: also with the checks of the camera."""
    page = lesson(new_page, host, **PHONE)
    page.get_by_role("button", name="Turn on the camera").click()
    expect(page.locator("#lights")).to_be_visible()
    assert problems(page) == {}


def test_a_video_without_exercises_says_so(host: PlatformServer, new_page: NewPage) -> None:
    """R-CON-04."""
    key = publish_lesson(host.platform, "Talk", key="talk")
    analyze_lesson(host.platform, key, found=())
    page = new_page(host.url)
    page.goto(f"/lesson.html?content={key}")
    expect(page.locator("#banner")).to_contain_text("No exercises were found")


def test_a_video_that_fails_is_offered_again(host: PlatformServer, new_page: NewPage) -> None:
    """R-UIX-06: the training goes on meanwhile."""
    page = new_page(host.url)
    stub_pose_model(page)
    page.route("**/*.mp4*", lambda route: route.fulfill(status=403))
    page.goto(PAGE)
    expect(page.locator("#banner")).to_contain_text("The video cannot be played.")
    expect(page.locator("#sets > li")).to_have_count(2)
    page.unroute("**/*.mp4*")
    page.get_by_role("button", name="Try again").click()
    until(page, "document.querySelector('#video').readyState >= 3")
    expect(page.locator("#banner")).to_be_empty()


def chunk_of(performance: Performance) -> dict[str, Any]:
    chunk = landmarks(performance)
    assert chunk.world is not None
    return {
        "timesS": chunk.times_s.tolist(),
        "frames": chunk.image.reshape(len(chunk), -1).tolist(),
        "worlds": chunk.world.reshape(len(chunk), -1).tolist(),
        "aspectRatio": chunk.aspect_ratio,
    }


def test_lessons_keep_their_rules(tmp_path: Path) -> None:
    """R-CON-04; `tests/web/js/lesson.js` has the rules."""
    chunk, expected = landmarks(PERFORMED), truth(PERFORMED)
    assert chunk.world is not None
    world = chunk.world
    pieces = []
    for number in range(2):
        chosen = chunk.times_s // 5 == number
        piece = PoseChunk(
            chunk.times_s[chosen], chunk.image[chosen], world[chosen], chunk.aspect_ratio
        )
        pieces.append(b64encode(piece_to_bytes(piece)).decode())
    slow = Tempo(eccentric_s=2.4, bottom_pause_s=0.4, concentric_s=2.0, top_pause_s=0.4)
    performances = {
        "same": replace(PERFORMED, stature_m=1.9),
        "slow": replace(PERFORMED, tempo=slow),
        "shallow": replace(PERFORMED, depth=0.75),
    }
    given = tmp_path / "lesson.json"
    given.write_text(
        json.dumps(
            {
                "pieces": pieces,
                "definition": Definition.model_validate(get_exercise("squat")).model_dump(
                    mode="json", by_alias=True
                ),
                "repetitions": [
                    {"startS": each.start_s, "endS": each.end_s} for each in expected.repetitions
                ],
                "targets": {
                    "tempo": {
                        "eccentricS": TEMPO.eccentric_s,
                        "bottomPauseS": TEMPO.bottom_pause_s,
                        "concentricS": TEMPO.concentric_s,
                        "topPauseS": TEMPO.top_pause_s,
                    },
                    "rangeOfMotionDeg": 100.0,
                    "rangeSpreadDeg": 2.0,
                },
                "athlete": {name: chunk_of(each) for name, each in performances.items()},
                "firstFrame": {
                    "image": np.round(chunk.image[0].astype(float), 5).ravel().tolist(),
                    "world": np.round(world[0].astype(float), 5).ravel().tolist(),
                },
            }
        )
    )
    done = subprocess.run(
        [NODE, "--test", HERE / "lesson.js"],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "LESSON": str(given)},
    )
    assert done.returncode == 0, done.stdout
