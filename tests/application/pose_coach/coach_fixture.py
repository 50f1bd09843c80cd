"""Both stores of the pose coach beside a log in a file, with faults and a clock of the test."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest

from adapters.event_log.sqlite_encoded_reader import SqliteEncodedLog
from application.kernel.read_models import ReadModels
from application.kernel.subscription import LOG, LogSource, NoLock, Records, Subscription
from application.platform import Platform
from application.pose_coach.agreement import Agreement
from application.pose_coach.sink_states import Status
from application.pose_coach.sinks import SinkProcessor
from application.pose_coach.stores import SessionRecord, SessionStore, StoreName
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import PoseCoachStores, open_pose_coach
from domain.ids import DEFAULT_TENANT, PoseSessionId, TenantId, UserId
from domain.kernel import Origin
from domain.pose_coach.commands import PoseSummary
from domain.pose_coach.key import PoseCoachKey
from tests.data_folders import prepared

ADA = UserId("ada")
ENDED = datetime(2025, 10, 17, 14, 30, tzinfo=UTC)
ORIGIN = Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())


class Faulty:
    """A store whose writes fail with an error while there is one."""

    def __init__(self, store: SessionStore) -> None:
        self._store: Any = store
        self.error: Exception | None = None
        self.fails_profiles = True

    def __getattr__(self, name: str) -> Any:
        failing = {"save", "delete"}
        if self.fails_profiles:
            failing.add("save_profile")
        if self.error is not None and name in failing:
            raise self.error
        return getattr(self._store, name)


@dataclass
class Coach:
    """A platform, its two stores, and a clock."""

    platform: Platform
    stores: PoseCoachStores
    log: SqliteEncodedLog
    now: datetime = ENDED + timedelta(hours=1)
    read: ReadModels = field(init=False)
    keys: dict[UserId, PoseCoachKey] = field(default_factory=dict[UserId, PoseCoachKey])
    waits: list[int] = field(default_factory=list[int])
    """Positions of the log for whose read models a sink waited."""

    def __post_init__(self) -> None:
        self.read = self.platform.read
        self.document = Faulty(self.stores.document)
        self.analytics = Faulty(self.stores.analytics)

    def find_key(self, _tenant_id: TenantId, user_id: UserId) -> PoseCoachKey | None:
        return self.keys.get(user_id, PoseCoachKey("uid-of-ada"))

    def save(self, number: int = 0, user_id: UserId = ADA) -> PoseSessionId:
        ended = ENDED + timedelta(seconds=number)
        summary = PoseSummary("squat", number, 0.87, ended, 120, ("Knees.",))
        session_id, _ = self.platform.pose_coach.save_workout_session(
            user_id, summary, origin=ORIGIN, command_id=uuid4()
        )
        return session_id

    def delete(self, session_id: PoseSessionId) -> None:
        self.platform.pose_coach.delete_workout_session(
            ADA, session_id, origin=ORIGIN, command_id=uuid4()
        )

    def follow(self, *stores: Faulty) -> None:
        """Follow the log to its end, then write what is due."""
        for store in stores or (self.document, self.analytics):
            sink: Any = SinkProcessor(
                cast("SessionStore", store),
                self.stores.states,
                log=self.platform.log,
                owner_of=self.platform.owners.of_pose_session,
                read=self.read,
                find_key=self.find_key,
                fresh=self._fresh,
                patience_s=0.0,
                clock=lambda: self.now,
                draw=lambda: 1.0,
            )
            subscription = Subscription(LogSource(self.log), sink, NoLock(), draw=lambda: 1.0)
            reached = subscription.run_once()
            sink.process(Records((), {LOG: reached[LOG]}))

    def _fresh(self, position: int, timeout_s: float) -> bool:
        self.waits.append(position)
        return self.platform.fresh(position, timeout_s)

    def statuses(self, session_id: PoseSessionId) -> dict[StoreName, Status]:
        entries = self.stores.states.of_sessions(DEFAULT_TENANT, [session_id])[session_id]
        return {name: entry.status for name, entry in entries.items()}

    def stored(self, uid: str = "uid-of-ada") -> list[list[str]]:
        """Return the ids of the user's sessions in each store."""
        both: Sequence[SessionStore] = (self.stores.document, self.stores.analytics)
        return [[each.session_id for each in store.list(DEFAULT_TENANT, uid)] for store in both]

    def verify(self) -> bool:
        return self.agreement().verify(DEFAULT_TENANT, with_log=True, deep=True).agrees

    def agreement(self) -> Agreement:
        return replace(
            self.stores.agreement, read=self.read, find_key=self.find_key, clock=lambda: self.now
        )


@pytest.fixture
def coach(tmp_path: Path) -> Iterator[Coach]:
    home = prepared(tmp_path / "home")
    settings = Settings(home=home, cache=tmp_path / "cache", postgres_url=None)
    with ExitStack() as opened:
        platform = opened.enter_context(open_platform(settings))
        stores = opened.enter_context(open_pose_coach(settings, platform))
        log = opened.enter_context(closing(SqliteEncodedLog(settings.home / "log.sqlite3")))
        yield Coach(platform, stores, log)


def content(records: Sequence[SessionRecord]) -> list[bytes]:
    """Return the normal form of sessions, in one order."""
    return sorted(json.dumps(asdict(each), sort_keys=True).encode() for each in records)
