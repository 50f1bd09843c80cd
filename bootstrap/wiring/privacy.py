"""Build privacy: erasure and PII scans in every store, exports, retention, daily work."""

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
"""The actor of scheduled retention."""

WORDY: Final = ("session_recording", "session_summary", "user_profile", "workout_prescription")
"""Read models whose rows contain text written by users."""

REWRITTEN: Final = frozenset(
    {"tables.sqlite3", "identity.sqlite3", "live.sqlite3", "privacy.sqlite3"}
)
"""SQLite files from which rows are deleted; they are compacted afterwards."""


@dataclass
class _Targets:
    """Stores with personal data: what to erase, where to scan, what expires."""

    stored: EncodedLog
    jobs_engine: sa.Engine
    """The database of the jobs."""
    chain: HashChainReader
    traces: list[ErasureTarget] = field(default_factory=list[ErasureTarget])
    everywhere: list[Place] = field(default_factory=list[Place])
    of_tenant: list[Callable[[TenantId], Place]] = field(
        default_factory=list[Callable[[TenantId], Place]]
    )
    retained: list[Retained] = field(default_factory=list[Retained])

    def places(self, tenant_id: TenantId) -> list[Place]:
        """Return the places to scan for people of a tenant."""
        return [*(place(tenant_id) for place in self.of_tenant), *self.everywhere]


@contextmanager
def build_certificate_signer(settings: Settings) -> Generator[JoseCertificates]:
    """Build the signer and verifier of erasure certificates. Raises StorageUnavailable."""
    with build_encryption(settings) as encryption, closing(_database(settings)) as database:
        yield JoseCertificates(database, encryption.kms, utc_now)


