"""Passkeys on py_webauthn (Web Authentication, Level 3)."""

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlsplit

import structlog
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from application.users.errors import PasskeyRefused
from application.users.passkey_ports import Assertion, Json, NewCredential, PasskeyUser

logger: Any = structlog.get_logger()

SITE_NAME: Final = "Kinelog"

TIMEOUT_MS: Final = 300_000

ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]

MALFORMED: Final = (
    WebAuthnException,
    InvalidSignature,
    UnsupportedAlgorithm,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading a response raises if it is wrong or malformed."""

DEFAULT_PORTS: Final = {"http": 80, "https": 443}

LOOPBACK_ADDRESSES: Final = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """A site as browsers identify it: a domain and an origin."""

    id: str
    origin: str


def relying_party(public_url: str) -> RelyingParty:
    """Return the site at a public URL.

    Browsers create passkeys for names only, so an address of this machine becomes `localhost`.
    """
    parts = urlsplit(public_url)
    name = (parts.hostname or "").lower()
    host = "localhost" if name in LOOPBACK_ADDRESSES else name
    is_default = parts.port in {None, DEFAULT_PORTS.get(parts.scheme)}
    port = "" if is_default else f":{parts.port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


class WebauthnPasskeys:
    """Implements `Passkeys`: user verification required, discoverable passkeys preferred."""

    def __init__(self, site: RelyingParty) -> None:
        self._site = site

    def creation_options(
        self, challenge: bytes, user: PasskeyUser, existing: Sequence[bytes]
    ) -> Json:
        options = generate_registration_options(
            rp_id=self._site.id,
            rp_name=SITE_NAME,
            user_name=user.name,
            user_id=user.handle,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(existing),
            supported_pub_key_algs=ALGORITHMS,
        )
        return _to_json(options)

    def request_options(self, challenge: bytes, allowed: Sequence[bytes]) -> Json:
        options = generate_authentication_options(
            rp_id=self._site.id,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            allow_credentials=_descriptors(allowed),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return _to_json(options)

    def challenge_of(self, response: Json) -> bytes:
        try:
            data = base64url_to_bytes(response["response"]["clientDataJSON"])
            return parse_client_data_json(data).challenge
        except MALFORMED as malformed:
            raise PasskeyRefused from malformed

    def credential_id_of(self, response: Json) -> bytes:
        try:
            return base64url_to_bytes(response["rawId"])
        except MALFORMED as malformed:
            raise PasskeyRefused from malformed

    def verify_creation(self, response: Json, challenge: bytes) -> NewCredential:
        with _refusing_errors():
            verified = verify_registration_response(
                credential=dict(response),
                expected_challenge=challenge,
                expected_rp_id=self._site.id,
                expected_origin=self._site.origin,
                require_user_verification=True,
                supported_pub_key_algs=ALGORITHMS,
            )
        if verified.credential_id != self.credential_id_of(response):
            raise PasskeyRefused
        return NewCredential(
            id=verified.credential_id,
            public_key=verified.credential_public_key,
            counter=verified.sign_count,
        )

    def verify_assertion(self, response: Json, challenge: bytes, public_key: bytes) -> Assertion:
        with _refusing_errors():
            verified = verify_authentication_response(
                credential=dict(response),
                expected_challenge=challenge,
                expected_rp_id=self._site.id,
                expected_origin=self._site.origin,
                credential_public_key=public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
            handle = response["response"].get("userHandle")
            user_handle = None if handle is None else base64url_to_bytes(handle)
        return Assertion(verified.new_sign_count, user_handle)


@contextmanager
def _refusing_errors() -> Generator[None]:
    """Refuse the passkey if its verification raises, and log errors of an unexpected type."""
    try:
        yield
    except MALFORMED as malformed:
        raise PasskeyRefused from malformed
    except Exception as unexpected:
        # The libraries parse certificates and keys of untrusted bytes. Their errors have no common
        # type: `x509.InvalidVersion`, for example, derives from Exception alone.
        logger.warning("passkey_verification_failed", error=type(unexpected).__name__)
        raise PasskeyRefused from unexpected


def _descriptors(ids: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each) for each in ids]


def _to_json(options: Any) -> Json:
    return cast("Json", json.loads(options_to_json(options)))
