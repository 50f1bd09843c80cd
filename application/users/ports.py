"""Ports of sign-in. Every method of a store may raise StorageUnavailable."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from application.users.tokens import AccessClaims, ProviderUser
from domain.ids import TenantId, UserId
from domain.pose_coach.key import PoseCoachKey
from domain.users.identities import Provider

IdentityKind = Literal["email", "pseudonym"] | Provider
"""Kind of an identity: e-mail address, folded pseudonym, or a provider's subject."""

LinkPurpose = Literal["verify_email", "email_verified", "reset_password", "password_reset"]
"""`email_verified` is a link to verify an address that has been used."""


class Passwords(Protocol):
    """Password hashing, slow by design. Raises PasswordsBusy under too many requests at once."""

    def require_strong(self, password: str, personal_words: Sequence[str]) -> None:
        """Reject a password that is easy to guess for someone who knows these words.

        Raises PasswordTooWeak and PasswordLengthWrong.
        """
        ...

    def hash(self, password: str) -> str:
        """Hash with a fresh salt."""
        ...

    def check(self, password: str, stored: str | None) -> "PasswordCheck":
        """Compare with a stored hash; without one, take as long and do not match."""
        ...


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """Result of a password check, and a new hash if the stored one is outdated."""

    matches: bool
    renewed: str | None = None


class Credentials(Protocol):
    """Password hashes. They are kept outside the log because they are replaced and removed."""

    def find(self, tenant_id: TenantId, user_id: UserId) -> str | None: ...

    def put(self, tenant_id: TenantId, user_id: UserId, hashed: str, at: datetime) -> None: ...

    def put_by_link(
        self, tenant_id: TenantId, digest: bytes, hashed: str, at: datetime, *, until: datetime
    ) -> UserId | None:
        """Use a link of the purpose `reset_password` to store a hash: both or neither.

        Of concurrent calls only one gets the user; the others get None and change nothing. The link
        is stored with the purpose `password_reset` until then.
        """
        ...

    def replace(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        hashed: str | None,
        *,
        expected: str | None,
        at: datetime,
    ) -> bool:
        """Store a hash, or with None remove it, if the stored one is `expected`.

        Returns whether it was; None means that there is no hash.
        """
        ...

    def remove(self, tenant_id: TenantId, user_id: UserId) -> None: ...


class IdentityIndex(Protocol):
    """Blind index from addresses, pseudonyms and provider subjects to accounts of a tenant.

    It stores only digests made with a key of the tenant, so it cannot be read backwards.
    """

    def claim(
        self, tenant_id: TenantId, kind: IdentityKind, subject: str, user_id: UserId
    ) -> UserId:
        """Return the owner of an identity, which becomes this user if it has none."""
        ...

    def find(self, tenant_id: TenantId, kind: IdentityKind, subject: str) -> UserId | None:
        """Return the owner of an identity. Stores nothing, not even a key of the tenant."""
        ...

    def has_any(self, tenant_id: TenantId) -> bool:
        """Return whether the tenant has any identity."""
        ...

    def release(self, tenant_id: TenantId, user_id: UserId, kind: IdentityKind) -> None:
        """Release a user's identities of one kind, so that others can claim them."""
        ...

    def release_all(self, tenant_id: TenantId, user_id: UserId) -> None: ...


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in of one device: a family of refresh tokens, until sign-out."""

    tenant_id: TenantId
    id: UUID
    user_id: UserId
    began_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ActiveSignIn:
    """An active sign-in, and the time of its device's last request."""

    sign_in: SignIn
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Rotated:
    """The token was current, or is repeated within its leeway. Its successor is unused."""

    sign_in: SignIn


@dataclass(frozen=True, slots=True)
class Superseded:
    """The token was used within its leeway, and its successor has been used since."""

    sign_in: SignIn


@dataclass(frozen=True, slots=True)
class Reused:
    """The token had been used before, so it was copied. The sign-in is ended."""

    sign_in: SignIn


@dataclass(frozen=True, slots=True)
class Inactive:
    """The token is unknown, or its sign-in has ended or expired."""


Rotation = Rotated | Superseded | Reused | Inactive


