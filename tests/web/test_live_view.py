"""Trainers, and athletes themselves, watch a session live: skeleton, set, form, cues, its end."""

from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from application.kernel.command_handler import Request
from application.privacy.consents import TEXTS
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId
from domain.kernel import Origin
from domain.sessions import commands as sessions
from domain.sessions.session import SESSION
from domain.users.commands import GiveConsent
from domain.users.user import USER
from domain.values import CountedBy, Span, Tempo
from tests.live.chunks import video
from tests.web.club import Club, club
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.people import sign_in
from tests.web.states import AWAY
from tests.web.waiting import note

__all__ = ["club"]

REFRESH_MS: Final = 15_000
"""Pause of the roster between two looks at who trains."""

POSES: Final = """([session, landmarks, worldLandmarks]) => new Promise((resolve) => {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws/pose`, ["kinelog"]);
  const frame = (timeMs) => ({timeMs, landmarks, worldLandmarks, image: null});
  let first = 0;
  const say = (message) => socket.send(JSON.stringify(message));
  const start = {type: "start", name: "Squats", sessionId: session, aspectRatio: 1.5};
  socket.onopen = () => say(start);
  socket.onmessage = ({data}) => {
    if (first > 0) resolve(JSON.parse(data));
    setTimeout(() => say({type: "frames", first, frames: [frame(100 * first++)]}), 100);
  };
})"""
"""Records a person who stands still, as fast as the server stores frames."""


class Training:
    """A session of an athlete, who performs it by commands and sends poses from their page."""

    def __init__(self, club: Club, athlete: UserId) -> None:
        self.id = SessionId(str(uuid4()))
        self._club = club
        self._athlete = athlete
        at = club.server.platform.clock()
        self.did(sessions.StartSession(athlete_id=athlete, at=at))

    def did(self, *commands: sessions.SessionCommand) -> None:
        """Execute commands of the session."""
        self._execute(Request(SESSION, self.id, commands))

    def _execute(self, request: Request) -> None:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor=self._athlete, correlation_id=uuid4())
        platform = self._club.server.platform
        platform.commands.execute(request, origin=origin, command_id=uuid4())

    def send_poses(self, page: Page) -> None:
        """Consent to a recording, and record poses from this page until it is closed."""
        at = self._club.server.platform.clock()
        purposes: Any = ("camera_processing", "movement_recording")
        agreed = [
            GiveConsent(purpose=each, version=TEXTS[each].version, at=at, source="rest")
            for each in purposes
        ]
        self._execute(Request(USER, self._athlete, agreed))
        whole = video()
        assert whole.world is not None
        poses = [self.id, whole.image[0].tolist(), whole.world[0].tolist()]
        answer = page.evaluate(POSES, poses)
        assert answer["type"] == "status", answer


def squat(number: int) -> sessions.CountRepetition:
    return sessions.CountRepetition(
        source="server", set=1, number=number, span=Span(2000 * number, 2000 * number + 1500),
        tempo=Tempo(0.5, 0.5, 0.5, 0.0), range_of_motion_deg=90.0, symmetry=1.0, form=0.9,
        confidence=1.0, faults=(),
    )  # fmt: skip


def one_at_a_time(route: Route) -> None:
    """Ask for a page of one row."""
    route.continue_(url=route.request.url.replace("first=25", "first=1"))


def lose(route: Route, losses: list[str]) -> None:
    """Break the connection of a request."""
    losses.append(route.request.url)
    route.abort("internetdisconnected")


def lose_once(socket: WebSocketRoute, losses: list[str]) -> None:
    """Break the first connection; connect later ones to the server."""
    if any(each.startswith("ws:") for each in losses):
        socket.connect_to_server()
    else:
        losses.append(socket.url)
        socket.close(code=1012, reason="The server is shutting down. Reconnect.")


def begin_set(number: int) -> sessions.StartSet:
    return sessions.StartSet(
        set=number,
        exercise_id=ExerciseId("squat"),
        counted_by=CountedBy("server", "blazepose", 1),
        target_repetitions=5,
    )


