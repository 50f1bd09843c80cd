"""Deletion of health records by metric and source."""

from typing import Any
from uuid import uuid4

import pytest

from application.health import deletion
from tests.api.health_records import connect, send, walked
from tests.api.measuring import ada, measured
from tests.api.people import Person, Town

pytestmark = pytest.mark.both_compositions

__all__ = ["ada"]


def delete(person: Person, key: str = "", **body: str) -> Any:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return person.post("/v1/me/health/record-deletions", json=body, headers=headers)


def stored(person: Person) -> set[tuple[str, str]]:
    items = person.get("/v1/me/health/records").json()["items"]
    return {(each["source"], each["metric"]) for each in items}


def test_records_of_a_metric_or_a_source_are_deleted(ada: Person) -> None:
    """R-HLT-03: and do not come back."""
    connect(ada, "health_connect")
    send(ada, walked("a", 10), measured("heart_rate", 60, "bpm"))
    send(ada, walked("b", 20), source="health_connect")
    assert delete(ada, metric="steps", source="apple_health").json()["deleted"] == 1
    assert stored(ada) == {("apple_health", "heart_rate"), ("health_connect", "steps")}
    send(ada, walked("a", 10))
    assert delete(ada, source="health_connect").json()["deleted"] == 1
    assert stored(ada) == {("apple_health", "heart_rate")}
    assert delete(ada).json()["deleted"] == 1
    assert stored(ada) == set()
    assert delete(ada).json()["code"] == "health.no_records"


def test_a_repeated_deletion_gets_the_same_answer(ada: Person) -> None:
    """R-HLT-03: it deletes nothing that came later."""
    send(ada, walked("a", 10), walked("b", 20, minute=20))
    key = str(uuid4())
    first = delete(ada, key).json()
    assert (first["deleted"], first["more"], first["repeated"]) == (2, False, False)
    assert delete(ada, key).json() == {**first, "repeated": True}


def test_many_records_take_several_commands(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-HLT-03: each is one transaction of limited size."""
    monkeypatch.setattr(deletion, "PAGE_LIMIT", 2)
    monkeypatch.setattr(deletion, "MAX_DELETED", 2)
    monkeypatch.setattr(deletion, "MAX_BATCH", 1)
    send(ada, *(walked(f"r{number}", 10, minute=20 * number) for number in range(3)))
    first = delete(ada, metric="steps").json()
    assert (first["deleted"], first["more"]) == (2, True)
    last = delete(ada, metric="steps").json()
    assert (last["deleted"], last["more"]) == (1, False)


def test_nobody_deletes_records_of_others(town: Town, ada: Person) -> None:
    """R-TEN-03: not even administrators."""
    send(ada, walked("a", 10))
    boss = town.staff("administrator", "boss@example.org")
    assert delete(boss).json()["code"] == "health.no_records"
    assert stored(ada) == {("apple_health", "steps")}


def test_unknown_metrics_and_sources_are_refused(ada: Person) -> None:
    """R-HLT-03"""
    assert delete(ada, metric="mood").json()["code"] == "health.metric_unknown"
    assert delete(ada, source="pedometer").status_code == 422
    assert delete(ada, source="strava").json()["code"] == "health.no_records"


def test_graphql_deletes_too(ada: Person) -> None:
    """R-API-07"""
    send(ada, walked("a", 10))
    done = ada.graph(
        "mutation($input: DeleteHealthRecordsInput!) {"
        " deleteHealthRecords(input: $input) { __typename"
        " ... on HealthDeletionPayload { deleted more } } }",
        input={"commandId": str(uuid4()), "metric": "steps"},
    )["data"]["deleteHealthRecords"]
    assert (done["deleted"], done["more"]) == (1, False)
