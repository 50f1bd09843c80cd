"""Passkeys on py_webauthn: malformed responses, and the site."""

import contextlib
import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.users.webauthn_passkeys import WebauthnPasskeys, relying_party
from application.users.errors import (
    PasskeyRefused,
)
from application.users.passkey_ports import PasskeyUser
from tests.peers.authenticator import Authenticator, decode, encode


def _paths(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return [path]
    return [path, *(each for name in value for each in _paths(value[name], (*path, name)))]


def _with(value: dict[str, Any], path: tuple[str, ...], other: Any) -> dict[str, Any]:
    changed = copy.deepcopy(value)
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = other
    return changed


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=40),
    st.binary(max_size=200).map(encode),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)

CUT = st.floats(0, 1).map(lambda share: lambda text: text[: int(share * len(text))])
"""Shortens a text."""

Check = tuple[dict[str, Any], Callable[[dict[str, Any]], object]]


def _checks() -> list[Check]:
    """Return valid responses with the methods that read them."""
    device, webauthn = Authenticator(), WebauthnPasskeys(relying_party("https://kinelog.example"))
    challenge = b"c" * 32
    user = PasskeyUser(handle=b"u" * 32, name="ada@example.org")
    created = device.create(webauthn.creation_options(challenge, user, []))
    got = device.get(webauthn.request_options(challenge, []))
    public_key = webauthn.verify_creation(created, challenge).public_key
    webauthn.verify_assertion(got, challenge, public_key)
    return [
        (created, lambda response: webauthn.verify_creation(response, challenge)),
        (got, lambda response: webauthn.verify_assertion(response, challenge, public_key)),
        (got, webauthn.challenge_of),
        (got, webauthn.credential_id_of),
    ]


CHECKS = _checks()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_malformed_response_is_refused(data: st.DataObject) -> None:
    """R-IDN-18: with a typed error, whatever a client sends."""
    response, check = data.draw(st.sampled_from(CHECKS))
    path = data.draw(st.sampled_from([each for each in _paths(response) if each]))
    value: Any = response
    for name in path:
        value = value[name]
    is_cut = isinstance(value, str) and data.draw(st.booleans())
    with contextlib.suppress(PasskeyRefused):
        check(_with(response, path, data.draw(CUT)(value) if is_cut else data.draw(JUNK)))


X509_V3, X509_V6 = bytes.fromhex("a003020102"), bytes.fromhex("a003020105")
"""Version of a certificate: RFC 5280, 4.1.2.1. Version 6 does not exist."""


def _certificate() -> bytes:
    """Return a self-signed certificate (DER)."""
    key, begin = ec.generate_private_key(ec.SECP256R1()), datetime(2030, 1, 1, tzinfo=UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authenticator")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=1))
        .sign(key, SHA256())
    )
    return certificate.public_bytes(Encoding.DER)


@pytest.mark.parametrize("version", [X509_V3, X509_V6])
def test_an_attestation_with_a_malformed_certificate_is_refused(version: bytes) -> None:
    """R-IDN-18: whatever type of error its parser raises."""
    certificate = _certificate()
    assert certificate.count(X509_V3) == 1
    statement = {"alg": -7, "sig": b"none", "x5c": [certificate.replace(X509_V3, version)]}
    created, check = CHECKS[0]
    attestation = cbor2.loads(decode(created["response"]["attestationObject"]))
    changed = cbor2.dumps({**attestation, "fmt": "packed", "attStmt": statement})
    with pytest.raises(PasskeyRefused):
        check(_with(created, ("response", "attestationObject"), encode(changed)))


@pytest.mark.parametrize(
    ("public_url", "site", "origin"),
    [
        ("https://kinelog.example", "kinelog.example", "https://kinelog.example"),
        ("https://Kinelog.example:443/base", "kinelog.example", "https://kinelog.example"),
        ("https://gym.example:8443", "gym.example", "https://gym.example:8443"),
        ("http://127.0.0.1:8765", "localhost", "http://localhost:8765"),
        ("http://[::1]:8765", "localhost", "http://localhost:8765"),
    ],
)
def test_the_site_of_passkeys_is_the_configured_one(
    public_url: str, site: str, origin: str
) -> None:
    """R-IDN-18: on this machine, browsers create passkeys for `localhost` only."""
    party = relying_party(public_url)
    assert (party.id, party.origin) == (site, origin)
