"""Event counts in PostgreSQL: each event counts once, in any order of delivery."""

from datetime import date

from adapters.analytics import statements
from adapters.analytics.database import Analytics, execute


class PostgresEventCounts:
    """Satisfies `application.analytics.window_store.EventCounts`."""

    def __init__(self, analytics: Analytics) -> None:
        self._analytics = analytics

    def count(self, tenant_id: str, stream: str, version: int, *, day: date, name: str) -> None:
        with self._analytics.statement() as connection:
            of = (tenant_id, stream, version, version)
            execute(connection, statements.COUNT, *of, tenant_id, day, name)
