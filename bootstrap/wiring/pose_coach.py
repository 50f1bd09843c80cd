"""Build the stores of the pose coach, and the sinks that follow the log for them."""

from collections.abc import Generator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Final

from adapters.clock import utc_now
from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.polling_tail import PollingTail
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from adapters.event_log.sqlite_encoded_reader import SqliteEncodedLog
from adapters.sql.leader_lock import PostgresLeaderLock, SqliteLeaderLock
from application.kernel.cloud_events import EncodedEvent
from application.kernel.metrics import watch
from application.kernel.subscription import LogSource, Subscription
from application.platform import Platform
from application.pose_coach.agreement import Agreement
from application.pose_coach.erasure import PoseCoachData
from application.pose_coach.sink_health import sink_gauges
from application.pose_coach.sink_states import SinkStates
from application.pose_coach.sinks import SinkProcessor
from application.pose_coach.stores import DocumentStore, SessionStore, StoreName
from application.users.accounts import reveal_pose_coach_uid
from bootstrap.settings import Settings
from bootstrap.wiring.bus import draw
from bootstrap.wiring.pose_stores import (
    build_analytics_store,
    build_document_store,
    build_sink_states,
)
from bootstrap.wiring.threads import keep_running, running
from domain.ids import TenantId, UserId
from domain.pose_coach.key import PoseCoachKey
from domain.users.user import Registered, Unregistered

LOCKS: Final[Mapping[StoreName, int]] = {
    "document": 7_595_438_428,
    "analytics": 7_595_438_429,
}
"""PostgreSQL advisory locks of the sinks; other workers have others."""

POLL_S: Final = 0.5
"""Pause between two looks at the log where it has no notifications; many events are then stored
together."""


@dataclass(frozen=True)
class PoseCoachStores:
    """The stores of the pose coach, and the states of their sinks."""

    document: DocumentStore
    analytics: SessionStore
    states: SinkStates
    agreement: Agreement


@dataclass(frozen=True)
class FindPoseCoachKey:
    """Finds the key of a user. Without an account, which is without sign-in, it is their id."""

    platform: Platform

    def __call__(self, tenant_id: TenantId, user_id: UserId) -> PoseCoachKey | None:
        """Return the present key; None for an erased user, or one without a key."""
        user = self.platform.accounts().accounts.user(tenant_id, user_id)
        match user:
            case Unregistered():
                return PoseCoachKey(user_id)
            case Registered(pose_coach_key=key):
                uid = reveal_pose_coach_uid(key)
                return PoseCoachKey(uid) if uid else None
            case _:
                return None


@contextmanager
def open_pose_coach(settings: Settings, platform: Platform) -> Generator[PoseCoachStores]:
    """Open the stores and the states of their sinks. Raises StorageUnavailable."""
    with (
        closing(build_document_store(settings)) as document,
        closing(build_analytics_store(settings)) as analytics,
        closing(build_sink_states(settings)) as states,
    ):
        agreement = Agreement(
            {"document": document, "analytics": analytics},
            states,
            platform.log,
            platform.read,
            FindPoseCoachKey(platform),
            utc_now,
        )
        yield PoseCoachStores(document, analytics, states, agreement)


def build_pose_coach_target(settings: Settings, opened: ExitStack) -> PoseCoachData:
    """Build the erasure target of the stores."""
    return PoseCoachData(
        opened.enter_context(closing(build_sink_states(settings))),
        (
            opened.enter_context(closing(build_document_store(settings))),
            opened.enter_context(closing(build_analytics_store(settings))),
        ),
    )


def build_sink(platform: Platform, stores: PoseCoachStores, store: SessionStore) -> SinkProcessor:
    """Build the processor that follows the log for one store."""
    return SinkProcessor(
        store,
        stores.states,
        log=platform.log,
        owner_of=platform.owners.of_pose_session,
        read=platform.read,
        find_key=FindPoseCoachKey(platform),
        fresh=platform.fresh,
        patience_s=platform.patience_s,
        clock=utc_now,
        draw=draw,
    )


@contextmanager
def following_pose_coach(settings: Settings, platform: Platform) -> Generator[None]:
    """Run both sinks until the end of the block, if the platform is embedded."""
    if settings.postgres_url is not None:
        yield
        return
    with run_sinks(settings, platform):
        yield


@contextmanager
def run_sinks(settings: Settings, platform: Platform) -> Generator[None]:
    """Run both sinks, each on a thread of its own, until the end of the block.

    Several processes may do it: for each store, one follows the log and the others stand by.
    """
    with open_pose_coach(settings, platform) as stores:
        watch("pose_coach", lambda: sink_gauges(stores.states, platform.log))
        work = {
            f"pose coach, {store.name}": partial(
                keep_running, "pose_coach", partial(_run, settings, platform, stores, store)
            )
            for store in (stores.document, stores.analytics)
        }
        with running(work, settings.shutdown_s):
            yield


def _run(
    settings: Settings,
    platform: Platform,
    stores: PoseCoachStores,
    store: SessionStore,
    stop: Event,
) -> None:
    with build_sink_subscription(settings, platform, stores, store) as subscription:
        subscription.run(stop)


@contextmanager
def build_sink_subscription(
    settings: Settings, platform: Platform, stores: PoseCoachStores, store: SessionStore
) -> Generator[Subscription[EncodedEvent]]:
    """Build the subscription of one store. One process at a time follows the log for it."""
    sink = build_sink(platform, stores, store)
    with ExitStack() as opened:
        if settings.postgres_url is None:
            file = settings.home / "log.sqlite3"
            log = opened.enter_context(closing(SqliteEncodedLog(file)))
            lock = SqliteLeaderLock(settings.home / f"pose_{store.name}.lock")
            yield Subscription(
                LogSource(log, PollingTail(platform.log, poll_s=POLL_S)), sink, lock, draw=draw
            )
            return
        url = settings.postgres_url.get_secret_value()
        source = LogSource(
            opened.enter_context(closing(PostgresEncodedLog(url))),
            opened.enter_context(closing(NotifyTail(url))),
        )
        yield Subscription(source, sink, PostgresLeaderLock(url, lock=LOCKS[store.name]), draw=draw)