def test_the_roster_shows_who_trains_now(club: Club, new_page: NewPage) -> None:
    """R-CAT-06: without a reload, and the focus stays."""
    coach, ada = new_page(club.server.url, **PHONE), new_page(club.server.url)
    trainer = club.trainer(coach, "roster@example.org")
    athlete = club.member(ada, "runner@example.org")
    club.allow(athlete, trainer)
    coach.clock.install()
    coach.goto("/athletes.html")
    row, live = coach.locator("#list .athlete-row"), coach.get_by_role("link", name="Live now")
    name = row.get_by_role("heading").get_by_role("link")
    name.focus()
    training = Training(club, athlete)
    coach.clock.fast_forward(REFRESH_MS)
    expect(live).to_be_visible()
    expect(name).to_be_focused()
    assert problems(coach) == {}
    live.focus()
    training.did(sessions.CompleteSession(at=club.server.platform.clock(), specs={}))
    coach.clock.fast_forward(REFRESH_MS)
    expect(live).to_have_count(0)
    expect(name).to_be_focused()


def test_the_roster_goes_on_beyond_suspended_athletes(club: Club, new_page: NewPage) -> None:
    """R-CAT-06: pages of the roster count the suspended ones, whom it does not show."""
    coach, ada = new_page(club.server.url, **PHONE), new_page(club.server.url)
    trainer = club.trainer(coach, "beyond@example.org")
    athlete = club.member(ada, "older@example.org")
    other = club.member(new_page(club.server.url), "newer@example.org")
    for each in (athlete, other):
        club.allow(each, trainer)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    administration = club.server.platform.accounts().administration
    administration.suspend(other, origin=origin, command_id=uuid4())
    coach.clock.install()
    coach.route("**/v1/athletes?first=25*", one_at_a_time)
    coach.goto("/athletes.html")
    expect(coach.locator("#list .athlete-row")).to_have_count(1)
    expect(coach.locator("#list")).not_to_contain_text("Nobody")
    expect(coach.locator("#more")).to_be_hidden()
    Training(club, athlete)
    coach.clock.fast_forward(REFRESH_MS)
    expect(coach.get_by_role("link", name="Live now")).to_be_visible()


@pytest.mark.usefixtures("club")
def test_a_trainer_watches_an_athlete_live(club: Club, new_page: NewPage) -> None:
    """R-CAT-06, R-LIV-17: until the session is over; a lost connection is resumed."""
    coach, ada = new_page(club.server.url, **PHONE), new_page(club.server.url, **PHONE)
    trainer = club.trainer(coach, "coach@example.org")
    athlete = club.member(ada, "ada@example.org")
    club.allow(athlete, trainer)
    training = Training(club, athlete)

    losses: list[str] = []
    coach.route("**/events", lambda route: lose(route, losses))
    coach.route_web_socket("**/ws/pose?*", lambda socket: lose_once(socket, losses))
    coach.goto("/athletes.html")
    coach.get_by_role("link", name="Live now").click()
    view, state = coach.locator("#live-view"), coach.locator("#live-state")
    expect(state).to_have_text("Connection lost. Reconnecting…")
    coach.unroute("**/events")
    expect(state).to_have_text("Waiting for the next set.")
    assert {each.split(":")[0] for each in losses} == {"http", "ws"}
    training.did(begin_set(1), squat(1))
    expect(view).to_contain_text("Set 1: Squat")
    expect(view.locator("#live-count")).to_contain_text("1")
    expect(view.locator("#live-form")).to_contain_text("90 %")
    training.send_poses(ada)
    expect(coach.locator("#live-poses[data-posed]")).to_be_visible()
    assert problems(coach) == {}

    training.did(
        squat(2),
        sessions.NoteFault(set=1, repetition=2, fault="shallow", cue="Go deeper.", at_ms=1),
    )
    expect(view.locator("#live-count .count-number")).to_have_text("2")
    expect(view.locator("#live-cues")).to_contain_text("Go deeper.")

    training.did(sessions.CompleteSet(set=1, span=Span(0, 6000)))
    expect(state).to_have_text("Set 1 is done.")
    at = club.server.platform.clock()
    training.did(sessions.CompleteSession(at=at, specs={}))
    expect(state).to_have_text("The session is over.")
    expect(coach.locator(".live-stage")).to_have_count(0)
    expect(coach.get_by_role("link", name="Open the session")).to_have_count(2)
    coach.reload()
    expect(coach.locator("#list .athlete-row")).to_have_count(1)
    expect(coach.locator("#live")).to_be_hidden()


