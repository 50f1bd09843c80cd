"""Every request that reads another person's data leaves its own note."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.described import committed_openapi
from tests.api.people import Person, Town
from tests.privacy.person import train

SESSION = "{{ session(id: {session!r}) {{ athleteId repetitions {{ number }} }} }}"
Read = Callable[[Person, str, dict[str, str]], Any]


def rest(path: str) -> Read:
    def read(person: Person, session: str, headers: dict[str, str]) -> Any:
        return person.get(path.format(session=session), headers=headers)

    return read


def posted(person: Person, session: str, headers: dict[str, str]) -> Any:
    query = SESSION.format(session=session).replace("'", '"')
    return person.post("/graphql", json={"query": query}, headers=headers)


def fetched(person: Person, session: str, headers: dict[str, str]) -> Any:
    query = quote(SESSION.format(session=session).replace("'", '"'))
    return person.get(f"/graphql?query={query}", headers=headers)


READS = {
    "session": rest("/v1/sessions/{session}"),
    "list": rest("/v1/sessions"),
    "events": rest("/v1/sessions/{session}/achievements"),
    "graphql": posted,
    "graphql by GET": fetched,
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_repeating_a_request_id_hides_no_read(town: Town, read: Read) -> None:
    """R-TEN-13: correlation ids come from clients; caches answer, but do not hide who reads."""
    ada = town.citizen("ada@example.org")
    analyst = town.staff("analyst", "tom@example.org")
    own = Origin(tenant_id=DEFAULT_TENANT, actor=ada.id, correlation_id=uuid4())
    session = str(train(town.platform, UserId(ada.id), own))
    headers = {"Request-ID": str(uuid4())}
    for number in range(1, 4):
        answer = read(analyst, session, headers)
        assert answer.status_code == 200, answer.text
        assert ada.id in answer.text or "items" in answer.text
        noted = ada.get("/v1/me/access-log").json()["items"]
        assert len(noted) == number, noted


@pytest.mark.parametrize("as_format", ["csv", "json"])
def test_every_export_leaves_a_line(town: Town, as_format: str) -> None:
    """R-TEN-13: who exported what and when, also one's own sessions."""
    ada = town.citizen("ada@example.org")
    analyst = town.staff("analyst", "tom@example.org")
    own = Origin(tenant_id=DEFAULT_TENANT, actor=ada.id, correlation_id=uuid4())
    train(town.platform, UserId(ada.id), own)
    for person in (ada, analyst, analyst):
        answer = person.get(f"/v1/sessions/export?format={as_format}")
        assert answer.status_code == 200, answer.text
    lines = ada.get("/v1/me/access-log").json()["items"]
    exports = [line for line in lines if line["what"] == "export"]
    assert [line["by"] for line in exports] == [analyst.id, analyst.id, ada.id]
    assert all(line["which"].startswith("sessions:") for line in exports)
    assert len({line["which"] for line in exports}) == 3


def test_the_list_goes_on_to_the_oldest_access(town: Town) -> None:
    """R-TEN-13: an access in the meantime repeats and hides none."""
    ada = town.citizen("ada@example.org")
    analyst = town.staff("analyst", "tom@example.org")
    own = Origin(tenant_id=DEFAULT_TENANT, actor=ada.id, correlation_id=uuid4())
    read = [f"/v1/sessions/{train(town.platform, UserId(ada.id), own)}" for _ in range(3)]
    assert all(analyst.get(path).status_code == 200 for path in read)
    newest = ada.get("/v1/me/access-log?first=2")
    assert [each["which"] for each in newest.json()["items"]] == [read[2], read[1]]
    assert newest.json()["pageInfo"]["hasNextPage"] is True
    assert analyst.get(read[1]).status_code == 200
    rest = ada.get(newest.links["next"]["url"]).json()
    assert [each["which"] for each in rest["items"]] == [read[0]]
    assert rest["pageInfo"]["hasNextPage"] is False
    refused = ada.get("/v1/me/access-log?after=elsewhere")
    assert (refused.status_code, refused.json()["code"]) == (422, "page.cursor_invalid")


def test_a_page_has_as_many_accesses_as_the_document_of_the_api_allows(town: Town) -> None:
    """R-TEN-13"""
    ada, path = town.citizen("ada@example.org"), "/v1/me/access-log"
    parameters = committed_openapi()["paths"][path]["get"]["parameters"]
    most = next(each["schema"]["maximum"] for each in parameters if each["name"] == "first")
    assert ada.get(f"{path}?first={most}").status_code == 200
    refused = ada.get(f"{path}?first={most + 1}")
    assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")


def test_a_command_id_of_another_user_suppresses_nothing(town: Town) -> None:
    """R-EVT-16, R-API-04: a client's command id is its own, whoever used it before."""
    ada, eve = town.citizen("ada@example.org"), town.citizen("eve@example.org")
    start = """mutation($id: UUID!, $athlete: ID!) {
        startSession(input: {commandId: $id, athleteId: $athlete}) {
            ... on SessionPayload { commandId repeated session { sessionId athleteId } }
            ... on Problem { code message } } }"""
    chosen = str(uuid4())
    sessions = []
    for person in (eve, ada):
        (result,) = person.graph(start, id=chosen, athlete=person.id)["data"].values()
        assert (result["commandId"], result["repeated"]) == (chosen, False)
        assert result["session"]["athleteId"] == person.id
        sessions.append(result["session"]["sessionId"])
        (again,) = person.graph(start, id=chosen, athlete=person.id)["data"].values()
        assert again["repeated"] is True
        assert again["session"]["sessionId"] == sessions[-1]
    assert len(set(sessions)) == 2
