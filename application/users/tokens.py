"""Access, refresh and link tokens.

Refresh and link tokens have the form `<tenant>.<secret>`, with a secret of 256 random bits. Only
its SHA-256 is stored; a secret of this length cannot be guessed, so the hash needs no salt.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from domain.ids import TenantId, UserId
from domain.tenants.roles import Role
from domain.users.identities import Provider
from domain.users.preferences import Display

Assurance = Literal["full", "second_factor", "enrolment"]
"""Access of a sign-in: all of it; none before it is confirmed with a second factor; or none before
the user has added one, as their role requires."""


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """Claims of an access token.

    `pose_coach_uid` is the key of C-04: a `user_id` that a pose coach client sends must equal it
    (C-35). `expires_at` is the end of the token, not of the sign-in.
    """

    user_id: UserId
    tenant_id: TenantId
    roles: frozenset[Role]
    sign_in_id: UUID
    pose_coach_uid: str
    issued_at: datetime
    expires_at: datetime
    assurance: Assurance = "full"


@dataclass(frozen=True, slots=True)
class UserData:
    """User data that clients show. A field is None if it is missing or erased."""

    id: UserId
    tenant_id: TenantId
    roles: frozenset[Role]
    email: str | None
    username: str | None
    time_zone: str
    locale: str
    display: Display
    pose_coach_uid: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Result of a sign-in (R-IDN-09): both tokens, the access token's lifetime, the user."""

    access_token: str
    refresh_token: str
    expires_in_s: int
    user: UserData
    assurance: Assurance = "full"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Result of a confirmation: an access token. The refresh token of the sign-in stays valid."""

    access_token: str
    expires_in_s: int
    user: UserData


@dataclass(frozen=True, slots=True)
class ProviderUser:
    """A user as described by a provider's ID token."""

    provider: Provider
    subject: str
    email: str | None
    email_verified: bool
    name: str | None


SEPARATOR: Final = "."
"""Never part of a tenant id."""

MAX_TOKEN_LENGTH: Final = 256
"""Characters. All tokens are shorter."""


def format_token(tenant_id: TenantId, secret: str) -> str:
    """Return the token of a secret and its tenant."""
    return f"{tenant_id}{SEPARATOR}{secret}"


def parse_token(token: str) -> tuple[TenantId, bytes] | None:
    """Return the tenant and the digest of a token, or None if it is malformed."""
    tenant_id, separator, secret = token.partition(SEPARATOR)
    is_complete = tenant_id and separator and secret
    if not is_complete or len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        return None
    return TenantId(tenant_id), digest_of(secret)


def digest_of(secret: str) -> bytes:
    """Return the SHA-256 of a secret, which is stored in its place."""
    return hashlib.sha256(secret.encode()).digest()
