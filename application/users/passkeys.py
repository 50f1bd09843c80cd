"""Passkeys (WebAuthn): added as second factors; they also sign in without a password."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import structlog

from application.users.accounts import reveal
from application.users.errors import (
    PasskeyChallengeRefused,
    PasskeyCopied,
    PasskeyRefused,
    SignInRefused,
)
from application.users.factor_ports import StoredFactor
from application.users.passkey_ports import (
    Challenge,
    Challenges,
    Json,
    Passkeys,
    PasskeyUser,
    Purpose,
)
from application.users.second_factors import Enrolled, SecondFactorService, place_of
from application.users.tokens import AccessClaims, Confirmed, SignedIn
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users.factor_commands import RenamePasskey
from domain.users.factors import require_room
from domain.users.identities import require_name
from domain.users.user import Registered

logger: Any = structlog.get_logger()

CHALLENGE_LIFETIME: Final = timedelta(minutes=5)

NOBODY: Final = UserId("")
"""User of a challenge before a sign-in."""

NewChallenge = Callable[[], bytes]
"""Creates a challenge of at least 16 random bytes."""


@dataclass(frozen=True, slots=True)
class Credential:
    """The stored part of a passkey. It is encrypted, as it links a person to a device."""

    id: bytes
    public_key: bytes

    def to_bytes(self) -> bytes:
        """Return the form that is encrypted and stored."""
        content = {"id": self.id, "publicKey": self.public_key}
        return json.dumps(
            {name: b64encode(each).decode() for name, each in content.items()}
        ).encode()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Credential":
        """Return the credential of its stored form."""
        content = json.loads(stored)
        return cls(b64decode(content["id"]), b64decode(content["publicKey"]))


@dataclass(frozen=True)
class PasskeyService:
    """Adds passkeys to accounts, and accepts them to confirm sign-ins or to sign in.

    Each response answers a challenge that is stored, expires, and is used up by the first attempt.
    """

    second_factors: SecondFactorService
    challenges: Challenges
    passkeys: Passkeys
    new_challenge: NewChallenge

    def begin_enrolment(self, claims: AccessClaims) -> Json:
        """Return the options to create a passkey; a recent sign-in is required.

        Raises PasskeysFull and SignInEnded.
        """
        user = self.second_factors.user(claims)
        self._discard_abandoned(claims, user)
        require_room("passkey", user.second_factors)
        name = reveal(user.email) or reveal(user.username) or claims.user_id
        account = PasskeyUser(user_handle(claims.tenant_id, claims.user_id), name)
        challenge = self._issue("enrolment", claims.tenant_id, claims)
        return self.passkeys.creation_options(challenge, account, self._credential_ids(claims))

    def enrol(
        self, claims: AccessClaims, name: str, response: Json, *, origin: Origin, command_id: UUID
    ) -> Enrolled:
        """Add a new passkey, and confirm the sign-in with it.

        A repeat with the same command id, whose first answer may be lost, gives new recovery codes,
        and the old ones are void, unless the user has replaced them since. If an error or a crash
        left the passkey stored without its event, a repeat continues. Only the same sign-in repeats
        it, within the lifetime of a challenge.

        Raises InvalidValue, PasskeyChallengeRefused, PasskeyRefused, SecondFactorRequired and
        PasskeysFull.
        """
        tenant_id, label = claims.tenant_id, Personal(claims.user_id, name)
        require_name(label)
        if self.second_factors.accounts.is_executed(tenant_id, command_id):
            factor = self._enrolled(claims, response)
        else:
            self.second_factors.require_first_or_confirmed(claims, None)
            factor = self._pending(claims, response) or self._store(claims, response)
        return self.second_factors.add(
            claims,
            factor,
            name=label,
            origin=origin,
            command_id=command_id,
        )

    def rename(
        self,
        claims: AccessClaims,
        factor_id: str,
        name: str,
        *,
        origin: Origin,
        command_id: UUID,
    ) -> None:
        """Change what the user calls a passkey. Raises InvalidValue and SecondFactorUnknown."""
        command = RenamePasskey(factor_id=factor_id, name=Personal(claims.user_id, name))
        self.second_factors.accounts.execute(
            claims.user_id, [command], origin=origin, command_id=command_id
        )

    def begin_confirmation(self, claims: AccessClaims) -> Json:
        """Return the options to confirm a sign-in with a passkey of the user.

        Raises PasskeyRefused if they have none, and SignInEnded.
        """
        allowed = self._credential_ids(claims)
        if not allowed:
            raise PasskeyRefused
        challenge = self._issue("confirmation", claims.tenant_id, claims)
        return self.passkeys.request_options(challenge, allowed)

    def confirm(self, claims: AccessClaims, response: Json) -> Confirmed:
        """Confirm a sign-in with a passkey of the user.

        Raises PasskeyChallengeRefused, PasskeyRefused, PasskeyCopied and SignInEnded.
        """
        challenge = self._redeem("confirmation", claims.tenant_id, claims, response)
        factor, counter = self._verify(claims.tenant_id, response, challenge)
        if factor.user_id != claims.user_id:
            raise PasskeyRefused
        user = self.second_factors.user(claims)
        _require_active(user, factor)
        self._advance(factor, counter)
        return self.second_factors.sign_in_service.confirm(claims)

    def begin_sign_in(self, tenant_id: TenantId) -> Json:
        """Return the options to sign in with any discoverable passkey. They depend on no user."""
        return self.passkeys.request_options(self._issue("sign_in", tenant_id, None), [])

    def sign_in(self, tenant_id: TenantId, response: Json) -> SignedIn:
        """Sign in with a passkey alone. Its user verification counts as the second factor.

        Raises PasskeyChallengeRefused, PasskeyRefused, PasskeyCopied, and only for a valid passkey
        AccountSuspended.
        """
        challenge = self._redeem("sign_in", tenant_id, None, response)
        factor, counter = self._verify(tenant_id, response, challenge, needs_handle=True)
        sign_in_service = self.second_factors.sign_in_service
        user = self.second_factors.accounts.user(tenant_id, factor.user_id)
        if not isinstance(user, Registered):
            raise PasskeyRefused
        _require_active(user, factor)
        sign_in_service.require_not_suspended(user)
        self._advance(factor, counter)
        try:
            return sign_in_service.begin(
                tenant_id,
                factor.user_id,
                user,
                confirmed=True,
                is_still_valid=lambda: self._is_still_active(factor),
            )
        except SignInRefused:  # the passkey was removed meanwhile
            raise PasskeyRefused from None

    def _is_still_active(self, factor: StoredFactor) -> bool:
        user = self.second_factors.accounts.user(factor.tenant_id, factor.user_id)
        return isinstance(user, Registered) and _is_active(user, factor)

    def _issue(self, purpose: Purpose, tenant_id: TenantId, claims: AccessClaims | None) -> bytes:
        secret, now = self.new_challenge(), self.second_factors.clock()
        challenge = _challenge(purpose, tenant_id, claims, secret)
        self.challenges.issue(challenge, now, now + CHALLENGE_LIFETIME)
        return secret

    def _redeem(
        self, purpose: Purpose, tenant_id: TenantId, claims: AccessClaims | None, response: Json
    ) -> bytes:
        """Use up the challenge of a response, and return it. Raises PasskeyChallengeRefused."""
        secret = self.passkeys.challenge_of(response)
        challenge = _challenge(purpose, tenant_id, claims, secret)
        if not self.challenges.redeem(challenge, self.second_factors.clock()):
            raise PasskeyChallengeRefused
        return secret

    def _store(self, claims: AccessClaims, response: Json) -> StoredFactor:
        """Verify and store a new passkey, which counts once its event is stored."""
        tenant_id, user_id = claims.tenant_id, claims.user_id
        challenge = self._redeem("enrolment", tenant_id, claims, response)
        created = self.passkeys.verify_creation(response, challenge)
        require_room("passkey", self.second_factors.user(claims).second_factors)
        factor_id = factor_id_of(claims.sign_in_id, challenge)
        sealed = self.second_factors.cipher.seal(
            Credential(created.id, created.public_key).to_bytes(),
            tenant_id=tenant_id,
            subject=user_id,
            place=place_of(factor_id),
        )
        factor = StoredFactor(
            tenant_id=tenant_id,
            user_id=user_id,
            id=factor_id,
            kind="passkey",
            sealed=sealed,
            counter=created.counter,
            added_at=self.second_factors.clock(),
        )
        if not self.second_factors.factors.put_passkey(factor, credential_digest(created.id)):
            raise PasskeyRefused
        return factor

    def _enrolled(self, claims: AccessClaims, response: Json) -> StoredFactor:
        """Return the passkey that a repeated request has added. Raises PasskeyRefused."""
        factor = self._stored_by(claims, response)
        if factor is None:
            raise PasskeyRefused
        _require_active(self.second_factors.user(claims), factor)
        return factor

    def _pending(self, claims: AccessClaims, response: Json) -> StoredFactor | None:
        """Return the passkey that a failed request has stored without its event, or None."""
        factor = self._stored_by(claims, response)
        if factor is None or _is_active(self.second_factors.user(claims), factor):
            return None
        return factor

    def _stored_by(self, claims: AccessClaims, response: Json) -> StoredFactor | None:
        """Return the passkey that this sign-in has stored for this response, or None.

        None also for one that is older than the lifetime of a challenge. Raises PasskeyRefused.
        """
        challenge = self.passkeys.challenge_of(response)
        digest = credential_digest(self.passkeys.credential_id_of(response))
        factor = self.second_factors.factors.find_passkey(claims.tenant_id, digest)
        if factor is None or factor.id != factor_id_of(claims.sign_in_id, challenge):
            return None
        if self._is_expired(factor):
            return None
        created = self.passkeys.verify_creation(response, challenge)
        if self._open(factor) != Credential(created.id, created.public_key):
            raise PasskeyRefused
        return factor

    def _is_expired(self, factor: StoredFactor) -> bool:
        """Return whether the request that stored a passkey can no longer be repeated."""
        return self.second_factors.clock() > factor.added_at + CHALLENGE_LIFETIME

    def _discard_abandoned(self, claims: AccessClaims, user: Registered) -> None:
        """Remove passkeys without an event. Recent ones stay, as their request may still run."""
        factors = self.second_factors.factors
        abandoned = [
            each.id
            for each in factors.list_all(claims.tenant_id, claims.user_id)
            if each.kind == "passkey" and not _is_active(user, each) and self._is_expired(each)
        ]
        factors.remove(claims.tenant_id, claims.user_id, abandoned)

    def _verify(
        self, tenant_id: TenantId, response: Json, challenge: bytes, *, needs_handle: bool = False
    ) -> tuple[StoredFactor, int]:
        """Return the passkey that signed a response, and its counter. Raises PasskeyRefused."""
        factor = self._find(tenant_id, self.passkeys.credential_id_of(response))
        credential = self._open(factor)
        assertion = self.passkeys.verify_assertion(response, challenge, credential.public_key)
        handle = assertion.user_handle
        if handle is None and not needs_handle:
            return factor, assertion.counter
        if handle != user_handle(tenant_id, factor.user_id):
            raise PasskeyRefused
        return factor, assertion.counter

    def _find(self, tenant_id: TenantId, credential_id: bytes) -> StoredFactor:
        digest = credential_digest(credential_id)
        factor = self.second_factors.factors.find_passkey(tenant_id, digest)
        if factor is None:
            raise PasskeyRefused
        return factor

    def _open(self, factor: StoredFactor) -> Credential:
        stored = self.second_factors.cipher.unseal(
            factor.sealed,
            tenant_id=factor.tenant_id,
            subject=factor.user_id,
            place=place_of(factor.id),
        )
        if stored is None:
            raise PasskeyRefused
        return Credential.from_bytes(stored)

    def _advance(self, factor: StoredFactor, counter: int) -> None:
        """Store the new counter. Raises PasskeyCopied if the authenticator counts, and it is old.

        An authenticator that does not count always sends 0: Web Authentication, 6.1.1.
        """
        if counter == factor.counter == 0:
            return
        if not self.second_factors.factors.advance(factor, counter):
            logger.warning("passkey_counter_too_low", factor=factor.id)
            raise PasskeyCopied

    def _credential_ids(self, claims: AccessClaims) -> Sequence[bytes]:
        factors = self.second_factors.list_factors(claims)
        return [self._open(each).id for each in factors if each.kind == "passkey"]


def _challenge(
    purpose: Purpose, tenant_id: TenantId, claims: AccessClaims | None, secret: bytes
) -> Challenge:
    return Challenge(
        tenant_id=tenant_id,
        digest=hashlib.sha256(secret).digest(),
        purpose=purpose,
        user_id=NOBODY if claims is None else claims.user_id,
        sign_in_id=None if claims is None else claims.sign_in_id,
    )


def _require_active(user: Registered, factor: StoredFactor) -> None:
    """Raise PasskeyRefused unless the account's events name the passkey."""
    if not _is_active(user, factor):
        raise PasskeyRefused


def _is_active(user: Registered, factor: StoredFactor) -> bool:
    return any(each.id == factor.id for each in user.second_factors)


def factor_id_of(sign_in_id: UUID, challenge: bytes) -> str:
    """Return the id of the passkey that answers a challenge of a sign-in.

    As it is derived, a repeated request is recognized as one of the same sign-in and challenge.
    """
    return str(uuid5(sign_in_id, challenge.hex()))


def user_handle(tenant_id: TenantId, user_id: UserId) -> bytes:
    """Return what identifies an account to authenticators: no personal data, in 32 bytes."""
    return hashlib.sha256(f"passkey/{tenant_id}/{user_id}".encode()).digest()


def credential_digest(credential_id: bytes) -> bytes:
    """Return the digest by which a passkey is found. Credential ids have 128 random bits."""
    return hashlib.sha256(credential_id).digest()
