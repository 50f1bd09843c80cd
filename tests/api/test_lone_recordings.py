"""Recordings that were restored alone, while their session stays deleted."""

from uuid import uuid4

from api.websocket import connection
from application.kernel.command_handler import Request
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.sessions.commands import StartSession
from domain.sessions.session import SESSION
from tests.api.assigning import pair
from tests.api.closed_sockets import closed_with
from tests.api.people import Person, Town
from tests.api.replaying import recorded


def test_a_recording_that_is_restored_alone_is_seen_by_its_owner_only(town: Town) -> None:
    """R-RPL-13: its session stays deleted, also for the trainer who saw both."""
    ada, trainer = pair(town)
    begin = StartSession(athlete_id=UserId(ada.id), at=town.platform.clock())
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=ada.id, correlation_id=uuid4())
    request = Request(SESSION, "trained", [begin])
    town.platform.commands.execute(request, origin=origin, command_id=uuid4())
    key = recorded(town.client, headers=ada.headers, chunks=1, sessionId="trained")
    path = f"/v1/recordings/{key}"

    def statuses(viewer: Person) -> tuple[int, int, bool]:
        answer = viewer.graph(f'{{ recording(id: "{key}") {{ id }} }}')
        rest = (viewer.get(each).status_code for each in (path, f"{path}/frames"))
        return (*rest, answer["data"]["recording"] is not None)

    assert statuses(trainer) == (200, 200, True)
    assert ada.ask("DELETE", "/v1/sessions/trained").status_code == 204
    assert ada.post(f"{path}:restore").status_code == 200
    assert statuses(ada) == (200, 200, True)
    assert statuses(trainer) == (404, 404, False)
    with town.client.websocket_connect(f"/ws/replay/{key}", headers=trainer.headers) as raw:
        assert closed_with(raw) == connection.NOT_FOUND
    assert ada.post("/v1/sessions/trained:restore").status_code == 204
    assert statuses(trainer) == (200, 200, True)
