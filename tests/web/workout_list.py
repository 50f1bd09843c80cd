"""The list of workouts, as page and as server show it."""

from playwright.sync_api import Page


def plans(page: Page) -> list[tuple[str, list[str]]]:
    """Return the name and the exercises of each workout of the server."""
    items = page.request.get("/v1/workout-plans").json()["items"]
    return [(each["name"], [line["exerciseId"] for line in each["exercises"]]) for each in items]


def save(page: Page) -> None:
    with page.expect_response(lambda answer: answer.request.method in {"POST", "PUT"}) as saved:
        page.get_by_role("button", name="Save workout").click()
    assert saved.value.ok
