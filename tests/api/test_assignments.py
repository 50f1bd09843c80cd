"""Trainers assign workouts to athletes who let them, and to nobody else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.assignments import assignments, commands
from domain.ids import DEFAULT_TENANT, UserId
from domain.personal import Personal
from tests.api.assigning import SQUATS, assign, given, let, pair, path, perform, start, workout
from tests.api.people import Person, Town
from tests.api.supervising import code, invitation, withdraw
from tests.api.trainer_roles import grant_role, suspend, withdraw_role

UNKNOWN_ATHLETE, UNKNOWN = (404, "athlete.unknown"), (404, "assignment.unknown")


def own(athlete: Person) -> list[Any]:
    return list(athlete.get("/v1/me/assignments").json()["items"])


def test_an_athlete_performs_what_their_trainer_assigned(town: Town) -> None:
    """R-CAT-06, R-WKT-01: with who assigned it and its loads; the trainer follows its state."""
    ada, trainer = pair(town)
    key = assign(town, trainer, ada)
    (seen,) = own(ada)
    assert (seen["assignmentId"], seen["trainerId"], seen["note"]) == (key, trainer.id, "Slowly.")
    assert (seen["exercises"][0]["loadKg"], seen["exercises"][0]["targetRpe"]) == (62.5, 8)
    assert seen["exercises"][0]["note"] == "Mind the knee."
    assert given(trainer, ada) == ["assigned"]
    begun = start(ada, key)
    assert begun.status_code == 201, begun.text
    assert (begun.json()["next"]["loadKg"], begun.json()["next"]["targetRpe"]) == (62.5, 8)
    assert given(trainer, ada) == ["begun"]
    assert code(start(ada, key)) == (409, "assignment.begun")
    perform(ada, begun.json())
    (done,) = trainer.get(path(ada)).json()["items"]
    assert (done["state"], done["sessionId"]) == ("done", begun.json()["id"])
    assert code(start(ada, key)) == (409, "assignment.over")


def test_a_deleted_session_opens_its_workout_again(town: Town) -> None:
    """R-CAT-06: until it is done."""
    ada, trainer = pair(town)
    key = assign(town, trainer, ada)
    session = start(ada, key).json()["id"]
    assert ada.ask("DELETE", f"/v1/sessions/{session}").status_code == 204
    assert given(trainer, ada) == ["assigned"]
    again = start(ada, key)
    assert again.json()["id"] != session
    perform(ada, again.json())
    assert ada.ask("DELETE", f"/v1/sessions/{again.json()['id']}").status_code == 204
    assert given(trainer, ada) == ["done"]


def test_a_restored_session_completes_its_workout(town: Town) -> None:
    """R-CAT-06: after it was deleted while it was under way."""
    ada, trainer = pair(town)
    key = assign(town, trainer, ada)
    begun = start(ada, key).json()
    assert ada.ask("DELETE", f"/v1/sessions/{begun['id']}").status_code == 204
    assert given(trainer, ada) == ["assigned"]
    assert ada.post(f"/v1/sessions/{begun['id']}:restore").status_code < 300
    assert given(trainer, ada) == ["begun"]
    assert code(start(ada, key)) == (409, "assignment.begun")
    perform(ada, begun)
    assert given(trainer, ada) == ["done"]


def test_a_trainer_adjusts_what_is_not_begun(town: Town) -> None:
    """R-API-04: with the revision that they saw; a stale one is a conflict."""
    ada, trainer = pair(town)
    key = assign(town, trainer, ada)
    heavier = workout(town, exercises=[{**SQUATS, "loadKg": 70}], revision=1)
    assert trainer.ask("PUT", path(ada, key), json=heavier).status_code == 200
    (seen,) = own(ada)
    assert (seen["revision"], seen["exercises"][0]["loadKg"]) == (2, 70)
    stale = trainer.ask("PUT", path(ada, key), json={**heavier, "name": "Arms"})
    assert code(stale) == (409, "assignment.changed")
    assert start(ada, key).status_code == 201
    refused = trainer.ask("PUT", path(ada, key), json={**heavier, "revision": 2})
    assert code(refused) == (409, "assignment.begun")
    assert code(trainer.ask("DELETE", path(ada, key))) == (409, "assignment.begun")


def test_a_change_by_an_older_client_keeps_targets_and_notes(town: Town) -> None:
    """R-CAT-06: null, and an empty note, remove them."""
    ada, trainer = pair(town)
    older = {key: SQUATS[key] for key in SQUATS if key not in {"targetRpe", "note"}}
    kept, none = {"targetRpe": 8.5, "note": "Mind the knee."}, {"targetRpe": None, "note": ""}
    key = assign(town, trainer, ada, exercises=[{**older, **kept}])
    for revision, (values, expected) in enumerate([({}, kept), (none, none)], 1):
        change = workout(town, exercises=[{**older, "sets": 5, **values}], revision=revision)
        assert trainer.ask("PUT", path(ada, key), json=change).status_code == 200
        (exercise,) = own(ada)[0]["exercises"]
        assert exercise | expected == exercise


def test_an_athlete_sees_all_ended_workouts_in_pages(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-CAT-06: also those that the state does not remember; in REST as in GraphQL."""
    monkeypatch.setattr(assignments, "MAX_ENDED", 1)
    ada, trainer = pair(town)
    done, declined, withdrawn, _ = (assign(town, trainer, ada) for _ in range(4))
    perform(ada, start(ada, done).json())
    assert ada.post(f"/v1/me/assignments/{declined}/decline").status_code == 200
    assert trainer.ask("DELETE", path(ada, withdrawn)).status_code == 200
    url = "/v1/me/assignments/ended"
    first = ada.get(url, params={"first": 2})
    page = first.json()
    assert [(each["assignmentId"], each["state"]) for each in page["items"]] == [
        (withdrawn, "withdrawn"), (declined, "declined"),
    ]  # fmt: skip
    assert 'rel="next"' in first.headers["Link"]
    rest = ada.get(url, params={"after": page["pageInfo"]["endCursor"]}).json()
    assert [each["state"] for each in rest["items"]] == ["done"]
    assert not rest["pageInfo"]["hasNextPage"]
    query = """query ($after: String) {
      endedAssignments(first: 2, after: $after) { edges { node { assignmentId } } } }"""
    found = ada.graph(query, after=withdrawn)["data"]["endedAssignments"]["edges"]
    assert [each["node"]["assignmentId"] for each in found] == [declined, done]
    back = "query { endedAssignments(last: 1) { edges { node { assignmentId } } } }"
    found = ada.graph(back)["data"]["endedAssignments"]["edges"]
    assert [each["node"]["assignmentId"] for each in found] == [done]
    assert code(ada.get(url, params={"after": "unknown"})) == (422, "page.cursor_invalid")
    assert trainer.get(url).json()["items"] == []


