"""What signing in needs of the world. Adapters satisfy these.

Every method of a store raises StorageUnavailable.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from application.users.tokens import AccessClaims, ProviderUser
from domain.ids import TenantId, UserId
from domain.pose_coach import PoseCoachKey
from domain.users.identities import Provider

IdentityKind = Literal["email", "pseudonym"] | Provider
"""How a person is found: by the address of their account, by what others see them as, folded, or as
a provider knows them."""

LinkPurpose = Literal["verify_email", "reset_password"]


class Passwords(Protocol):
    """Hashes passwords, slowly on purpose. Raises PasswordsBusy where too many ask at once."""

    def require_strong(self, password: str, about: Sequence[str]) -> None:
        """Refuse a password that is easy to guess by whoever knows these words about a person.

        Raises PasswordTooWeak and PasswordLengthWrong.
        """
        ...

    def hash(self, password: str) -> str:
        """Hash with a fresh salt."""
        ...

    def check(self, password: str, stored: str | None) -> "PasswordCheck":
        """Compare with a stored hash; without one it takes as long, and never fits."""
        ...


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """Whether the password fits, and its new hash where the old one is weaker than today's."""

    fits: bool
    renewed: str | None = None


class Credentials(Protocol):
    """Hashes of passwords, apart from the log: they are replaced and removed."""

    def find(self, tenant_id: TenantId, user_id: UserId) -> str | None: ...

    def put(self, tenant_id: TenantId, user_id: UserId, hashed: str, at: datetime) -> None: ...

    def remove(self, tenant_id: TenantId, user_id: UserId) -> None: ...


class IdentityIndex(Protocol):
    """Who is behind an address, a pseudonym or a provider's name for a person.

    That is one account of the tenant.
    The index cannot be read backwards: it keeps what only a key of the tenant can make of them.
    """

    def claim(
        self, tenant_id: TenantId, kind: IdentityKind, subject: str, user_id: UserId
    ) -> UserId:
        """Give whose it is: this user's if nobody else came first."""
        ...

    def find(self, tenant_id: TenantId, kind: IdentityKind, subject: str) -> UserId | None: ...

    def release(self, tenant_id: TenantId, user_id: UserId, kind: IdentityKind) -> None:
        """Let others have what this user was known by."""
        ...

    def release_all(self, tenant_id: TenantId, user_id: UserId) -> None: ...


@dataclass(frozen=True, slots=True)
class SignIn:
    """A device's stay, from signing in to signing out: a family of refresh tokens."""

    tenant_id: TenantId
    id: UUID
    user_id: UserId
    began_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ActiveSignIn:
    """A living sign-in, and when its device last showed itself."""

    sign_in: SignIn
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Rotated:
    """The token was the newest of a living sign-in; its successor is stored."""

    sign_in: SignIn


@dataclass(frozen=True, slots=True)
class Reused:
    """The token had been used before: somebody else has a copy. The sign-in is ended."""

    sign_in: SignIn


@dataclass(frozen=True, slots=True)
class Over:
    """The token is unknown, or its sign-in has ended or expired."""


Rotation = Rotated | Reused | Over


class SignIns(Protocol):
    """Sign-ins and the digests of their refresh tokens, each of which is used once."""

    def begin(self, sign_in: SignIn, digest: bytes) -> None:
        """Store a new sign-in with its first token."""
        ...

    def rotate(
        self,
        tenant_id: TenantId,
        digest: bytes,
        *,
        successor: bytes,
        at: datetime,
        leeway: timedelta = timedelta(0),
    ) -> Rotation:
        """Use a token: of those who try at the same time, one gets on, and the others reuse it.

        Within the leeway after its first use it has another successor beside the first.
        """
        ...

    def holder(
        self, tenant_id: TenantId, digest: bytes, at: datetime, *, leeway: timedelta
    ) -> SignIn | None:
        """Find the living sign-in of a token, without using it.

        None for one that has been used, unless that was within the leeway.
        """
        ...

    def end(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> None:
        """End a sign-in; one that is over stays so."""
        ...

    def end_all(self, tenant_id: TenantId, user_id: UserId, at: datetime) -> Sequence[UUID]:
        """End all sign-ins of a user and give the ids of those that had not expired."""
        ...

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        """Whether a sign-in has neither ended nor expired."""
        ...

    def living(self, tenant_id: TenantId, user_id: UserId, at: datetime) -> Sequence[ActiveSignIn]:
        """Give a user's living sign-ins, whoever was seen last first."""
        ...


class Revocations(Protocol):
    """Says of every access token whether its sign-in goes on; an end shows within a second."""

    def cached(self, tenant_id: TenantId, sign_in_id: UUID) -> bool:
        """Whether it is known, without asking anybody, that it goes on; False says nothing."""
        ...

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool: ...

    def ended(self, tenant_id: TenantId, sign_in_ids: Sequence[UUID]) -> None:
        """Take note of what `SignIns` has ended."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """A link that somebody was sent; `digest` is all that is kept of its secret."""

    tenant_id: TenantId
    digest: bytes
    purpose: LinkPurpose
    user_id: UserId
    expires_at: datetime


class SingleUseLinks(Protocol):
    """Links, each of which leads somewhere once."""

    def issue(self, link: Link, at: datetime) -> None: ...

    def owner(
        self, tenant_id: TenantId, digest: bytes, purpose: LinkPurpose, at: datetime
    ) -> UserId | None:
        """Tell whose link it is, without using it; None for one that leads nowhere."""
        ...

    def redeem(
        self, tenant_id: TenantId, digest: bytes, purpose: LinkPurpose, at: datetime
    ) -> UserId | None:
        """Use a link: of those who try at the same time, one gets its owner."""
        ...

    def withdraw(self, tenant_id: TenantId, user_id: UserId, purpose: LinkPurpose) -> None:
        """Let all links of a user for one purpose lead nowhere."""
        ...


class TokenSigner(Protocol):
    """Signs access tokens with a private key and reads them with a public one."""

    def sign(self, claims: AccessClaims) -> str:
        """Raises KmsUnavailable, KeyRefused and StorageUnavailable, as `read` does."""
        ...

    def cached(self, token: str) -> AccessClaims | None:
        """Tell what a token says that was read lately; None says nothing."""
        ...

    def read(self, token: str) -> AccessClaims:
        """Raises TokenRefused for one that is forged, expired or meant for somebody else."""
        ...


class IdTokens(Protocol):
    """Reads identity tokens of other providers."""

    def read(self, provider: Provider, token: str, nonce: str | None = None) -> ProviderUser:
        """Raises IdTokenRefused and ProviderUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to one person, as text and as HTML."""

    to: str
    subject: str
    text: str
    html: str


class Mailer(Protocol):
    """Hands messages to a mail server."""

    def send(self, mail: Mail) -> None:
        """Raises MailUndelivered."""
        ...


Later = Callable[[Callable[[], object]], None]
"""Does something after the answer has been given, so that its duration tells nothing."""

NewSecret = Callable[[], str]
"""Makes secrets of 256 random bits, as text without a dot."""

MintKey = Callable[[], PoseCoachKey]
"""Makes a pose coach key for somebody without a Firebase account, in the same form (C-04)."""
