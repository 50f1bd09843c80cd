"""Trainers see the training of athletes who let them, and nobody else's."""

from typing import Any
from uuid import uuid4

from api.websocket import connection
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users.commands import ChangeProfile
from tests.api.closed_sockets import closed_with
from tests.api.enrolling import offered
from tests.api.people import Person, Town
from tests.api.pose_messages import jpeg
from tests.api.supervising import allow, coach, code, invitation, readable, trained, withdraw
from tests.privacy.erasing import erase


def test_a_trainer_sees_an_athlete_between_consent_and_withdrawal(town: Town) -> None:
    """R-TEN-03, R-TEN-06, R-CAT-06: by invitation; before and afterwards, nothing exists."""
    ada, eve, trainer, rival = (
        town.citizen(), town.citizen("eve@example.org"), coach(town),
        coach(town, "rival@example.org"),
    )  # fmt: skip
    session = trained(town, ada)
    assert not any(readable(trainer, ada, session).values())
    link = invitation(trainer)
    shown = ada.get(f"/v1/athlete-invitations/{link}").json()
    assert (shown["trainerId"], shown["state"]) == (trainer.id, "open")
    assert allow(ada, trainer, invitationId=link).status_code == 200
    assert all(readable(trainer, ada, session).values()), readable(trainer, ada, session)
    assert not any(readable(rival, ada, session).values())
    assert not any(readable(eve, ada, session).values())
    own = ada.get("/v1/me/trainers").json()["items"]
    assert [(each["trainerId"], each["video"]) for each in own] == [(trainer.id, False)]
    assert code(allow(eve, trainer, invitationId=link)) == (409, "athlete_invitation.over")
    assert withdraw(ada, trainer).status_code == 200
    assert not any(readable(trainer, ada, session).values())
    assert ada.get("/v1/me/trainers").json()["items"] == []
    assert code(withdraw(ada, trainer)) == (404, "supervision.unknown")
    facts = town.platform.log.load(DEFAULT_TENANT, f"supervision-{ada.id}")
    assert [each.event.event_name for each in facts] == [
        "supervision.allowed",
        "supervision.withdrawn",
    ]
    assert {each.origin.actor for each in facts} == {ada.id}


def test_an_enrollment_in_a_plan_of_the_trainer_is_an_occasion(town: Town) -> None:
    """R-CAT-03: of this trainer and this athlete, and only if the athlete says so."""
    ada, eve, trainer, rival = (
        town.citizen(), town.citizen("eve@example.org"), coach(town),
        coach(town, "rival@example.org"),
    )  # fmt: skip
    enrollment = offered(town, ada, UserId(trainer.id))
    assert trainer.get("/v1/athletes").json()["items"] == [], "enrolling alone shows nothing"
    assert code(allow(ada, trainer)) == (409, "supervision.occasion_missing")
    for who, whom in ((ada, rival), (eve, trainer)):
        refused = allow(who, whom, enrollmentId=enrollment)
        assert code(refused) == (409, "supervision.occasion_missing")
    assert allow(ada, trainer, enrollmentId=enrollment).status_code == 200
    (athlete,) = trainer.get("/v1/athletes").json()["items"]
    assert athlete["athleteId"] == ada.id
    assert athlete["adherence"] == {"sessions": 1, "performed": 0, "missed": 0}
    assert athlete["lastSession"] is None
    foreign = trainer.get(f"/v1/enrollments/{enrollment}")
    assert foreign.status_code == 404, "enrollments and payments stay the athlete's"


