"""Athletes let trainers see their training, and trainers see their athletes, on the pages."""

from typing import Final
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from domain.comments.events import Place
from domain.ids import DEFAULT_TENANT, SessionId, UserId
from domain.kernel import Origin
from tests.web.club import Club, club, lost_after_writing
from tests.web.conftest import NewPage
from tests.web.held import Held
from tests.web.inspection import PHONE, problems
from tests.web.plans import stock
from tests.web.server import PlatformServer

__all__ = ["club"]


def test_trainers_find_their_athletes_from_home(club: Club, new_page: NewPage) -> None:
    """R-CAT-06: others have no such link; a trainer without a name is asked for one."""
    coach, ada = new_page(club.server.url, **PHONE), new_page(club.server.url, **PHONE)
    club.member(ada, "hal@example.org")
    ada.goto("/")
    expect(ada.locator("#trainer-links")).to_be_hidden()
    club.trainer(coach, "coach-of-hal@example.org")
    coach.goto("/")
    coach.get_by_role("link", name="Your athletes").click()
    coach.get_by_role("link", name="Enter your name").click()
    expect(coach.get_by_role("button", name="Save profile")).to_be_enabled()  # values are loaded
    coach.get_by_label("Name", exact=True).fill("Mara Lind")
    coach.get_by_role("button", name="Save profile").click()
    expect(coach.locator("#profile-form-status")).to_have_text("Your profile is saved.")
    coach.goto("/athletes.html")
    expect(coach.locator("#content:not([aria-busy])")).to_be_visible()
    expect(coach.get_by_text("Athletes see you as a trainer without a name.")).to_be_hidden()


@pytest.mark.slow
def test_an_invitation_opens_the_training_until_it_is_withdrawn(
    club: Club, new_page: NewPage
) -> None:
    """R-CAT-06, R-TEN-03: link, consent with and without videos, roster, withdrawal."""
    coach, ada = new_page(club.server.url, **PHONE), new_page(club.server.url, **PHONE)
    club.trainer(coach, "coach@example.org")
    athlete = club.member(ada, "ada@example.org")
    club.session(athlete)

    coach.goto("/athletes.html")
    expect(coach.locator("#list")).to_contain_text("Nobody lets you see their training yet.")
    coach.get_by_role("button", name="Make a link").click()
    shown = coach.locator("#invited .link")
    expect(shown).to_be_focused()
    link = shown.inner_text()
    assert problems(coach) == {}

    ada.goto(link)
    question = ada.locator("#trainer-invitation")
    expect(
        question.get_by_role("button", name="Let the trainer see my training")
    ).to_be_in_viewport()
    expect(ada.get_by_text("Do you coach others?")).to_be_visible()
    expect(question).to_contain_text("asks to see your training.")
    assert problems(ada) == {}
    question.get_by_role("button", name="Let the trainer see my training").click()
    row = ada.locator("#trainer-list li")
    expect(row).to_contain_text("Sees your training since")
    expect(ada.locator("#trainers-title")).to_be_focused()
    expect(question).to_be_empty()
    assert "invitation" not in ada.url

    coach.reload()
    expect(coach.locator(".athlete-row")).to_contain_text("Without videos")
    coach.locator(".athlete-row a").click()
    expect(coach.locator("#subtitle")).to_contain_text("Lets you see their training since")
    expect(coach.locator(".athlete-row")).to_contain_text("Squat")
    expect(coach.locator(".athlete-row")).to_contain_text("1 repetition · form 100 %")
    assert problems(coach) == {}
    coach.get_by_label("From", exact=True).fill("2026-01-01")
    with coach.expect_download() as download:
        coach.get_by_role("button", name="Download the report (PDF)").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    expect(coach.locator("#report-state")).to_have_text("The report is downloaded.")

    row.get_by_label("Also videos and pictures of me").click()
    expect(ada.locator("#status")).to_have_text("Changed.")
    coach.get_by_role("link", name="All athletes").click()
    expect(coach.locator(".athlete-row")).to_contain_text("With videos")

    row.get_by_role("button", name="Withdraw").click()
    expect(ada.locator("#trainer-list")).to_contain_text("No trainer sees your training.")
    coach.reload()
    expect(coach.locator("#list")).to_contain_text("Nobody lets you see their training yet.")
    ada.goto(link)
    expect(question).to_contain_text("This invitation is over.")


