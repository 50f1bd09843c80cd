"""Rigs for the contract of subscriptions: one for each processor."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, Protocol
from uuid import uuid4

from adapters.bus.in_process import InProcessBus
from adapters.clock import new_id
from adapters.event_log.codec import EVENTS
from adapters.event_log.memory import MemoryEventLog
from adapters.event_log.memory_checkpoints import MemoryCheckpoints, MemoryCheckpointStore
from adapters.read_models.database import Database
from adapters.read_models.projection_store import SqlProjectionStore
from adapters.read_models.queries import SqlReadModels
from application.achievements.service import AchievementService, Due, DueSession
from application.achievements.subscription import achievement_subscription
from application.kernel.bus import BusUnavailable, Delivery, Message, MessageTooLarge
from application.kernel.cloud_events import from_message
from application.kernel.command_handler import CommandHandler
from application.kernel.consumer import consumer_subscription
from application.kernel.dead_letters import list_dead_letters
from application.kernel.ports import Change, StorageUnavailable
from application.kernel.projection_runner import build_missing, projection_subscription
from application.kernel.projection_store import TableUpdate
from application.kernel.relay import relay_subscription
from application.kernel.subscription import Backoff, NoLock, Subscription
from application.kernel.topics import TOPICS, Group, Topic
from domain.achievements.training_stats import Performed, Training
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, TenantId, UserId, WorkoutId
from domain.kernel import Origin, Recorded
from domain.sessions.events import SessionRestored, SessionStarted
from projections.session_summary import SESSION_SUMMARY, SessionSummary
from tests.encoding_log import EncodingLog

AT = datetime(2030, 1, 1, tzinfo=UTC)
POISON = 3
"""Number of the record that fails permanently, if a test enables it."""


class Crash(BaseException):
    """The process dies: nothing handles this exception."""


@dataclass
class Hooks:
    """Effects of the next steps: errors or actions before them, errors after them."""

    before: list[BaseException | Callable[[], object]] = field(
        default_factory=list[BaseException | Callable[[], object]]
    )
    after: list[BaseException] = field(default_factory=list[BaseException])
    poison: bool = False

    def enter(self) -> None:
        if not self.before:
            return
        happening = self.before.pop(0)
        if isinstance(happening, BaseException):
            raise happening
        happening()

    def leave(self) -> None:
        if self.after:
            raise self.after.pop(0)


@dataclass
class ScriptedLock(NoLock):
    """A leader lock that another instance holds as often as a test says."""

    lost: list[bool] = field(default_factory=list[bool])

    def acquire(self) -> bool:
        return not (self.lost and self.lost.pop(0))

    def renew(self) -> bool:
        return self.acquire()


class Rig(Protocol):
    """Records 1, 2, … for one kind of processor, and their stored effects."""

    hooks: Hooks
    outage: Exception

    def add(self, number: int) -> None: ...

    def effects(self) -> set[int]:
        """Return the numbers of the records whose effect is stored."""
        ...

    def quarantined(self) -> set[int] | None:
        """Return the records that were skipped; None if the processor skips none."""
        ...

    def subscription(self) -> Subscription[Any]:
        """Start another process on the same stores."""
        ...

    def lose_leadership(self) -> None:
        """Let another instance lead for a moment."""
        ...


@dataclass
class LogRig:
    """A rig on the event log: record n is the first event of stream session-s<n>."""

    hooks: Hooks = field(default_factory=Hooks)
    outage: Exception = field(default_factory=StorageUnavailable)
    lock: ScriptedLock = field(default_factory=ScriptedLock)
    log: MemoryEventLog = field(
        default_factory=lambda: MemoryEventLog(clock=lambda: AT, new_id=new_id)
    )

    def add(self, number: int) -> None:
        origin = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())
        change = Change(f"session-s{number}", 0, [self.event()])
        self.log.append([change], origin=origin, command_id=uuid4())

    def event(self) -> Any:
        return SessionStarted(
            athlete_id=UserId("ada"), at=AT, workout_id=WorkoutId("push"), time_zone="UTC"
        )

    def wait(self, after: int, timeout_s: float, stop: Event | None = None) -> int:
        del after, timeout_s, stop
        return self.log.head()

    def lose_leadership(self) -> None:
        self.lock.lost = [True, True]


class ProjectionRig(LogRig):
    """Rig of the projection runner: effects are rows of a read model."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.database = Database(f"sqlite:///{folder / 'read_models.db'}")
        hooks = self.hooks

        class Store(SqlProjectionStore):
            def store(self, updates: Sequence[TableUpdate]) -> None:
                hooks.enter()
                super().store(updates)
                hooks.leave()

        self.store = Store(self.database)
        build_missing(self.log, self.store, [SESSION_SUMMARY])

    def effects(self) -> set[int]:
        read = SqlReadModels(self.database)
        numbers = range(1, self.log.head() + 1)
        return {n for n in numbers if read.get(SESSION_SUMMARY, DEFAULT_TENANT, f"s{n}")}

    def quarantined(self) -> set[int] | None:
        (table,) = self.store.live([SESSION_SUMMARY])
        return {int(stream.removeprefix("session-s")) for _, stream in table.quarantined}

    def subscription(self) -> Subscription[Any]:
        def evolve(row: SessionSummary | None, recorded: Recorded[Any]) -> SessionSummary | None:
            if self.hooks.poison and recorded.stream == f"session-s{POISON}":
                raise LookupError
            return SESSION_SUMMARY.evolve(row, recorded)

        return projection_subscription(
            log=self.log,
            tail=self,
            tables=self.store,
            projections=[replace(SESSION_SUMMARY, evolve=evolve)],
            lock=self.lock,
            draw=lambda: 0.0,
            poll_s=0.001,
        )


