"""Ports of passkeys: the WebAuthn algorithms, and the store of challenges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from domain.ids import TenantId, UserId

Purpose = Literal["enrolment", "confirmation", "sign_in"]
"""What a challenge is for: adding a passkey, confirming a sign-in, or signing in."""

Json = Mapping[str, Any]
"""A JSON object of WebAuthn, such as `PublicKeyCredentialCreationOptionsJSON`."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A single-use challenge. Only its digest is stored.

    Before a sign-in, `user_id` is empty and `sign_in_id` None.
    """

    tenant_id: TenantId
    digest: bytes
    purpose: Purpose
    user_id: UserId
    sign_in_id: UUID | None


class Challenges(Protocol):
    """Store of challenges."""

    def issue(self, challenge: Challenge, at: datetime, expires_at: datetime) -> None:
        """Store a challenge, and delete those of its tenant that have expired."""
        ...

    def redeem(self, challenge: Challenge, at: datetime) -> bool:
        """Use up a challenge. Of concurrent calls only one succeeds; none after its expiry."""
        ...


@dataclass(frozen=True, slots=True)
class PasskeyUser:
    """The account of a new passkey, as the authenticator shows it.

    `handle` identifies the account and has no personal data.
    """

    handle: bytes
    name: str


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A verified new credential."""

    id: bytes
    public_key: bytes
    counter: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """A verified signature of a passkey. `user_handle` is None if it did not send one."""

    counter: int
    user_handle: bytes | None


class Passkeys(Protocol):
    """WebAuthn for one site. Every method but the first two raises PasskeyRefused."""

    def creation_options(
        self, challenge: bytes, user: PasskeyUser, existing: Sequence[bytes]
    ) -> Json:
        """Return the options to create a passkey, except on authenticators that have one."""
        ...

    def request_options(self, challenge: bytes, allowed: Sequence[bytes]) -> Json:
        """Return the options to use one of these passkeys, or any if there are none."""
        ...

    def challenge_of(self, response: Json) -> bytes:
        """Return the challenge that a response claims to answer."""
        ...

    def credential_id_of(self, response: Json) -> bytes:
        """Return the id of the credential that a response claims to be from."""
        ...

    def verify_creation(self, response: Json, challenge: bytes) -> NewCredential:
        """Verify a new passkey: challenge, origin, site and user verification."""
        ...

    def verify_assertion(self, response: Json, challenge: bytes, public_key: bytes) -> Assertion:
        """Verify a signature: challenge, origin, site, user verification. Not the counter."""
        ...
