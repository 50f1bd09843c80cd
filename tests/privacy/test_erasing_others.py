"""An erasure does not depend on what other people wrote."""

from uuid import uuid4

import pytest

from adapters.event_log import codec
from application.kernel.command_handler import Request
from application.platform import Platform
from application.privacy.erasure import NotCertified
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId
from domain.kernel import Origin
from domain.sessions.commands import SessionCommand, StartSession, StartSet
from domain.sessions.session import SESSION
from domain.values import CountedBy
from tests.privacy.person import ADDRESS, settle

PLANTED = CountedBy("device", ADDRESS, 1)
"""An address where a model belongs."""


def test_an_address_in_events_of_others_is_listed_and_prevents_nothing(
    settings: Settings,
    platform: Platform,
    origin: Origin,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C-24, R-TEN-12: what others wrote stays in the log; a leak of the person's data does not."""
    person = settle(platform)
    eve = SessionId("of-eve")
    commands: list[SessionCommand] = [
        StartSession(athlete_id=UserId("eve"), at=platform.clock()),
        StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=PLANTED),
    ]
    request = Request(SESSION, eve, commands)
    with monkeypatch.context() as before_texts_were_checked:
        before_texts_were_checked.setattr(codec, "check_text", lambda _: None)
        platform.commands.execute(request, origin=origin, command_id=uuid4())
    leak = settings.home / "notes.txt"
    leak.write_text(f"call {ADDRESS}")
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    outcome = erasure.run(person.id, origin=origin)
    assert isinstance(outcome, NotCertified)
    assert {each.part for each in outcome.findings} == {"notes.txt"}
    leak.unlink()
    outcome = erasure.run(person.id, origin=origin)
    assert not isinstance(outcome, NotCertified)
    content = outcome["certificate"]
    assert content["found"] == 0
    planted = platform.log.load(DEFAULT_TENANT, f"session-{eve}")[1].position
    assert planted in content["foundInEventsOfOthers"][0]["positions"]
    assert content["copiesOfThese"]
    assert ADDRESS not in str(content)


def test_an_address_in_the_person_s_own_events_prevents_a_certificate(
    platform: Platform, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-24, R-TEN-12: also if events of other people contain an address of the same kind."""
    person = settle(platform)
    own = SessionId(str(uuid4()))
    with monkeypatch.context() as before_texts_were_checked:
        before_texts_were_checked.setattr(codec, "check_text", lambda _: None)
        for session, athlete in ((SessionId("of-eve"), UserId("eve")), (own, person.id)):
            commands: list[SessionCommand] = [
                StartSession(athlete_id=athlete, at=platform.clock()),
                StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=PLANTED),
            ]
            request = Request(SESSION, session, commands)
            platform.commands.execute(request, origin=origin, command_id=uuid4())
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    outcome = erasure.run(person.id, origin=origin)
    assert isinstance(outcome, NotCertified)
    assert {each.part for each in outcome.findings} == {"log.sqlite3: events"}
    assert all(each.is_own for each in outcome.findings)