class RelayRig(LogRig):
    """Rig of the relay: effects are messages on the bus."""

    def __init__(self, _folder: Path) -> None:
        super().__init__()
        self.outage = BusUnavailable()
        self.bus = InProcessBus(TOPICS)
        self.checkpoints = MemoryCheckpoints()

    def publish(self, messages: Sequence[Message]) -> None:
        if self.hooks.poison:
            raise MessageTooLarge
        self.hooks.enter()
        self.bus.publish(messages)
        self.hooks.leave()

    def effects(self) -> set[int]:
        sent = [from_message(each.message) for each in self.bus.read("kinelog.events.sessions")]
        return {int(event.stream.removeprefix("session-s")) for event in sent}

    def quarantined(self) -> set[int] | None:
        return None

    def subscription(self) -> Subscription[Any]:
        return relay_subscription(
            log=EncodingLog(self.log, EVENTS.encode),
            tail=self,
            bus=self,
            checkpoints=MemoryCheckpointStore(self.checkpoints),
            draw=lambda: 0.0,
            poll_s=0.001,
        )

    def lose_leadership(self) -> None:
        other = MemoryCheckpointStore(self.checkpoints)
        self.checkpoints.holder = other
        other.release()


class AchievementRig(LogRig):
    """Rig of achievements: effects are events of athletes.

    Record n is a session of athlete s<n>.
    """

    def __init__(self, _folder: Path) -> None:
        super().__init__()

    def event(self) -> Any:
        return SessionRestored(at=AT, trained=None)

    def pending(self, tenant_id: TenantId) -> Mapping[UserId, Due]:
        streams = [each.stream for each in self.log.scan(after=0, limit=99)]
        numbers = {int(s.removeprefix("session-s")) for s in streams if s.startswith("session")}
        del tenant_id
        return {
            UserId(f"s{n}"): (DueSession(SessionId(f"s{n}")),)
            for n in sorted(numbers - self.effects())
        }

    due = pending

    def trainings(self, tenant_id: TenantId, athlete: UserId) -> Sequence[Training]:
        del tenant_id
        if self.hooks.poison and athlete == f"s{POISON}":
            raise LookupError
        squats = (Performed(ExerciseId("squat"), 8),)
        return [Training(SessionId(athlete), AT, date(2030, 1, 1), 8, None, squats)]

    def effects(self) -> set[int]:
        streams = [each.stream for each in self.log.scan(after=0, limit=99)]
        prefix = "achievements-s"
        return {int(s.removeprefix(prefix)) for s in streams if s.startswith(prefix)}

    def quarantined(self) -> set[int] | None:
        skipped = self.service.skipped
        return {int(athlete.removeprefix("s")) for _, athlete in skipped}

    def subscription(self) -> Subscription[Any]:
        hooks = self.hooks

        class Commands(CommandHandler):
            def execute(self, *requests: Any, **options: Any) -> Any:
                hooks.enter()
                result = super().execute(*requests, **options)
                hooks.leave()
                return result

        commands = Commands(self.log, settled=lambda _: None)
        self.service = AchievementService(self, commands, lambda: AT, uuid4)
        return achievement_subscription(
            log=EncodingLog(self.log, EVENTS.encode),
            tail=self,
            tenants=lambda: [DEFAULT_TENANT],
            fresh=lambda _position, _timeout_s: True,
            patience_s=1.0,
            achievements=self.service,
            lock=self.lock,
            draw=lambda: 0.0,
            poll_s=0.001,
        )


GROUP = Group("letters", ("work",))


class ConsumerRig:
    """Rig of a consumer: effects are calls of its handler."""

    def __init__(self, _folder: Path) -> None:
        self.hooks = Hooks()
        self.outage: Exception = BusUnavailable()
        kept = timedelta(days=1)
        self.bus = InProcessBus([Topic(n, "", kept, 1) for n in ("work", GROUP.dead_letters)])
        self.handled: set[int] = set()

    def add(self, number: int) -> None:
        self.bus.publish([Message("work", "key", str(number).encode())])

    def effects(self) -> set[int]:
        return set(self.handled)

    def quarantined(self) -> set[int] | None:
        return {int(each.message.value or b"0") for each in list_dead_letters(self.bus, GROUP)}

    def handle(self, delivery: Delivery) -> None:
        number = int(delivery.message.value or b"0")
        if self.hooks.poison and number == POISON:
            raise LookupError
        self.hooks.enter()
        self.handled.add(number)
        self.hooks.leave()

    def subscription(self) -> Subscription[Any]:
        return consumer_subscription(
            self.bus,
            GROUP,
            self.handle,
            draw=lambda: 0.0,
            clock=lambda: AT,
            retry=Backoff(attempts=3, first_s=0.0),
        )

    def lose_leadership(self) -> None:
        self.bus.subscribe(GROUP.name, GROUP.topics).close()


RIGS: dict[str, Callable[[Path], Rig]] = {
    "projections": ProjectionRig,
    "relay": RelayRig,
    "achievements": AchievementRig,
    "consumer": ConsumerRig,
}