def test_an_athlete_declines_and_a_trainer_withdraws(town: Town) -> None:
    """R-CAT-06"""
    ada, trainer = pair(town)
    declined, withdrawn = assign(town, trainer, ada), assign(town, trainer, ada)
    assert ada.post(f"/v1/me/assignments/{declined}/decline").status_code == 200
    assert trainer.ask("DELETE", path(ada, withdrawn)).status_code == 200
    assert given(trainer, ada) == ["withdrawn", "declined"]
    assert [each["state"] for each in own(ada)] == ["withdrawn", "declined"]
    for key in (declined, withdrawn):
        assert code(start(ada, key)) == (409, "assignment.over")


def test_nobody_assigns_without_the_consent_of_this_athlete(town: Town) -> None:
    """R-TEN-03, R-TEN-06: seeing the training is not enough; others learn nothing."""
    ada, trainer = town.citizen(), town.staff("trainer", "coach@example.org")
    rival, eve = town.staff("trainer", "rival@example.org"), town.citizen("eve@example.org")
    assert let(ada, trainer, assign=None, invitationId=invitation(trainer)).status_code == 200
    for person in (trainer, rival, eve, ada, town.staff("administrator", "admin@example.org")):
        assert code(person.post(path(ada), json=workout(town))) == UNKNOWN_ATHLETE
        assert code(person.get(path(ada))) == UNKNOWN_ATHLETE
    assert trainer.get("/v1/athletes").json()["items"][0]["assign"] is False
    assert let(ada, trainer).status_code == 200
    assert let(ada, rival, invitationId=invitation(rival)).status_code == 200
    assert trainer.get("/v1/athletes").json()["items"][0]["assign"] is True
    key = assign(town, trainer, ada)
    assert given(rival, ada) == [], "another trainer of the athlete"
    for answer in (
        rival.ask("PUT", path(ada, key), json=workout(town, revision=1)),
        rival.ask("DELETE", path(ada, key)),
        start(eve, key),
        eve.post(f"/v1/me/assignments/{key}/decline"),
    ):
        assert code(answer) == UNKNOWN
    assert own(eve) == []
    elsewhere = town.citizen("far@example.org", tenant="gym")
    assert code(elsewhere.post(path(ada), json=workout(town))) == UNKNOWN_ATHLETE
    assert code(start(elsewhere, key)) == UNKNOWN