def test_a_lost_connection_is_announced_once(club: Club, new_page: NewPage) -> None:
    """R-CAT-06, R-UIX-06: however often it fails again."""
    coach, ada = new_page(club.server.url), new_page(club.server.url)
    trainer = club.trainer(coach, "coach-lost@example.org")
    athlete = club.member(ada, "ada-lost@example.org")
    club.allow(athlete, trainer)
    Training(club, athlete)
    losses: list[str] = []
    coach.route("**/events", lambda route: lose(route, losses))
    coach.goto(f"/athletes.html?athlete={athlete}&watch=live")
    state = coach.locator("#live-state")
    expect(state).to_have_text("Connection lost. Reconnecting…")
    note(coach, "#live-state")
    for _ in range(2):
        coach.wait_for_event("requestfailed")
    coach.unroute("**/events")
    expect(state).to_have_text("Waiting for the next set.")
    assert coach.evaluate("noted['#live-state']") == ["Waiting for the next set."]


def test_a_live_view_that_is_not_loaded_can_be_opened_again(club: Club, new_page: NewPage) -> None:
    """R-CAT-06, R-UIX-06"""
    coach, ada = new_page(club.server.url), new_page(club.server.url)
    trainer = club.trainer(coach, "coach-again@example.org")
    athlete = club.member(ada, "ada-again@example.org")
    club.allow(athlete, trainer)
    Training(club, athlete)
    coach.route("**/v1/me/profile", lambda route: route.fulfill(**AWAY), times=1)
    coach.goto(f"/athletes.html?athlete={athlete}&watch=live")
    expect(coach.locator("#banner")).to_contain_text("Come again.")
    coach.locator("#banner").get_by_role("button", name="Try again").click()
    expect(coach.locator("#live-state")).to_have_text("Waiting for the next set.")


def test_the_live_count_is_that_of_the_set_under_way(club: Club, new_page: NewPage) -> None:
    """R-LIV-17: after removals in this set, and in the one before."""
    phone, laptop = new_page(club.server.url), new_page(club.server.url, **PHONE)
    athlete = club.member(phone, "zoe@example.org")
    training = Training(club, athlete)
    training.did(begin_set(1), squat(1))
    laptop.goto("/sign_in.html")
    sign_in(laptop, "zoe@example.org")
    laptop.wait_for_url("**/")
    laptop.goto(f"/#session={training.id}")
    laptop.get_by_role("button", name="Watch live").click()
    view = laptop.locator("#live-view")
    number = view.locator("#live-count .count-number")
    training.did(squat(2), squat(3))
    expect(number).to_have_text("3")
    training.did(sessions.OverruleRepetition(set=1, accepted=False))
    expect(number).to_have_text("2")
    cue = sessions.NoteFault(set=1, repetition=4, fault="shallow", cue="Go deeper.", at_ms=1)
    training.did(squat(4), cue)
    expect(view.locator("#live-cues")).to_contain_text("Go deeper.")
    expect(number).to_have_text("3")

    training.did(sessions.CompleteSet(set=1, span=Span(0, 12_000)), begin_set(2))
    training.did(replace(squat(1), set=2, span=Span(20_000, 21_500)))
    expect(view).to_contain_text("Set 2: Squat")
    expect(number).to_have_text("1")
    cue = sessions.NoteFault(set=2, repetition=1, fault="shallow", cue="Slow down.", at_ms=2)
    training.did(sessions.OverruleRepetition(set=1, number=1, accepted=False), cue)
    expect(view.locator("#live-cues")).to_contain_text("Slow down.")
    expect(number).to_have_text("1")