def test_an_invitation_whose_link_could_not_be_read_is_made_once(
    club: Club, new_page: NewPage
) -> None:
    """R-CAT-06, R-API-04"""
    page = new_page(club.server.url, **PHONE)
    club.trainer(page, "inviting@example.org")
    page.goto("/athletes.html")
    read, make = "**/v1/athlete-invitations/*", page.get_by_role("button", name="Make a link")
    page.route(read, lambda route: route.abort("internetdisconnected"))
    with page.expect_response("**/v1/athlete-invitations") as first:
        make.click()
    expect(page.locator("#banner")).to_be_visible()
    page.unroute(read)
    with page.expect_response("**/v1/athlete-invitations") as second:
        make.click()
    expect(page.locator("#invited .link")).to_contain_text("invitation=")
    assert second.value.json()["invitationId"] == first.value.json()["invitationId"]


def test_a_trainer_is_offered_only_what_is_allowed(club: Club, new_page: NewPage) -> None:
    """R-TEN-03: comments, a replay of what was recorded, and no changes of the session."""
    coach, ida = new_page(club.server.url, **PHONE), new_page(club.server.url, **PHONE)
    trainer = club.trainer(coach, "coach-of-ida@example.org")
    athlete = club.member(ida, "ida@example.org")
    recorded, by_hand = club.filmed(athlete), club.session(athlete, recorded=False)
    club.allow(athlete, trainer)

    coach.goto(f"/athletes.html?athlete={athlete}")
    expect(coach.locator(".athlete-row a", has_text="Replay")).to_have_count(1)
    expect(coach.get_by_text("does not let you assign workouts yet")).to_be_visible()
    expect(coach.locator("#assign-box")).to_be_hidden()
    coach.get_by_role("link", name="Open the session").click()
    coach.wait_for_url(f"**/#session={by_hand}*")
    expect(coach.locator(".session-actions")).to_be_attached()
    expect(coach.locator(".session-actions .button")).to_have_count(0)
    comments = coach.locator(".session-comments")
    comments.get_by_label("Repetition", exact=True).select_option("Set 1, repetition 1")
    comments.get_by_label("Comment on this repetition").fill("Nice depth.")
    comments.get_by_role("button", name="Comment").click()
    expect(comments.locator(".comment-text")).to_have_text("Nice depth.")
    expect(comments.get_by_role("button", name="Set 1, repetition 1")).to_be_visible()
    assert problems(coach) == {}

    coach.goto(f"/session_replay.html?session={recorded}")
    form = coach.locator("#comments form")
    form.get_by_label("Comment on this moment").fill("Chest up.")
    coach.route("**/comments", lost_after_writing, times=1)
    form.get_by_role("button").click()
    expect(coach.locator("#banner .banner")).to_be_visible()
    form.get_by_label("Comment on this moment").fill("Chest up, please.")
    form.get_by_role("button").click()
    expect(coach.locator("#comments .comment-text")).to_have_text(
        ["Chest up.", "Chest up, please."]
    )
    expect(coach.locator("#share")).to_have_attribute("hidden", "")

    ida.goto("/account.html#trainers")
    videos = ida.get_by_label("Also videos and pictures of me")
    ida.route("**/v1/me/trainers/*", lambda route: route.fulfill(status=409, json=REFUSED))
    videos.click()
    expect(ida.locator("#banner .banner")).to_be_visible()
    expect(videos).not_to_be_checked()


REFUSED: Final = {"status": 409, "code": "supervision.refused", "title": "Not now."}