def test_the_end_of_the_consent_withdraws_what_was_not_begun(town: Town) -> None:
    """R-TEN-06: in the same step; a change of videos leaves it as it is."""
    ada, trainer = pair(town)
    begun, assigned = assign(town, trainer, ada), assign(town, trainer, ada)
    execution = start(ada, begun).json()
    assert let(ada, trainer, assign=None, video=True).status_code == 200
    assert sorted(given(trainer, ada)) == ["assigned", "begun"]
    assert let(ada, trainer, assign=False).status_code == 200
    assert code(trainer.get(path(ada))) == UNKNOWN_ATHLETE
    assert [(each["assignmentId"], each["state"]) for each in own(ada)] == [
        (begun, "begun"),
        (assigned, "withdrawn"),
    ]
    perform(ada, execution)
    assert let(ada, trainer).status_code == 200
    assert sorted(given(trainer, ada)) == ["done", "withdrawn"]
    again = assign(town, trainer, ada)
    assert withdraw(ada, trainer).status_code == 200
    assert code(start(ada, again)) == (409, "assignment.over")


def test_workouts_of_a_former_trainer_are_not_offered(town: Town) -> None:
    """R-TEN-06: nor if the role is granted again, nor of a suspended athlete."""
    ada, trainer = pair(town)
    key = assign(town, trainer, ada)
    withdraw_role(town, trainer)
    assert own(ada) == []
    assert code(start(ada, key)) == UNKNOWN
    former = town.log_in(trainer, "coach@example.org")
    assert code(former.post(path(ada), json=workout(town))) == UNKNOWN_ATHLETE
    grant_role(town, trainer)
    again = town.log_in(trainer, "coach@example.org")
    assert code(again.get(path(ada))) == UNKNOWN_ATHLETE
    assert own(ada) == []
    assert let(ada, again, invitationId=invitation(again)).status_code == 200
    assert [each["state"] for each in own(ada)] == ["withdrawn"]
    suspend(town, ada)
    assert code(again.post(path(ada), json=workout(town))) == UNKNOWN_ATHLETE


