"""An erasure does not depend on what other people wrote."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from adapters.event_log import codec
from application.kernel.command_handler import Request
from application.platform import Platform
from application.privacy.erasure import NotCertified
from application.privacy.pii_scan import Part
from bootstrap.settings import Settings
from domain.catalog.commands import ChangeTrainerProfile
from domain.catalog.trainer import TRAINER
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.sessions.commands import SessionCommand, StartSession, StartSet
from domain.sessions.session import SESSION
from domain.users.factor_commands import AddSecondFactor
from domain.users.user import USER
from domain.values import CountedBy
from domain.workouts.commands import PrescribeWorkout
from domain.workouts.events import PrescribedExercise
from domain.workouts.workout import WORKOUT
from tests.privacy.person import ADDRESS, NAME, settle

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


def test_a_name_in_encrypted_texts_of_others_is_listed_and_prevents_nothing(
    platform: Platform, origin: Origin
) -> None:
    """C-24, R-TEN-12: such as the name of a trainer's workout, or a namesake's public profile."""
    person, zoe, at = settle(platform), UserId("zoe"), platform.clock()
    squat = PrescribedExercise(ExerciseId("squat"), sets=1, target_repetitions=1)
    workout = PrescribeWorkout(name=f"Legs of {NAME}", author_id=zoe, exercises=(squat,), at=at)
    profile = ChangeTrainerProfile(
        trainer_id=zoe, name=NAME, description="", languages=("en",), specialities=(), at=at
    )
    requests = (Request(WORKOUT, "legs", [workout]), Request(TRAINER, zoe, [profile]))
    platform.commands.execute(*requests, origin=origin, command_id=uuid4())
    assert platform.fresh(platform.log.head(), 60)
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    outcome = erasure.run(person.id, origin=origin)
    assert not isinstance(outcome, NotCertified), outcome
    content = outcome["certificate"]
    assert content["found"] == 0
    (legs,) = platform.log.load(DEFAULT_TENANT, "workout-legs")
    (public,) = platform.log.load(DEFAULT_TENANT, "trainer-zoe")
    positions = {each for found in content["foundInEventsOfOthers"] for each in found["positions"]}
    assert positions == {legs.position, public.position}
    assert {each["part"].partition(":")[0] for each in content["copiesOfThese"]} == {
        "tables.sqlite3"
    }
    assert NAME not in json.dumps(content, ensure_ascii=False)


@pytest.mark.parametrize("namesakes", [(), (UserId("zoe"),)])
def test_a_certificate_does_not_reveal_the_events_of_another_tenant(
    platform: Platform, origin: Origin, namesakes: tuple[UserId, ...]
) -> None:
    """C-24, R-TEN-03, R-TEN-12: tenants share tables, and a trainer may be in two of them."""
    person, at = settle(platform), platform.clock()
    elsewhere = replace(origin, tenant_id=TenantId("elsewhere"))
    account = UserId("amalie")  # of the same person
    for trainer, where in ((account, elsewhere), *((each, origin) for each in namesakes)):
        profile = ChangeTrainerProfile(
            trainer_id=trainer,
            name=NAME,
            description="",
            languages=("en",),
            specialities=(),
            at=at,
        )
        request = Request(TRAINER, trainer, [profile])
        platform.commands.execute(request, origin=where, command_id=uuid4())
    assert platform.fresh(platform.log.head(), 60)
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    with capture_logs() as lines:
        outcome = erasure.run(person.id, origin=origin)
    assert not isinstance(outcome, NotCertified), outcome
    content = outcome["certificate"]
    assert content["found"] == 0
    own = [platform.log.load(DEFAULT_TENANT, f"trainer-{each}")[0].position for each in namesakes]
    listed = [each["positions"] for each in content["foundInEventsOfOthers"]]
    assert listed == ([own] if own else [])
    assert bool(content["copiesOfThese"]) == bool(own)
    (public,) = platform.log.load(elsewhere.tenant_id, f"trainer-{account}")
    (line,) = [each for each in lines if each["event"] == "erasure.terms_in_other_tenants"]
    assert line["positions"] == [public.position]


def test_a_damaged_event_of_another_tenant_prevents_no_erasure(
    settings: Settings, platform: Platform, origin: Origin
) -> None:
    """C-24, R-TEN-03: not even if encrypted texts of others have to be searched."""
    person, at = settle(platform), platform.clock()
    elsewhere = replace(origin, tenant_id=TenantId("elsewhere"))
    for where in (origin, elsewhere):
        profile = ChangeTrainerProfile(
            trainer_id=UserId("zoe"),
            name=NAME,
            description="",
            languages=("en",),
            specialities=(),
            at=at,
        )
        request = Request(TRAINER, UserId("zoe"), [profile])
        platform.commands.execute(request, origin=where, command_id=uuid4())
    assert platform.fresh(platform.log.head(), 60)
    damage_newest(settings)
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    outcome = erasure.run(person.id, origin=origin)
    assert not isinstance(outcome, NotCertified), outcome


def damage_newest(settings: Settings) -> None:
    """Cut the payload of the newest event of the log."""
    with closing(sqlite3.connect(settings.home / "log.sqlite3", isolation_level=None)) as file:
        file.execute("DROP TRIGGER events_refuse_UPDATE")
        newest = "(SELECT max(position) FROM events)"
        file.execute(f"UPDATE events SET state = substr(state, 1, 9) WHERE position = {newest}")  # noqa: S608  a constant


def test_an_address_in_clear_elsewhere_hides_no_encrypted_one_of_the_tenant(
    platform: Platform, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-24, R-TEN-12: what is listed of a tenant does not depend on what others wrote elsewhere."""
    person, at = settle(platform), platform.clock()
    profile = ChangeTrainerProfile(
        trainer_id=UserId("zoe"),
        name=f"Zoe, {ADDRESS}",
        description="",
        languages=("en",),
        specialities=(),
        at=at,
    )
    request = Request(TRAINER, UserId("zoe"), [profile])
    platform.commands.execute(request, origin=origin, command_id=uuid4())
    commands: list[SessionCommand] = [
        StartSession(athlete_id=UserId("eve"), at=at),
        StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=PLANTED),
    ]
    with monkeypatch.context() as before_texts_were_checked:
        before_texts_were_checked.setattr(codec, "check_text", lambda _: None)
        elsewhere = replace(origin, tenant_id=TenantId("elsewhere"))
        request = Request(SESSION, SessionId("of-eve"), commands)
        platform.commands.execute(request, origin=elsewhere, command_id=uuid4())
    assert platform.fresh(platform.log.head(), 60)
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    outcome = erasure.run(person.id, origin=origin)
    assert not isinstance(outcome, NotCertified), outcome
    content = outcome["certificate"]
    (public,) = platform.log.load(DEFAULT_TENANT, "trainer-zoe")
    listed = [each["positions"] for each in content["foundInEventsOfOthers"]]
    assert listed
    assert all(positions == [public.position] for positions in listed)
    assert content["copiesOfThese"]


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


