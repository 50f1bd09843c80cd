"""The recommendation service by itself, by the contract of SageMaker's containers."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from adapters.clock import new_id
from api.recommendation_service import build_recommendation_app
from application.platform import Platform
from tests.api.driver import ApiDriver
from tests.api.offers import offer
from tests.api.workouts import prescribe

BODY: dict[str, Any] = {
    "userId": "ada",
    "features": {
        "fitness_level": "intermediate",
        "preferences": {"equipment": [], "spared": []},
        "completion_rate": 0.8,
        "health_metrics": {"sleep_change": -10},
    },
}


@pytest.fixture
def service(platform: Platform) -> Iterator[TestClient]:
    app = build_recommendation_app(platform, new_id=new_id)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.both_compositions
def test_both_paths_answer_as_the_api_does(driver: ApiDriver, service: TestClient) -> None:
    """R-REC-04, R-REC-05, R-REC-06, C-39: the best ten, each with a reason."""
    prescribe(driver)
    offer(driver)
    driver.platform.fresh(driver.platform.log.head(), 30)
    expected = driver.client.post("/recommendations", json=BODY).json()
    for path in ("/recommendations", "/invocations"):
        answer = service.post(path, json=BODY)
        assert (answer.status_code, answer.json()) == (200, expected), path
    items = expected["recommendations"]
    assert 0 < len(items) <= 10
    assert all(each["reason"] for each in items)
    assert "legs" in {each["id"] for each in items}


def test_a_tenant_is_recommended_only_what_it_has(driver: ApiDriver, service: TestClient) -> None:
    """R-TEN-01"""
    prescribe(driver)
    offer(driver)
    answer = service.post("/invocations", json=BODY, headers={"X-Tenant-ID": "gym"})
    assert "legs" not in {each["id"] for each in answer.json()["recommendations"]}
    assert (
        service.post("/invocations", json=BODY, headers={"X-Tenant-ID": "no tenant"}).status_code
        == 422
    )


def test_a_running_container_answers_the_ping(service: TestClient) -> None:
    """C-39"""
    assert service.get("/ping").status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no JSON", 422),
        (b'{"features": {}}', 422),
        (b'{"userId": "ada", "features": {"completion_rate": 2}}', 422),
        (b'{"userId": "a/b", "features": {}}', 422),
        (b" " * 3_000_000, 413),
    ],
)
def test_bad_bodies_are_problems(service: TestClient, body: bytes, status: int) -> None:
    """R-API-03, C-39"""
    headers = {"Content-Type": "application/json"}
    answer = service.post("/invocations", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    )
