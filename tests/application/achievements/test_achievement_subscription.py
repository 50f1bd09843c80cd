"""Due sessions are checked despite outages, and one user's failure does not delay others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Event
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from adapters.event_log.codec import EventCodec
from adapters.event_log.memory import MemoryEventLog
from application.achievements.service import AchievementService, Due, DueSession
from application.achievements.subscription import achievement_subscription
from application.kernel.command_handler import CommandHandler
from application.kernel.encryption import KeyDisabled
from application.kernel.ports import Change, EventUnreadable, StorageUnavailable
from domain.achievements.events import BadgeEarned, SessionChecked
from domain.achievements.training_stats import Performed, Training
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Origin
from domain.sessions.events import SessionRestored
from tests.encoding_log import EncodingLog

ADA, BOB, EVE = UserId("ada"), UserId("bob"), UserId("eve")
AT = datetime(2030, 1, 31, 7, 30, tzinfo=UTC)
CLUB = TenantId("gym")


def origin(tenant: TenantId) -> Origin:
    return Origin(tenant_id=tenant, actor="test", correlation_id=uuid4())


@dataclass
class AchievementsFixture:
    """Trained sessions, the log, and an action at each wait, after which the subscription stops."""

    trained: dict[tuple[TenantId, UserId], list[SessionId]] = field(
        default_factory=dict[tuple[TenantId, UserId], list[SessionId]]
    )
    troubles: dict[UserId, Exception] = field(default_factory=dict[UserId, Exception])
    happen: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])
    stop: Event = field(default_factory=Event)
    is_fresh: list[bool] = field(default_factory=list[bool])
    turns: list[bool] = field(default_factory=list[bool])
    read: int = 0
    released: int = 0

    def __post_init__(self) -> None:
        self.log = MemoryEventLog(clock=lambda: AT, new_id=uuid4)
        commands = CommandHandler(self.log, settled=lambda _: None)
        self.achievements = AchievementService(self, commands, lambda: AT, uuid4)

    def train(self, number: int, athlete: UserId = ADA, tenant: TenantId = DEFAULT_TENANT) -> None:
        """Complete a session in the log."""
        session = SessionId(f"s{number}")
        self.trained.setdefault((tenant, athlete), []).append(session)
        fact = SessionRestored(at=AT, trained=None)
        self.log.append(
            [Change(f"session-{session}", 0, [fact])], origin=origin(tenant), command_id=uuid4()
        )

    def due(self, tenant_id: TenantId) -> Mapping[UserId, Due]:
        self.read += 1
        theirs = {
            athlete: tuple(
                DueSession(each)
                for each in sessions
                if each not in self.checked(athlete, tenant_id)
            )
            for (tenant, athlete), sessions in self.trained.items()
            if tenant == tenant_id
        }
        return {athlete: due for athlete, due in theirs.items() if due}

    def trainings(self, tenant_id: TenantId, athlete: UserId) -> Sequence[Training]:
        if athlete in self.troubles:
            raise self.troubles[athlete]
        squats = (Performed(ExerciseId("squat"), 8),)
        return [
            Training(each, AT, date(2030, 1, 31), 8, None, squats)
            for each in self.trained[tenant_id, athlete]
        ]

    def facts(self, athlete: UserId, tenant: TenantId = DEFAULT_TENANT) -> list[object]:
        return [each.event for each in self.log.load(tenant, f"achievements-{athlete}")]

    def checked(self, athlete: UserId, tenant: TenantId = DEFAULT_TENANT) -> list[SessionId]:
        facts = self.facts(athlete, tenant)
        return [each.session_id for each in facts if isinstance(each, SessionChecked)]

    def acquire(self) -> bool:
        return self.turns.pop(0) if self.turns else True

    renew = acquire

    def release(self) -> None:
        self.released += 1

    def wait(self, after: int, timeout_s: float, stop: Event | None = None) -> int:
        assert after <= self.log.head()
        if timeout_s:
            (self.happen.pop(0) if self.happen else self.stop.set)()
        return self.log.head()

    def run(self) -> None:
        achievement_subscription(
            log=EncodingLog(self.log, EventCodec().encode),
            tail=self,
            tenants=lambda: {tenant for tenant, _ in self.trained},
            fresh=lambda _position, _s: self.is_fresh.pop(0) if self.is_fresh else True,
            patience_s=1.0,
            achievements=self.achievements,
            lock=self,
            draw=lambda: 0.0,
            poll_s=0.001,
        ).run(self.stop)


@pytest.fixture
def fixture() -> AchievementsFixture:
    return AchievementsFixture()


def test_earlier_sessions_are_checked_before_following_the_log(
    fixture: AchievementsFixture,
) -> None:
    """R-WKT-08"""
    fixture.train(1)
    fixture.train(2, BOB, CLUB)
    fixture.happen = [lambda: fixture.train(3), lambda: None]
    fixture.run()
    assert fixture.checked(ADA) == ["s1", "s3"]
    assert fixture.checked(BOB, CLUB) == ["s2"]
    assert sum(isinstance(each, BadgeEarned) for each in fixture.facts(ADA)) == 1
    assert fixture.released == 1


def test_a_second_checker_adds_nothing(fixture: AchievementsFixture) -> None:
    fixture.train(1)
    due = fixture.due(DEFAULT_TENANT)
    assert fixture.achievements.award_pending(DEFAULT_TENANT) == 1
    facts = fixture.facts(ADA)
    another = AchievementService(fixture, fixture.achievements.commands, lambda: AT, uuid4)
    another._check(DEFAULT_TENANT, ADA, due[ADA])
    fixture.train(2)
    another._check(DEFAULT_TENANT, ADA, (*due[ADA], DueSession(SessionId("s2"))))
    assert fixture.facts(ADA) == [*facts, SessionChecked(session_id=SessionId("s2"), at=AT)]


def test_a_session_that_cannot_be_checked_does_not_block_others(
    fixture: AchievementsFixture,
) -> None:
    fixture.troubles[ADA] = LookupError("no such exercise")
    fixture.train(1)
    fixture.train(2, BOB)
    fixture.happen = [lambda: fixture.train(3, EVE)]
    with capture_logs() as reported:
        fixture.happen.append(lambda: None)
        fixture.run()
    skipped = [each for each in reported if each["event"] == "achievements.skipped"]
    assert [(each["user"], each["due"]) for each in skipped] == [(ADA, 1)]
    assert (fixture.checked(ADA), fixture.checked(BOB), fixture.checked(EVE)) == (
        [],
        ["s2"],
        ["s3"],
    )


@pytest.mark.parametrize("trouble", [EventUnreadable(), KeyDisabled()])
def test_a_damaged_stream_or_a_disabled_key_is_no_outage(
    fixture: AchievementsFixture, trouble: Exception
) -> None:
    """R-EVT-19, C-24: other users get their achievements."""
    fixture.troubles[ADA] = trouble
    fixture.train(1)
    fixture.train(2, BOB)
    assert fixture.achievements.award_pending(DEFAULT_TENANT) == 1
    assert fixture.checked(BOB) == ["s2"]


def test_a_skipped_user_is_checked_again_with_their_next_session(
    fixture: AchievementsFixture,
) -> None:
    fixture.troubles[ADA] = LookupError("no such exercise")
    fixture.train(1)
    assert fixture.achievements.award_pending(DEFAULT_TENANT) == 0
    fixture.troubles.clear()
    assert fixture.achievements.award_pending(DEFAULT_TENANT) == 0
    fixture.train(2)
    assert fixture.achievements.award_pending(DEFAULT_TENANT) == 2
    assert fixture.achievements.skipped == {}


def test_after_an_outage_all_work_continues(fixture: AchievementsFixture) -> None:
    fixture.train(1)
    fixture.train(2, BOB)
    fixture.troubles[ADA] = StorageUnavailable("The read models cannot be reached.")
    fixture.turns = [True, True]

    original = fixture.release

    def mended() -> None:
        original()
        fixture.troubles.clear()

    fixture.release = mended  # type: ignore[method-assign]
    with capture_logs() as reported:
        fixture.run()
    assert [each["event"] for each in reported if each["log_level"] == "warning"] == [
        "subscription.interrupted"
    ]
    assert (fixture.checked(ADA), fixture.checked(BOB)) == (["s1"], ["s2"])
    assert fixture.achievements.skipped == {}


def test_read_models_that_are_behind_are_waited_for(fixture: AchievementsFixture) -> None:
    fixture.train(1)
    fixture.is_fresh = [False]
    fixture.happen = [lambda: fixture.checked(ADA) == [] or pytest.fail("too soon")]
    fixture.run()
    assert fixture.checked(ADA) == ["s1"]


def test_one_process_stands_by_while_another_checks(fixture: AchievementsFixture) -> None:
    fixture.train(1)
    fixture.turns = [False, False]
    fixture.run()
    assert fixture.checked(ADA) == ["s1"]
    assert fixture.released == 3


def test_a_user_without_new_sessions_is_not_checked_again(fixture: AchievementsFixture) -> None:
    fixture.train(1)
    fixture.happen = [lambda: None, lambda: None, lambda: fixture.train(2), lambda: None]
    fixture.run()
    assert fixture.read == 2
