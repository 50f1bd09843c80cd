"""What trainers see ends with the account, the role or the session that it depends on."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
from starlette.websockets import WebSocketDisconnect

from api.websocket import recording
from application.supervision.service import SupervisionService
from domain.ids import UserId
from domain.supervision import commands
from tests.api.enrolling import offered
from tests.api.people import Person, Town
from tests.api.pose_messages import START, frames, say
from tests.api.supervising import (
    allow,
    coach,
    code,
    invitation,
    readable,
    trained,
    withdraw,
)
from tests.api.trainer_roles import by_test, grant_role, suspend, withdraw_role
from tests.privacy.person import RENAMED

ROSTER: Final = """query($first: Int, $after: String) {
  athletes(first: $first, after: $after) {
    edges { node { athleteId } } pageInfo { hasNextPage startCursor endCursor }
  }
}"""
ROSTER_BEFORE: Final = """query($last: Int, $before: String) {
  athletes(last: $last, before: $before) { pageInfo { startCursor } }
}"""


def test_the_training_of_a_suspended_athlete_is_withheld(town: Town) -> None:
    """R-TEN-06: they cannot sign in to withdraw the permission; share links end, too."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    assert all(readable(trainer, ada, session).values())
    suspend(town, ada)
    assert not any(readable(trainer, ada, session).values()), readable(trainer, ada, session)
    town.platform.accounts().administration.reactivate(
        UserId(ada.id), origin=by_test(), command_id=uuid4()
    )
    assert all(readable(trainer, ada, session).values())


def test_the_roster_goes_on_beyond_suspended_athletes(town: Town) -> None:
    """R-TEN-06: a page without athletes has the cursor of the next one."""
    trainer, people = coach(town), [town.citizen(f"p{number}@example.org") for number in range(3)]
    for person in people:
        assert allow(person, trainer, invitationId=invitation(trainer)).status_code == 200
    for person in people[1:]:
        suspend(town, person)
    page = trainer.graph(ROSTER, first=2, after=None)["data"]["athletes"]
    assert (page["edges"], page["pageInfo"]["hasNextPage"]) == ([], True)
    rest = trainer.get("/v1/athletes?first=2").json()["pageInfo"]
    assert page["pageInfo"]["endCursor"] == rest["endCursor"]
    last = trainer.graph(ROSTER, first=2, after=rest["endCursor"])["data"]["athletes"]
    assert [edge["node"]["athleteId"] for edge in last["edges"]] == [people[0].id]
    before = trainer.graph(ROSTER_BEFORE, last=2, before=last["pageInfo"]["startCursor"])
    assert before["data"]["athletes"]["pageInfo"]["startCursor"] is not None


def test_the_roster_needs_the_role_of_a_trainer(town: Town) -> None:
    """R-TEN-06: an analyst, who sees figures of all sessions, gets no athletes with names."""
    ada, trainer = town.citizen(), coach(town)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    administration, who = town.platform.accounts().administration, UserId(trainer.id)
    administration.grant(who, "analyst", origin=by_test(), command_id=uuid4())
    both = town.log_in(trainer, "coach@example.org")
    assert [each["athleteId"] for each in both.get("/v1/athletes").json()["items"]] == [ada.id]
    administration.withdraw(who, "trainer", origin=by_test(), command_id=uuid4())
    former = town.log_in(trainer, "coach@example.org")
    assert former.get("/v1/athletes").json()["items"] == []
    assert former.get(f"/v1/athletes/{ada.id}").status_code == 404


