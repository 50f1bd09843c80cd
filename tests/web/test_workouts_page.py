"""List of workouts: templates, changes, copies and the order of exercises."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.inspection import TOO_WIDE
from tests.web.plans import SQUATS, prescribe
from tests.web.player import PHONE, fits, prescribed, started
from tests.web.server import PlatformServer, opened
from tests.web.waiting import hold_requests
from tests.web.workout_list import plans, save

TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PlatformServer]:
    """A server of each test's own: each expects only its workouts."""
    with opened(tmp_path, tmp_path / "no-video") as found:
        yield found


def test_a_template_becomes_a_workout_that_is_changed_and_copied(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-01, R-UIX-04: with weights, and exercises in another order; targets are kept."""
    page = new_page(server.url, **PHONE)
    page.goto("/workout_player.html")
    page.get_by_role("button", name="Legs and core").click()
    expect(page.locator(".program-line")).to_have_count(3)
    assert violations(page) == []
    save(page)
    card = page.locator(".workout-card")
    expect(card).to_contain_text(f"Squat: 4 {TIMES} 10 repetitions")
    expect(card.locator("exercise-poster")).to_have_count(3)
    assert plans(page) == [("Legs and core", ["squat", "lunge", "sit_up"])]

    card.get_by_role("button", name="Edit").click()
    expect(page.locator("#builder-title")).to_have_text("Change the workout")
    page.get_by_role("button", name="Move exercise 3 up").click()
    expect(page.get_by_role("button", name="Move exercise 2 up")).to_be_focused()
    page.get_by_label("Weight (kg)").first.fill("20")
    save(page)
    expect(card).to_contain_text(f"Squat: 4 {TIMES} 10 repetitions · 20 kg")
    assert plans(page) == [("Legs and core", ["squat", "sit_up", "lunge"])]

    card.get_by_role("button", name="Duplicate").click()
    expect(page.locator("#program-name")).to_have_value("Legs and core (copy)")
    expect(page.locator("#builder-title")).to_have_text("Create a workout")
    save(page)
    expect(card).to_have_count(2)
    copies = [exercises for _, exercises in plans(page)]
    assert copies == [["squat", "sit_up", "lunge"]] * 2

    card.first.get_by_role("button", name="Delete").click()
    expect(page.locator("#notice")).to_contain_text("Legs and core (copy) deleted.")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    assert violations(page) == []
    assert [name for name, _ in plans(page)] == ["Legs and core"]
    page.get_by_role("button", name="Undo").click()
    expect(card.first).to_be_focused()
    assert len(plans(page)) == 2
    for name in ("Legs and core (copy)", "Legs and core"):
        card.filter(visible=True).first.get_by_role("button", name="Delete").click()
        expect(page.locator("#notice")).to_contain_text(f"{name} deleted.")
    expect(page.locator("#none")).to_be_visible()
    assert plans(page) == []


def test_targets_that_the_form_does_not_show_survive_a_change(
    server: PlatformServer, new_page: NewPage
) -> None:
    """A trainer's targets of tempo and range are not lost by a new name."""
    page = new_page(server.url)
    line = {
        "exerciseId": "squat",
        "sets": 2,
        "targetRepetitions": 5,
        "rangeOfMotionDeg": 80.0,
        "tempo": {"eccentricS": 3.0, "bottomPauseS": 1.0, "concentricS": 1.0, "topPauseS": 0.0},
    }
    written = page.request.post(
        "/v1/workout-plans",
        headers={"Idempotency-Key": "4f60c3a0-7b3c-4a2e-9d0a-000000000001"},
        data={"name": "Slow", "authorId": "athlete", "exercises": [line]},
    )
    plan = written.json()["workoutId"]
    page.goto("/workout_player.html")
    card = page.locator(f".workout-card:has(#workout-{plan})")
    card.get_by_role("button", name="Edit").click()
    expect(page.locator("#program-name")).to_have_value("Slow")
    page.locator("#program-name").fill("Slow squats")
    save(page)
    revised = page.request.get(f"/v1/workout-plans/{plan}").json()
    assert revised["name"] == "Slow squats"
    assert revised["exercises"][0]["tempo"]["eccentricS"] == 3.0
    assert revised["exercises"][0]["rangeOfMotionDeg"] == 80.0


def choices(page: Page) -> list[str]:
    return page.locator("[name=effort] option").all_inner_texts()


def test_a_note_to_an_exercise_is_shown_before_each_of_its_sets(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02: and survives a change of the workout."""
    page = new_page(server.url, **PHONE)
    page.goto("/workout_player.html")
    page.locator("#program-name").fill("Careful")
    page.locator("[name=exercise]").select_option("squat")
    page.get_by_label("Note").fill("  Heels down.\nStop above the knee.  ")
    page.get_by_role("button", name="Add an exercise").click()
    fits(page)
    save(page)
    card = page.locator(".workout-card")
    card.get_by_role("button", name="Edit").click()
    note = page.get_by_label("Note").first
    expect(note).to_have_value("Heels down.\nStop above the knee.")
    assert note.get_attribute("maxlength") == "500"
    page.locator("#program-name").fill("Very careful")
    save(page)
    (plan,) = page.request.get("/v1/workout-plans").json()["items"]
    assert [each["note"] for each in plan["exercises"]] == [
        "Heels down.\nStop above the knee.",
        "",
    ]

    card.get_by_role("link", name="Select").click()
    expect(page.locator("#lines .line-note")).to_have_count(1)
    started(page, "Manually")
    shown = page.locator("exercise-brief .brief-note")
    expect(shown).to_contain_text("NoteHeels down.")
    expect(shown).to_contain_text("Stop above the knee.")
    fits(page)
    page.reload()
    expect(shown).to_contain_text("Stop above the knee.")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Skip exercise").click()
    page.get_by_role("button", name="Press again to skip").click()
    expect(page.locator("exercise-brief h2")).to_be_visible()
    expect(shown).to_have_count(0)


def test_a_target_of_exertion_is_chosen_explained_and_performed(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02: in the form, in the list, and before each set."""
    page = new_page(server.url, **PHONE)
    page.goto("/workout_player.html")
    page.locator("#program-name").fill("Heavy")
    page.locator("[name=exercise]").select_option("squat")
    assert "8: about 2 repetitions left" in choices(page)
    page.get_by_label("Effort (RPE)").select_option("8.5")
    page.locator("[name=exercise]").select_option("plank")
    expect(page.get_by_label("Effort (RPE)")).to_have_value("8.5")
    assert "8: very hard" in choices(page)
    page.locator("[name=exercise]").select_option("squat")
    fits(page)
    save(page)
    card = page.locator(".workout-card")
    expect(card).to_contain_text(f"Squat: 3 {TIMES} 10 repetitions · RPE 8.5")
    (plan,) = page.request.get("/v1/workout-plans").json()["items"]
    assert plan["exercises"][0]["targetRpe"] == 8.5

    card.get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Effort (RPE)")).to_have_value("8.5")
    page.get_by_label("Effort (RPE)").select_option("8")
    save(page)
    expect(card).to_contain_text("RPE 8")
    card.get_by_role("link", name="Select").click()
    expect(page.locator("#lines")).to_contain_text("RPE 8")
    started(page, "Manually")
    effort = page.locator("exercise-brief .brief-effort")
    expect(effort).to_have_text("RPE 8 · about 2 repetitions left")
    fits(page)
    page.reload()
    expect(effort).to_have_text("RPE 8 · about 2 repetitions left")


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("ru-RU", "RPE 7,5 · в запасе 2\N{EN DASH}3 повторения"),
        ("es-ES", "RPE 7,5 · quedan de 2 a 3 repeticiones"),
    ],
)
def test_a_target_of_exertion_is_explained_in_the_language_of_the_page(
    server: PlatformServer, new_page: NewPage, locale: str, expected: str
) -> None:
    """R-WKT-02, R-UIX-07"""
    page = new_page(server.url, **PHONE, locale=locale)
    line = {"exerciseId": "squat", "sets": 1, "targetRepetitions": 5, "targetRpe": 7.5}
    page.goto(prescribed(page, line, real_time=True))
    page.locator("#begin").click()
    expect(page.locator("exercise-brief .brief-effort")).to_have_text(expected)
    fits(page)


