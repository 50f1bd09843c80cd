"""Actions on the workout player page."""

from collections.abc import Mapping
from typing import Any, Final

from playwright.sync_api import Page, expect

from domain.ids import DEFAULT_TENANT, SessionId
from tests.web.axe import violations
from tests.web.server import PlatformServer
from tests.web.waiting import until

PHONE: Final[dict[str, Any]] = {"width": 390, "height": 844, "has_touch": True}

PRESCRIBE: Final = """mutation ($input: PrescribeWorkoutInput!) {
  prescribeWorkout(input: $input) { ... on WorkoutPayload { workout { workoutId } } }
}"""

PLAN: Final = f"""async (exercises) => {{
  const {{ athlete, graphql }} = await import("/static/src/api/client.js");
  const input = {{ commandId: crypto.randomUUID(), authorId: await athlete(), name: "Legs", exercises }};
  return (await graphql(`{PRESCRIBE}`, {{ input }})).prescribeWorkout.workout.workoutId;
}}"""  # noqa: E501  a script

AWAY: Final = """globalThis.notes = []; globalThis.away = false;
globalThis.Notification = class { static permission = "granted";
  static requestPermission() {}
  constructor(title) { notes.push(title); } };
Object.defineProperty(Document.prototype, "hidden", { get: () => away });"""
"""A browser with notifications, and a page that can be in the background."""

SHORTEN: Final = "void document.querySelector('rest-timer button').click()"
"""Takes 15 seconds off the rest, which may end before a test could press the button."""

STANDS: Final = """async (repetitions) => {
  const session = new URLSearchParams(location.search).get("session");
  const { sets } = await (await fetch(`/v1/workouts/${session}`)).json();
  return sets[0].repetitions === repetitions;
}"""
"""True once the server has this many repetitions in the first set."""

SECONDS_LEFT: Final = "Number(document.querySelector('#countdown').textContent)"
COUNTS_IN: Final = f"""{SECONDS_LEFT} > 0
  || document.querySelector('#main-action').textContent === 'Finished'"""
"""The countdown to the set is running, or the set is in progress."""


def press(page: Page, words: str) -> None:
    """Press the main button once it is enabled and has this label."""
    button = page.locator("#main-action[aria-disabled=false]")
    expect(button).to_have_text(words)
    button.click()


def begun(page: Page) -> None:
    """Let the countdown pass at once, and wait until the set is in progress.

    The page opened with the clock of `prescribed`.
    """
    until(page, COUNTS_IN)
    page.clock.run_for(1000 * page.evaluate(SECONDS_LEFT))
    counted_down(page)


def counted_down(page: Page) -> None:
    """Wait until a set is in progress, for as long as its countdown takes."""
    expect(page.locator("#main-action")).to_have_text("Finished")


def prescribed(page: Page, *exercises: Mapping[str, object], real_time: bool = False) -> str:
    """Create a workout; return its URL.

    Unless the page has to keep real time, as for sounds, it opens with a clock for `begun`.
    """
    if not real_time:
        page.clock.install()
    prescription = {"name": "Legs", "authorId": "athlete", "exercises": list(exercises)}
    command = {"commandId": "5f0b1c1e-8f5c-4f0e-9d0a-2a4c7e1b6d11", **prescription}
    answer = page.request.post(
        "/graphql", data={"query": PRESCRIBE, "variables": {"input": command}}
    )
    workout = answer.json()["data"]["prescribeWorkout"]["workout"]["workoutId"]
    return f"/workout_player.html?workout={workout}"


def planned(page: Page, *exercises: Mapping[str, object]) -> str:
    """Create a workout of the user of an open page; return its URL."""
    return f"/workout_player.html?workout={page.evaluate(PLAN, list(exercises))}"


def started(page: Page, who: str) -> None:
    """Start the workout, and choose the counter."""
    page.get_by_label(who).check()
    page.get_by_role("button", name="Start workout").click()
    expect(page.locator("#guided")).to_be_visible()


def fits(page: Page) -> None:
    """Assert that the page needs no horizontal scrolling and that axe-core finds no violations."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def executed(server: PlatformServer, page: Page) -> Any:
    """Return the server's view of the workout in the page's URL."""
    session = page.evaluate("new URLSearchParams(location.search).get('session')")
    assert list(server.platform.history.events(DEFAULT_TENANT, SessionId(session)))
    return page.request.get(f"/v1/workouts/{session}").json()
