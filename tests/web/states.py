"""The states of each page, and how a user reaches them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from playwright.sync_api import Page, Route, expect

from tests.web.people import PASSWORD, join, sign_up
from tests.web.player import PRESCRIBE
from tests.web.server import PlatformServer

LONG_NAME: Final = "تمرين الصباح: Oberschenkelvorderseitenmuskulaturaufwärmung"
"""Text with a right-to-left script and a very long word."""

LEGS: Final = (
    {"exerciseId": "squat", "sets": 2, "targetRepetitions": 8, "restS": 60},
    {"exerciseId": "plank", "sets": 1, "targetHoldS": 30, "restS": 60},
)

AWAY: Final[dict[str, Any]] = {
    "status": 503,
    "json": {"status": 503, "code": "away", "title": "Come again.", "correlationId": "c0ffee"},
}
"""Response of an unavailable server, with a reference for support."""

HIDDEN_CAMERA: Final = """void (navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("no", "NotAllowedError")))"""


@dataclass(frozen=True)
class Scene:
    """The servers of a scene: an open one, an empty one, and one that requires sign-in."""

    page: Callable[..., Page]
    server: PlatformServer
    bare: PlatformServer
    club: PlatformServer
    mail: Path
    session: str

    def open(self, path: str, server: PlatformServer | None = None) -> Page:
        """Open a page of the open server, or of another one."""
        page = self.page((server or self.server).url)
        page.goto(path)
        return page

    def signed_in(self) -> Page:
        """Return a page with a new user who has confirmed their address."""
        page = self.page(self.club.url)
        sign_up(page, self.mail, f"{uuid4().hex[:12]}@example.org")
        return page


State = Callable[[Scene], Page]

STATES: Final[dict[str, State]] = {}
"""By page and state; every check runs on each of them."""


def state(name: str) -> Callable[[State], State]:
    """Register a state under a name."""

    def add(bring: State) -> State:
        STATES[name] = bring
        return bring

    return add


def refused(route: Route) -> None:
    route.fulfill(**AWAY)


# / ------------------------------------------------------------------------------------------------


@state("index: sessions")
def _index(scene: Scene) -> Page:
    page = scene.open("/")
    page.wait_for_selector(".session-row a")
    page.wait_for_selector(".totals-now")
    expect(page.locator("svg text")).not_to_have_count(0)
    return page


@state("index: nothing yet")
def _no_sessions(scene: Scene) -> Page:
    page = scene.open("/", scene.bare)
    page.wait_for_selector("#sessions[aria-busy=false]", state="attached")
    page.wait_for_selector(".totals-now")
    return page


@state("index: a problem")
def _no_video(scene: Scene) -> Page:
    page = _index(scene)
    page.get_by_role("button", name="Analyze video").click()
    page.wait_for_selector("#banner .banner")
    return page


@state("index: a session")
def _opened(scene: Scene) -> Page:
    page = scene.open(f"/#session={scene.session}&t=4")
    page.wait_for_selector(".curve svg text")
    return page


# /session_list.html -------------------------------------------------------------------------------


@state("list: sessions")
def _listed(scene: Scene) -> Page:
    page = scene.open("/session_list.html")
    page.wait_for_selector(".session-item")
    expect(page.locator("#storage")).to_contain_text("used")
    return page


@state("list: some are picked")
def _picked(scene: Scene) -> Page:
    page = _listed(scene)
    page.get_by_label("Select all shown").check()
    return page


@state("list: a name is typed")
def _renaming(scene: Scene) -> Page:
    page = _listed(scene)
    page.get_by_role("button", name="Rename").first.click()
    return page


@state("list: tags are typed")
def _tagging(scene: Scene) -> Page:
    page = _listed(scene)
    page.get_by_role("button", name="Tags").first.click()
    page.get_by_label("Tags, separated by commas").fill("legs, before breakfast")
    return page


@state("list: a session has tags")
def _tagged(scene: Scene) -> Page:
    page = _tagging(scene)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".tag")).not_to_have_count(0)
    return page


@state("list: some were deleted")
def _deleted(scene: Scene) -> Page:
    page = _listed(scene)
    page.locator(".session-item [type=checkbox]").last.check()
    page.get_by_role("button", name="Delete 1 session").click()
    expect(page.locator("#notice")).to_contain_text("1 session deleted.")
    return page


@state("list: it could not be read")
def _unread(scene: Scene) -> Page:
    page = scene.page(scene.server.url)
    page.route("**/graphql", refused)
    page.goto("/session_list.html")
    page.wait_for_selector("#banner .banner")
    return page


# /session_replay.html -----------------------------------------------------------------------------


def replayed(scene: Scene, also: str = "") -> Page:
    page = scene.open(f"/session_replay.html?session={scene.session}{also}")
    page.wait_for_selector("#player:not([hidden])")
    page.wait_for_selector(".rep-chip")
    return page


@state("replay: it stands")
def _replay(scene: Scene) -> Page:
    return replayed(scene)


@state("replay: a repetition is looped, the keys are listed")
def _looped(scene: Scene) -> Page:
    page = replayed(scene, "&rep=2")
    expect(page.locator(".stop-loop")).to_be_visible()
    page.locator(".shortcuts summary").click()
    return page


@state("replay: links are listed")
def _sharing(scene: Scene) -> Page:
    page = _replay(scene)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Create link").click()
    expect(page.locator("#sharing-status")).not_to_be_empty()
    return page


@state("replay: no camera")
def _refused_camera(scene: Scene) -> Page:
    page = _replay(scene)
    page.evaluate(HIDDEN_CAMERA)
    page.get_by_role("button", name="Turn on the live camera").click()
    page.wait_for_selector("#banner .banner")
    return page


# /workout_player.html -----------------------------------------------------------------------------


@state("workout: it is looked at")
def _overview(scene: Scene) -> Page:
    page = scene.page(scene.server.url)
    prescription = {"name": LONG_NAME, "authorId": "athlete", "commandId": str(uuid4())}
    body = {"query": PRESCRIBE, "variables": {"input": {**prescription, "exercises": list(LEGS)}}}
    answer = page.request.post("/graphql", data=body).json()
    workout = answer["data"]["prescribeWorkout"]["workout"]["workoutId"]
    page.goto(f"/workout_player.html?workout={workout}")
    page.wait_for_selector("#overview:not([hidden])")
    page.locator(".voice-settings summary").click()
    return page


@state("workout: one can be chosen")
def _choosing(scene: Scene) -> Page:
    page = _overview(scene)
    page.goto("/workout_player.html")
    page.wait_for_selector("#workouts li")
    return page


@state("workout: before a set")
def _before(scene: Scene) -> Page:
    page = _overview(scene)
    page.get_by_label("Manually").check()
    page.get_by_role("button", name="Start workout").click()
    page.wait_for_selector("#guided:not([hidden])")
    page.get_by_role("button", name="More").click()
    return page


@state("workout: in a set")
def _performing(scene: Scene) -> Page:
    page = _before(scene)
    page.locator("#main-action").click()
    expect(page.locator("#main-action")).to_have_text("Finished")
    return page


@state("workout: how much it was is asked")
def _logging(scene: Scene) -> Page:
    page = _performing(scene)
    page.locator("#main-action").click()
    page.wait_for_selector("#logging:not([hidden])")
    return page


@state("workout: what was typed is no amount")
def _no_amount(scene: Scene) -> Page:
    page = _logging(scene)
    page.locator("#log input").fill("-1")
    page.locator("#main-action[aria-disabled=false]").click()
    expect(page.locator("#log .wrong")).not_to_be_empty()
    return page


@state("workout: at rest")
def _resting(scene: Scene) -> Page:
    page = _performing(scene)
    page.get_by_role("button", name="+1 repetition").click()
    page.locator("#main-action").click()
    expect(page.locator(".rest-time")).to_contain_text(":")
    return page


@state("workout: what it came to")
def _results(scene: Scene) -> Page:
    page = _resting(scene)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="End workout").click()
    page.get_by_role("button", name="Press again to end").click()
    page.wait_for_selector("workout-results dl")
    return page


# /pose_realtime.html ------------------------------------------------------------------------------


@state("coach: before it begins")
def _coach(scene: Scene) -> Page:
    page = scene.open("/pose_realtime.html")
    page.wait_for_selector("#exercise input[value=squat]", state="attached")
    return page


@state("coach: the settings are open")
def _settings(scene: Scene) -> Page:
    page = _coach(scene)
    page.locator("#settings > summary").click()
    page.evaluate(
        "scrollTo(0, document.body.scrollHeight)"
    )  # where the sticky buttons cover nothing
    return page


@state("coach: a set by hand")
def _by_hand(scene: Scene) -> Page:
    page = _coach(scene)
    page.get_by_role("button", name="Count manually").click()
    page.get_by_role("button", name="Start set").click()
    expect(page.locator("#start")).to_have_text("Stop set")
    return page


# People -------------------------------------------------------------------------------------------


@state("sign up: asked")
def _sign_up(scene: Scene) -> Page:
    page = scene.open("/sign_up.html", scene.club)
    expect(page.locator("#submit")).to_be_enabled()
    return page


@state("sign up: something is missing")
def _missing(scene: Scene) -> Page:
    page = _sign_up(scene)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_selector(".wrong")
    return page


@state("sign up: a message is on its way")
def _sent(scene: Scene) -> Page:
    page = _sign_up(scene)
    page.get_by_label("E-mail address").fill(f"{uuid4().hex[:12]}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_selector("#sent:not([hidden])")
    return page


@state("sign in: refused")
def _sign_in(scene: Scene) -> Page:
    page = scene.open("/sign_in.html", scene.club)
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("#banner .banner")
    return page


@state("verify: confirmed")
def _verified(scene: Scene) -> Page:
    page = scene.page(scene.club.url)
    join(page, scene.mail, f"{uuid4().hex[:12]}@example.org")
    return page


@state("account: signed in")
def _account(scene: Scene) -> Page:
    page = scene.signed_in()
    page.goto("/account.html")
    page.wait_for_selector("#account:not([aria-busy])")
    return page


# Pages that are opened and no more
OPENED: Final = (
    ("index: a session without a video", "server", "/#session=by-hand-02&t=4", ".curve svg text"),
    ("list: nothing is like that", "server", "/session_list.html?form=poor&recorded=no", "#empty"),
    ("list: nothing yet", "bare", "/session_list.html", "#empty"),
    ("replay: there is none", "server", "/session_replay.html?session=none", "#banner .banner"),
    ("health: nothing yet", "bare", "/health.html", "#day-body[aria-busy=false] p"),
    ("programs: nothing yet", "bare", "/programs.html", "#none:not([hidden])"),
    ("coupons: nothing yet", "bare", "/coupons.html", "#content:not([hidden])"),
    ("workout: none is written", "bare", "/workout_player.html", "#none"),
    ("workout: there is none", "server", "/workout_player.html?workout=none", "#banner .banner"),
    ("reset: asked", "club", "/reset.html", "#asking"),
    ("reset: a password is chosen", "club", "/reset.html#token=default.abc", "#choosing"),
    ("verify: there is no link", "club", "/verify.html", "#form"),
    ("unsubscribe: a link", "club", "/unsubscribe.html#token=default.a.b.c", "#form"),
)
"""Name, server, path, and an element that exists when the page is ready."""


def opener(server: str, path: str, ready: str) -> State:
    def bring(scene: Scene) -> Page:
        page = scene.open(path, getattr(scene, server))
        page.wait_for_selector(ready)
        return page

    return bring


STATES.update({name: opener(*how) for name, *how in OPENED})