@contextmanager
def build_privacy_services(settings: Settings, platform: Platform) -> Generator[PrivacyServices]:
    """Build the use cases of privacy. Raises StorageUnavailable."""
    with ExitStack() as opened:
        encryption = opened.enter_context(build_encryption(settings))
        database = opened.enter_context(closing(_database(settings)))
        later = opened.enter_context(closing(Background()))
        targets = _targets(settings, platform, encryption, opened)
        erasure = _erasure(settings, platform, encryption, database, targets)
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
        targets.traces.append(ExportTraces(exports))
        retention = _retention(settings, platform, encryption, targets, erasure, exports)
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
                leases=SqlDailyLeases(targets.jobs_engine),
                tenants=targets.chain.answered,
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
    targets: _Targets,
    erasure: ErasureService,
    exports: DataExportService,
) -> RetentionService:
    sign_ins = OldSignIns(encryption.database)

    def origin(tenant_id: TenantId) -> Origin:
        return Origin(tenant_id=tenant_id, actor=RETENTION, correlation_id=new_id())

    inactive = InactiveAccounts(targets.stored, erasure, sign_ins.since, origin)
    return RetentionService(
        [
            RetentionRule("exports", timedelta(0), ExpiredExports(exports)),
            RetentionRule("sign_ins", _days(settings.retain_sign_ins_days), sign_ins),
            RetentionRule(
                "jobs",
                _days(settings.retain_jobs_days),
                OldJobs(targets.jobs_engine, platform.media),
            ),
            RetentionRule(
                "mails", _days(settings.retain_mails_days), OldMails(settings.home / "mail")
            ),
            RetentionRule(
                "media",
                _days(settings.retain_media_days),
                OldMedia(targets.stored, platform.media),
            ),
            RetentionRule(
                "deleted_recordings",
                RESTORE_WINDOW,
                DeletedRecordings(targets.stored, platform.recorder, origin),
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
    targets: _Targets,
) -> ErasureService:
    kept = SqlErasures(database, encryption.sealer, utc_now)
    return ErasureService(
        log=platform.log,
        stored=targets.stored,
        decode=encryption.codec.decode,
        commands=platform.commands,
        account_erasure=lambda: platform.accounts().account_erasure,
        traces=targets.traces,
        places=targets.places,
        retained=targets.retained,
        terms=kept,
        signer=JoseCertificates(database, encryption.kms, utc_now),
        certificates=kept,
        waiting=kept,
        vocabulary=vocabulary(),
        clock=utc_now,
        new_id=new_id,
        grace=timedelta(hours=settings.erasure_grace_h),
        held=timedelta(seconds=settings.erasure_wait_s),
        checks=lambda tenant: verify_hash_chain(targets.chain, tenant),
    )


def _database(settings: Settings) -> PrivacyDatabase:
    if settings.postgres_url is not None:
        return PrivacyDatabase(settings.postgres_url.get_secret_value())
    return PrivacyDatabase(sa.URL.create("sqlite", database=str(settings.home / "privacy.sqlite3")))


def _targets(
    settings: Settings, platform: Platform, encryption: EncryptionServices, opened: ExitStack
) -> _Targets:
    """Collect the targets of the log's storage, then those that every platform has."""
    if settings.postgres_url is None:
        targets = _in_folder(settings, platform, opened)
    else:
        url = settings.postgres_url.get_secret_value()
        targets = _in_postgresql(settings, platform, url, opened)
    targets.traces += [
        account_rows(encryption.database),
        ReadModelRows(platform.log, platform.tables, ALL),
        RecordedMedia(platform.media),
        MailFolder(settings.home / "mail"),
    ]
    targets.everywhere.append(Folder("data folder", settings.home))
    if settings.redis_url is not None:
        from adapters.privacy.targets.redis import RedisKeys, RedisTraces  # noqa: PLC0415  loads Redis

        redis_url = settings.redis_url.get_secret_value()
        targets.traces.append(RedisTraces(redis_url))
        targets.everywhere.append(RedisKeys("Redis", redis_url))
    return targets


def _in_folder(settings: Settings, platform: Platform, opened: ExitStack) -> _Targets:
    home = settings.home
    log = opened.enter_context(closing(SqliteEncodedLog(home / "log.sqlite3")))
    tables, live = (_engine(home / name, opened) for name in ("tables.sqlite3", "live.sqlite3"))
    return _Targets(
        stored=log,
        jobs_engine=tables,
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


def _in_postgresql(settings: Settings, platform: Platform, url: str, opened: ExitStack) -> _Targets:
    jobs_engine = open_engine(url, schema=JOBS_SCHEMA, connections=CONNECTIONS)
    opened.callback(jobs_engine.dispose)
    targets = _Targets(
        stored=opened.enter_context(closing(PostgresEncodedLog(url))),
        jobs_engine=jobs_engine,
        chain=opened.enter_context(closing(PostgresHashChain(url))),
        traces=[
            jobs(jobs_engine, platform.media),
            analytics_rows(opened.enter_context(closing(Analytics.at(url)))),
            PostgresCompaction(url, WORDY),
        ],
        of_tenant=[lambda tenant: PostgresTables("PostgreSQL", url, tenant)],
        retained=[PostgresRetention()],
    )
    live = open_engine(url, schema=LIVE_SCHEMA, connections=CONNECTIONS)
    opened.callback(live.dispose)
    targets.traces.append(live_rows(live))
    if settings.kafka is not None:
        _in_kafka(settings, targets, opened)
    return targets


def _in_kafka(settings: Settings, targets: _Targets, opened: ExitStack) -> None:
    from adapters.privacy.targets.kafka import (  # noqa: PLC0415  loads Kafka
        DeadLetters,
        KafkaRetention,
        KafkaTopicsPlace,
    )
    from bootstrap.wiring.bus import build_kafka_bus, kafka_config  # noqa: PLC0415  same

    kafka = kafka_config(settings)
    bus = opened.enter_context(build_kafka_bus(settings))
    targets.traces.append(DeadLetters(kafka, bus, vocabulary()))
    targets.retained.append(KafkaRetention(utc_now))
    targets.everywhere.append(KafkaTopicsPlace("Kafka", kafka, bus))


def verify_hash_chain(log: HashChainReader, tenant_id: TenantId) -> dict[str, Any]:
    """Verify the tenant's hash chain; return the result and the last position."""
    verdict = verify_chain(log, tenant_id)
    result = {"holds": verdict.holds, "events": verdict.events, "position": verdict.position}
    return {"chain": {**result, "hash": verdict.hash.hex()}}


def vocabulary() -> frozenset[str]:
    """Return the platform's own words: names of events, fields, tables, exercises, SQL keywords."""
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