def test_videos_need_a_consent_of_their_own(town: Town) -> None:
    """R-TEN-03: landmarks without videos, unless the athlete allows both."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    picture = town.platform.media.put(DEFAULT_TENANT, jpeg(), prefix=session)
    paths = (f"/v1/recordings/{session}/video", f"/v1/recordings/{session}/images/{picture}")

    def seen() -> tuple[list[int], bool, str]:
        query = "query($id: ID!) { recording(id: $id) { videoUrl videoStatus } }"
        shown = trainer.graph(query, id=session)["data"]["recording"]
        statuses = [trainer.get(path).status_code for path in paths]
        replay = f"/ws/replay/{session}"
        with town.client.websocket_connect(replay, headers=trainer.headers) as socket:
            status = socket.receive_json()["recording"]["videoStatus"]
        assert shown["videoStatus"] == status.upper()
        return statuses, shown["videoUrl"] is not None, status

    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    assert seen() == ([404, 404], False, "none"), "no page waits for a video that it will not get"
    assert allow(ada, trainer, video=True).status_code == 200
    assert seen() == ([200, 200], True, "ready")
    assert allow(ada, trainer, video=False).status_code == 200
    assert seen() == ([404, 404], False, "none")
    assert ada.get(paths[0]).status_code == 200


def test_nothing_of_a_deleted_session_is_read(town: Town) -> None:
    """R-RPL-13, C-45: neither by its trainer nor by the athlete, until it is restored."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    parts = ("", "/comments", "/tags", "/trace", "/recognition", "/achievements")
    paths = [*(f"/v1/sessions/{session}{part}" for part in parts), f"/v1/workouts/{session}"]
    assert ada.ask("DELETE", f"/v1/sessions/{session}").status_code == 204
    for person in (trainer, ada):
        assert {person.get(path).status_code for path in paths} == {404}
        path = f"/v1/sessions/{session}/events"
        assert person.get(path).status_code == 404
    assert ada.ask("POST", f"/v1/sessions/{session}:restore").status_code == 204
    assert ada.get(f"/v1/sessions/{session}/comments").status_code == 200


def test_trainers_change_nothing_of_their_athletes(town: Town) -> None:
    """R-TEN-03: the consent is to see."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, video=True, invitationId=invitation(trainer)).status_code == 200
    before = len(town.platform.log.load(DEFAULT_TENANT, f"session-{session}"))
    refused = [
        trainer.ask("DELETE", f"/v1/sessions/{session}"),
        trainer.ask("PUT", f"/v1/sessions/{session}/tags", json={"tags": ["mine"]}),
        trainer.ask("DELETE", f"/v1/recordings/{session}"),
        trainer.post(f"/v1/recordings/{session}/share-links", json={}),
        trainer.post("/v1/sessions", json={"athleteId": ada.id}),
        trainer.get(f"/v1/users/{ada.id}"),
    ]
    assert {each.status_code for each in refused} <= {403, 404}, [each.text for each in refused]
    assert len(town.platform.log.load(DEFAULT_TENANT, f"session-{session}")) == before


def test_a_trainer_without_the_role_sees_nobody(town: Town) -> None:
    """R-TEN-06: a consent for somebody who is no trainer any more opens nothing."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
    town.platform.accounts().administration.withdraw(
        UserId(trainer.id), "trainer", origin=origin, command_id=uuid4()
    )
    former = town.log_in(trainer, "coach@example.org")
    assert former.get(f"/v1/sessions/{session}").status_code == 404
    assert former.post("/v1/athlete-invitations").status_code == 403


def test_each_look_of_a_trainer_is_in_the_access_log(town: Town) -> None:
    """R-TEN-13"""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    trainer.get(f"/v1/sessions/{session}")
    items = ada.get("/v1/me/access-log").json()["items"]
    assert (trainer.id, f"/v1/sessions/{session}") in {
        (each["by"], each["which"]) for each in items
    }


def test_the_access_log_names_former_trainers_until_they_are_erased(town: Town) -> None:
    """R-TEN-13, R-TEN-06: others, such as analysts, are not named."""
    ada, trainer = town.citizen(), coach(town)
    analyst = town.staff("analyst", "tom@example.org")
    session = trained(town, ada)
    name(town, trainer, "Zoe")
    name(town, analyst, "Tom")
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    for person in (trainer, analyst):
        assert person.get(f"/v1/sessions/{session}").status_code == 200
    assert withdraw(ada, trainer).status_code == 200
    assert accessed(ada)[trainer.id] == ("Zoe", True, False)
    assert accessed(ada)[analyst.id] == (None, False, False)
    by_trainer = Origin(tenant_id=DEFAULT_TENANT, actor=trainer.id, correlation_id=uuid4())
    assert erase(town.platform, UserId(trainer.id), by_trainer)
    assert accessed(ada)[trainer.id] == (None, True, True)


def name(town: Town, person: Person, username: str) -> None:
    user = UserId(person.id)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=user, correlation_id=uuid4())
    change = ChangeProfile(username=Personal(user, username))
    town.platform.accounts().accounts.execute(user, [change], origin=origin, command_id=uuid4())


def accessed(person: Person) -> dict[str, tuple[str | None, bool, bool]]:
    """Return what is said about each of those who accessed the person's data, by id."""
    items = person.get("/v1/me/access-log").json()["items"]
    return {each["by"]: (each["byName"], each["byTrainer"], each["byErased"]) for each in items}


