"""Public event fields: what `analytics.events_flat` shows, as declared by the event types."""

from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa

FORGET: Final = "DELETE FROM analytics.open_fields"
DECLARE: Final = "INSERT INTO analytics.open_fields (event_name, fields) VALUES (%s, %s)"


def declare_open_fields(connection: sa.Connection, fields: Mapping[str, Sequence[str]]) -> None:
    """Make the view show exactly these fields, by the stored name of the event."""
    connection.exec_driver_sql(FORGET)
    for name, field_names in fields.items():
        connection.exec_driver_sql(DECLARE, (name, list(field_names)))
