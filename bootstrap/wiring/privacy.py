"""Build privacy: erasure and PII scans in every store, exports, retention, daily job."""

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
from adapters.jobs.daily_runs import METADATA as DAILY
from adapters.jobs.daily_runs import SqlDailyRuns
from adapters.jobs.sql import METADATA as JOBS
from adapters.jobs.sql import SCHEMA as JOBS_SCHEMA
from adapters.live.sensor_store import METADATA as LIVE
from adapters.live.sensor_store import SCHEMA as LIVE_SCHEMA
from adapters.privacy.certificate_signer import EXPORT, JoseCertificates
from adapters.privacy.database import PrivacyDatabase
from adapters.privacy.erasure_store import SqlErasures
from adapters.privacy.expiring_data import (
    OldDeliveries,
    OldJobs,
    OldMails,
    OldReconciliations,
    OldSignIns,
    UnconfirmedApps,
)
from adapters.privacy.export_store import ExportTarget, SqlSignInRecords
from adapters.privacy.tables import METADATA as PRIVACY
from adapters.privacy.targets.files import Folder, MailFolder, SqliteCompaction, SqliteTables
from adapters.privacy.targets.postgres import PostgresCompaction, PostgresRetention, PostgresTables
from adapters.privacy.targets.rows import account_rows, analytics_rows, jobs, live_rows
from adapters.sql.engines import open_engine
from adapters.sql.leader_lock import PostgresLeaderLock, SqliteLeaderLock
from adapters.users.background_tasks import Background
from adapters.users.tables import METADATA as IDENTITY
from application.audit.hash_chain import HashChainReader
from application.audit.verification import verify_chain
from application.kernel.command_handler import CommandHandler
from application.kernel.relay import EncodedLog
from application.kernel.subscription import LeaderLock
from application.payments.closing import PaymentClosing
from application.payments.inbox import DELIVERIES_KEPT
from application.payments.reconciliation_runs import RUNS_KEPT
from application.platform import Platform
from application.privacy.access_log import AccessLog
from application.privacy.consents import ConsentService
from application.privacy.data_archive import ArchiveWriter
from application.privacy.data_exports import DataExportService
from application.privacy.erasure import ErasureService
from application.privacy.erasure_notice import ErasureNotice
from application.privacy.erasure_targets import CachedValues, ReadModelRows, RecordedMedia
from application.privacy.pii_scan import ScanTarget
from application.privacy.ports import ErasureTarget, RetainedData
from application.privacy.reauthentication import PrivacyServices, Reauthentication
from application.privacy.retention import (
    DailyJob,
    DailyTasks,
    DeletedRecordings,
    ExpiredExports,
    InactiveAccounts,
    OldMedia,
    RetentionRule,
    RetentionService,
)
from application.privacy.uploaded_videos import UploadedVideos
from application.users.second_factors import UNCONFIRMED_FOR
from bootstrap.settings import Settings
from bootstrap.wiring.audit import DailyAnchorsOnDemand
from bootstrap.wiring.content import (
    build_content_target,
    build_orphan_rule,
    build_quarantine_removal,
    build_upload_rule,
)
from bootstrap.wiring.deleted_rows import PERSONAL_MODELS, REWRITTEN
from bootstrap.wiring.emails import mail_folder
from bootstrap.wiring.encryption import EncryptionServices, build_encryption
from bootstrap.wiring.exports import build_exports
from bootstrap.wiring.pose_coach import build_pose_coach_target
from bootstrap.wiring.privacy_database import build_privacy_database
from domain.ids import TenantId
from domain.kernel import Origin
from domain.motion.exercises.library import all_exercises
from domain.recordings.commands import RESTORE_WINDOW
from projections.registry import ALL

CONNECTIONS: Final = 2

DAILY_LOCK: Final = 7_595_438_425
"""The PostgreSQL advisory lock of the daily job."""

RETENTION: Final = "retention"
"""Actor of events caused by retention."""


@dataclass
class _Stores:
    """Stores of personal data: erasure targets, scan targets, retained data."""

    encoded_log: EncodedLog
    jobs: sa.Engine
    chain: HashChainReader
    targets: list[ErasureTarget] = field(default_factory=list[ErasureTarget])
    platform_targets: list[ScanTarget] = field(default_factory=list[ScanTarget])
    tenant_targets: list[Callable[[TenantId], ScanTarget]] = field(
        default_factory=list[Callable[[TenantId], ScanTarget]]
    )
    retained: list[RetainedData] = field(default_factory=list[RetainedData])

    def scan_targets(self, tenant_id: TenantId) -> list[ScanTarget]:
        """Return the scan targets of a tenant."""
        return [*(target(tenant_id) for target in self.tenant_targets), *self.platform_targets]


