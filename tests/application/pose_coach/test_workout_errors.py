"""Errors of the workout service: each method logs its own, and passes it on."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import Between, Window
from application.pose_coach.workout_service import WorkoutService
from domain.ids import DEFAULT_TENANT, PoseSessionId, UserId
from domain.kernel import Origin
from domain.pose_coach.commands import PoseSummary

ADA = UserId("ada")
NOW = datetime(2025, 10, 17, 14, 30, tzinfo=UTC)
WRITE: dict[str, Any] = {
    "origin": Origin(tenant_id=DEFAULT_TENANT, actor=ADA, correlation_id=uuid4()),
    "command_id": uuid4(),
}
PAGE = (DEFAULT_TENANT, ADA, Window(first=1))
SUMMARY = PoseSummary("squat", 12, 0.87, NOW, 120, ())


class Failing:
    """A log and read models of which every use fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error


METHODS: dict[str, tuple[str, Callable[[WorkoutService], Any]]] = {
    "save_workout_session": (
        "saveWorkoutSession",
        lambda service: service.save_workout_session(ADA, SUMMARY, **WRITE),
    ),
    "get_user_workout_sessions": (
        "getUserWorkoutSessions",
        lambda service: service.get_user_workout_sessions(*PAGE),
    ),
    "get_today_workout_sessions": (
        "getUserWorkoutSessions",
        lambda service: service.get_today_workout_sessions(*PAGE),
    ),
    "get_week_workout_sessions": (
        "getUserWorkoutSessions",
        lambda service: service.get_week_workout_sessions(*PAGE),
    ),
    "get_month_workout_sessions": (
        "getUserWorkoutSessions",
        lambda service: service.get_month_workout_sessions(*PAGE),
    ),
    "get_user_workout_stats": (
        "getUserWorkoutStats",
        lambda service: service.get_user_workout_stats(DEFAULT_TENANT, ADA),
    ),
    "get_stats_between": (
        "getStatsBetween",
        lambda service: service.get_stats_between(DEFAULT_TENANT, ADA, Between(NOW, NOW)),
    ),
    "delete_workout_session": (
        "deleteWorkoutSession",
        lambda service: service.delete_workout_session(ADA, PoseSessionId("s1"), **WRITE),
    ),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            StorageUnavailable("away"),
            {"event": "pose_coach.refused", "code": "storage.unavailable"},
        ),
        (RuntimeError("broken"), {"event": "pose_coach.failed"}),
    ],
)
def test_every_method_logs_its_errors(method: str, error: Exception, line: dict[str, str]) -> None:
    """R-PCH-24: with its operation and user, and nothing of the session."""
    operation, call = METHODS[method]
    failing: Any = Failing(error)
    service = WorkoutService(failing, failing, lambda: NOW)
    with capture_logs() as lines, pytest.raises(type(error)) as raised:
        call(service)
    assert raised.value is error
    (logged,) = lines
    assert line.items() <= logged.items()
    assert (logged["operation"], logged["user_id"]) == (operation, ADA)
    assert "squat" not in str(logged)


def test_every_method_is_tried() -> None:
    """R-PCH-24."""
    methods = {name for name, each in vars(WorkoutService).items() if callable(each)}
    assert {name for name in methods if not name.startswith("_")} == set(METHODS)
