"""Tokens of Google, Apple and Firebase, from a peer that signs and rotates as they do."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from adapters.users import id_tokens
from adapters.users.id_tokens import ProviderIdTokens, apple, firebase, google
from application.users.errors import IdTokenRefused, ProviderUnavailable
from application.users.tokens import ProviderUser
from domain.users.identities import APPLE, GOOGLE
from tests.adapters.users.provider_peer import AT, CLIENT, NOW, ProviderPeer, provider_peer

ADA = ProviderUser(GOOGLE, "1234567890", "ada@example.org", email_verified=True, name="Ada")


@pytest.fixture
def peer() -> Iterator[ProviderPeer]:
    with provider_peer() as publishing:
        yield publishing


@pytest.fixture
def tokens(peer: ProviderPeer) -> Iterator[ProviderIdTokens]:
    with httpx2.Client(timeout=60) as client:
        yield ProviderIdTokens({GOOGLE: peer.issuer}, client, clock=lambda: AT)


def test_a_user_is_identified_by_the_signed_id_token(
    tokens: ProviderIdTokens, peer: ProviderPeer
) -> None:
    """R-IDN-01, R-IDN-12, R-IDN-13, C-22"""
    assert tokens.read(GOOGLE, peer.token()) == ADA
    assert tokens.read(GOOGLE, peer.token(aud=[CLIENT, "another"])) == ADA
    assert tokens.read(GOOGLE, peer.token(nonce="n"), nonce="n") == ADA
    assert peer.requests == 1


@pytest.mark.parametrize("verified", [False, "false", None, "yes", 0])
def test_an_address_is_verified_only_if_the_provider_confirms_it(
    tokens: ProviderIdTokens, peer: ProviderPeer, verified: object
) -> None:
    assert not tokens.read(GOOGLE, peer.token(email_verified=verified)).email_verified


def test_apple_sends_booleans_as_text(tokens: ProviderIdTokens, peer: ProviderPeer) -> None:
    assert tokens.read(GOOGLE, peer.token(email_verified="true")).email_verified


def test_clocks_may_differ_by_a_minute(tokens: ProviderIdTokens, peer: ProviderPeer) -> None:
    """C-22"""
    assert tokens.read(GOOGLE, peer.token(iat=NOW + 59, exp=NOW + 600)) == ADA
    assert tokens.read(GOOGLE, peer.token(iat=NOW - 4000, exp=NOW - 59)) == ADA


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://eve.example"}, {"iss": None}, {"aud": "another"}, {"aud": None},
        {"aud": []}, {"exp": NOW - 61}, {"exp": None}, {"exp": "never"}, {"iat": NOW + 61},
        {"iat": None}, {"sub": ""}, {"sub": None}, {"sub": 7}, {"sub": "x" * 256},
        {"nbf": NOW + 61}, {"email_verified": []},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_with_other_claims_is_refused(
    tokens: ProviderIdTokens, peer: ProviderPeer, changes: dict[str, Any]
) -> None:
    with pytest.raises(IdTokenRefused):
        tokens.read(GOOGLE, peer.token(**changes))


@pytest.mark.parametrize("signed", [None, "another"])
def test_a_token_of_another_sign_in_is_refused(
    tokens: ProviderIdTokens, peer: ProviderPeer, signed: str | None
) -> None:
    """The nonce ties a token to its sign-in: OpenID Connect Core, 3.1.2.1."""
    with pytest.raises(IdTokenRefused):
        tokens.read(GOOGLE, peer.token(nonce=signed), nonce="mine")


def test_a_token_that_the_provider_did_not_sign_is_refused(
    tokens: ProviderIdTokens, peer: ProviderPeer
) -> None:
    claims = {
        "iss": "https://vouching.example",
        "aud": CLIENT,
        "sub": "1",
        "iat": NOW,
        "exp": NOW + 9,
    }
    stranger = RSAKey.generate_key(2048, {"kid": "first"})
    public = OctKey.import_key(json.dumps(peer.keys[0].as_dict(private=False)))
    for token in [
        jwt.encode({"alg": "RS256", "kid": "first"}, claims, stranger),
        jwt.encode({"alg": "HS256", "kid": "first"}, claims, public, algorithms=["HS256"]),
        jwt.encode({"alg": "PS256", "kid": "first"}, claims, peer.keys[0], algorithms=["PS256"]),
        jwt.encode({"alg": "RS256"}, claims, peer.keys[0]),
        peer.token()[:-4], "", "a.b.c", "e30.e30.",
    ]:  # fmt: skip
        with pytest.raises(IdTokenRefused):
            tokens.read(GOOGLE, token)


def test_a_provider_that_is_not_set_up_is_refused(
    tokens: ProviderIdTokens, peer: ProviderPeer
) -> None:
    with pytest.raises(IdTokenRefused, match=APPLE):
        tokens.read(APPLE, peer.token())


def test_a_provider_can_rotate_its_keys(
    tokens: ProviderIdTokens, peer: ProviderPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-22: an unknown key id makes us reload the keys; tokens of the old key are then rejected."""
    old = peer.token()
    tokens.read(GOOGLE, old)
    peer.rotate("second")
    monkeypatch.setattr(id_tokens, "REFETCH_INTERVAL_S", 0.0)
    assert tokens.read(GOOGLE, peer.token()) == ADA
    assert peer.requests == 2
    with pytest.raises(IdTokenRefused):
        tokens.read(GOOGLE, old)


def test_forged_tokens_do_not_cause_requests_to_the_provider(
    tokens: ProviderIdTokens, peer: ProviderPeer
) -> None:
    tokens.read(GOOGLE, peer.token())
    stranger = RSAKey.generate_key(2048)
    for number in range(5):
        forged = jwt.encode({"alg": "RS256", "kid": f"k{number}"}, {"sub": "1"}, stranger)
        with pytest.raises(IdTokenRefused):
            tokens.read(GOOGLE, forged)
    assert peer.requests == 1


@pytest.mark.parametrize(("cache_control", "requests"), [("no-store, max-age=0", 2), ("", 1)])
def test_keys_are_held_as_long_as_the_provider_says(
    tokens: ProviderIdTokens, peer: ProviderPeer, cache_control: str, requests: int
) -> None:
    peer.cache_control = cache_control
    tokens.read(GOOGLE, peer.token())
    tokens.read(GOOGLE, peer.token())
    assert peer.requests == requests


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b'{"keys":[{"kty":"none"}]}'),
        (200, b"[]"),
    ],
)
def test_an_unresponsive_provider_is_reported(
    tokens: ProviderIdTokens, peer: ProviderPeer, status: int, body: bytes
) -> None:
    peer.status, peer.body = status, body
    with pytest.raises(ProviderUnavailable):
        tokens.read(GOOGLE, peer.token())
    peer.status, peer.body = 200, None
    assert tokens.read(GOOGLE, peer.token()) == ADA


def test_provider_settings_match_their_documentation() -> None:
    """R-IDN-12, R-IDN-13"""
    assert "https://accounts.google.com" in google("id").issuers
    assert apple("id").issuers == ("https://appleid.apple.com",)
    expected = firebase("gym")
    assert (expected.issuers, expected.audiences) == (
        ("https://securetoken.google.com/gym",),
        ("gym",),
    )
    assert {each.algorithms for each in (google(), apple(), expected)} == {("RS256",)}