@contextmanager
def build_privacy_services(settings: Settings, platform: Platform) -> Generator[PrivacyServices]:
    """Open the use cases of privacy. Raises StorageUnavailable."""
    with ExitStack() as opened:
        encryption = opened.enter_context(build_encryption(settings))
        database = opened.enter_context(closing(build_privacy_database(settings)))
        later = Background()
        stores = _stores(settings, platform, encryption, opened)
        erasure = _erasure(settings, platform, encryption, database, stores)
        sign_ins = SqlSignInRecords(encryption.database)
        writer = ArchiveWriter(
            log=platform.log,
            tables=platform.tables,
            projections=ALL,
            media=platform.media,
            accounts=platform.accounts().accounts,
            sign_ins=sign_ins,
            subject_data=erasure.subject_data,
            videos=UploadedVideos(platform.content.files),
        )
        signer = JoseCertificates(database, encryption.kms, utc_now, EXPORT)
        exports = opened.enter_context(
            build_exports(settings, platform, database, writer, signer, later)
        )
        opened.callback(later.close)  # the first to be closed: its tasks use all of the others
        stores.targets.append(ExportTarget(exports))
        notice = ErasureNotice(platform.log, platform.accounts)
        retention = _retention(
            settings, platform, encryption, stores, erasure, exports, notice=notice
        )
        yield PrivacyServices(
            erasure=erasure,
            exports=exports,
            reauthentication=Reauthentication(
                lambda: platform.accounts().sign_in_service, sign_ins.began_at, utc_now
            ),
            notice=notice,
            later=later,
            consents=ConsentService(
                platform.log,
                lambda: platform.accounts().accounts,
                utc_now,
                on_change=platform.consents.invalidate,
            ),
            access=AccessLog(
                platform.log, CommandHandler(platform.log, settled=lambda _: None), utc_now
            ),
            retention=retention,
            daily=lambda: DailyJob(
                runs=SqlDailyRuns(stores.jobs),
                lock=_daily_lock(settings),
                tenants=stores.chain.last_positions,
                tasks=DailyTasks(
                    erasure,
                    retention,
                    new_id,
                    DailyAnchorsOnDemand(settings),
                    platform.model_training.train_if_due,
                ),
                clock=utc_now,
                starts_at=timedelta(hours=settings.daily_at_h),
            ),
        )


