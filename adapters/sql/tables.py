"""Tables that are created when missing, and given the columns of later versions."""

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations


def create_tables(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Create missing tables, and add missing columns to those of an earlier version.

    A column that was added later has to be nullable, or to have a default on the server.
    """
    metadata.create_all(connection)
    inspector = sa.inspect(connection)
    operations = Operations(MigrationContext.configure(connection))
    for table in metadata.sorted_tables:
        present = {each["name"] for each in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                added: sa.Column[object] = sa.Column(
                    column.name,
                    column.type,
                    nullable=column.nullable,
                    server_default=column.server_default,
                )
                operations.add_column(table.name, added)