class SignIns(Protocol):
    """Store of sign-ins and of the digests of their single-use refresh tokens."""

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
        """Use a token, and store its successor. The second use of a token ends the sign-in.

        Within the leeway after its first use, repeating it with the same successor is none: the
        answer may have been lost.
        """
        ...

    def find(
        self, tenant_id: TenantId, digest: bytes, at: datetime, *, leeway: timedelta
    ) -> SignIn | None:
        """Return the active sign-in of a token, without using the token.

        None if the token has been used, unless that was within the leeway.
        """
        ...

    def end(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> None:
        """End a sign-in. Idempotent."""
        ...

    def end_all(self, tenant_id: TenantId, user_id: UserId, at: datetime) -> Sequence[UUID]:
        """End all sign-ins of a user and return the ids of those that had not expired."""
        ...

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool:
        """Return whether a sign-in has neither ended nor expired."""
        ...

    def list_active(
        self, tenant_id: TenantId, user_id: UserId, at: datetime
    ) -> Sequence[ActiveSignIn]:
        """Return a user's active sign-ins, the most recently used first."""
        ...


class Revocations(Protocol):
    """Revocation check for access tokens. An ended sign-in is visible within a second."""

    def is_cached(self, tenant_id: TenantId, sign_in_id: UUID) -> bool:
        """Return whether the sign-in is cached as live; False means that a lookup is needed."""
        ...

    def is_live(self, tenant_id: TenantId, sign_in_id: UUID, at: datetime) -> bool: ...

    def mark_begun(self, tenant_id: TenantId, sign_in_id: UUID) -> None:
        """Record a sign-in that `SignIns` has begun: its tokens are valid (R-IDN-08)."""
        ...

    def mark_ended(self, tenant_id: TenantId, sign_in_ids: Sequence[UUID]) -> None:
        """Record sign-ins that `SignIns` has ended."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """A single-use link. Only the digest of its secret is stored."""

    tenant_id: TenantId
    digest: bytes
    purpose: LinkPurpose
    user_id: UserId
    expires_at: datetime


class SingleUseLinks(Protocol):
    """Store of single-use links. One with the digest of another replaces it."""

    def issue(self, link: Link, at: datetime) -> None: ...

    def owner(
        self, tenant_id: TenantId, digest: bytes, purpose: LinkPurpose, at: datetime
    ) -> UserId | None:
        """Return the user of a valid link without using it, or None."""
        ...

    def redeem(
        self, tenant_id: TenantId, digest: bytes, purpose: LinkPurpose, at: datetime
    ) -> UserId | None:
        """Use a link. Of concurrent calls only one gets the user; the others get None.

        A link of the purpose `verify_email` is stored with the purpose `email_verified` until it
        expires; others are deleted. `Credentials.put_by_link` uses links that set passwords.
        """
        ...

    def withdraw(self, tenant_id: TenantId, user_id: UserId, purpose: LinkPurpose) -> None:
        """Invalidate all links of a user for one purpose."""
        ...


class TokenSigner(Protocol):
    """Signs and verifies access tokens."""

    def sign(self, claims: AccessClaims) -> str:
        """Sign a token. Raises KmsUnavailable, KeyRefused and StorageUnavailable, as `read`."""
        ...

    def read_cached(self, token: str) -> AccessClaims | None:
        """Return the claims of a recently verified token; None means that `read` is needed."""
        ...

    def read(self, token: str) -> AccessClaims:
        """Verify a token. Raises TokenRefused if it is forged, expired or not for us."""
        ...


class IdTokens(Protocol):
    """Verifies ID tokens of identity providers."""

    def read(self, provider: Provider, token: str, nonce: str | None = None) -> ProviderUser:
        """Verify an ID token. Raises IdTokenRefused and ProviderUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """A signed-in user, and their sign-in."""

    user_id: UserId
    sign_in_id: UUID


@dataclass(frozen=True, slots=True)
class Flow:
    """State of an OAuth redirect, kept by the browser until its return.

    `state` binds the callback to the browser, `nonce` the ID token to the request, `verifier` the
    code to the requester (PKCE, RFC 7636). `links` is the user to whom the identity is linked, or
    None for a sign-in.
    """

    provider: Provider
    tenant_id: TenantId
    state: str
    nonce: str
    verifier: str
    return_to: str
    expires_at: datetime
    links: SignedInUser | None = None


@dataclass(frozen=True, slots=True)
class CallbackParameters:
    """Parameters of an OAuth callback, None if the provider did not send them.

    `issuer` is that of RFC 9207; `name` is sent by Apple at the first sign-in.
    """

    state: str | None = None
    code: str | None = None
    error: str | None = None
    issuer: str | None = None
    name: str | None = None


class Flows(Protocol):
    """Signs OAuth redirect state for the browser, and verifies it on return."""

    def sign(self, flow: Flow) -> str: ...

    def read(self, signed: str) -> Flow:
        """Verify signed state. Raises FlowRefused if it is forged, expired or malformed."""
        ...


class RedirectProviders(Protocol):
    """Identity providers with a sign-in page.

    Every method but `names` raises ProviderUnknown; those that call the provider raise
    ProviderUnavailable.
    """

    def names(self) -> Sequence[Provider]: ...

    def uses_form_post(self, provider: Provider) -> bool:
        """Return whether the provider's callback is a form post, as Apple's is."""
        ...

    def page(self, flow: Flow, callback: str) -> str:
        """Return the URL of the provider's sign-in page for a new flow."""
        ...

    def redeem(self, flow: Flow, parameters: CallbackParameters, callback: str) -> ProviderUser:
        """Exchange the code for the user. Raises CodeRefused and IdTokenRefused."""
        ...


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail to one person, as text and as HTML. A repetition has the same `id`.

    `unsubscribe_url` is for mail programs (RFC 8058); None: the e-mail is part of a contract.
    """

    id: UUID
    to: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str | None = None


class Mailer(Protocol):
    """Sends e-mails."""

    def send(self, mail: Mail, *, tenant_id: TenantId, user_id: UserId) -> None:
        """Send an e-mail to the address of a user.

        Raises MailUndelivered if no e-mail can be sent now, MailDeferred if only this one cannot,
        and MailRefused if a retry is useless.
        """
        ...


Later = Callable[[Callable[[], object]], None]
"""Runs a task after the response has been sent, so that its duration reveals nothing."""

DeriveSecret = Callable[[TenantId, str, str], str]
"""Derives a secret of 256 bits, as text without a dot, from a tenant, a purpose and another secret.
It is always the same, and nobody without the key of the tenant can compute it."""

NewSecret = Callable[[], str]
"""Creates secrets of 256 random bits, as text without a dot."""

MintKey = Callable[[], PoseCoachKey]
"""Creates a pose coach key for an account without Firebase, in the form of C-04."""
