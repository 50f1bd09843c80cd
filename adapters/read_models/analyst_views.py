"""Views of the schema `analytics` show read models, and stay while those come and go.

They are made by revision 0004 of the event log's database; where that has not been run, there are
none. Read models say so when they are in place and, as PostgreSQL drops nothing that a view shows,
before they go.
"""

from typing import Final

import sqlalchemy as sa

MAY_SHOW: Final = """
SELECT has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = 'kinelog' AND p.proname = 'show_to_analysts'
"""

SHOW: Final = "SELECT kinelog.show_to_analysts(%s, %s)"


def show_to_analysts(connection: sa.Connection, projection: str, *, is_there: bool) -> None:
    """Let the analysts' view show a read model, or nothing for now. On SQLite there is none."""
    if connection.dialect.name != "postgresql":
        return
    if connection.exec_driver_sql(MAY_SHOW).scalar():
        connection.exec_driver_sql(SHOW, (projection, is_there))
