"""Tables of erasures, data exports and certificate keys."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy import Column, LargeBinary, MetaData, Table

from adapters.sql.columns import TEXT, Instant

METADATA: Final = MetaData()

ERASURE: Final = Table(
    "erasure",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("user_id", TEXT, primary_key=True),
    Column("terms", LargeBinary),  # encrypted with a key of the erasure; NULL once it is certified
    Column("certificate", sa.Text),  # JSON; NULL until there is one
    Column("due_at", Instant),  # NULL if it is not pending
)

PERSONAL_EXPORT: Final = Table(
    "personal_export",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("id", sa.Uuid, primary_key=True),
    Column("user_id", TEXT, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("held_until", Instant, nullable=False),
    Column("files", sa.Integer, nullable=False),
    Column("size", sa.BigInteger, nullable=False),
    Column("problem_code", TEXT),
    Column("format", TEXT, nullable=False, server_default="archive"),
    Column("athlete_id", TEXT),  # whom a trainer requested it of; NULL: the user
    Column("since", sa.Date),
    Column("until", sa.Date),
    sa.Index("exports_of_user", "tenant_id", "user_id"),
)

EXPORTS_VIEW: Final = sa.DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    "CREATE VIEW exports AS SELECT"
    " tenant_id, id, user_id, state, created_at, expires_at, files, size, problem_code, format,"
    " athlete_id, since, until"
    " FROM personal_export"
)
"""Data exports under their plain name, on SQLite; on PostgreSQL, migrations create the view."""

CERTIFICATE_KEY: Final = Table(
    "certificate_key",
    METADATA,
    Column("kid", TEXT, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("public_key", sa.Text, nullable=False),  # a JSON Web Key
    Column("made_at", Instant, nullable=False),
)
"""The newest key signs; all keys verify forever."""
