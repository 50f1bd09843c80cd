"""The sessions of an export."""

from collections.abc import Iterator, Mapping

from application.custom_exercises.lookup import ExerciseLookup
from application.exports.scope import ExportScope
from application.kernel.read_models import ReadModels
from application.sessions.session_export import Exported, sessions_of
from domain.ids import TenantId


def exported_sessions(
    read: ReadModels, exercises: ExerciseLookup, tenant_id: TenantId, scope: ExportScope
) -> Iterator[tuple[Exported, ...]]:
    """Yield the sessions of an export, the oldest first, page by page.

    The names of custom exercises are for their athlete alone. Raises StorageUnavailable.
    """
    is_own = scope.reader_id == scope.athlete_id
    names: Mapping[str, str] = exercises.names(tenant_id, scope.athlete_id) if is_own else {}
    return sessions_of(read, tenant_id, scope.athlete_id, scope.days(), names)
