"""Build exports: their database, the signer of documents, the writers, and the worker.

On PostgreSQL with Kafka, exports are made by the group `export-worker`: processes that serve, and
`kinelog worker exports`. Otherwise the process that receives the request makes them.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import BinaryIO, Final, cast

from adapters.clock import utc_now
from adapters.encryption.temporary_file import EncryptedTemporaryFile
from adapters.exports.fhir import FhirEncoder
from adapters.exports.fit import FitEncoder
from adapters.exports.open_mhealth import OpenMhealthEncoder
from adapters.exports.tcx import TcxEncoder
from adapters.exports.typst_report import TypstReportPrinter
from adapters.privacy.certificate_signer import ERASURE, JoseCertificates
from adapters.privacy.database import PrivacyDatabase
from adapters.privacy.export_store import SqlExports
from application.exports.report import TrainingReport
from application.exports.sessions_file import SessionsFile
from application.exports.workout_files import WorkoutEncoder, WorkoutFiles, WorkoutFormat
from application.kernel.command_handler import CommandHandler
from application.kernel.consumer import consumer_subscription
from application.kernel.read_your_writes import ReadModelsStale
from application.platform import Platform
from application.privacy.data_archive import ArchiveWriter
from application.privacy.data_exports import DataExportService, ExportQuota, ExportWriter
from application.privacy.export_queue import GROUP, ExportRequests, ExportWorker
from application.privacy.personal_exports import ExportFormat
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus, draw
from bootstrap.wiring.encryption import build_encryption
from bootstrap.wiring.privacy_database import build_privacy_database
from bootstrap.wiring.threads import keep_running, running
from domain.ids import TenantId, UserId

CURRENT_WITHIN_S: Final = 30.0
"""Longest wait for the read models before an export, which is made in the background."""

EXPORTS_AT_ONCE: Final = 1
"""Messages received at once. An export takes up to minutes, and those of one poll share its 15."""


@contextmanager
def build_signer(settings: Settings, kind: str = ERASURE) -> Generator[JoseCertificates]:
    """Open the signer of a kind of documents. Raises StorageUnavailable."""
    with (
        build_encryption(settings) as encryption,
        closing(build_privacy_database(settings)) as database,
    ):
        yield JoseCertificates(database, encryption.kms, utc_now, kind)


@contextmanager
def build_exports(
    settings: Settings,
    platform: Platform,
    database: PrivacyDatabase,
    archives: ArchiveWriter,
    signer: JoseCertificates,
    later: Callable[[Callable[[], object]], None],
) -> Generator[DataExportService]:
    """Build the service of exports. Raises StorageUnavailable."""
    exports = DataExportService(
        store=SqlExports(database),
        writer=archives,
        may_read=partial(_may_read, platform),
        writers=_build_writers(settings, platform, signer),
        folder=settings.home / "exports",
        open_draft=_open_draft,
        media=platform.media,
        commands=CommandHandler(platform.log, settled=lambda _: None),
        later=later,
        clock=utc_now,
        retention=timedelta(hours=settings.export_kept_h),
        quota=ExportQuota(settings.exports_per_day, settings.tenant_exports_per_day),
    )
    if not settings.queues_on_bus:
        yield exports
        return
    with build_kafka_bus(settings) as bus:
        yield replace(exports, queue=ExportRequests(bus))


@contextmanager
def making_exports(settings: Settings, platform: Platform) -> Generator[None]:
    """Make exports from the topic `export.make` until the end of the block, if there is Kafka."""
    if not (settings.queues_on_bus and settings.analyzes):
        yield
        return
    work = partial(keep_running, "exports", partial(_consume, settings, platform))
    with running({GROUP.name: work}, settings.shutdown_s):
        yield


def _consume(settings: Settings, platform: Platform, stop: Event) -> None:
    worker = ExportWorker(platform.privacy().exports, stop)
    with build_kafka_bus(settings) as bus:
        consumer_subscription(
            bus,
            GROUP,
            worker.handle,
            draw=draw,
            clock=utc_now,
            waits_for_outages=True,
            batch=EXPORTS_AT_ONCE,
        ).run(stop)


def _may_read(
    platform: Platform, tenant_id: TenantId, trainer_id: UserId, athlete_id: UserId
) -> bool:
    return platform.supervision.permission(tenant_id, athlete_id, trainer_id) is not None


def _require_current(platform: Platform) -> None:
    """Raise ReadModelsStale unless the read models soon have every event."""
    if not platform.fresh(platform.log.head(), CURRENT_WITHIN_S):
        raise ReadModelsStale


def _open_draft(folder: Path) -> BinaryIO:
    return cast("BinaryIO", EncryptedTemporaryFile(folder))


def _build_writers(
    settings: Settings, platform: Platform, signer: JoseCertificates
) -> Mapping[ExportFormat, ExportWriter]:
    """Build the writers of all formats but archives."""
    from api.http.session_export import to_json  # noqa: PLC0415  workers need no web framework

    accounts, current = platform.accounts().accounts, partial(_require_current, platform)
    exercises = platform.custom_exercises.lookup
    encoders: dict[WorkoutFormat, WorkoutEncoder] = {
        "fit": FitEncoder(),
        "tcx": TcxEncoder(),
        "fhir": FhirEncoder(),
        "open_mhealth": OpenMhealthEncoder(),
    }
    printer = TypstReportPrinter(settings.fonts)
    return {
        "csv": SessionsFile("csv", platform.read, exercises, signer, to_json, current, utc_now),
        "json": SessionsFile("json", platform.read, exercises, signer, to_json, current, utc_now),
        "pdf": TrainingReport(platform.read, exercises, accounts, printer, current, utc_now),
        **{
            name: WorkoutFiles(name, encoder, platform.read, exercises, signer, current, utc_now)
            for name, encoder in encoders.items()
        },
    }
