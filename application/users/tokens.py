"""What is handed to somebody who has signed in, and what of it is kept.

Refresh tokens and links are secrets of 256 random bits behind the tenant they belong to:
`<tenant>.<secret>`. Only their SHA-256 is kept; as nobody can try all secrets, it needs no salt.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.ids import TenantId, UserId
from domain.tenants.roles import Role
from domain.users.display import Display
from domain.users.identities import Provider


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says: who, in which tenant, with which roles, from which sign-in.

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


@dataclass(frozen=True, slots=True)
class UserData:
    """What a client shows of whoever signed in. None where it is unknown, or erased."""

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
    """The three things of R-IDN-09, and for how many seconds the first of them is valid."""

    access_token: str
    refresh_token: str
    expires_in_s: int
    user: UserData


@dataclass(frozen=True, slots=True)
class ProviderUser:
    """A person as a provider's identity token describes them."""

    provider: Provider
    subject: str
    email: str | None
    email_verified: bool
    name: str | None


SEPARATOR: Final = "."
"""No tenant id has it."""

LONGEST: Final = 256
"""Characters; nothing of ours is longer."""


def format_token(tenant_id: TenantId, secret: str) -> str:
    """Write a secret together with the tenant it belongs to."""
    return f"{tenant_id}{SEPARATOR}{secret}"


def parse_token(token: str) -> tuple[TenantId, bytes] | None:
    """Read the tenant and the digest of a token; None for what was never handed out."""
    tenant_id, separator, secret = token.partition(SEPARATOR)
    if not (tenant_id and separator and secret) or len(token) > LONGEST or not token.isascii():
        return None
    return TenantId(tenant_id), digest_of(secret)


def digest_of(secret: str) -> bytes:
    """SHA-256 of a secret: what is kept of it."""
    return hashlib.sha256(secret.encode()).digest()
