"""The fields that `analytics.events_flat` shows are those that this program's events declare."""

from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa

FORGET: Final = "DELETE FROM analytics.open_fields"
DECLARE: Final = "INSERT INTO analytics.open_fields (event_name, fields) VALUES (%s, %s)"


def declare_open_fields(connection: sa.Connection, fields: Mapping[str, Sequence[str]]) -> None:
    """Show these fields, by the stored name of the event, and no others."""
    connection.exec_driver_sql(FORGET)
    for name, shown in fields.items():
        connection.exec_driver_sql(DECLARE, (name, list(shown)))
