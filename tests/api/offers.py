"""Offers of plans, and requests of trainers and buyers about them."""

from typing import Any

from tests.api.driver import ApiDriver

TERMS: dict[str, Any] = {
    "title": "First squats",
    "description": "Slowly.",
    "level": "beginner",
    "weeks": 2,
    "sessionsPerWeek": 2,
    "workouts": ["legs"],
    "equipment": ["barbell"],
    "preview": "legs",
    "missedDay": "shift",
}
EU = {"region": "EU", "amountMinor": 1999, "currency": "EUR", "taxBasisPoints": 1900}


def send(driver: ApiDriver, method: str, path: str, status: int = 200, /, **body: Any) -> Any:
    answer = driver.client.request(method, path, json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json()


def get(driver: ApiDriver, path: str, written: Any) -> Any:
    position = {"After-Position": str(written["position"])}
    answer = driver.client.get(path, headers=position)
    assert answer.status_code == 200, answer.text
    return answer.json()


def offer(driver: ApiDriver, plan_id: str = "squats", trainer: str = "coach", **more: Any) -> Any:
    """Draft and publish a plan of a workout that exists."""
    body = {**TERMS, "planId": plan_id, "trainerId": trainer, **more}
    send(driver, "POST", "/v1/plans", 201, **body)
    return send(driver, "POST", f"/v1/plans/{plan_id}/publish")


def refused(driver: ApiDriver, method: str, path: str, **body: Any) -> tuple[int, str]:
    answer = driver.client.request(method, path, json=body or None)
    return answer.status_code, answer.json()["code"]
