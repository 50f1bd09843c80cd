"""SQL view `enrollment_rounds`: one row for each round of an enrollment (R-CAT-05).

The read model `enrollment_history` has the rounds of an enrollment in one row: an event says which
enrollment it belongs to, and not which round. The view has the columns of the read model
`enrollment` for each of them, and `round`, its number: the first round has 1, even if it is no
longer in the row.
"""

from typing import Final

import sqlalchemy as sa

from adapters.sql.columns import Instant, row_columns
from projections.enrollment import Enrollment
from projections.enrollment_history import ENROLLMENT_HISTORY

NAME: Final = "enrollment_rounds"
SOURCE: Final = ENROLLMENT_HISTORY.name
"""The read model whose table has the rounds."""

VIEW: Final = """
{create} VIEW {name} AS WITH rounds AS {materialized} (
    SELECT
        history.tenant_id,
        history.key || '/' || {number} AS key,
        history.stream,
        history.position,
        history.owner_id,
        {number} AS round,
        {columns}
    FROM {table} AS history CROSS JOIN {each_round}
)
SELECT * FROM rounds
"""
"""SQLite materializes the rounds; in a join, it would compute them again for each row."""

POSTGRESQL: Final = {
    "create": "CREATE OR REPLACE",
    "materialized": "NOT MATERIALIZED",
    "number": "(history.first_round - 1 + each.number)",
}

SQLITE: Final = {
    "create": "CREATE",
    "materialized": "MATERIALIZED",
    "number": "(history.first_round + each.key)",
}

EACH_ON_POSTGRESQL: Final = """
LATERAL jsonb_array_elements(history.rounds) WITH ORDINALITY AS each (value, number)
CROSS JOIN LATERAL jsonb_to_record(each.value) AS round ({types})
"""

EACH_ON_SQLITE: Final = "json_each(history.rounds) AS each"

MICROSECONDS: Final = (
    "CAST(strftime('%s', {text}) AS bigint) * 1000000 + CAST(substr({text}, 21, 6) AS bigint)"
)
"""Converts a time of ISO 8601 for SQLite. Its microseconds, if any, begin at character 21."""


def own_name(version: int) -> str:
    """Name under which Kinelog reads the view; other programs read it as `enrollment_rounds`."""
    return f"{NAME}_v{version}"


def create_round_views(connection: sa.Connection, table: str, version: int) -> None:
    """Create the views on the table of histories, or on PostgreSQL point them at another one."""
    columns = row_columns(Enrollment)
    if connection.dialect.name == "postgresql":
        dialect = POSTGRESQL
        types = (f"{each.name} {each.type.compile(connection.dialect)}" for each in columns)
        each_round = EACH_ON_POSTGRESQL.format(types=", ".join(types))
        shown = ", ".join(f"round.{each.name}" for each in columns)
    else:
        dialect, each_round = SQLITE, EACH_ON_SQLITE
        shown = ", ".join(f"{_from_json(each)} AS {each.name}" for each in columns)
    for name in (NAME, own_name(version)):
        view = VIEW.format(name=name, table=table, columns=shown, each_round=each_round, **dialect)
        connection.exec_driver_sql(view)


def _from_json(column: sa.Column[object]) -> str:
    text = f"json_extract(each.value, '$.{column.name}')"
    return MICROSECONDS.format(text=text) if isinstance(column.type, Instant) else text
