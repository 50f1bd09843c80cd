"""Access tokens: signing, verification and expiry."""

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from adapters.encryption.key_file import KeyFileKms
from adapters.users.access_tokens import JoseTokens
from adapters.users.database import IdentityDatabase
from adapters.users.key_ring import GRACE, KeyRing
from adapters.users.signing_keys import SqlSigningKeys, StoredKey
from application.kernel.encryption import KeyRefused
from application.users.errors import TokenRefused
from application.users.tokens import AccessClaims
from domain.ids import TenantId, UserId

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
ISSUER = "https://kinelog.example"
CLAIMS = AccessClaims(
    user_id=UserId("ada"),
    tenant_id=TenantId("red"),
    roles=frozenset({"member", "trainer"}),
    sign_in_id=UUID(int=7),
    pose_coach_uid="abc123def456ghi789",
    issued_at=AT,
    expires_at=AT + 10 * MINUTES,
)


class SetClock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[SqlSigningKeys]:
    with closing(IdentityDatabase(f"sqlite:///{tmp_path / 'identity.sqlite'}")) as database:
        yield SqlSigningKeys(database)


@pytest.fixture
def kms(tmp_path: Path) -> KeyFileKms:
    return KeyFileKms(tmp_path / "master.key")


def signer(keys: SqlSigningKeys, kms: KeyFileKms, clock: SetClock) -> JoseTokens:
    return JoseTokens(KeyRing(keys, kms, clock=clock), issuer=ISSUER, clock=clock)


@pytest.fixture
def tokens(keys: SqlSigningKeys, kms: KeyFileKms, clock: SetClock) -> JoseTokens:
    return signer(keys, kms, clock)


def parts(token: str) -> list[dict[str, Any]]:
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def test_a_token_says_who_in_which_tenant_with_which_roles(tokens: JoseTokens) -> None:
    """R-IDN-11, R-TEN-05, C-22"""
    token = tokens.sign(CLAIMS)
    assert tokens.read(token) == CLAIMS
    header, content = parts(token)
    assert header == {
        "alg": "ES256",
        "typ": "at+jwt",
        "kid": tokens._ring.public_keys()["keys"][0]["kid"],
    }
    assert content["tenant"] == "red"
    assert content["roles"] == ["member", "trainer"]
    assert content["uid"] == "abc123def456ghi789"


def test_another_process_reads_it(
    tokens: JoseTokens, keys: SqlSigningKeys, kms: KeyFileKms, clock: SetClock
) -> None:
    assert signer(keys, kms, clock).read(tokens.sign(CLAIMS)) == CLAIMS


def test_public_keys_verify_tokens_and_cannot_sign(tokens: JoseTokens) -> None:
    token = tokens.sign(CLAIMS)
    published = tokens._ring.public_keys()
    assert "d" not in published["keys"][0]
    assert jwt.decode(token, KeySet.import_key_set(published)).claims["sub"] == "ada"  # type: ignore[arg-type]


def test_a_token_expires(tokens: JoseTokens, clock: SetClock) -> None:
    """C-22: tokens are short-lived."""
    token = tokens.sign(CLAIMS)
    clock.now = CLAIMS.expires_at + timedelta(seconds=4)
    assert tokens.read(token) == CLAIMS  # the allowed clock difference between machines
    clock.now += timedelta(seconds=2)
    with pytest.raises(TokenRefused):
        tokens.read(token)


def test_a_cached_token_is_kept_until_it_expires(tokens: JoseTokens, clock: SetClock) -> None:
    """C-22: a signature is verified once, the expiry on each request."""
    token = tokens.sign(CLAIMS)
    assert tokens.read_cached(token) is None
    assert tokens.read(token) == tokens.read_cached(token) == CLAIMS
    assert tokens.read_cached(token + "x") is None
    clock.now = CLAIMS.expires_at + timedelta(seconds=6)
    assert tokens.read_cached(token) is None
    with pytest.raises(TokenRefused):
        tokens.read(token)


def forged(tokens: JoseTokens, **changes: Any) -> str:
    """Sign other claims with the real key, as only a bug could."""
    _, content = parts(tokens.sign(CLAIMS))
    content = {name: value for name, value in (content | changes).items() if value is not None}
    ring = tokens._ring._cached_ring()
    header = {"alg": "ES256", "typ": "at+jwt", "kid": ring.signs}
    return jwt.encode(header, content, ring.keys[ring.signs])


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://eve.example"}, {"aud": "another"}, {"aud": None}, {"exp": None},
        {"roles": ["god"]}, {"roles": None}, {"sid": "x"}, {"tenant": None}, {"sub": ""},
        {"iat": int((AT + MINUTES).timestamp())},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_with_other_claims_is_refused(tokens: JoseTokens, changes: dict[str, Any]) -> None:
    """R-TEN-05"""
    with pytest.raises(TokenRefused):
        tokens.read(forged(tokens, **changes))


