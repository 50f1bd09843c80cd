"""Views of trainers' videos: positions of viewers, resuming on any device, and counts."""

from typing import Any

import pytest

from domain.content.viewing import VIEWING, view_id
from domain.ids import DEFAULT_TENANT, UserId
from tests.api import published
from tests.api.people import Person, Town
from tests.api.playback import FREE, code, playback
from tests.api.published import LESSON

PATH = f"/v1/content/{LESSON}/position"
COUNTS = """query($id: ID!) { contentViews(contentId: $id) {
  contentId viewers reached25 reached50 reached75 completed } }"""
NOTE = """mutation($id: ID!) { noteContentPosition(input: {contentId: $id, positionMs: 4000}) {
  __typename } }"""


@pytest.fixture
def trainer(town: Town) -> Person:
    return town.staff("trainer", "coach@example.org")


def note(person: Person, position_ms: object, **options: Any) -> Any:
    return person.ask("PUT", PATH, json={"positionMs": position_ms}, **options)


def events(town: Town, person: Person) -> list[str]:
    stream = f"{VIEWING.category}-{view_id(LESSON, UserId(person.id))}"
    return [each.event.event_name for each in town.platform.log.load(DEFAULT_TENANT, stream)]


def counts(town: Town, person: Person) -> Any:
    headers = {"After-Position": str(town.platform.log.head())}
    return person.ask("GET", f"/v1/content/{LESSON}/views", headers=headers)


def test_a_viewer_goes_on_where_they_left_off(town: Town, trainer: Person) -> None:
    """R-CON-06: on any device, and after the trainer replaced the file."""
    published.publish(town.platform, UserId(trainer.id), FREE)
    ada = town.citizen("ada@example.org")
    new = playback(ada).json()
    assert (new["positionMs"], new["positionNotedAt"]) == (0, None)
    for position_ms in (4000, 4001, 4002):
        assert note(ada, position_ms).status_code == 200
    assert events(town, ada) == ["content_view.started", "content_view.part_reached"]
    assert playback(ada).json()["positionMs"] == 4000
    published.replace(town.platform, UserId(trainer.id))
    assert playback(ada).json()["positionMs"] == 4000
    assert note(ada, 60_000).status_code == 200, "a position of the longer version before"
    assert playback(ada).json()["positionMs"] == 0, "watched to the end"
    assert playback(trainer).json()["positionMs"] == 0


def test_a_trainer_sees_how_many_people_came_how_far(town: Town, trainer: Person) -> None:
    """R-CON-06, R-REC-08: each person counts once, the trainer does not, by REST and GraphQL."""
    published.publish(town.platform, UserId(trainer.id), FREE)
    ada, ben = town.citizen("ada@example.org"), town.citizen("ben@example.org")
    for person, position_ms in ((ada, 0), (ada, 9900), (ada, 0), (ben, 5100), (trainer, 9900)):
        assert note(person, position_ms).status_code == 200
    expected = {"viewers": 2, "reached25": 2, "reached50": 2, "reached75": 1, "completed": 1}
    answer = counts(town, trainer)
    assert answer.json() == {"contentId": LESSON, **expected}, answer.text
    graph = trainer.graph(COUNTS, id=LESSON)["data"]["contentViews"]
    assert graph == {"contentId": LESSON, **expected}
    assert code(counts(town, ada)) == (404, "content.unknown")


def test_a_retried_position_is_noted_once(town: Town, trainer: Person) -> None:
    """R-EVT-16."""
    published.publish(town.platform, UserId(trainer.id), FREE)
    ada = town.citizen("ada@example.org")
    headers = {"Idempotency-Key": "position-1"}
    first, again = (note(ada, 9900, headers=headers) for _ in range(2))
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    assert events(town, ada) == ["content_view.started", "content_view.completed"]


def test_only_viewers_with_access_note_positions(town: Town, trainer: Person) -> None:
    """R-CON-06, C-28."""
    published.publish(town.platform, UserId(trainer.id))
    ada = town.citizen("ada@example.org")
    assert code(note(ada, 1000)) == (403, "access.content_required")
    refused = ada.graph(NOTE, id=LESSON)["data"]["noteContentPosition"]
    assert refused["__typename"] != "ContentPayload"
    assert events(town, ada) == []
    for wrong in (-1, 1.5, "x"):
        assert note(trainer, wrong).status_code == 422
