"""Playback of a trainer's video by a person."""

from typing import Any

from domain.content.events import Audience
from tests.api.people import Person
from tests.api.published import LESSON

FREE = Audience(is_free=True)


def playback(person: Person, key: str = LESSON) -> Any:
    return person.get(f"/v1/content/{key}/playback")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