def test_the_trainer_of_a_plan_is_allowed_on_its_page(
    empty_server: PlatformServer, new_page: NewPage
) -> None:
    """R-CAT-03: permission once the plan has begun, and never assumed."""
    free, _ = stock(empty_server)
    page = new_page(empty_server.url, **PHONE)
    page.goto(f"/plan.html?plan={free}")
    page.get_by_role("button", name="Start this plan").click()
    permission = page.locator(".trainer-permission")
    expect(permission).to_contain_text(
        "Would you like the trainer of this plan to see your training?"
    )
    assert page.evaluate('fetch("/v1/me/trainers").then((it) => it.json())') == {"items": []}
    assert problems(page) == {}
    permission.get_by_role("button", name="Let the trainer see my training").click()
    expect(permission).to_contain_text("The trainer sees your training.")
    page.reload()
    expect(permission).to_contain_text("The trainer sees your training.")


def test_an_athlete_reads_comments_on_the_session_page(club: Club, new_page: NewPage) -> None:
    """R-TEN-03: with the place that a comment is about."""
    page = new_page(club.server.url, **PHONE)
    athlete = club.member(page, "eve@example.org")
    session = SessionId(club.session(athlete))
    club.server.platform.comments.write(
        session,
        athlete,
        UserId("coach"),
        Place(set=1, repetition=1),
        "Heels stay down.",
        origin=Origin(tenant_id=DEFAULT_TENANT, actor="coach", correlation_id=uuid4()),
        command_id=uuid4(),
    )
    page.goto(f"/#session={session}")
    comments = page.locator(".session-comments")
    expect(comments).to_contain_text("Heels stay down.")
    expect(comments.get_by_role("button", name="Set 1, repetition 1")).to_be_visible()
    expect(comments.get_by_role("button", name="Delete")).to_have_count(0)
    expect(comments.get_by_role("textbox")).to_have_count(0)


