"""Build the stores of the pose coach: in the data folder, or in Firestore and MySQL.

The states of their sinks are beside the log: in the data folder, or in PostgreSQL.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from adapters.pose_coach.analytics import MysqlAnalytics, SqlAnalytics, SqliteAnalytics
from adapters.pose_coach.documents import SqliteDocuments
from adapters.pose_coach.sink_states import SqlSinkStates, open_file_states, open_server_states
from application.kernel.ports import StorageUnavailable
from application.pose_coach.stores import StoreName
from bootstrap.settings import Settings

if TYPE_CHECKING:
    from adapters.pose_coach.firestore_documents import FirestoreDocuments


def build_sink_states(settings: Settings) -> SqlSinkStates:
    """Build the states of the sinks. Raises StorageUnavailable if the folder is not writable."""
    if settings.postgres_url is None:
        return open_file_states(settings.home)
    return open_server_states(settings.postgres_url.get_secret_value())


def stores_in_files(settings: Settings) -> tuple[StoreName, ...]:
    """Return the stores that are files of the data folder."""
    servers: dict[StoreName, object] = {
        "document": settings.pose_coach_firestore_project,
        "analytics": settings.pose_coach_mysql_url,
    }
    return tuple(name for name, server in servers.items() if server is None)


def build_analytics_store(settings: Settings) -> SqlAnalytics:
    """Build the analytics store. It connects on first use."""
    if settings.pose_coach_mysql_url is None:
        return SqliteAnalytics(settings.home)
    return MysqlAnalytics(settings.pose_coach_mysql_url.get_secret_value())


def build_document_store(settings: Settings) -> "SqliteDocuments | FirestoreDocuments":
    """Build the document store. Raises StorageUnavailable without a readable key."""
    if settings.pose_coach_firestore_project is None:
        return SqliteDocuments(settings.home)
    return _in_firestore(settings, settings.pose_coach_firestore_project)


def _in_firestore(settings: Settings, project: str) -> "FirestoreDocuments":
    # Importing the client takes about a second, which only its users should wait.
    from adapters.pose_coach import firestore_api  # noqa: PLC0415
    from adapters.pose_coach.firestore_documents import FirestoreDocuments  # noqa: PLC0415

    key_file = settings.pose_coach_firestore_key_file
    host = urlsplit(settings.pose_coach_firestore_url).netloc
    if key_file is None:
        channel = firestore_api.connect_to_emulator(host)
        return FirestoreDocuments(channel, project, firestore_api.EMULATOR)
    try:
        channel = firestore_api.connect(host, key_file)
    except (OSError, ValueError) as error:
        raise StorageUnavailable(
            "KINELOG_POSE_COACH_FIRESTORE_KEY_FILE is not the key of a service account:"
            f" {key_file}."
        ) from error
    return FirestoreDocuments(channel, project)
