"""Build the database of exports and erasures, the signer of documents, and writers of exports."""

from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager

import sqlalchemy as sa

from adapters.clock import utc_now
from adapters.exports.fhir import FhirEncoder
from adapters.exports.fit import FitEncoder
from adapters.exports.open_mhealth import OpenMhealthEncoder
from adapters.exports.tcx import TcxEncoder
from adapters.exports.typst_report import TypstReportPrinter
from adapters.privacy.certificate_signer import ERASURE, JoseCertificates
from adapters.privacy.database import PrivacyDatabase
from application.exports.report import TrainingReport
from application.exports.sessions_file import SessionsFile
from application.exports.workout_files import WorkoutEncoder, WorkoutFiles, WorkoutFormat
from application.platform import Platform
from application.privacy.data_exports import ExportFormat, ExportWriter
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption


def build_privacy_database(settings: Settings) -> PrivacyDatabase:
    """Open the database of exports, erasures and keys. Raises StorageUnavailable."""
    if settings.postgres_url is not None:
        return PrivacyDatabase(settings.postgres_url.get_secret_value())
    return PrivacyDatabase(sa.URL.create("sqlite", database=str(settings.home / "privacy.sqlite3")))


@contextmanager
def build_signer(settings: Settings, kind: str = ERASURE) -> Generator[JoseCertificates]:
    """Open the signer of a kind of documents. Raises StorageUnavailable."""
    with (
        build_encryption(settings) as encryption,
        closing(build_privacy_database(settings)) as database,
    ):
        yield JoseCertificates(database, encryption.kms, utc_now, kind)


def build_export_writers(
    platform: Platform, signer: JoseCertificates
) -> Mapping[ExportFormat, ExportWriter]:
    """Build the writers of all formats but archives."""
    from api.http.session_export import to_json  # noqa: PLC0415  workers need no web framework

    accounts = platform.accounts().accounts
    encoders: dict[WorkoutFormat, WorkoutEncoder] = {
        "fit": FitEncoder(),
        "tcx": TcxEncoder(),
        "fhir": FhirEncoder(),
        "open_mhealth": OpenMhealthEncoder(),
    }
    return {
        "csv": SessionsFile("csv", platform.read, signer, to_json, utc_now),
        "json": SessionsFile("json", platform.read, signer, to_json, utc_now),
        "pdf": TrainingReport(platform.read, accounts, TypstReportPrinter(), utc_now),
        **{
            name: WorkoutFiles(name, encoder, platform.read, signer, utc_now)
            for name, encoder in encoders.items()
        },
    }
