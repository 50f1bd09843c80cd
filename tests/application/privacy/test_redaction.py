"""The log as read models get it: without what belongs to erased people."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from application.kernel.ports import DamagedEvent
from application.privacy.redaction import REDACTED, RedactingLogReader
from domain.kernel import Recorded
from tests.live.session_fixture import SessionFixture

DAMAGE = DamagedEvent("A stored session.started cannot be read.")


class DamagedLog:
    """The log of a session, whose first event is damaged."""

    def __init__(self) -> None:
        self._session = SessionFixture()
        self._session.start_set(1)
        self.head = self._session.log.head

    def load(self, *_: Any, **__: Any) -> Sequence[Recorded[Any]]:
        history: Sequence[Recorded[Any]] = self._session.recorded()
        first, *others = history
        return [replace(first, event=DAMAGE), *others]

    def scan(self, *, after: int, limit: int, keep_damaged: bool) -> Sequence[Recorded[Any]]:
        assert keep_damaged
        return self.load()[after : after + limit]


def reader(log: Any, *, erased: bool) -> RedactingLogReader:
    return RedactingLogReader(log, lambda _tenant, _user: erased)


def test_an_event_whose_person_is_unknown_by_damage_is_not_shown() -> None:
    """C-24, R-EVT-19: the person may be erased, also if the damaged event was read long ago."""
    log: Any = DamagedLog()
    shown = reader(log, erased=True).scan(after=1, limit=1)
    assert [each.event for each in shown] == [DAMAGE]


def test_events_of_erased_people_are_redacted() -> None:
    """C-24"""
    session = SessionFixture()
    session.start_set(1)
    shown = reader(session.log, erased=True).scan(after=1, limit=1)
    assert [each.event for each in shown] == [REDACTED]
    kept = reader(session.log, erased=False).scan(after=1, limit=1)
    assert [each.event for each in kept] == [session.recorded()[1].event]
