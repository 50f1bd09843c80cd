"""The same wish, sent again, is one wish."""

import pytest

from tests.api.house import House
from tests.api.stage import Stage, film

KEY = {"Idempotency-Key": "one-wish"}


def test_the_same_key_gives_the_same_job(house: House) -> None:
    """R-API-04."""
    first = house.upload(headers=KEY)
    again = house.upload(headers=KEY)
    assert first.status_code == again.status_code == 202
    assert first.json()["id"] == again.json()["id"]
    done = house.over(first.json()["id"])
    assert house.upload(headers=KEY).json()["sessionId"] == done["sessionId"]
    assert len(house.client.get("/v1/sessions").json()["items"]) == 1


@pytest.mark.parametrize(
    ("content", "fields"),
    [(film(take=2), {}), (film(), {"exercise": "squat"}), (film(), {"name": "Another"})],
    ids=["film", "exercise", "name"],
)
def test_a_key_belongs_to_one_request(house: House, content: bytes, fields: dict[str, str]) -> None:
    house.upload(film(), headers=KEY)
    answer = house.upload(content, headers=KEY, **fields)
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency.payload_differs"


def test_athletes_and_tenants_have_keys_of_their_own(house: House) -> None:
    jobs = [
        house.upload(headers=KEY).json()["id"],
        house.upload(headers=KEY, athlete="ada").json()["id"],
        house.upload(headers={**KEY, "X-Tenant-ID": "other"}).json()["id"],
    ]
    assert len(set(jobs)) == 3


def test_without_a_key_each_request_is_a_job(house: House) -> None:
    """The session is one: the same athlete did the same in the same film."""
    first, second = house.upload().json(), house.upload().json()
    assert first["id"] != second["id"]
    assert house.over(first["id"])["sessionId"] == house.over(second["id"])["sessionId"]


def test_jobs_wait_for_each_other(house: House, stage: Stage) -> None:
    stage.curtain.clear()
    first, second = house.upload(film(take=1)).json(), house.upload(film(take=2)).json()
    assert house.client.get(f"/v1/jobs/{second['id']}").json()["state"] == "queued"
    stage.curtain.set()
    assert house.over(first["id"])["state"] == house.over(second["id"])["state"] == "succeeded"