def test_a_hold_of_an_earlier_set_is_not_shown_in_the_next_one(
    club: Club, new_page: NewPage
) -> None:
    """R-LIV-17: workers may record a hold after the next set began."""
    phone, laptop = new_page(club.server.url), new_page(club.server.url, **PHONE)
    athlete = club.member(phone, "eve@example.org")
    training = Training(club, athlete)
    training.did(replace(begin_set(1), exercise_id=ExerciseId("plank")))
    training.did(sessions.CompleteSet(set=1, span=Span(0, 12_000)), begin_set(2))
    laptop.goto("/sign_in.html")
    sign_in(laptop, "eve@example.org")
    laptop.wait_for_url("**/")
    laptop.goto(f"/#session={training.id}")
    laptop.get_by_role("button", name="Watch live").click()
    view = laptop.locator("#live-view")
    number = view.locator("#live-count .count-number")
    training.did(replace(squat(1), set=2, span=Span(20_000, 21_500)))
    expect(number).to_have_text("1")
    held = sessions.MeasureHold(set=1, span=Span(1000, 11_000), form=0.5, source="server")
    cue = sessions.NoteFault(set=2, repetition=1, fault="shallow", cue="Slow down.", at_ms=2)
    training.did(sessions.RecordDetections(detections=(held,)), cue)
    expect(view.locator("#live-cues")).to_contain_text("Slow down.")
    expect(number).to_have_text("1")


def test_athletes_watch_their_own_session_on_a_second_device(club: Club, new_page: NewPage) -> None:
    """R-LIV-17, R-CAT-06: the code for it is loaded when they choose to."""
    phone, laptop = new_page(club.server.url, **PHONE), new_page(club.server.url, **PHONE)
    athlete = club.member(phone, "amy@example.org")
    training = Training(club, athlete)
    training.did(begin_set(1), squat(1))
    laptop.goto("/sign_in.html")
    sign_in(laptop, "amy@example.org")
    laptop.wait_for_url("**/")
    scripts: list[str] = []
    laptop.on("request", lambda request: scripts.append(request.url))
    laptop.goto(f"/#session={training.id}")
    watch = laptop.get_by_role("button", name="Watch live")
    expect(watch).to_be_visible()
    assert not any("/live-view-" in each for each in scripts)
    watch.click()
    view, state = laptop.locator("#live-view"), laptop.locator("#live-state")
    expect(view).to_contain_text("Set 1: Squat")
    training.did(squat(2))
    expect(view.locator("#live-count .count-number")).to_have_text("2")
    training.send_poses(phone)
    expect(laptop.locator("#live-poses[data-posed]")).to_be_visible()
    assert problems(laptop) == {}
    assert any("/live-view-" in each for each in scripts)

    at = club.server.platform.clock()
    training.did(
        sessions.CompleteSet(set=1, span=Span(0, 6000)),
        sessions.CompleteSession(at=at, specs={}),
    )
    expect(state).to_have_text("The session is over.")
    laptop.get_by_role("button", name="Open the session").click()
    expect(laptop.get_by_role("button", name="Delete")).to_be_visible()
    expect(laptop.locator("#live")).to_have_count(0)


@pytest.mark.slow
def test_the_live_view_ends_with_the_permission(club: Club, new_page: NewPage) -> None:
    """R-TEN-03: within seconds, also while nothing happens in the session."""
    coach, ida = new_page(club.server.url, **PHONE), new_page(club.server.url, **PHONE)
    trainer = club.trainer(coach, "coach-of-ida@example.org")
    athlete = club.member(ida, "ida@example.org")
    club.allow(athlete, trainer)
    training = Training(club, athlete)
    training.did(begin_set(1))
    coach.goto(f"/athletes.html?athlete={athlete}")
    coach.get_by_role("button", name="Watch live").click()
    expect(coach.locator("#live-view")).to_contain_text("Set 1: Squat")
    club.server.platform.supervision.disallow(
        athlete,
        trainer,
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=athlete, correlation_id=uuid4()),
        command_id=uuid4(),
    )
    expect(coach.locator("#live-state")).to_have_text(
        "You cannot see this training."
        " It was deleted, or its athlete does not share it with you any more."
    )