def test_comments_are_hidden_with_their_session(town: Town) -> None:
    """R-TEN-03: nobody reads or writes them; their author can still delete them."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    path = f"/v1/sessions/{session}/comments"
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    key, body = {"Idempotency-Key": "once"}, {"text": "Heels down.", "atMs": 1500}
    written = trainer.post(path, json=body, headers=key)
    assert written.status_code == 201
    assert ada.ask("DELETE", f"/v1/sessions/{session}").status_code == 204
    assert code(trainer.get(path)) == code(ada.get(path)) == (404, "session.unknown")
    assert code(trainer.post(path, json=body)) == (404, "session.unknown")
    retried = trainer.post(path, json=body, headers=key)
    assert retried.json() == {**written.json(), "repeated": True}
    one = f"{path}/{written.json()['commentId']}"
    assert trainer.ask("DELETE", one).status_code == 200


def test_a_trainer_filters_and_exports_recordings_of_an_athlete(town: Town) -> None:
    """R-UIX-08: those of the named athlete, as in the list."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200

    def listed(*, recorded: bool) -> list[str]:
        params = {"athlete": ada.id, "recorded": recorded}
        items = trainer.get("/v1/sessions", params=params).json()["items"]
        return [each["id"] for each in items]

    assert (listed(recorded=True), listed(recorded=False)) == ([session], [])
    export = {"athlete": ada.id, "format": "csv"}
    shown = trainer.get("/v1/sessions/export", params=export).text
    assert RENAMED in shown
    assert shown == ada.get("/v1/sessions/export", params={"format": "csv"}).text


def test_a_session_is_live_while_it_is_under_way(town: Town) -> None:
    """R-LIV-17: and not if it began hours ago, and was never completed."""
    ada, trainer = town.citizen(), coach(town)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    now = town.platform.clock()

    def start(session: str, begun: datetime) -> tuple[str, bool]:
        body = {"sessionId": session, "athleteId": ada.id, "at": begun.isoformat()}
        assert ada.post("/v1/sessions", json=body).status_code == 201
        return latest()

    def latest() -> tuple[str, bool]:
        shown = trainer.get(f"/v1/athletes/{ada.id}").json()["lastSession"]
        return shown["sessionId"], shown["live"]

    assert start("left", now - timedelta(hours=4)) == ("left", False)
    assert start("present", now) == ("present", True)
    assert ada.post("/v1/sessions/present:complete", json={}).status_code == 200
    assert latest() == ("present", False)


def test_permissions_and_invitations_end_with_the_role(town: Town) -> None:
    """R-TEN-06: also if the role is granted again; the athlete can let them again."""
    ada, eve, trainer = town.citizen(), town.citizen("eve@example.org"), coach(town)
    session, used, unused = trained(town, ada), invitation(trainer), invitation(trainer)
    assert allow(ada, trainer, invitationId=used).status_code == 200
    withdraw_role(town, trainer)
    assert ada.get("/v1/me/trainers").json()["items"] == []
    assert eve.get(f"/v1/athlete-invitations/{unused}").json()["state"] == "withdrawn"
    over = 409, "athlete_invitation.over"
    assert code(allow(eve, trainer, invitationId=unused)) == over
    grant_role(town, trainer)
    again = town.log_in(trainer, "coach@example.org")
    assert not any(readable(again, ada, session).values()), readable(again, ada, session)
    assert code(allow(eve, trainer, invitationId=unused)) == over
    assert code(allow(ada, trainer, video=True)) == (409, "supervision.occasion_missing")
    states = {
        each["invitationId"]: each["state"]
        for each in again.get("/v1/athlete-invitations").json()["items"]
    }
    assert states == {used: "accepted", unused: "withdrawn"}
    assert allow(ada, again, invitationId=invitation(again)).status_code == 200
    assert all(readable(again, ada, session).values())


def test_plans_of_a_former_trainer_are_no_occasion(town: Town) -> None:
    """R-TEN-06"""
    ada, trainer = town.citizen(), coach(town)
    enrollment = offered(town, ada, UserId(trainer.id))
    withdraw_role(town, trainer)
    refused = allow(ada, trainer, enrollmentId=enrollment)
    assert code(refused) == (409, "supervision.occasion_missing")


