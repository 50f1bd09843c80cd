"""The states of the pages of plans, added to those of the other pages."""

from typing import Any, Final

from playwright.sync_api import Page, Route, expect

from tests.web.plans import stock
from tests.web.states import LEGS, LONG_NAME, STATES, Scene, opener, state

__all__ = ["STATES"]


@state("plans: found")
def _plans(scene: Scene) -> Page:
    stock(scene.server, LONG_NAME)
    page = scene.open("/plans.html")
    page.wait_for_selector(".plan-card")
    return page


@state("plans: nothing matches")
def _no_match(scene: Scene) -> Page:
    page = _plans(scene)
    page.get_by_label("Search").fill("zzz")
    expect(page.locator("#empty")).to_contain_text("No plan matches")
    return page


@state("plans: of a trainer")
def _trainer(scene: Scene) -> Page:
    page = _plans(scene)
    page.goto("/plans.html?trainer=coach")
    expect(page.locator("#trainer")).to_contain_text("English, German")
    page.wait_for_selector(".plan-card")
    return page


def plan_page(scene: Scene, number: int) -> Page:
    """Open the page of the free plan (0) or the paid one (1)."""
    page = scene.open(f"/plan.html?plan={stock(scene.server, LONG_NAME)[number]}")
    page.wait_for_selector("#plan:not([hidden])")
    return page


@state("plan: free")
def _free_plan(scene: Scene) -> Page:
    return plan_page(scene, 0)


@state("plan: paid")
def _paid_plan(scene: Scene) -> Page:
    return plan_page(scene, 1)


@state("plan: started, and asked whether to leave")
def _leaving(scene: Scene) -> Page:
    page = _free_plan(scene)
    page.get_by_role("button", name="Start this plan").click()
    page.get_by_role("button", name="Leave this plan").click()
    expect(page.get_by_role("button", name="Stay")).to_be_focused()
    return page


@state("index: plans")
def _own_plans(scene: Scene) -> Page:
    page = _free_plan(scene)
    page.get_by_role("button", name="Start this plan").click()
    page.wait_for_selector(".standing a")
    page.goto("/")
    page.wait_for_selector(".own-plan .standing")
    page.wait_for_selector(".totals-now")
    return page


@state("checkout: the order")
def _order(scene: Scene) -> Page:
    page = scene.open(f"/checkout.html?plan={stock(scene.server, LONG_NAME)[1]}")
    expect(page.locator("#order")).to_contain_text("You pay €19.99 today.")
    return page


@state("checkout: no payments are taken")
def _no_gateway(scene: Scene) -> Page:
    page = _order(scene)
    page.get_by_role("button", name="Continue to payment").click()
    page.wait_for_selector("#banner .banner")
    return page


@state("athletes: an invitation")
def _inviting(scene: Scene) -> Page:
    page = scene.open("/athletes.html")
    page.get_by_role("button", name="Make a link").click()
    expect(page.locator("#invited .link")).to_be_focused()
    return page


ASSIGNED: Final[dict[str, Any]] = {
    "assignmentId": "legs",
    "athleteId": "ada",
    "trainerId": "coach",
    "trainerName": LONG_NAME,
    "name": LONG_NAME,
    "note": f"{LONG_NAME}. Stop if it hurts.",
    "exercises": [
        {"targetRepetitions": None, "targetHoldS": None, "loadKg": 62.5, **line} for line in LEGS
    ],
    "dueOn": "2030-01-31",
    "state": "assigned",
    "revision": 1,
    "sessionId": None,
    "assignedAt": "2030-01-30T07:30:00Z",
    "changedAt": "2030-01-30T07:30:00Z",
}
ATHLETE_WHO_AGREED: Final[dict[str, Any]] = {
    "athleteId": "ada",
    "name": LONG_NAME,
    "video": True,
    "assign": True,
    "allowedAt": "2030-01-30T07:30:00Z",
    "lastSession": None,
    "adherence": None,
}


def _assignments(route: Route) -> None:
    done = {**ASSIGNED, "assignmentId": "arms", "state": "done", "sessionId": "assigned.1"}
    route.fulfill(json={"items": [ASSIGNED, done]})


@state("athletes: a workout is assigned")
def _assigning(scene: Scene) -> Page:
    page = scene.page(scene.bare.url)
    page.route("**/v1/athletes/ada", lambda route: route.fulfill(json=ATHLETE_WHO_AGREED))
    page.route("**/v1/athletes/ada/assignments", _assignments)
    page.goto("/athletes.html?athlete=ada")
    page.get_by_role("button", name="Change").click()
    expect(page.locator("#assign-form-title")).to_be_focused()
    return page


@state("workouts: from a trainer, and asked whether to decline")
def _declining(scene: Scene) -> Page:
    page = scene.page(scene.bare.url)
    page.route("**/v1/me/assignments", _assignments)
    page.goto("/workout_player.html")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    return page


OPENED: Final = (
    ("athletes: nobody yet", "bare", "/athletes.html", "#content:not([aria-busy])"),
    ("checkout: no subscription", "bare", "/checkout.html?subscription=none", "#banner .banner"),
    ("exercises: all", "server", "/exercises.html", ".exercise-card"),
    ("exercises: none is like that", "bare", "/exercises.html?text=yoga", "#empty:not([hidden])"),
    ("plans: nothing yet", "bare", "/plans.html", "#empty h2"),
    ("payments: nothing yet", "bare", "/payments.html", "#content:not([aria-busy])"),
    ("billing: nothing yet", "bare", "/billing.html", "#billing:not([aria-busy])"),
    ("plan editor: a new plan", "server", "/plan_editor.html", "#editor:not([hidden])"),
    ("studio: nothing yet", "bare", "/studio.html", "#empty"),
    ("studio: there is no video", "server", "/studio.html?content=none", "#banner .banner"),
    ("lesson: there is no video", "server", "/lesson.html?content=none", "#banner .banner"),
    ("watch: there is no video", "server", "/watch.html?content=none", "#banner .banner"),
    ("plan: there is none", "server", "/plan.html?plan=none", "#banner .banner"),
)

__all__ = ["STATES"]

STATES.update({name: opener(*how) for name, *how in OPENED})
