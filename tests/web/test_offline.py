"""The pages are installable, and open without a connection."""

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn
from playwright.sync_api import Page, expect
from starlette.responses import HTMLResponse

import tests.web.server
from tests.api.exercise_examples import example
from tests.thread_servers import serving
from tests.web.conftest import NewPage
from tests.web.people import sign_up
from tests.web.player import planned
from tests.web.server import BUILT, PlatformServer, SignIn, opened
from tests.web.service_worker import installed
from tests.web.waiting import until

HOME = """async () => {
  const [name] = (await caches.keys()).filter((each) => each.includes("precache"));
  const cache = await caches.open(name);
  const found = await cache.matchAll("/", { ignoreSearch: true });
  return Promise.all(found.map(async (each) => /<title[^>]*>(.*) · /.exec(await each.text())[1]));
}"""
"""Titles of the stored versions of the home page."""

REVISION = re.compile(r'(\{"url":"/","revision":")\w+"')

OLD_ANSWER = """async () => {
  const cache = await caches.open("kinelog-used");
  await cache.put("/v1/exercises/custom_old", Response.json({ name: "Old" }));
}"""

USE_MODEL = (
    """async () => (await (await fetch("/models/pose_landmarker_full.task")).text()).slice(0, 9)"""
)

STORE = """async ([path, text]) => {
  await (await caches.open("kinelog-used")).put(path, new Response(text));
}"""

USED = """async () => {
  const stored = await (await caches.open("kinelog-used")).keys();
  return stored.map(({ url }) => new URL(url).pathname).filter((path) => !path.startsWith("/v1/"));
}"""
"""Paths of files that were cached when they were used."""

STORED_CUSTOM = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    found.push(...requests.map(({ url }) => url).filter((url) => url.includes("custom_")));
  }
  return found;
}"""
"""Addresses of answers about custom exercises in all caches."""

RECORD = """async (body) => {
  const { request, send } = await import("/static/src/api/client.js");
  const { items } = await request("/v1/me/consents");
  const { purpose, version } = items.find((each) => each.purpose === "camera_processing");
  await send("PUT", "/v1/me/consents", { purpose, given: true, version });
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  return (await send("POST", "/v1/custom-exercises", body, headers)).exerciseId;
}"""

ATHLETE = """async () => (await import("/static/src/api/client.js")).athlete()"""

CLIENT = """async () => {
  globalThis.client = await import("/static/src/api/client.js");
}"""
"""Load the client, which cannot be imported without a connection."""

DEFINITION = "async (id) => (await client.definition(id)).name"

SQUAT = {"exerciseId": "squat", "sets": 2, "targetRepetitions": 8, "restS": 60}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Serve a copy of the pages, which a test may change."""
    folder = tmp_path / "pages"
    shutil.copytree(BUILT, folder)
    monkeypatch.setattr(tests.web.server, "BUILT", folder)
    return folder


@pytest.fixture
def changeable(tmp_path: Path, video: Path, copy: Path) -> Iterator[PlatformServer]:
    """An open server whose pages can be changed."""
    with opened(tmp_path / "home", video) as found:
        yield found


