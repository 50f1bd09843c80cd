"""The reference client in `examples/pose_coach`, in a browser, with an origin of its own."""

import json
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Page, Response, expect

from application.pose_coach.checklist import POINTS, Observed, check
from tests.web.conftest import NewPage
from tests.web.inspection import PHONE, problems
from tests.web.people import PASSWORD, sign_up
from tests.web.server import PlatformServer, opened

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "pose_coach"
ADDRESS: Final = "ada@example.org"
SUMMARY: Final = "/api/workout/pose-summary"
SESSIONS: Final = "/v1/pose-coach/sessions"


class Files(SimpleHTTPRequestHandler):
    """Serves the files of the example, without a log."""

    def log_message(self, *_: object) -> None:
        pass


@dataclass(frozen=True)
class Club:
    """A server that requires sign-in, its data folder, and the address of the example."""

    server: PlatformServer
    home: Path
    example: str

    @property
    def documents(self) -> Path:
        return self.home / "pose_documents.default.sqlite3"


@contextmanager
def files() -> Generator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=EXAMPLE)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    home = tmp_path / "home"
    with (
        files() as example,
        opened(home, home / "none", sign_in="required", more={"cors_origins": example}) as server,
    ):
        yield Club(server, home, example)


def signed_in(club: Club, new_page: NewPage, **options: Any) -> Page:
    """Sign up on the server, and sign in to the example."""
    page = new_page(club.server.url, also=(club.example,), **options)
    sign_up(page, club.home / "mail", ADDRESS)
    page.goto(f"{club.example}/?server={club.server.url}")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#no-sessions")).to_be_visible()
    return page


def stop(page: Page) -> Response:
    """Stop the workout of the form, and return the answer of the backend."""
    with page.expect_response(lambda answer: answer.url.endswith(SUMMARY)) as answer:
        page.get_by_role("button", name="Stop workout").click()
    return answer.value


def stored(club: Club) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return the path and content of the only document, and the only row, from their files."""
    with closing(sqlite3.connect(club.documents)) as documents:
        ((path, content),) = documents.execute("SELECT path, content FROM document").fetchall()
    with closing(sqlite3.connect(club.home / "pose_analytics.default.sqlite3")) as rows:
        query = (
            "SELECT s.* FROM workout_sessions s JOIN user_health_profiles p ON p.userId = s.user_id"
        )
        found = rows.execute(query)
        (values,) = found.fetchall()
        row: dict[str, Any] = {
            str(name): each for (name, *_), each in zip(found.description, values, strict=True)
        }
    names = {"user_id": "userId", "feedback_points": "feedbackPoints"}
    renamed = {names.get(name, name): each for name, each in row.items()}
    renamed["feedbackPoints"] = json.loads(renamed["feedbackPoints"])
    return str(path), json.loads(content), renamed


def test_the_checklist_holds_for_a_workout_that_is_stopped_in_the_browser(
    club: Club, new_page: NewPage
) -> None:
    """R-PCH-01, R-PCH-20, R-PCH-27, R-UIX-10, R-IDN-14: stores and requests are looked at."""
    page = signed_in(club, new_page)
    saves: list[str] = []
    page.on("request", lambda sent: saves.append(sent.url) if sent.method == "POST" else None)
    answer = stop(page)
    dialog = page.get_by_role("dialog", name="Workout saved")
    expect(dialog.locator(".states dd")).to_have_text(["saved", "saved"])
    assert saves == [f"{club.server.url}{SESSIONS}", f"{club.server.url}{SUMMARY}"]
    response = answer.json()
    expect(dialog).to_contain_text(response["motivational_feedback"])
    summary = json.loads(answer.request.post_data or "")
    headers = {"Authorization": answer.request.headers["authorization"]}
    with httpx2.Client(base_url=club.server.url, headers=headers, timeout=60) as http:
        (session,) = http.get(SESSIONS).json()["items"]
        refused = http.post(SUMMARY, json={**summary, "user_id": "another"}).status_code
    path, document, row = stored(club)
    copies = {"document": document, "analytics": row}
    uid = page.locator("#uid").inner_text()
    points = check(Observed(uid, summary, refused, response, session, copies, path))
    assert len(points) == len(POINTS) == 14
    assert [each.wording for each in points if not each.passed] == []
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#total-reps")).to_have_text("12")
    page.get_by_label("Sessions of").select_option("month")
    expect(page.locator("#sessions li")).to_have_count(1)
    with page.expect_response(lambda each: each.request.method == "DELETE") as deletion:
        page.get_by_role("button", name="Delete squat, 12 repetitions").click()
    assert deletion.value.json()["deleted"] is True
    expect(page.locator("#no-sessions")).to_be_visible()
    assert page.evaluate(DELETIONS, [club.server.url, session["sessionId"], headers]) == [
        False,
        False,
    ]


DELETIONS: Final = """async ([server, session, headers]) => {
  const { ApiService } = await import("/api_service.js");
  const { PoseFirebaseService } = await import("/pose_firebase_service.js");
  const documents = new PoseFirebaseService(new ApiService(server, { headers }));
  const remove = (id) => documents.deleteWorkoutSession(id);
  return [await remove(session), await remove("unknown")];
}"""
"""Delete a session that was deleted before, and one that never was: R-PCH-08."""


@pytest.mark.slow
def test_a_workout_is_kept_in_the_browser_until_the_stores_can_have_it(
    club: Club, new_page: NewPage
) -> None:
    """R-PCH-16, R-PCH-21: without a connection, then while the document store is down."""
    club.documents.mkdir(parents=True)  # cannot be opened as a database
    page = signed_in(club, new_page, **PHONE)
    for path in (SESSIONS, SUMMARY):
        page.route(f"**{path}", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="Stop workout").click()
    expect(page.locator("#workout-problem")).to_contain_text("kept in this browser")
    assert problems(page) == {}
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#sessions li")).to_have_count(1)
    expect(page.locator("#sessions li")).to_contain_text("history delayed, retrying")
    stop(page)
    dialog = page.get_by_role("dialog", name="Workout saved")
    states = dialog.locator(".states dd")
    expect(states).to_have_text(["delayed, retrying", "saved"])
    expect(dialog.get_by_role("alert")).to_contain_text("Your workout is recorded")
    assert problems(page) == {}
    club.documents.rmdir()
    expect(states).to_have_text(["saved", "saved"], timeout=60_000)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("domain.pose_coach.pose_session", "POSE_SESSION"),
        ("api.http.pose_coach", "workout_routes"),
        ("adapters.pose_coach.analytics", "SESSIONS"),
        ("application.pose_coach.workout_service", "WorkoutService"),
        ("adapters.pose_coach.firestore_documents", "FirestoreDocuments"),
    ],
)
def test_the_parts_of_the_server_can_be_recognized(module: str, name: str) -> None:
    """R-PCH-25: model, routes, schema, service and documents."""
    assert hasattr(import_module(module), name)


def test_the_parts_of_the_client_have_the_names_of_the_pose_coach() -> None:
    """R-PCH-25"""
    names = {"pose_firebase_service", "pose_coach_screen", "api_service", "authentication_provider"}
    assert {each.stem for each in EXAMPLE.glob("*.js")} == names