def test_a_long_workout_starts_at_the_top_of_a_phone(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-UIX-07: the button is in sight, and then the first exercise is."""
    page = new_page(server.url, **PHONE)
    lines = [
        {"exerciseId": exercise, "sets": 3, "targetRepetitions": 8, "restS": 60}
        for exercise in ("squat", "lunge", "sit_up", "push_up", "deadlift")
    ]
    page.goto(prescribed(page, *lines))
    start = page.get_by_role("button", name="Start workout")
    expect(start).to_be_in_viewport(ratio=1)
    page.get_by_label("Manually").check()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    start.click()
    expect(page.get_by_role("heading", name="Squat")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0


def test_a_long_name_fits_the_messages_of_a_phone(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-07: those of a deletion, and of an undo that is refused."""
    name = "Oberschenkelvorderseitenmuskulaturaufwärmungstrainingseinheit"
    prescribe(server, name, SQUATS, author="athlete")
    page = new_page(server.url, **PHONE)
    page.goto("/workout_player.html")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#notice")).to_contain_text(f"{name} deleted.")
    assert page.evaluate(TOO_WIDE) == []

    def refuse(route: Route) -> None:
        refusal = {"code": "workout.refused", "title": name, "detail": f"No {name}."}
        route.fulfill(status=409, json=refusal)

    page.route("**/*:restore", refuse)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#banner")).to_contain_text(f"No {name}.")
    assert page.evaluate(TOO_WIDE) == []


def test_a_change_of_another_device_is_not_undone_unseen(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-WKT-02, R-UIX-04: the list shows it; saving again replaces it."""
    one, two = new_page(server.url), new_page(server.url)
    one.goto("/workout_player.html")
    one.get_by_role("button", name="Legs and core").click()
    save(one)
    two.goto("/workout_player.html")
    for page in (one, two):
        page.locator(".workout-card").get_by_role("button", name="Edit").click()
        expect(page.locator("#builder-title")).to_have_text("Change the workout")
    one.get_by_label("Weight (kg)").first.fill("20")
    save(one)
    two.get_by_label("Weight (kg)").first.fill("30")
    two.get_by_role("button", name="Save workout").click()
    expect(two.locator("#banner")).to_contain_text("changed in the meantime")
    expect(two.locator("#banner")).to_contain_text("Save again")
    expect(two.locator("#banner")).not_to_contain_text("in a moment")
    expect(two.locator(".workout-card")).to_contain_text("20 kg")
    expect(two.get_by_label("Weight (kg)").first).to_have_value("30")
    assert violations(two) == []
    save(two)
    expect(two.locator(".workout-card")).to_contain_text("30 kg")
    expect(two.locator("#banner")).to_be_empty()


def test_what_is_typed_while_a_workout_is_saved_changes_it(
    server: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-08: also while it is saved for the first time."""
    page = new_page(server.url, **PHONE)
    page.goto("/workout_player.html")
    # A request that loads the page must not be held: until it is answered, nothing can be pressed.
    expect(page.locator("#choosing:not([aria-busy])")).to_be_visible()
    name = page.locator("#program-name")
    for path, first, then in (("graphql", "A", "B"), ("v1/workout-plans/*", "C", "D")):
        name.fill(first)
        held = hold_requests(page, f"**/{path}")
        with page.expect_request(f"**/{path}"):
            page.get_by_role("button", name="Save workout").click()
        name.fill(then)
        held.pop().continue_()
        page.unroute(f"**/{path}")
        expect(page.locator(".workout-card h3")).to_have_text(first)
        expect(page.locator("#builder-title")).to_have_text("Change the workout")
        expect(name).to_have_value(then)
    save(page)
    expect(page.locator(".workout-card h3")).to_have_text("D")
    expect(name).to_have_value("")
    assert plans(page) == [("D", ["bench_press"])]