def published(folder: Path, name: str, old: re.Pattern[str], new: str) -> None:
    """Publish a new version of a file."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert len(old.findall(text)) == 1
    for each in folder.glob(f"{name}*"):
        each.unlink()  # its compressed forms, too
    path.write_text(old.sub(new, text), encoding="utf-8")


def test_a_browser_can_install_the_pages(server: PlatformServer) -> None:
    """A name, icons that exist, and the page to start with."""
    answer = httpx2.get(f"{server.url}/manifest.webmanifest", timeout=60)
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest = answer.json()
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == (
        "Kinelog",
        "/",
        "standalone",
    )
    assert {each["sizes"] for each in manifest["icons"]} == {"192x192", "512x512"}
    for icon in manifest["icons"]:
        assert (
            httpx2.get(server.url + icon["src"], timeout=60).headers["content-type"] == "image/png"
        )
    for path in ("/", "/pose_realtime.html"):
        assert (
            'rel="manifest" href="/manifest.webmanifest"'
            in httpx2.get(server.url + path, timeout=60).text
        )


def test_the_coach_opens_while_a_proxy_answers_for_the_server(
    tmp_path: Path, new_page: NewPage
) -> None:
    """R-LIV-10: as during a restart; the exercises are those of the last visit."""
    with opened(tmp_path / "home", tmp_path / "no-video") as server:
        page = new_page(server.url)
        page.goto("/pose_realtime.html")
        installed(page)
        page.wait_for_selector("#exercise input[value=squat]", state="attached")
    listener = socket.create_server(("127.0.0.1", urlsplit(server.url).port or 0))
    with serving(uvicorn.Config(HTMLResponse("<h1>503 Service Unavailable</h1>", 503)), listener):
        page.goto("/pose_realtime.html")
        page.wait_for_selector("#exercise input[value=squat]", state="attached")
        page.close()


@pytest.mark.parametrize("sign_in", ["open", "required"])
def test_home_coach_and_player_open_without_a_connection(
    tmp_path: Path, new_page: NewPage, sign_in: SignIn
) -> None:
    """With the last sessions and plans of the user."""
    with opened(tmp_path / "home", tmp_path / "no-video", sign_in=sign_in) as server:
        page = new_page(server.url)
        if sign_in == "required":
            sign_up(page, tmp_path / "home" / "mail", "ada@example.org")
        page.goto("/")
        server.log_by_hand(1, athlete_id=page.evaluate(ATHLETE))
        planned(page, SQUAT)
        open_without_a_connection(page)


def open_without_a_connection(page: Page) -> None:
    """Open the pages that the page has seen before."""
    page.goto("/")
    page.wait_for_selector(".session-row a")
    installed(page)
    page.wait_for_selector(".session-row a")
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    page.goto("/workout_player.html")
    page.locator("#workouts a").click()
    expect(page.get_by_role("button", name="Start workout")).to_be_visible()

    page.context.set_offline(True)
    page.goto("/")
    expect(page.locator(".session-row")).to_have_count(1)
    expect(page.locator("#hero-plan")).to_be_visible()
    expect(page.locator("#notice")).to_contain_text("You are offline")
    page.goto("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    page.goto("/workout_player.html")
    page.locator("#workouts a").click()
    expect(page.locator("#title")).to_have_text("Legs")
    expect(page.get_by_role("button", name="Start workout")).to_be_visible()


def test_a_page_without_last_answers_does_not_say_that_it_shows_them(
    tmp_path: Path, new_page: NewPage
) -> None:
    """It knows only the units."""
    with opened(tmp_path / "home", tmp_path / "no-video", sign_in="required") as club:
        page = new_page(club.url)
        sign_up(page, tmp_path / "home" / "mail", "ada@example.org")
        page.goto("/")
        installed(page)
        page.goto("/history.html")
        page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
        page.goto("/history.html")
        expect(page.locator("#banner")).to_contain_text("We could not load part of your history.")
        expect(page.locator("#notice")).to_be_empty()


@pytest.mark.slow
def test_signing_out_deletes_the_last_answers(
    tmp_path: Path, video: Path, new_page: NewPage
) -> None:
    """What one user saw is not there for the next one."""
    with opened(tmp_path / "home", video, sign_in="required") as club:
        page = new_page(club.url)
        sign_up(page, tmp_path / "home" / "mail", "ada@example.org")
        page.goto("/")
        page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
        installed(page)
        page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
        until(page, "caches.has('kinelog-last-answers')")
        page.goto("/account.html")
        page.wait_for_selector("#account:not([aria-busy])")
        page.get_by_role("button", name="Sign out on this device").click()
        page.wait_for_url("**/sign_in.html*")
        until(page, "caches.has('kinelog-last-answers').then((has) => !has)")
        assert page.evaluate("localStorage.getItem('kinelog.user')") is None


def test_signing_out_deletes_what_custom_exercises_are(tmp_path: Path, new_page: NewPage) -> None:
    """Also what an earlier version of the service worker has stored."""
    with opened(tmp_path / "home", tmp_path / "no-video", sign_in="required") as club:
        page = new_page(club.url)
        sign_up(page, tmp_path / "home" / "mail", "ada@example.org")
        page.goto("/")
        page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
        page.evaluate(OLD_ANSWER)
        installed(page)
        until(page, f"({STORED_CUSTOM})().then((paths) => paths.length === 0)")
        key = page.evaluate(RECORD, example(name="Knee"))
        page.evaluate(CLIENT)
        assert page.evaluate(DEFINITION, key) == "Knee"
        until(page, f"({STORED_CUSTOM})().then((paths) => paths.length === 1)")
        page.reload()
        page.evaluate(CLIENT)
        page.context.set_offline(True)
        assert page.evaluate(DEFINITION, key) == "Knee"
        page.context.set_offline(False)
        page.goto("/account.html")
        page.wait_for_selector("#account:not([aria-busy])")
        page.get_by_role("button", name="Sign out on this device").click()
        page.wait_for_url("**/sign_in.html*")
        until(page, "caches.has('kinelog-last-answers').then((has) => !has)")
        assert page.evaluate(STORED_CUSTOM) == []


@pytest.mark.slow
def test_a_new_version_is_used_at_once_and_replaces_the_files_of_the_old_one(
    changeable: PlatformServer, new_page: NewPage, copy: Path
) -> None:
    """The files of the old one are deleted."""
    page = new_page(changeable.url)
    page.goto("/")
    installed(page)
    assert page.evaluate(HOME) == ["Home"]

    published(copy, "index.html", re.compile("(<title[^>]*>)Home"), r"\g<1>New")
    published(copy, "service-worker.js", REVISION, r'\g<1>0123456789abcdef"')
    page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.update())")
    until(page, f"({HOME})().then((titles) => titles.join() === 'New')")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("#title")).to_contain_text("Ready when you are")
    assert page.evaluate(HOME) == ["New"]


def test_a_new_version_deletes_files_that_were_cached_when_they_were_used(
    changeable: PlatformServer, new_page: NewPage, copy: Path
) -> None:
    """Each version would add its own; those of this version stay, such as pose detection."""
    page = new_page(changeable.url)
    page.goto("/")
    installed(page)
    loader = next((BUILT / "assets").glob("vision_wasm_internal-*.wasm")).name
    for name in (loader, "vision_wasm_internal-0ld00000.wasm", "index-0ld00000.js"):
        page.evaluate(STORE, [f"/static/assets/{name}", "content"])
    published(copy, "service-worker.js", REVISION, r'\g<1>0123456789abcdef"')
    page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.update())")
    until(page, f"({USED})().then((paths) => paths.join() === '/static/assets/{loader}')")


def test_a_replaced_pose_model_is_used(tmp_path: Path, video: Path, new_page: NewPage) -> None:
    """R-POS-11: the model has no hash in its name; without a connection, the last one is used."""
    with opened(tmp_path / "home", video) as server:
        page = new_page(server.url)
        page.goto("/")
        installed(page)
        page.evaluate(STORE, ["/models/pose_landmarker_full.task", "old model"])
        model = page.evaluate(USE_MODEL)
        assert model != "old model"
        page.context.set_offline(True)
        assert page.evaluate(USE_MODEL) == model
