"""How people are forgotten, put together from settings: everywhere something of them lies."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any, Final, get_args

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS

from adapters.analytics.database import Analytics
from adapters.clock import new_id, utc_now
from adapters.event_log.codec import EVENT_UNIONS
from adapters.event_log.postgres_encoded_reader import PostgresEncodedLog
from adapters.event_log.postgres_hash_chain import PostgresHashChain
from adapters.event_log.sqlite_encoded_reader import SqliteEncodedLog
from adapters.event_log.sqlite_hash_chain import SqliteHashChain
from adapters.jobs.daily_leases import METADATA as DAILY
from adapters.jobs.daily_leases import SqlDailyLeases
from adapters.jobs.sql import METADATA as JOBS
from adapters.jobs.sql import SCHEMA as JOBS_SCHEMA
from adapters.live.sensor_store import METADATA as LIVE
from adapters.live.sensor_store import SCHEMA as LIVE_SCHEMA
from adapters.privacy.certificate_signer import JoseCertificates
from adapters.privacy.database import PrivacyDatabase
from adapters.privacy.erasure_store import SqlErasures
from adapters.privacy.expiring_data import OldJobs, OldMails, OldSignIns
from adapters.privacy.export_store import ExportTraces, SqlExports, SqlSignInRecords
from adapters.privacy.tables import METADATA as PRIVACY
from adapters.privacy.targets.files import Folder, MailFolder, SqliteCompaction, SqliteTables
from adapters.privacy.targets.postgres import PostgresCompaction, PostgresRetention, PostgresTables
from adapters.privacy.targets.rows import account_rows, analytics_rows, jobs, live_rows
from adapters.sql.engines import open_engine
from adapters.users.background_tasks import Background
from adapters.users.tables import METADATA as IDENTITY
from application.audit.hash_chain import HashChainReader
from application.audit.verification import verify_chain
from application.kernel.command_handler import CommandHandler
from application.kernel.relay import EncodedLog
from application.platform import Platform
from application.privacy.access_log import AccessLog
from application.privacy.consents import Consents
from application.privacy.daily_work import DailyTasks, DailyWork
from application.privacy.data_archive import ArchiveWriter
from application.privacy.data_exports import DataExportService
from application.privacy.erasure import ErasureService
from application.privacy.erasure_targets import ReadModelRows, RecordedMedia
from application.privacy.pii_scan import Place
from application.privacy.ports import ErasureTarget, Retained
from application.privacy.reauthentication import PrivacyServices, Reauthentication
from application.privacy.retention import (
    DeletedRecordings,
    ExpiredExports,
    InactiveAccounts,
    OldMedia,
    RetentionRule,
    RetentionService,
)
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import EncryptionServices, build_encryption
from domain.ids import TenantId
from domain.kernel import Origin
from domain.motion.exercises.library import all_exercises
from domain.recordings.commands import RESTORE_WINDOW
from projections.registry import ALL

CONNECTIONS: Final = 2

RETENTION: Final = "retention"
"""The actor of what happens because its time has come."""

WORDY: Final = ("session_recording", "session_summary", "user_profile", "workout_prescription")
"""Read models in whose rows stand words that people have chosen."""

REWRITTEN: Final = frozenset(
    {"tables.sqlite3", "identity.sqlite3", "live.sqlite3", "privacy.sqlite3"}
)
"""SQLite files from which rows go."""


@dataclass
class _Found:
    """What there is of a person, and where it is looked for."""

    stored: EncodedLog
    asked: sa.Engine
    """Where jobs are."""
    chain: HashChainReader
    traces: list[ErasureTarget] = field(default_factory=list[ErasureTarget])
    everywhere: list[Place] = field(default_factory=list[Place])
    of_tenant: list[Callable[[TenantId], Place]] = field(
        default_factory=list[Callable[[TenantId], Place]]
    )
    retained: list[Retained] = field(default_factory=list[Retained])

    def places(self, tenant_id: TenantId) -> list[Place]:
        """Say where people of a tenant are looked for."""
        return [*(place(tenant_id) for place in self.of_tenant), *self.everywhere]


@contextmanager
def build_certificate_signer(settings: Settings) -> Generator[JoseCertificates]:
    """Lend what signs certificates, and reads them. Raises StorageUnavailable."""
    with build_encryption(settings) as encryption, closing(_database(settings)) as database:
        yield JoseCertificates(database, encryption.kms, utc_now)


@contextmanager
def build_privacy_services(settings: Settings, platform: Platform) -> Generator[PrivacyServices]:
    """Lend the use cases of privacy. Raises StorageUnavailable."""
    with ExitStack() as opened:
        encryption = opened.enter_context(build_encryption(settings))
        database = opened.enter_context(closing(_database(settings)))
        later = opened.enter_context(closing(Background()))
        found = _found(settings, platform, encryption, opened)
        erasure = _erasure(settings, platform, encryption, database, found)
        sign_ins = SqlSignInRecords(encryption.database)
        at_once = CommandHandler(platform.log, settled=lambda _: None)
        exports = DataExportService(
            store=SqlExports(database),
            exporting=ArchiveWriter(
                log=platform.log,
                tables=platform.tables,
                projections=ALL,
                media=platform.media,
                accounts=platform.accounts().accounts,
                sign_ins=sign_ins,
                belongings=erasure.belongings,
            ),
            folder=settings.home / "exports",
            media=platform.media,
            commands=at_once,
            later=later,
            clock=utc_now,
            kept=timedelta(hours=settings.export_kept_h),
        )
        found.traces.append(ExportTraces(exports))
        retention = _retention(settings, platform, encryption, found, erasure, exports)
        yield PrivacyServices(
            erasure=erasure,
            exports=exports,
            reauthentication=Reauthentication(
                lambda: platform.accounts().sign_in_service, sign_ins.began_at, utc_now
            ),
            later=later,
            consents=Consents(
                platform.log,
                lambda: platform.accounts().accounts,
                utc_now,
                heard=platform.consents.invalidate,
            ),
            access=AccessLog(platform.log, at_once, utc_now),
            retention=retention,
            daily=lambda: DailyWork(
                leases=SqlDailyLeases(found.asked),
                tenants=found.chain.answered,
                chores=DailyTasks(erasure, retention, new_id),
                owner=new_id(),
                clock=utc_now,
                begins=timedelta(hours=settings.daily_at_h),
            ),
        )


def _retention(
    settings: Settings,
    platform: Platform,
    encryption: EncryptionServices,
    found: _Found,
    erasure: ErasureService,
    exports: DataExportService,
) -> RetentionService:
    sign_ins = OldSignIns(encryption.database)

    def origin(tenant_id: TenantId) -> Origin:
        return Origin(tenant_id=tenant_id, actor=RETENTION, correlation_id=new_id())

    inactive = InactiveAccounts(found.stored, erasure, sign_ins.since, origin)
    return RetentionService(
        [
            RetentionRule("exports", timedelta(0), ExpiredExports(exports)),
            RetentionRule("sign_ins", _days(settings.retain_sign_ins_days), sign_ins),
            RetentionRule(
                "jobs", _days(settings.retain_jobs_days), OldJobs(found.asked, platform.media)
            ),
            RetentionRule(
                "mails", _days(settings.retain_mails_days), OldMails(settings.home / "mail")
            ),
            RetentionRule(
                "media",
                _days(settings.retain_media_days),
                OldMedia(found.stored, platform.media),
            ),
            RetentionRule(
                "deleted_recordings",
                RESTORE_WINDOW,
                DeletedRecordings(found.stored, platform.recorder, origin),
            ),
            RetentionRule("inactive_accounts", _days(settings.retain_inactive_days), inactive),
        ],
        utc_now,
    )


def _days(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(days=number)


def _erasure(
    settings: Settings,
    platform: Platform,
    encryption: EncryptionServices,
    database: PrivacyDatabase,
    found: _Found,
) -> ErasureService:
    kept = SqlErasures(database, encryption.sealer, utc_now)
    return ErasureService(
        log=platform.log,
        stored=found.stored,
        decode=encryption.codec.decode,
        commands=platform.commands,
        account_erasure=lambda: platform.accounts().account_erasure,
        traces=found.traces,
        places=found.places,
        retained=found.retained,
        terms=kept,
        signer=JoseCertificates(database, encryption.kms, utc_now),
        certificates=kept,
        waiting=kept,
        vocabulary=vocabulary(),
        clock=utc_now,
        new_id=new_id,
        grace=timedelta(hours=settings.erasure_grace_h),
        held=timedelta(seconds=settings.erasure_wait_s),
        checks=lambda tenant: chained(found.chain, tenant),
    )


def _database(settings: Settings) -> PrivacyDatabase:
    if settings.postgres_url is not None:
        return PrivacyDatabase(settings.postgres_url.get_secret_value())
    return PrivacyDatabase(sa.URL.create("sqlite", database=str(settings.home / "privacy.sqlite3")))


def _found(
    settings: Settings, platform: Platform, encryption: EncryptionServices, opened: ExitStack
) -> _Found:
    """Find everything that is the same wherever facts are kept, then what is not."""
    if settings.postgres_url is None:
        found = _in_folder(settings, platform, opened)
    else:
        url = settings.postgres_url.get_secret_value()
        found = _in_postgresql(settings, platform, url, opened)
    found.traces += [
        account_rows(encryption.database),
        ReadModelRows(platform.log, platform.tables, ALL),
        RecordedMedia(platform.media),
        MailFolder(settings.home / "mail"),
    ]
    found.everywhere.append(Folder("data folder", settings.home))
    if settings.redis_url is not None:
        from adapters.privacy.targets.redis import RedisKeys, RedisTraces  # noqa: PLC0415  where it is set

        redis_url = settings.redis_url.get_secret_value()
        found.traces.append(RedisTraces(redis_url))
        found.everywhere.append(RedisKeys("Redis", redis_url))
    return found


def _in_folder(settings: Settings, platform: Platform, opened: ExitStack) -> _Found:
    home = settings.home
    log = opened.enter_context(closing(SqliteEncodedLog(home / "log.sqlite3")))
    tables, live = (_engine(home / name, opened) for name in ("tables.sqlite3", "live.sqlite3"))
    return _Found(
        stored=log,
        asked=tables,
        chain=opened.enter_context(closing(SqliteHashChain(home / "log.sqlite3"))),
        traces=[
            live_rows(live),
            jobs(tables, platform.media),
            SqliteCompaction(home, REWRITTEN),
        ],
        everywhere=[SqliteTables("tables of the data folder", home)],
    )


def _engine(path: Any, opened: ExitStack) -> sa.Engine:
    engine = open_engine(sa.URL.create("sqlite", database=str(path)), schema="")
    opened.callback(engine.dispose)
    return engine


def _in_postgresql(settings: Settings, platform: Platform, url: str, opened: ExitStack) -> _Found:
    asked = open_engine(url, schema=JOBS_SCHEMA, connections=CONNECTIONS)
    opened.callback(asked.dispose)
    found = _Found(
        stored=opened.enter_context(closing(PostgresEncodedLog(url))),
        asked=asked,
        chain=opened.enter_context(closing(PostgresHashChain(url))),
        traces=[
            jobs(asked, platform.media),
            analytics_rows(opened.enter_context(closing(Analytics.at(url)))),
            PostgresCompaction(url, WORDY),
        ],
        of_tenant=[lambda tenant: PostgresTables("PostgreSQL", url, tenant)],
        retained=[PostgresRetention()],
    )
    live = open_engine(url, schema=LIVE_SCHEMA, connections=CONNECTIONS)
    opened.callback(live.dispose)
    found.traces.append(live_rows(live))
    if settings.kafka is not None:
        _in_kafka(settings, found, opened)
    return found


def _in_kafka(settings: Settings, found: _Found, opened: ExitStack) -> None:
    from adapters.privacy.targets.kafka import (  # noqa: PLC0415  loads Kafka's client, where it is set
        DeadLetters,
        KafkaRetention,
        KafkaTopicsPlace,
    )
    from bootstrap.wiring.bus import build_kafka_bus, kafka_config  # noqa: PLC0415  same

    kafka = kafka_config(settings)
    bus = opened.enter_context(build_kafka_bus(settings))
    found.traces.append(DeadLetters(kafka, bus, vocabulary()))
    found.retained.append(KafkaRetention(utc_now))
    found.everywhere.append(KafkaTopicsPlace("Kafka", kafka, bus))


def chained(log: HashChainReader, tenant_id: TenantId) -> dict[str, Any]:
    """Tell whether the tenant's facts still follow one another, hash by hash, and to where."""
    verdict = verify_chain(log, tenant_id)
    told = {"holds": verdict.holds, "events": verdict.events, "position": verdict.position}
    return {"chain": {**told, "hash": verdict.hash.hex()}}


def vocabulary() -> frozenset[str]:
    """Collect the platform's own words: names of events, fields, tables, exercises; SQL's, too."""
    names = {*all_exercises(), *RESERVED_WORDS}
    events: list[Any] = [each for union in EVENT_UNIONS for each in get_args(union)]
    names |= {event.event_name for event in events}
    names |= {each.name for event in events for each in fields(event)}
    names |= {each.name for each in ALL} | {each.name for one in ALL for each in fields(one.row)}
    for metadata in (IDENTITY, JOBS, DAILY, LIVE, PRIVACY):
        for table in metadata.sorted_tables:
            names |= {table.name, *table.columns.keys()}
    apart = {part for name in names for part in name.replace(".", "_").split("_")}
    return frozenset(word.lower() for word in names | apart)
