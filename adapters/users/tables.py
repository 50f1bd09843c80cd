"""Tables of accounts, keys and sign-ins. They contain no plain secrets.

Passwords are stored as hashes, tokens and links as digests, and keys wrapped by the KMS. Addresses
and identities are digests that only a key of the tenant can produce.
"""

from typing import Final

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Uuid

from adapters.sql.columns import TEXT, Instant

METADATA: Final = MetaData()

SUBJECT_KEY: Final = Table(
    "subject_key",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("subject", TEXT, primary_key=True),
    Column("wrapped", LargeBinary),  # NULL once it is destroyed
    Column("destroyed_at", Instant),
)

IDENTITIES: Final = Table(
    "identities",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("provider", TEXT, primary_key=True),  # or `email`, or `pseudonym`
    Column("subject", LargeBinary, primary_key=True),  # HMAC-SHA256 with a key of the tenant
    Column("user_id", TEXT, nullable=False),
    Index("identities_of_user", "tenant_id", "user_id"),
)

CREDENTIAL: Final = Table(
    "credential",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("user_id", TEXT, primary_key=True),
    Column("password_hash", TEXT, nullable=False),
    Column("set_at", Instant, nullable=False),
)

SIGN_IN: Final = Table(
    "sign_in",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("user_id", TEXT, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("sign_ins_of_user", "tenant_id", "user_id"),
)

REFRESH_TOKEN: Final = Table(
    "refresh_token",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),  # SHA-256
    Column("sign_in_id", Uuid, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index("refresh_tokens_of_sign_in", "tenant_id", "sign_in_id"),
)

SINGLE_USE_LINK: Final = Table(
    "single_use_link",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),  # SHA-256
    Column("purpose", TEXT, nullable=False),
    Column("user_id", TEXT, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("links_of_user", "tenant_id", "user_id"),
)

SECOND_FACTOR: Final = Table(
    "second_factor",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("user_id", TEXT, primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("kind", TEXT, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # encrypted with the key of the person
    Column("counter", BigInteger, nullable=False),  # last time step used, or signature counter
    Column("added_at", Instant, nullable=False),
)

PASSKEY: Final = Table(
    "passkey",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("credential", LargeBinary, primary_key=True),  # SHA-256 of the credential id
    Column("user_id", TEXT, nullable=False),
    Column("factor_id", TEXT, nullable=False),
    Index("passkeys_of_user", "tenant_id", "user_id"),
)

PASSKEY_CHALLENGE: Final = Table(
    "passkey_challenge",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),  # SHA-256; deleted by use
    Column("purpose", TEXT, nullable=False),
    Column("user_id", TEXT, nullable=False),  # empty before a sign-in
    Column("sign_in_id", Uuid),  # NULL before a sign-in
    Column("expires_at", Instant, nullable=False),
    Index("passkey_challenges_by_expiry", "tenant_id", "expires_at"),
)

RECOVERY_CODE: Final = Table(
    "recovery_code",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("user_id", TEXT, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),  # SHA-256; deleted by use
)

FACTOR_ATTEMPTS: Final = Table(
    "factor_attempts",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("user_id", TEXT, primary_key=True),
    Column("failures", BigInteger, nullable=False),  # since the last success
    Column("last_at", Instant, nullable=False),
)

CONFIRMED_SIGN_IN: Final = Table(
    "confirmed_sign_in",
    METADATA,
    Column("tenant_id", TEXT, primary_key=True),
    Column("sign_in_id", Uuid, primary_key=True),
    Column("user_id", TEXT, nullable=False),
    Column("confirmed_at", Instant, nullable=False),  # last confirmed with a second factor
    Index("confirmed_sign_ins_of_user", "tenant_id", "user_id"),
)

SIGNING_KEY: Final = Table(
    "signing_key",
    METADATA,
    Column("kid", TEXT, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("verifies_until", Instant),  # NULL while it signs
)

FORMER_SIGNING_KEY: Final = Table(
    "former_signing_key",
    METADATA,
    Column("kid", TEXT, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # the thumbprint, wrapped by the KMS
)

NEWEST_ANCHOR: Final = Table(
    "newest_anchor",
    METADATA,
    Column("tenant", TEXT, primary_key=True),  # a row of the platform, which lists all tenants
    Column("name", TEXT, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # SHA-256
)

BY_TENANT: Final = tuple(table for table in METADATA.sorted_tables if "tenant_id" in table.columns)
"""Tables with row-level security by tenant."""


def owned(table: sa.Table, tenant_id: str, **key: object) -> sa.ColumnElement[bool]:
    """Return a filter: rows of a tenant with these column values."""
    return sa.and_(
        table.c.tenant_id == tenant_id, *(table.c[name] == value for name, value in key.items())
    )
