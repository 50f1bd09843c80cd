"""Build health clouds that are set up, and follow their links on threads of the API's process."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from threading import Event
from typing import Final

import sqlalchemy as sa
from pydantic import SecretStr

from adapters.clock import utc_now
from adapters.encryption.blind_index import BlindIndex
from adapters.event_log.notify_tail import NotifyTail
from adapters.event_log.polling_tail import PollingTail
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from adapters.event_log.sqlite_encoded_reader import SqliteEncodedLog
from adapters.health.links import SqlHealthLinks
from adapters.sql.leader_lock import PostgresLeaderLock
from application.health.providers import HealthProvider
from application.health.sync_triggers import GROUP, LinkedClouds, follow_health_links
from application.health.write_back import CompletionProcessor, sources_with_writes
from application.kernel.cloud_events import EncodedEvent
from application.kernel.consumer import consumer_subscription
from application.kernel.metrics import Gauge, watch
from application.kernel.subscription import LogSource, NoLock, Subscription
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw
from bootstrap.wiring.encryption import EncryptionServices
from bootstrap.wiring.threads import Work, keep_running, running
from domain.health.events import CloudSource
from domain.ids import DEFAULT_TENANT
from domain.kernel import Rejected

LOCK: Final = 7_595_438_430
"""The PostgreSQL advisory lock of the runner that follows completed workouts."""


class HealthCloudIncomplete(Rejected):
    """A health cloud is set up in part."""

    code = "settings.health_cloud_incomplete"
    kind = "invalid"


def build_health_links(engine: sa.Engine, encryption: EncryptionServices) -> SqlHealthLinks:
    """Build the store of links.

    A webhook names an account and no tenant, so accounts of all tenants have digests under one key.
    """
    index = BlindIndex(encryption.keys, encryption.kms)
    return SqlHealthLinks(
        engine,
        encryption.sealer,
        lambda account: index.derive(DEFAULT_TENANT, "health_account", account),
    )


@contextmanager
def build_health_clouds(settings: Settings) -> Generator[Mapping[CloudSource, HealthProvider]]:
    """Build the clouds that are set up, and close their connections at the end of the block.

    Raises HealthCloudIncomplete.
    """
    with ExitStack() as opened:
        yield {name: opened.enter_context(closing(each)) for name, each in _clouds(settings)}


def _clouds(settings: Settings) -> Iterator[tuple[CloudSource, HealthProvider]]:
    build: dict[CloudSource, Callable[[Settings, str, SecretStr], HealthProvider]] = {
        "google_health": _google,
        "strava": _strava,
        "withings": _withings,
        "polar": _polar,
        "oura": _oura,
        "garmin": _garmin,
    }
    for name, builder in build.items():
        secret = getattr(settings, f"{name}_secret")
        client = getattr(settings, f"{name}_client_id")
        if secret is None:
            continue
        if not client:
            variable = f"KINELOG_{name.upper()}_CLIENT_ID"
            raise HealthCloudIncomplete(f"Set {variable} as well.")
        yield name, builder(settings, client, secret)


def _google(settings: Settings, client: str, secret: SecretStr) -> HealthProvider:
    from adapters.health.google import GoogleHealth  # noqa: PLC0415  loads Authlib, where it is set

    file = settings.google_health_webhook_key
    try:
        return GoogleHealth(
            client,
            secret,
            settings.google_health_webhook_secret,
            None if file is None else file.read_bytes(),
            clock=utc_now,
            url=settings.google_health_url,
        )
    except (OSError, ValueError):
        raise HealthCloudIncomplete(
            "KINELOG_GOOGLE_HEALTH_WEBHOOK_KEY is not a file with a public key in PEM."
        ) from None


def _strava(settings: Settings, client: str, secret: SecretStr) -> HealthProvider:
    from adapters.health.strava import URL, Strava  # noqa: PLC0415  loads Authlib, where it is set

    return Strava(
        client,
        secret,
        settings.strava_verify_token,
        clock=utc_now,
        url=settings.strava_url or URL,
    )


def _withings(settings: Settings, client: str, secret: SecretStr) -> HealthProvider:
    from adapters.health.withings import Withings  # noqa: PLC0415  loads Authlib, where it is set

    return Withings(client, secret, clock=utc_now, url=settings.withings_url)


def _polar(settings: Settings, client: str, secret: SecretStr) -> HealthProvider:
    from adapters.health.polar import Polar  # noqa: PLC0415  loads Authlib, where it is set

    return Polar(
        client, secret, settings.polar_webhook_secret, clock=utc_now, url=settings.polar_url
    )


def _oura(settings: Settings, client: str, secret: SecretStr) -> HealthProvider:
    from adapters.health.oura import Oura  # noqa: PLC0415  loads Authlib, where it is set

    return Oura(client, secret, settings.oura_verify_token, clock=utc_now, url=settings.oura_url)


def _garmin(settings: Settings, client: str, secret: SecretStr) -> HealthProvider:
    from adapters.health.garmin import Garmin  # noqa: PLC0415  loads Authlib, where it is set

    key = settings.garmin_webhook_secret
    if key is None or not key.get_secret_value():
        raise HealthCloudIncomplete("Set KINELOG_GARMIN_WEBHOOK_SECRET as well.")
    return Garmin(client, secret, key, clock=utc_now, url=settings.garmin_url)


@contextmanager
def following_health_links(settings: Settings, platform: Platform) -> Generator[None]:
    """Sync linked clouds until the end of the block, if any is set up.

    Several processes may do it: a link is leased for each sync.
    """
    if not platform.health_clouds:
        yield
        return
    failed = platform.health_links.count_failed
    watch("health_links", lambda: [Gauge("kinelog_health_links_failed", failed())])
    stopping = Event()
    with ExitStack() as opened:
        completions = opened.enter_context(build_completion_runner(settings, platform))
        sync = partial(follow_health_links, lambda: platform.health_sync)
        writes = partial(keep_running, "health_writes", completions.run)
        work: dict[str, Work] = {"health links": sync, "health writes": writes}
        if settings.kafka is not None:
            bus = opened.enter_context(build_kafka_bus(settings))
            linked = LinkedClouds(lambda: platform.health_sync, stopping)
            queue = consumer_subscription(
                bus, GROUP, linked.handle, draw=draw, clock=platform.clock, waits_for_outages=True
            )
            work[GROUP.name] = partial(keep_running, GROUP.name, queue.run)
        opened.enter_context(running(work, settings.shutdown_s))
        opened.callback(stopping.set)  # before the threads are waited for
        yield


@contextmanager
def build_completion_runner(
    settings: Settings, platform: Platform
) -> Generator[Subscription[EncodedEvent]]:
    """Build the runner that has completed workouts written. Raises StorageUnavailable."""
    with ExitStack() as opened:
        log: SqliteEncodedLog | PostgresEncodedLog
        tail: PollingTail | NotifyTail
        lock: NoLock | PostgresLeaderLock
        if settings.postgres_url is None:
            log = opened.enter_context(closing(SqliteEncodedLog(settings.home / "log.sqlite3")))
            tail, lock = PollingTail(platform.log), NoLock()
        else:
            url = settings.postgres_url.get_secret_value()
            log = opened.enter_context(closing(PostgresEncodedLog(url)))
            tail = opened.enter_context(closing(NotifyTail(url)))
            lock = PostgresLeaderLock(url, lock=LOCK)
        source = LogSource(log, tail)
        processor = CompletionProcessor(
            end=source.end,
            fresh=platform.fresh,
            patience_s=platform.patience_s,
            read=platform.read,
            links=platform.health_links,
            sources=sources_with_writes(platform.health_clouds),
            clock=utc_now,
        )
        yield Subscription(source, processor, lock, draw=draw)
