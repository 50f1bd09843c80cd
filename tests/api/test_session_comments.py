"""Trainers comment on sessions of athletes who let them see their training."""

from typing import Any
from uuid import uuid4

from domain.ids import DEFAULT_TENANT
from tests.api.people import Person, Town
from tests.api.supervising import allow, coach, code, invitation, trained, withdraw

MOMENT = {"text": "Heels down here.", "atMs": 1500}
REPETITION = {"text": "Go deeper.", "set": 1, "repetition": 1}


def comments(person: Person, session: str) -> Any:
    answer = person.get(f"/v1/sessions/{session}/comments")
    return answer.json() if answer.status_code == 200 else answer.status_code


def test_a_trainer_comments_and_the_athlete_reads_it(town: Town) -> None:
    """R-TEN-03: with the consent alone, and nobody else reads or deletes it."""
    ada, eve, trainer = town.citizen(), town.citizen("eve@example.org"), coach(town)
    session = trained(town, ada)
    path = f"/v1/sessions/{session}/comments"
    assert code(trainer.post(path, json=MOMENT)) == (404, "session.unknown")
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    for body in (REPETITION, MOMENT):
        made = trainer.post(path, json=body)
        assert made.status_code == 201, made.text
    seen = comments(ada, session)
    assert [each["text"] for each in seen["items"]] == ["Go deeper.", "Heels down here."]
    assert [each["isOwn"] for each in seen["items"]] == [False, False]
    assert (seen["mayComment"], comments(trainer, session)["mayComment"]) == (False, True)
    assert comments(eve, session) == 404
    assert code(ada.post(path, json=MOMENT)) == (404, "session.unknown")
    one = f"{path}/{seen['items'][0]['commentId']}"
    for stranger in (ada, eve):
        assert code(stranger.ask("DELETE", one)) == (404, "comment.unknown")
    assert withdraw(ada, trainer).status_code == 200
    assert comments(trainer, session) == 404
    assert code(trainer.post(path, json=MOMENT)) == (404, "session.unknown")
    assert trainer.ask("DELETE", one).status_code == 200, "authors can always take it back"
    assert [each["text"] for each in comments(ada, session)["items"]] == ["Heels down here."]


def test_comments_name_what_there_is(town: Town) -> None:
    """R-API-04: and a retry writes once."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    path = f"/v1/sessions/{session}/comments"
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    unknown = trainer.post(path, json={**REPETITION, "repetition": 7})
    assert code(unknown) == (422, "session.repetition_not_counted")
    assert code(trainer.post(path, json={"text": "Where?"})) == (422, "value.invalid")
    key = {"Idempotency-Key": str(uuid4())}
    first, again = (trainer.post(path, json=REPETITION, headers=key).json() for _ in range(2))
    assert {**first, "repeated": True} == again
    (comment,) = comments(ada, session)["items"]
    one = f"{path}/{comment['commentId']}"
    removed = [trainer.ask("DELETE", one, headers={"Idempotency-Key": "gone"}) for _ in range(2)]
    assert [each.status_code for each in removed] == [200, 200]
    assert comments(ada, session)["items"] == []


def test_an_analyst_reads_no_comments(town: Town) -> None:
    """C-12: figures of sessions, not what people write."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    assert trainer.post(f"/v1/sessions/{session}/comments", json=MOMENT).status_code == 201
    assert comments(town.staff("analyst", "ann@example.org"), session) == 404


def test_graphql_gives_the_same(town: Town) -> None:
    """R-API-03"""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    written = trainer.graph(
        "mutation($session: ID!) { commentOnSession(input: {sessionId: $session,"
        ' text: "Good.", atMs: 10}) { ... on CommentPayload { commentId sessionId }'
        " ... on Problem { code } } }",
        session=session,
    )["data"]["commentOnSession"]
    assert written["sessionId"] == session
    query = "query($id: ID!) { sessionComments(sessionId: $id) { items { commentId text } } }"
    seen = ada.graph(query, id=session)["data"]["sessionComments"]["items"]
    assert seen == [{"commentId": written["commentId"], "text": "Good."}]
    deleted = trainer.graph(
        "mutation($session: ID!, $comment: ID!) {"
        " deleteComment(input: {sessionId: $session, commentId: $comment})"
        " { ... on CommentPayload { commentId } ... on Problem { code } } }",
        session=session,
        comment=written["commentId"],
    )["data"]["deleteComment"]
    assert deleted == {"commentId": written["commentId"]}
    assert ada.graph(query, id=session)["data"]["sessionComments"]["items"] == []


def test_a_text_is_encrypted_in_the_log(town: Town) -> None:
    """R-TEN-12: for its athlete, so it disappears with their account."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    assert trainer.post(f"/v1/sessions/{session}/comments", json=MOMENT).status_code == 201
    (fact,) = town.platform.log.load(DEFAULT_TENANT, f"comments-{session}")
    assert fact.event.text.subject == ada.id