def test_a_trainer_has_at_most_so_many_athletes(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-03: a change of what a trainer sees of an athlete is always possible."""
    assert commands.MAX_ATHLETES == 500
    monkeypatch.setattr(commands, "MAX_ATHLETES", 1)
    ada, eve, trainer = town.citizen(), town.citizen("eve@example.org"), coach(town)
    link = invitation(trainer)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    assert code(allow(eve, trainer, invitationId=link)) == (409, "supervision.too_many_athletes")
    assert allow(ada, trainer, video=True).status_code == 200
    assert ada.ask("DELETE", f"/v1/me/trainers/{trainer.id}").status_code == 200
    assert allow(eve, trainer, invitationId=link).status_code == 200


def test_a_change_at_the_moment_of_a_withdrawal_does_not_undo_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-03: the permission was read before it was withdrawn, and changed afterwards."""
    ada, trainer = town.citizen(), coach(town)
    enrollment = offered(town, ada, UserId(trainer.id))
    assert allow(ada, trainer, enrollmentId=enrollment).status_code == 200
    require = SupervisionService._require_trainer

    def withdraw_first(service: SupervisionService, *args: Any) -> None:
        monkeypatch.undo()
        assert ada.ask("DELETE", f"/v1/me/trainers/{trainer.id}").status_code == 200
        require(service, *args)

    monkeypatch.setattr(SupervisionService, "_require_trainer", withdraw_first)
    changed = allow(ada, trainer, video=True, enrollmentId=enrollment)
    assert code(changed) == (404, "supervision.unknown")
    assert ada.get("/v1/me/trainers").json()["items"] == []
    assert allow(ada, trainer, enrollmentId=enrollment).status_code == 200, "as a new permission"


def test_a_trainer_does_not_learn_whether_there_is_a_video(town: Town) -> None:
    """R-TEN-03: a recording is shown as one without a video, unless the athlete allows videos."""
    ada, trainer = town.citizen(), coach(town)
    session = trained(town, ada)
    query = "query($id: ID!) { recording(id: $id) { videoStatus videoFilePath videoMediaType } }"

    def videos(person: Person) -> tuple[str, bool, bool]:
        shown = person.get(f"/v1/recordings/{session}").json()
        named = {"videoStatus": "video_status", "videoFilePath": "video_file_path"}
        graph = person.graph(query, id=session)["data"]["recording"]
        assert {key: graph[key] or "" for key in named} == {
            "videoStatus": shown["video_status"].upper(),
            "videoFilePath": shown["video_file_path"] or "",
        }
        assert graph["videoMediaType"] == shown["video_media_type"]
        return (
            shown["video_status"],
            shown["video_file_path"] is not None,
            shown["video_media_type"] is not None,
        )

    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    assert videos(trainer) == ("none", False, False)
    assert videos(ada) == ("ready", True, True)
    assert allow(ada, trainer, video=True).status_code == 200
    assert videos(trainer) == ("ready", True, True)


def test_a_trainer_whose_role_ended_takes_no_place(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-06: the athlete does not see them, so could not make room."""
    monkeypatch.setattr(commands, "MAX_TRAINERS", 1)
    ada, old, new = town.citizen(), coach(town), coach(town, "new@example.org")
    assert allow(ada, old, invitationId=invitation(old)).status_code == 200
    refused = allow(ada, new, invitationId=invitation(new))
    assert code(refused) == (409, "supervision.too_many")
    withdraw_role(town, old)
    assert allow(ada, new, invitationId=invitation(new)).status_code == 200
    (listed,) = ada.get("/v1/me/trainers").json()["items"]
    assert listed["trainerId"] == new.id


def test_live_poses_end_soon_after_a_withdrawal(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-06, R-LIV-17: the trainer loses access within a second, while the athlete goes on."""
    assert recording.MAX_CHECK_AGE_S < 1
    monkeypatch.setattr(recording, "MAX_CHECK_AGE_S", 0.0)
    ada, trainer = town.citizen(), coach(town)
    assert allow(ada, trainer, invitationId=invitation(trainer)).status_code == 200
    connect = town.client.websocket_connect
    with connect("/ws/pose", headers=ada.headers) as sender:
        watched = say(sender, START)["id"]
        with connect(f"/ws/pose?watch={watched}", headers=trainer.headers) as viewer:
            assert viewer.receive_json()["type"] == "watching"
            assert withdraw(ada, trainer).status_code == 200
            for number in range(12):
                say(sender, frames(number, 1))
            with pytest.raises(WebSocketDisconnect):
                viewer.receive_json()
