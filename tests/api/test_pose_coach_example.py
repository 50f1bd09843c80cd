"""The reference client in `examples/pose_coach`, against a platform whose stores follow the log."""

import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import following_pose_coach
from examples.pose_coach.api_service import ApiService, Stats, Workout
from examples.pose_coach.authentication_provider import AuthenticationProvider
from examples.pose_coach.pose_coach_screen import stop_workout
from tests.api.conftest import WEB
from tests.api.people import PASSWORD, Town
from tests.api.test_pose_coach import uid


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Serve an embedded platform with sign-in; both stores follow its log."""
    home = tmp_path / "home"
    settings = Settings(home=home, cache=tmp_path / "cache", postgres_url=None)
    with open_platform(settings) as platform, following_pose_coach(settings, platform):
        app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield Town(client, platform, home / "mail")


class Unsteady:
    """Sends each request twice to the server, and loses the first answer."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.lost = 0

    def request(self, method: str, path: str, **content: Any) -> Any:
        answer = self._client.request(method, path, **content)
        self.lost += 1
        if self.lost % 2:
            raise httpx2.ReadError("lost")
        return answer


def test_the_reference_client_follows_a_workout_from_sign_in_to_deletion(town: Town) -> None:
    """R-PCH-08, R-PCH-20, R-UIX-10, R-IDN-14: the summary waits for both stores."""
    ada = town.citizen("ada@example.org")
    client: Any = town.client
    auth = AuthenticationProvider(client)
    auth.sign_in("ada@example.org", PASSWORD)
    assert auth.uid == uid(ada) != ada.id
    now = town.platform.clock()
    workout = Workout("squat", 12, 0.87, now - timedelta(minutes=1), 120, ("Knees over toes.",))
    pauses: list[float] = []
    unsteady: Any = Unsteady(client)
    feedback = ApiService(unsteady, auth, pause=pauses.append).send_workout_summary(workout)
    assert feedback.startswith("You did 12 repetitions")
    assert pauses == [0.5], "the first answer was lost, so it was sent again"
    api = ApiService(client, auth, pause=time.sleep)
    dialog = None
    deadline = time.monotonic() + 120.0
    while dialog is None or not dialog.is_saved_everywhere:
        assert time.monotonic() < deadline
        dialog = stop_workout(api, workout, time.sleep)
    assert dialog.feedback == feedback
    assert api.get_user_workout_stats() == Stats(1, 12, 0.87, 120)
    (session,) = api.get_user_workout_sessions("/month") or api.get_user_workout_sessions()
    assert session["sessionId"] == dialog.session_id
    deletions = [dialog.session_id, dialog.session_id, "unknown"]
    assert [api.delete_workout_session(each) for each in deletions] == [True, False, False]
    assert api.get_user_workout_stats() == Stats(0, 0, None, 0)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("domain.pose_coach.pose_session", "POSE_SESSION"),
        ("api.http.pose_coach", "workout_routes"),
        ("adapters.pose_coach.analytics", "SESSIONS"),
        ("application.pose_coach.workout_service", "WorkoutService"),
        ("adapters.pose_coach.firestore_documents", "FirestoreDocuments"),
        ("examples.pose_coach.pose_coach_screen", "stop_workout"),
        ("examples.pose_coach.api_service", "ApiService"),
        ("examples.pose_coach.authentication_provider", "AuthenticationProvider"),
    ],
)
def test_the_parts_of_the_pose_coach_can_be_recognized(module: str, name: str) -> None:
    """R-PCH-25: model, routes, schema, service, documents; screen, API service, authentication."""
    assert hasattr(import_module(module), name)
