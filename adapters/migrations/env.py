"""Alembic asks here how to reach the database: over the connection that `upgrade` holds."""

from alembic import context

from adapters.migrations import SCHEMA

context.configure(connection=context.config.attributes["connection"], version_table_schema=SCHEMA)
with context.begin_transaction():
    context.run_migrations()
