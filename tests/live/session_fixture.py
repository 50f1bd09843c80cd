"""A session in an in-memory log, and its events."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.clock import new_id
from adapters.event_log.memory import MemoryEventLog
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import EventLog, StorageUnavailable
from application.live.chunk import SensorSample, SessionKey
from application.live.chunk_processor import ChunkProcessor, SequenceGuard, WorkerGuard
from application.live.cue_preferences import CuePreferenceCache
from application.live.detections import DetectionRecorder
from application.live.image_analysis import AnalyzeImages, drop_images
from application.live.local_transport import LocalTransport
from application.live.sequence_guard import SessionSnapshots
from application.live.tracker_store import LoggedTrackerStore, StateSave, StoredState
from application.live.worker_handlers import PoseHandler
from domain.coaching.preferences import CuePreferences
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, TenantId, UserId
from domain.kernel import Origin, Recorded
from domain.sessions import commands, events
from domain.sessions.session import SESSION
from domain.values import CountedBy
from tests.live.chunks import MODEL, NOW

KEY = SessionKey(DEFAULT_TENANT, SessionId("s"))
COUNTED_BY = CountedBy("server", MODEL, 1)


def clock() -> datetime:
    return NOW


def origin() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=new_id())


class SessionFixture:
    """A log and the commands to it. The session `s` began ten minutes ago."""

    def __init__(self, log: EventLog | None = None) -> None:
        self.log: EventLog = log or MemoryEventLog(clock=clock, new_id=new_id)
        self.commands = CommandHandler(self.log, settled=lambda _: None)
        self.preferences = CuePreferences()
        self.execute(
            commands.StartSession(athlete_id=UserId("ada"), at=NOW - timedelta(minutes=10))
        )

    def cue_preferences(self, _tenant_id: TenantId, _user_id: UserId) -> CuePreferences:
        """Return the cue preferences of every user."""
        return self.preferences

    def execute(self, *wanted: commands.SessionCommand, session: str = "s") -> None:
        self.commands.execute(
            Request(SESSION, session, wanted), origin=origin(), command_id=new_id()
        )

    def start_set(self, number: int, exercise: str = "squat") -> None:
        name = ExerciseId(exercise)
        self.execute(commands.StartSet(set=number, exercise_id=name, counted_by=COUNTED_BY))

    def complete(self) -> None:
        self.execute(commands.CompleteSession(at=NOW, specs={}))

    def all_events(self) -> list[events.SessionEvent]:
        return [recorded.event for recorded in self.recorded()]

    def recorded(self) -> Sequence[Recorded[events.SessionEvent]]:
        return self.log.load(DEFAULT_TENANT, "session-s")

    def of(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.all_events() if isinstance(fact, kind)]


class InMemoryStateStore:
    """An in-memory `StateStore`.

    `fails` is called before each save and tells if the disk is full.
    """

    def __init__(self, fails: Callable[[], bool] = lambda: False) -> None:
        self.fails = fails
        self.stored: dict[SessionKey, StoredState] = {}
        self.samples: list[SensorSample] = []

    def load(self, key: SessionKey) -> StoredState | None:
        return self.stored.get(key)

    def reached(self, keys: Collection[SessionKey]) -> Mapping[SessionKey, int]:
        return {key: self.stored[key].reached for key in keys if key in self.stored}

    def save_all(self, saves: Sequence[StateSave]) -> None:
        if self.fails():
            raise StorageUnavailable
        for save in saves:
            before = self.stored.get(save.key)
            if before is None or before.reached <= save.stored.reached:
                self.stored[save.key] = save.stored
            self.samples += save.sensors


def pose_handler(
    fixture: SessionFixture,
    states: InMemoryStateStore | None = None,
    analyze_images: AnalyzeImages = drop_images,
) -> PoseHandler:
    """Build a pose worker on the log of a session fixture."""
    store = LoggedTrackerStore(states or InMemoryStateStore(), DetectionRecorder(fixture.commands))
    return PoseHandler(ChunkProcessor(store, WorkerGuard(), analyze_images), store)


def local_transport(
    fixture: SessionFixture,
    states: InMemoryStateStore | None = None,
    settled: Callable[[int], object] = lambda _: None,
    analyze_images: AnalyzeImages = drop_images,
) -> LocalTransport:
    """Build the in-process transport on the log of a session fixture."""
    store = LoggedTrackerStore(states or InMemoryStateStore(), DetectionRecorder(fixture.commands))
    guard = SequenceGuard(
        SessionSnapshots(fixture.log), CuePreferenceCache(fixture.cue_preferences), clock
    )
    return LocalTransport(ChunkProcessor(store, guard, analyze_images), store, settled=settled)