def test_a_withdrawal_closes_an_open_replay(town: Town) -> None:
    """R-RPL-04: a replay and the live poses of a session end when the consent does."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    paths = (f"/ws/replay/{session}", f"/ws/pose?watch={session}")
    for path in paths:
        with town.client.websocket_connect(path, headers=trainer.headers) as socket:
            socket.receive_json()
            assert withdraw(ada, trainer).status_code == 200
            assert closed_with(socket) == connection.NOT_FOUND
        with town.client.websocket_connect(path, headers=trainer.headers) as socket:
            assert closed_with(socket) == connection.NOT_FOUND
        assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200


def test_invitations_belong_to_their_trainer(town: Town) -> None:
    """R-TEN-03"""
    ada, trainer, rival = town.citizen(), coach(town), coach(town, "rival@example.org")
    link = invitation(trainer)
    assert ada.post("/v1/athlete-invitations").status_code == 403
    path = f"/v1/athlete-invitations/{link}"
    for stranger in (ada, rival):
        assert code(stranger.ask("DELETE", path)) == (404, "athlete_invitation.unknown")
        assert stranger.get("/v1/athlete-invitations").json()["items"] == []
    assert [
        each["invitationId"] for each in trainer.get("/v1/athlete-invitations").json()["items"]
    ] == [link]
    assert trainer.ask("DELETE", path).status_code == 200
    assert ada.get(path).json()["state"] == "withdrawn"
    refused = allow(ada, trainer, invitationId=link)
    assert code(refused) == (409, "athlete_invitation.over")
    unknown = allow(ada, trainer, invitationId="nothing")
    assert code(unknown) == (404, "athlete_invitation.unknown")


def test_graphql_gives_the_same(town: Town) -> None:
    """R-API-03"""
    ada, trainer = town.citizen(), coach(town)
    made = trainer.graph(
        "mutation { createAthleteInvitation(input: {}) { ... on AthleteInvitationPayload"
        " { athleteInvitation { invitationId state } } ... on Problem { code } } }"
    )["data"]["createAthleteInvitation"]["athleteInvitation"]
    assert made["state"] == "OPEN"
    allowed = ada.graph(
        "mutation($trainer: ID!, $link: ID!) { allowTrainer(input: {trainerId: $trainer,"
        " video: true, invitationId: $link}) { ... on SupervisionPayload"
        " { ownTrainers { trainerId video } } ... on Problem { code } } }",
        trainer=trainer.id, link=made["invitationId"],
    )["data"]["allowTrainer"]  # fmt: skip
    assert allowed["ownTrainers"] == [{"trainerId": trainer.id, "video": True}]
    query = "{ athletes { edges { node { athleteId video } } } }"
    edges = trainer.graph(query)["data"]["athletes"]["edges"]
    assert edges == [{"node": {"athleteId": ada.id, "video": True}}]
    withdraw(ada, trainer)
    assert trainer.graph(query)["data"]["athletes"]["edges"] == []


def test_retries_change_nothing(town: Town) -> None:
    """R-API-04: also of an invitation that was accepted, and of a plan that was left."""
    ada, trainer = town.citizen(), coach(town)
    enrollment = offered(town, ada, UserId(trainer.id))
    trainers, invitations = f"/v1/me/trainers/{trainer.id}", "/v1/athlete-invitations"

    def twice(person: Person, method: str, path: str, **sent: Any) -> Any:
        headers = {"Idempotency-Key": str(uuid4())}
        first = person.ask(method, path, headers=headers, **sent)
        if "enrollmentId" in sent.get("json", {}):
            assert ada.ask("DELETE", f"/v1/enrollments/{enrollment}").status_code == 200
        head = town.platform.log.head()
        again = person.ask(method, path, headers=headers, **sent)
        assert town.platform.log.head() == head
        assert first.status_code < 400, first.text
        assert {**first.json(), "repeated": True} == again.json()
        return again.json()

    link = twice(trainer, "POST", invitations)["invitationId"]
    twice(ada, "PUT", trainers, json={"video": True, "enrollmentId": enrollment})
    twice(ada, "DELETE", trainers)
    twice(ada, "PUT", trainers, json={"video": False, "invitationId": link})
    unused = twice(trainer, "POST", invitations)["invitationId"]
    twice(trainer, "DELETE", f"{invitations}/{unused}")
