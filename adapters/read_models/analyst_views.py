"""Analyst views: stable views of read models in the schema `analytics`.

Revision 0004 of the event log's database creates them; without it there are none. Read models
update them after they are swapped in and, as PostgreSQL drops nothing that a view uses, before they
are dropped.
"""

from typing import Final

import sqlalchemy as sa

from adapters.read_models import frame_view, round_view

MAY_SHOW: Final = """
SELECT has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = 'kinelog' AND p.proname = 'show_to_analysts'
"""

DERIVED: Final = {each.SOURCE: each.NAME for each in (frame_view, round_view)}
"""SQL views that analysts see instead of the read models from which they are computed."""

SHOW: Final = "SELECT kinelog.show_to_analysts(%s, %s)"


def show_to_analysts(connection: sa.Connection, projection: str, *, is_there: bool) -> None:
    """Point the analysts' view at a read model, or at nothing for now. Does nothing on SQLite."""
    if connection.dialect.name != "postgresql":
        return
    if connection.exec_driver_sql(MAY_SHOW).scalar():
        connection.exec_driver_sql(SHOW, (DERIVED.get(projection, projection), is_there))
