"""SQL view `retention`: how many athletes who began in one month trained in a later one (R-PRG-08).

It is computed from the days on which athletes trained. The cohort of an athlete is the month of
their first completed session. `analytics.retention` in PostgreSQL is the same query.
"""

from typing import Final

import sqlalchemy as sa

NAME: Final = "retention"
SOURCE: Final = "athlete_day"
"""The read model whose table has the days."""

VIEW: Final = """
CREATE {or_replace} VIEW retention AS
WITH trained AS (
    SELECT DISTINCT tenant_id, athlete_id, month FROM {table} WHERE sessions > 0
), cohorts AS (
    SELECT tenant_id, athlete_id, min(month) AS cohort FROM trained GROUP BY tenant_id, athlete_id
)
SELECT trained.tenant_id, cohorts.cohort, trained.month, count(*) AS athletes
FROM trained JOIN cohorts
    ON cohorts.tenant_id = trained.tenant_id AND cohorts.athlete_id = trained.athlete_id
GROUP BY trained.tenant_id, cohorts.cohort, trained.month
"""


def create_retention_view(connection: sa.Connection, table: str) -> None:
    """Create the view on the table of days, or on PostgreSQL point it at another one."""
    or_replace = "OR REPLACE" if connection.dialect.name == "postgresql" else ""
    connection.exec_driver_sql(VIEW.format(table=table, or_replace=or_replace))