def test_a_trainer_who_deletes_a_comment_keeps_the_keyboard_focus(
    club: Club, new_page: NewPage
) -> None:
    """R-UIX-07: and hears which comment a button deletes, after a question."""
    page = new_page(club.server.url)
    athlete = club.member(new_page(club.server.url), "fay@example.org")
    coach = club.trainer(page, "coach-of-fay@example.org")
    club.allow(athlete, coach)
    session = SessionId(club.session(athlete))
    for words in ("Heels stay down.", "Slower."):
        club.server.platform.comments.write(
            session,
            athlete,
            coach,
            Place(set=1, repetition=1),
            words,
            origin=Origin(tenant_id=DEFAULT_TENANT, actor=coach, correlation_id=uuid4()),
            command_id=uuid4(),
        )
    page.goto(f"/#session={session}")
    comments = page.locator(".session-comments")
    delete = comments.get_by_role("button", name="Delete")
    expect(delete).to_have_count(2)
    expect(delete.first).to_have_accessible_description("Heels stay down.")
    delete.first.focus()
    page.keyboard.press("Enter")
    keep = comments.get_by_role("button", name="No, keep it")
    expect(keep).to_be_focused()
    assert problems(page) == {}
    page.keyboard.press("Enter")
    expect(delete.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(keep).to_be_focused()
    page.keyboard.press("Escape")
    expect(delete.first).to_be_focused()
    expect(comments.locator(".comment-text")).to_have_count(2)
    page.keyboard.press("Enter")
    comments.get_by_role("button", name="Yes, delete it").press("Enter")
    expect(comments.locator(".comment-text")).to_have_text(["Slower."])
    expect(delete).to_have_count(1)
    expect(comments.get_by_role("heading", name="Comments")).to_be_focused()


def test_the_question_before_a_comment_is_deleted_stays_when_another_one_is_written(
    club: Club, new_page: NewPage
) -> None:
    """R-TEN-03, R-UIX-08: the list is read again after a comment, with those of others."""
    page = new_page(club.server.url)
    athlete = club.member(new_page(club.server.url), "kim@example.org")
    coach = club.trainer(page, "coach-of-kim@example.org")
    club.allow(athlete, coach)
    page.goto(f"/#session={club.session(athlete)}")
    comments = page.locator(".session-comments")
    text = comments.get_by_label("Comment on this repetition")
    text.fill("Heels stay down.")
    comments.get_by_role("button", name="Comment", exact=True).click()
    expect(comments.locator(".comment-text")).to_have_count(1)
    text.fill("Slower.")
    held = Held(page, "**/comments", "POST")
    comments.get_by_role("button", name="Comment", exact=True).click()
    comments.get_by_role("button", name="Delete").click()
    keep = comments.get_by_role("button", name="No, keep it")
    expect(keep).to_be_focused()
    held.release("**/comments")
    expect(comments.locator(".comment-text")).to_have_count(2)
    expect(keep).to_be_focused()
    comments.get_by_role("button", name="Yes, delete it").click()
    expect(comments.locator(".comment-text")).to_have_text(["Slower."])


def test_controls_of_a_row_are_described_by_it(club: Club, new_page: NewPage) -> None:
    """R-UIX-07: those of several trainers, or of several sessions, have the same names."""
    coach, athlete_page = new_page(club.server.url), new_page(club.server.url)
    athlete = club.member(athlete_page, "gus@example.org")
    club.session(athlete)
    club.allow(athlete, club.trainer(coach, "coach-of-gus@example.org"))
    athlete_page.goto("/account.html")
    row = athlete_page.locator("#trainer-list li")
    trainer = row.locator("p").first.inner_text()
    for control in (row.get_by_role("button", name="Withdraw"), row.get_by_role("checkbox").last):
        expect(control).to_have_accessible_description(trainer)
    coach.goto(f"/athletes.html?athlete={athlete}")
    session = coach.locator(".athlete-row")
    started = session.locator("p").first.inner_text()
    expect(session.get_by_role("link")).to_have_accessible_description(started)


def test_a_trainer_reads_how_long_a_position_was_held(club: Club, new_page: NewPage) -> None:
    """R-CAT-06: and no repetitions, which a hold does not have."""
    coach = new_page(club.server.url, **PHONE)
    athlete = club.member(new_page(club.server.url), "joy@example.org")
    club.allow(athlete, club.trainer(coach, "coach-of-joy@example.org"))
    club.server.log_hold(60_000, athlete_id=athlete)
    coach.goto(f"/athletes.html?athlete={athlete}")
    row = coach.locator(".athlete-row")
    expect(row).to_contain_text("1:00 held")
    expect(row).not_to_contain_text("repetitions")
    assert problems(coach) == {}


def test_a_change_in_one_tab_gives_back_nothing_that_another_withdrew(
    club: Club, new_page: NewPage
) -> None:
    """R-TEN-03: each box changes its own permission, also in a tab that was opened before."""
    first, coach = new_page(club.server.url), new_page(club.server.url)
    athlete = club.member(first, "ivy@example.org")
    club.allow(athlete, club.trainer(coach, "coach-of-ivy@example.org"))
    first.goto("/account.html")
    videos = first.locator("#trainer-list").get_by_label("Also videos and pictures of me")
    videos.click()
    expect(first.locator("#status")).to_have_text("Changed.")
    second = first.context.new_page()
    second.goto("/account.html")
    row = second.locator("#trainer-list li")
    expect(row.get_by_label("Also videos and pictures of me")).to_be_checked()
    with first.expect_response(lambda each: each.request.method == "PUT"):
        videos.click()
    expect(videos).not_to_be_checked()
    coach.goto("/athletes.html")
    expect(coach.locator(".athlete-row")).to_contain_text("Without videos")
    row.get_by_role("checkbox").last.click()
    expect(second.locator("#status")).to_have_text("Changed.")
    coach.reload()
    expect(coach.locator(".athlete-row")).to_contain_text("Without videos · ")
