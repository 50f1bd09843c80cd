"""Tags are texts of the athlete: analysts, who see figures of all sessions, see none of others."""

from typing import Any

import pytest

from tests.api.people import Person, Town

TAGS = {"tags": ["after the surgery"]}

QUERY = """query($id: ID!, $tag: String) {
  session(id: $id) { tags }
  sessions(first: 5, filter: {tag: $tag}) { edges { node { sessionId tags } } } }"""


@pytest.fixture
def session(town: Town) -> tuple[Person, str]:
    """Return Ada, and her session with a tag."""
    ada = town.citizen()
    key = str(ada.post("/v1/sessions", json={"athleteId": ada.id}).json()["sessionId"])
    assert ada.ask("PUT", f"/v1/sessions/{key}/tags", json=TAGS).status_code == 200
    assert town.platform.fresh(town.platform.log.head(), 60)
    return ada, key


def seen(person: Person, key: str) -> list[Any]:
    """Return the tags that a person sees over each endpoint."""
    (exported,) = person.get("/v1/sessions/export?format=json").json()
    (item,) = person.get("/v1/sessions").json()["items"]
    data = person.graph(QUERY, id=key)["data"]
    (edge,) = data["sessions"]["edges"]
    one = person.get(f"/v1/sessions/{key}").json()
    return [each["tags"] for each in (exported, item, one, data["session"], edge["node"])]


def found(person: Person, key: str, **more: str) -> list[int]:
    """Return how many sessions a person finds by the tag."""
    params = {"tag": TAGS["tags"][0], **more}
    items = person.get("/v1/sessions", params=params).json()["items"]
    exported = person.get("/v1/sessions/export", params={**params, "format": "json"}).json()
    edges = person.graph(QUERY, id=key, tag=TAGS["tags"][0])["data"]["sessions"]["edges"]
    return [len(items), len(exported), len(edges)]


def test_analysts_see_no_tags_of_others(town: Town, session: tuple[Person, str]) -> None:
    """R-TEN-06, C-12: nor find sessions by them; the athlete does both."""
    ada, key = session
    assert seen(ada, key) == [TAGS["tags"]] * 5
    assert found(ada, key) == [1, 1, 1]
    analyst = town.staff("analyst", "ann@example.org")
    assert seen(analyst, key) == [[]] * 5
    assert found(analyst, key) == [0, 0, 0]
    assert found(analyst, key, athlete=ada.id)[:2] == [0, 0]
    refused = analyst.get(f"/v1/sessions/{key}/tags")
    assert (refused.status_code, refused.json()["code"]) == (404, "session.unknown")


def test_trainers_see_the_tags_of_their_athletes(town: Town, session: tuple[Person, str]) -> None:
    """R-CAT-06: also if they are analysts as well."""
    ada, key = session
    coach = town.staff("trainer", "coach@example.org")
    invitation = coach.post("/v1/athlete-invitations").json()["invitationId"]
    allowed = {"video": False, "invitationId": invitation}
    assert ada.ask("PUT", f"/v1/me/trainers/{coach.id}", json=allowed).status_code == 200
    one = coach.get(f"/v1/sessions/{key}").json()
    assert one["tags"] == TAGS["tags"]
    assert coach.get(f"/v1/sessions/{key}/tags").json() == TAGS
    assert found(coach, key, athlete=ada.id)[:2] == [1, 1]