def test_what_is_assigned_is_checked(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-API-04"""
    ada, trainer = pair(town)
    yesterday = town.platform.clock().date() - timedelta(days=2)
    invalid = 422, "value.invalid"
    for other, expected in (
        ({"dueOn": str(yesterday)}, invalid),
        ({"exercises": [{**SQUATS, "loadKg": 1001}]}, invalid),
        ({"exercises": [{**SQUATS, "loadKg": -1}]}, invalid),
        ({"exercises": [{**SQUATS, "targetRpe": 11}]}, (422, "value.invalid_rpe")),
        ({"note": "x" * 1001}, invalid),
        ({"exercises": [{**SQUATS, "note": "x" * 501}]}, invalid),
        ({"exercises": []}, (422, "workout.empty")),
        ({"exercises": [{**SQUATS, "targetHoldS": 5}]}, (422, "workout.target_ambiguous")),
        ({"exercises": [{**SQUATS, "exerciseId": "nap"}]}, (404, "motion.unknown_exercise")),
    ):
        assert code(trainer.post(path(ada), json=workout(town, **other))) == expected, other
    unclear = '{"name": "Legs", "exercises": [{"exerciseId": "squat", "sets": 1,'
    unclear += f' "targetRepetitions": 5, "loadKg": NaN}}], "dueOn": "{yesterday}"}}'
    headers = {"Content-Type": "application/json"}
    assert trainer.ask("POST", path(ada), content=unclear, headers=headers).status_code == 422
    monkeypatch.setattr(commands, "MAX_OPEN", 1)
    assign(town, trainer, ada)
    assert code(trainer.post(path(ada), json=workout(town))) == (409, "assignment.too_many")


@pytest.mark.parametrize(
    ("exercise", "target", "needed"),
    [
        ("plank", {"targetRepetitions": 10}, "seconds to hold"),
        ("squat", {"targetHoldS": 10}, "repetitions"),
    ],
)
def test_the_target_of_an_exercise_is_of_its_kind(
    town: Town, exercise: str, target: dict[str, int], needed: str
) -> None:
    """R-WKT-01: nobody could reach another one."""
    ada, trainer = pair(town)
    line = {"exerciseId": exercise, "sets": 1, "restS": 30, **target}
    answer = trainer.post(path(ada), json=workout(town, exercises=[line]))
    assert code(answer) == (422, "value.invalid")
    assert answer.json()["detail"] == f"{exercise} needs a target in {needed}."


def test_hidden_workouts_of_former_trainers_take_no_place(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-CAT-06: the athlete cannot decline what is not offered any more."""
    monkeypatch.setattr(commands, "MAX_OPEN", 1)
    ada, former = pair(town)
    assign(town, former, ada)
    other = town.staff("trainer", "other@example.org")
    assert let(ada, other, invitationId=invitation(other)).status_code == 200
    assert code(other.post(path(ada), json=workout(town))) == (409, "assignment.too_many")
    withdraw_role(town, former)
    assert own(ada) == []
    key = assign(town, other, ada)
    assert [each["assignmentId"] for each in own(ada) if each["state"] == "assigned"] == [key]


def test_retries_change_nothing(town: Town) -> None:
    """R-API-04"""
    ada, trainer = pair(town)

    def twice(person: Person, method: str, path: str, **sent: Any) -> Any:
        headers = {"Idempotency-Key": str(uuid4())}
        first = person.ask(method, path, headers=headers, **sent)
        head = town.platform.log.head()
        again = person.ask(method, path, headers=headers, **sent)
        assert first.status_code < 400, first.text
        assert town.platform.log.head() == head
        assert again.json()["repeated"] is True
        return again.json()

    key = twice(trainer, "POST", path(ada), json=workout(town))["assignmentId"]
    twice(trainer, "PUT", path(ada, key), json=workout(town, name="Arms", revision=1))
    execution = twice(ada, "POST", f"/v1/me/assignments/{key}/start", json={})
    assert execution["id"] == own(ada)[0]["sessionId"]
    twice(ada, "POST", f"/v1/me/assignments/{key}/decline")
    unwanted = assign(town, trainer, ada)
    twice(trainer, "DELETE", path(ada, unwanted))


def test_graphql_gives_the_same(town: Town) -> None:
    """R-API-03"""
    ada, trainer = pair(town)
    today = str(town.platform.clock().date())
    made = trainer.graph(
        "mutation($athlete: ID!, $day: Date!) { assignWorkout(input: {athleteId: $athlete,"
        ' name: "Legs", dueOn: $day, exercises: [{exerciseId: "squat", sets: 1,'
        " targetRepetitions: 5, loadKg: 60, targetRpe: 6.5}]}) { ... on"
        " AssignmentPayload { assignment { assignmentId state exercises { loadKg targetRpe } } }"
        " ... on Problem { code } } }",
        athlete=ada.id, day=today,
    )["data"]["assignWorkout"]["assignment"]  # fmt: skip
    assert (made["state"], made["exercises"]) == ("ASSIGNED", [{"loadKg": 60, "targetRpe": 6.5}])
    begun = ada.graph(
        "mutation($id: ID!) { startAssignment(input: {assignmentId: $id})"
        " { ... on ExecutionPayload { execution { next { loadKg } } } ... on Problem { code } } }",
        id=made["assignmentId"],
    )["data"]["startAssignment"]
    assert begun["execution"]["next"]["loadKg"] == 60
    seen = trainer.graph(
        "query($athlete: ID!) { assignments(athleteId: $athlete) { state sessionId } }",
        athlete=ada.id,
    )["data"]["assignments"]
    assert seen == [{"state": "BEGUN", "sessionId": own(ada)[0]["sessionId"]}]
    mine = ada.graph("{ ownAssignments { name trainerId } }")["data"]["ownAssignments"]
    assert mine == [{"name": "Legs", "trainerId": trainer.id}]


def test_texts_are_encrypted_for_the_athlete_and_looks_are_logged(town: Town) -> None:
    """R-TEN-12, R-TEN-13"""
    ada, trainer = pair(town)
    assign(town, trainer, ada)
    (fact,) = town.platform.log.load(DEFAULT_TENANT, f"assignments-{ada.id}")
    assert fact.event.name.subject == fact.event.note.subject == ada.id
    assert fact.event.notes == Personal(UserId(ada.id), ("Mind the knee.",))
    trainer.get(path(ada))
    items = ada.get("/v1/me/access-log").json()["items"]
    assert (trainer.id, path(ada)) in {(each["by"], each["which"]) for each in items}
