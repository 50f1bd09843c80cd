"""Athletes who let a trainer see their training."""

from typing import Any
from uuid import uuid4

from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.people import Person, Town
from tests.privacy.person import train


def coach(town: Town, address: str = "coach@example.org") -> Person:
    return town.staff("trainer", address)


def invitation(trainer: Person) -> str:
    made = trainer.post("/v1/athlete-invitations")
    assert made.status_code == 201, made.text
    return str(made.json()["invitationId"])


def allow(athlete: Person, trainer: Person, *, video: bool = False, **occasion: str) -> Any:
    body = {"video": video, **occasion}
    return athlete.ask("PUT", f"/v1/me/trainers/{trainer.id}", json=body)


def withdraw(athlete: Person, trainer: Person) -> Any:
    return athlete.ask("DELETE", f"/v1/me/trainers/{trainer.id}")


def trained(town: Town, person: Person) -> str:
    """Store a recorded session of the person."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=person.id, correlation_id=uuid4())
    return str(train(town.platform, UserId(person.id), origin))


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def readable(trainer: Person, athlete: Person, session: str) -> dict[str, bool]:
    """Return which views of a session the trainer gets, by name."""
    query = "query($id: ID!) { session(id: $id) { sessionId recording { id } } }"
    listed = trainer.get("/v1/sessions", params={"athlete": athlete.id})
    graph = trainer.graph(query, id=session)["data"]["session"]
    roster = trainer.get("/v1/athletes").json()["items"]
    return {
        "session": trainer.get(f"/v1/sessions/{session}").status_code == 200,
        "recording": trainer.get(f"/v1/recordings/{session}").status_code == 200,
        "frames": trainer.get(f"/v1/recordings/{session}/frames").status_code == 200,
        "listed": session in listed.text,
        "graphql": graph == {"sessionId": session, "recording": {"id": session}},
        "athlete": trainer.get(f"/v1/athletes/{athlete.id}").status_code == 200,
        "roster": athlete.id in {each["athleteId"] for each in roster},
    }
