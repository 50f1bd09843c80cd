"""Roll-ups in PostgreSQL, beside the training days that they aggregate."""

from datetime import date
from typing import Any, Final

from adapters.analytics import statements
from adapters.analytics.database import Analytics, columns, execute, fetch, numbers
from application.analytics.rollups import Compute, RollUp
from application.analytics.windows import TALLIED, Day, Tally

LOCKS: Final = 75_954_387
"""The first half of the advisory lock's key; the second half is a hash of the tenant's name."""
LOCK: Final = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"


class PostgresRollUps:
    """Satisfies `application.analytics.rollups.RollUps`."""

    def __init__(self, analytics: Analytics) -> None:
        self._analytics = analytics

    def renew(self, tenant_id: str, start: date, end: date, compute: Compute) -> None:
        with self._analytics.transaction() as connection:
            fetch(connection, LOCK, LOCKS, tenant_id)
            found = fetch(connection, statements.DAYS_BETWEEN, tenant_id, start, end)
            days = [
                (Day(tenant, day, athlete), Tally(*tally)) for tenant, day, athlete, *tally in found
            ]
            rows = [_row(figure) for figure in compute(days)]
            execute(connection, statements.PUT_ROLL_UPS, *columns(rows, 6 + len(TALLIED)))


def _row(figure: RollUp) -> tuple[Any, ...]:
    of = (figure.id, figure.tenant_id, figure.period, figure.start, figure.athlete_id)
    return (*of, figure.athletes, *numbers(figure.tally))