def test_the_name_of_a_passkey_does_not_prevent_a_certificate(
    platform: Platform, origin: Origin
) -> None:
    """C-24: it is free text, and may be a word of the platform, such as a provider's name."""
    person = settle(platform)
    for name in ("Google", "session.started"):
        passkey = AddSecondFactor(
            factor_id=str(uuid4()),
            kind="passkey",
            is_confirmed=True,
            name=Personal(person.id, name),
            at=platform.clock(),
        )
        request = Request(USER, person.id, [passkey])
        platform.commands.execute(request, origin=origin, command_id=uuid4())
    erasure = platform.privacy().erasure
    erasure.request(person.id, origin=origin, at_once=True)
    outcome = erasure.run(person.id, origin=origin)
    assert not isinstance(outcome, NotCertified), outcome
    kinds = outcome["certificate"]["lookedFor"]
    assert "user.email_changed.email" in kinds
    assert "user.second_factor_added.name" not in kinds


@dataclass(frozen=True)
class DeadLettersOfQueue:
    """A scan target with one topic of dead letters."""

    letters: tuple[bytes, ...]
    name: str = "Kafka"

    def parts(self) -> Iterator[Part]:
        yield Part("pose-worker.dlq", self.letters, has_records=True, has_dead_letters=True)


def test_an_address_in_dead_letters_of_others_is_listed_and_prevents_nothing(
    platform: Platform, origin: Origin
) -> None:
    """C-24: letters of others stay; one that names the person is a leak of their data."""
    person = settle(platform)
    others = f"default/of-eve\n{ADDRESS}\n".encode()
    theirs = f"default/user-{person.id}\n{ADDRESS}\n".encode()
    erasure = platform.privacy().erasure
    targets = list(erasure.scan_targets(DEFAULT_TENANT))
    erasure = replace(erasure, scan_targets=lambda _: targets)
    erasure.request(person.id, origin=origin, at_once=True)
    targets.append(DeadLettersOfQueue((others, theirs)))
    outcome = erasure.run(person.id, origin=origin)
    assert isinstance(outcome, NotCertified)
    assert {each.part for each in outcome.findings} == {"pose-worker.dlq"}
    targets[-1] = DeadLettersOfQueue((others,))
    outcome = erasure.run(person.id, origin=origin)
    assert not isinstance(outcome, NotCertified)
    content = outcome["certificate"]
    assert content["found"] == 0
    assert content["copiesOfThese"] == []
    (letter,) = content["foundInDeadLettersOfOthers"]
    assert (letter["place"], letter["part"]) == ("Kafka", "pose-worker.dlq")
