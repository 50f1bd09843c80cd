"""What trainers see ends with the account, the role or the session that it depends on."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.conftest import WEB
from tests.api.people import Person, Town
from tests.api.test_supervision import allow, coach, code, invitation, readable, trained
from tests.privacy.person import RENAMED


@pytest.fixture
def town(platform: Platform, settings: Settings) -> Iterator[Town]:
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Town(client, platform, settings.home / "mail")


def by_test() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())


def suspend(town: Town, person: Person) -> None:
    administration = town.platform.accounts().administration
    administration.suspend(UserId(person.id), origin=by_test(), command_id=uuid4())


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