def test_a_token_signed_elsewhere_is_refused(tokens: JoseTokens) -> None:
    """C-22: not with another key under our kid, our public key as a secret, or none."""
    header, content = parts(tokens.sign(CLAIMS))
    public = tokens._ring.public_keys()["keys"][0]
    key = tokens._ring._cached_ring().keys[header["kid"]]
    stranger = ECKey.generate_key("P-256", {"kid": header["kid"]})
    secret = OctKey.import_key(json.dumps(public), {"kid": header["kid"]})
    unsigned = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in (header | {"alg": "none"}, content)
    )
    for token in [
        jwt.encode(header, content, stranger),
        jwt.encode(header | {"alg": "HS256"}, content, secret, algorithms=["HS256"]),
        f"{unsigned}.",
        jwt.encode(header | {"typ": "JWT"}, content, key),
        jwt.encode(header | {"kid": "unknown"}, content, stranger),
        "", "a.b.c", "x" * 10_000,
    ]:  # fmt: skip
        with pytest.raises(TokenRefused):
            tokens.read(token)


def test_keys_rotate_and_what_the_old_one_signed_is_read_until_it_expires(
    tokens: JoseTokens, keys: SqlSigningKeys, kms: KeyFileKms, clock: SetClock
) -> None:
    """C-22"""
    other = signer(keys, kms, clock)
    by_old = other.sign(CLAIMS)
    new = tokens._ring.rotate()
    by_new = tokens.sign(CLAIMS)
    assert parts(by_new)[0]["kid"] == new != parts(by_old)[0]["kid"]
    assert tokens.read(by_old) == CLAIMS
    assert other._ring._ring is not None
    other._ring._ring = replace(other._ring._ring, until=0)  # its last reload was long ago
    assert other.read(by_new) == CLAIMS
    assert len(tokens._ring.public_keys()["keys"]) == 2
    clock.now += GRACE
    tokens._ring._ring = None
    assert [key["kid"] for key in tokens._ring.public_keys()["keys"]] == [new]
    delayed = replace(CLAIMS, issued_at=clock.now, expires_at=clock.now + MINUTES)
    assert tokens.read(tokens.sign(delayed)) == delayed
    with pytest.raises(TokenRefused):
        tokens.read(by_old)


def test_a_key_created_elsewhere_is_found(
    tokens: JoseTokens, keys: SqlSigningKeys, kms: KeyFileKms, clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """C-22: no user is signed out by a rotation."""
    monkeypatch.setattr("adapters.users.key_ring.RELOAD_INTERVAL_S", 0.0)
    other = signer(keys, kms, clock)
    other.sign(CLAIMS)
    tokens._ring.rotate()
    assert other.read(tokens.sign(CLAIMS)) == CLAIMS


def test_invalid_tokens_do_not_cause_key_lookups(
    tokens: JoseTokens, keys: SqlSigningKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, content = parts(tokens.sign(CLAIMS))
    looks: list[object] = []
    real = keys.all

    def counted() -> list[StoredKey]:
        looks.append(1)
        return real()

    monkeypatch.setattr(keys, "all", counted)
    monkeypatch.setattr("adapters.users.key_ring.RELOAD_INTERVAL_S", 3600.0)
    stranger = ECKey.generate_key("P-256")
    for number in range(5):
        header = {"alg": "ES256", "typ": "at+jwt", "kid": f"k{number}"}
        with pytest.raises(TokenRefused):
            tokens.read(jwt.encode(header, content, stranger))
    assert looks == []


def test_a_key_is_rotated_when_it_is_old_enough(tokens: JoseTokens, clock: SetClock) -> None:
    month = timedelta(days=30)
    assert tokens._ring.rotate_if_older(month)  # there was no key
    assert not tokens._ring.rotate_if_older(month)
    clock.now += month
    assert tokens._ring.rotate_if_older(month)


def test_a_private_key_is_never_stored_in_clear(
    tokens: JoseTokens, keys: SqlSigningKeys, tmp_path: Path, clock: SetClock
) -> None:
    tokens.sign(CLAIMS)
    (stored,) = keys.all()
    private = tokens._ring._cached_ring().keys[stored.kid].as_der(private=True)
    assert private[-32:] not in stored.wrapped
    stranger = signer(keys, KeyFileKms(tmp_path / "another.key"), clock)
    with pytest.raises(KeyRefused):
        stranger.sign(CLAIMS)


def test_no_key_is_rotated_with_another_key_file(
    keys: SqlSigningKeys, kms: KeyFileKms, clock: SetClock, tmp_path: Path
) -> None:
    """C-22, C-23: nobody could sign in once the right key file is restored."""
    signed = signer(keys, kms, clock).sign(CLAIMS)
    other = KeyRing(keys, KeyFileKms(tmp_path / "other.key"), clock=clock)
    with pytest.raises(KeyRefused, match=r"other\.key is not the one"):
        other.rotate_if_older(timedelta(0))
    assert KeyRing(keys, kms, clock=clock).rotate_if_older(timedelta(0))
    assert signer(keys, kms, clock).read(signed) == CLAIMS