def _retention(
    settings: Settings,
    platform: Platform,
    encryption: EncryptionServices,
    stores: _Stores,
    erasure: ErasureService,
    exports: DataExportService,
    *,
    notice: ErasureNotice,
) -> RetentionService:
    keeps_last = settings.retain_inactive_days is not None
    sign_ins = OldSignIns(encryption.database, keeps_last=keeps_last)

    def origin(tenant_id: TenantId) -> Origin:
        return Origin(tenant_id=tenant_id, actor=RETENTION, correlation_id=new_id())

    inactive = InactiveAccounts(
        stores.encoded_log, erasure, platform.accounts, notice, sign_ins.since, origin
    )
    return RetentionService(
        [
            RetentionRule("exports", timedelta(0), ExpiredExports(exports)),
            RetentionRule("sign_ins", _days(settings.retain_sign_ins_days), sign_ins),
            RetentionRule(
                "unconfirmed_apps", UNCONFIRMED_FOR, UnconfirmedApps(encryption.database)
            ),
            RetentionRule(
                "jobs", _days(settings.retain_jobs_days), OldJobs(stores.jobs, platform.media)
            ),
            build_upload_rule(platform, origin),
            RetentionRule(
                "quarantine",
                _days(settings.retain_quarantine_days),
                build_quarantine_removal(platform, stores.encoded_log, origin),
            ),
            build_orphan_rule(settings, platform),
            RetentionRule("webhooks", DELIVERIES_KEPT, OldDeliveries(stores.jobs)),
            RetentionRule("reconciliations", RUNS_KEPT, OldReconciliations(stores.jobs)),
            RetentionRule(
                "mails", _days(settings.retain_mails_days), OldMails(mail_folder(settings))
            ),
            RetentionRule(
                "media",
                _days(settings.retain_media_days),
                OldMedia(stores.encoded_log, platform.read, platform.recorder, origin),
            ),
            RetentionRule(
                "deleted_recordings",
                RESTORE_WINDOW,
                DeletedRecordings(stores.encoded_log, platform.recorder, origin),
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
    stores: _Stores,
) -> ErasureService:
    store = SqlErasures(database, encryption.sealer, utc_now)
    return ErasureService(
        log=platform.log,
        encoded_log=stores.encoded_log,
        decode=encryption.codec.decode,
        commands=platform.commands,
        account_erasure=lambda: platform.accounts().account_erasure,
        targets=stores.targets,
        scan_targets=stores.scan_targets,
        retained=stores.retained,
        terms=store,
        signer=JoseCertificates(database, encryption.kms, utc_now),
        certificates=store,
        due_dates=store,
        vocabulary=vocabulary(),
        clock=utc_now,
        new_id=new_id,
        grace=timedelta(hours=settings.erasure_grace_h),
        key_ttl=timedelta(seconds=settings.erasure_wait_s),
        checks=lambda tenant: check_chain(stores.chain, tenant),
        close_payments=PaymentClosing(platform.payments, platform.read).close,
        end_supervision=platform.supervision.end,
        end_health_links=platform.health_linking.end_all,
    )


def _daily_lock(settings: Settings) -> LeaderLock:
    if settings.postgres_url is None:
        return SqliteLeaderLock(settings.home / "daily.lock")
    return PostgresLeaderLock(settings.postgres_url.get_secret_value(), lock=DAILY_LOCK)


def _stores(
    settings: Settings, platform: Platform, encryption: EncryptionServices, opened: ExitStack
) -> _Stores:
    """Collect the stores of this composition."""
    if settings.postgres_url is None:
        stores = _in_folder(settings, platform, opened)
    else:
        url = settings.postgres_url.get_secret_value()
        stores = _in_postgresql(settings, platform, url, opened)
    stores.targets += [
        account_rows(encryption.database),
        ReadModelRows(platform.log, platform.tables, ALL),
        CachedValues(platform.cache),
        RecordedMedia(platform.media),
        build_content_target(platform),
        MailFolder(mail_folder(settings)),
        SqliteCompaction(settings.home, REWRITTEN),
    ]
    stores.platform_targets += [
        SqliteTables("tables of the data folder", settings.home),
        Folder("data folder", settings.home),
    ]
    if settings.redis_url is not None:
        from adapters.privacy.targets.redis import RedisKeys, RedisTarget  # noqa: PLC0415  where it is set

        redis_url = settings.redis_url.get_secret_value()
        stores.targets.append(RedisTarget(redis_url))
        stores.platform_targets.append(RedisKeys("Redis", redis_url))
    return stores


def _in_folder(settings: Settings, platform: Platform, opened: ExitStack) -> _Stores:
    home = settings.home
    log = opened.enter_context(closing(SqliteEncodedLog(home / "log.sqlite3")))
    tables, live = (_engine(home / name, opened) for name in ("tables.sqlite3", "live.sqlite3"))
    return _Stores(
        encoded_log=log,
        jobs=tables,
        chain=opened.enter_context(closing(SqliteHashChain(home / "log.sqlite3"))),
        targets=[
            live_rows(live),
            jobs(tables, platform.media),
            build_pose_coach_target(settings, opened),
        ],
    )


def _engine(path: Any, opened: ExitStack) -> sa.Engine:
    engine = open_engine(sa.URL.create("sqlite", database=str(path)), schema="")
    opened.callback(engine.dispose)
    return engine


def _in_postgresql(settings: Settings, platform: Platform, url: str, opened: ExitStack) -> _Stores:
    jobs_engine = open_engine(url, schema=JOBS_SCHEMA, connections=CONNECTIONS)
    opened.callback(jobs_engine.dispose)
    stores = _Stores(
        encoded_log=opened.enter_context(closing(PostgresEncodedLog(url))),
        jobs=jobs_engine,
        chain=opened.enter_context(closing(PostgresHashChain(url))),
        targets=[
            jobs(jobs_engine, platform.media),
            analytics_rows(opened.enter_context(closing(Analytics.at(url)))),
            build_pose_coach_target(settings, opened),
            PostgresCompaction(url, PERSONAL_MODELS),
        ],
        tenant_targets=[lambda tenant: PostgresTables("PostgreSQL", url, tenant)],
        retained=[PostgresRetention()],
    )
    live = open_engine(url, schema=LIVE_SCHEMA, connections=CONNECTIONS)
    opened.callback(live.dispose)
    stores.targets.append(live_rows(live))
    if settings.kafka is not None:
        _in_kafka(settings, stores, opened)
    return stores


def _in_kafka(settings: Settings, stores: _Stores, opened: ExitStack) -> None:
    from adapters.privacy.targets.kafka import (  # noqa: PLC0415  loads Kafka's client, where it is set
        DeadLetters,
        KafkaRetention,
        KafkaTopicsPlace,
    )
    from bootstrap.wiring.bus import build_kafka_bus, kafka_config  # noqa: PLC0415  same

    kafka = kafka_config(settings)
    bus = opened.enter_context(build_kafka_bus(settings))
    stores.targets.append(DeadLetters(kafka, bus))
    stores.retained.append(KafkaRetention(utc_now))
    stores.platform_targets.append(KafkaTopicsPlace("Kafka", kafka, bus))


def check_chain(log: HashChainReader, tenant_id: TenantId) -> dict[str, Any]:
    """Return the state of a tenant's hash chain, for a certificate."""
    verdict = verify_chain(log, tenant_id)
    state = {"holds": verdict.holds, "events": verdict.events, "position": verdict.position}
    return {"chain": {**state, "hash": verdict.hash.hex()}}


def vocabulary() -> frozenset[str]:
    """Return the platform's own words: events, fields, tables, exercises, and SQL."""
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
