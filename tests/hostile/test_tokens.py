"""Forged tokens give no access."""

import base64
import hmac
import json
import string
from itertools import product
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.hostile.conftest import Besieged

MINE = "/v1/auth/me"

many = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def token(besieged: Besieged) -> str:
    return besieged.headers("member")["Authorization"].removeprefix("Bearer ")


def get_with_token(besieged: Besieged, token: str) -> requests.Response:
    return besieged.session.get(
        besieged.url + MINE, headers={"Authorization": f"Bearer {token}"}, timeout=60
    )


def refused(besieged: Besieged, token: str) -> None:
    answer = get_with_token(besieged, token)
    assert answer.status_code == 401, token[:200]
    assert answer.json()["code"] == "auth.token_refused"
    assert "error=" in answer.headers["WWW-Authenticate"]


def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, content = (
        json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]
    )
    return header, content


def b64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


def ours(besieged: Besieged) -> Any:
    """Return the real key ring, to sign what only a bug of ours could."""
    return besieged.platform.accounts().sign_in_service.signer._ring  # type: ignore[attr-defined]


def signed(besieged: Besieged, header: dict[str, Any], content: dict[str, Any]) -> str:
    kid, key = ours(besieged).signing()
    return jwt.encode({**header, "kid": kid}, content, key, algorithms=["ES256"])


def test_the_token_that_all_of_these_are_made_of_is_good(besieged: Besieged, token: str) -> None:
    assert get_with_token(besieged, token).status_code == 200


def test_a_token_without_a_signature_is_refused(besieged: Besieged, token: str) -> None:
    """C-22: `alg: none`, in every spelling."""
    header, content = read(token)
    for alg in ("none", "None", "NONE", "nOnE", "", None, 0, ["ES256"], {"alg": "ES256"}):
        unsigned = [b64(json.dumps(part).encode()) for part in (header | {"alg": alg}, content)]
        for signature in ("", token.split(".")[2], "AA"):
            refused(besieged, ".".join([*unsigned, signature]))


def test_a_public_key_cannot_sign_tokens(besieged: Besieged, token: str) -> None:
    """C-22: HS256 with our public key as the secret, in each format."""
    header, content = read(token)
    published = besieged.platform.accounts().public_keys()["keys"][0]
    key = ECKey.import_key(dict(published))
    forms = (
        key.as_pem(private=False),
        key.as_der(private=False),
        json.dumps(published).encode(),
        published["x"].encode(),
    )
    for form, (alg, digest) in product(forms, (("HS256", "sha256"), ("HS512", "sha512"))):
        said = (json.dumps(part).encode() for part in (header | {"alg": alg}, content))
        signing_input = ".".join(b64(part) for part in said)
        signature = hmac.digest(form, signing_input.encode(), digest)
        refused(besieged, f"{signing_input}.{b64(signature)}")


def test_a_key_that_comes_with_the_token_is_not_used(besieged: Besieged, token: str) -> None:
    """C-22: by `jwk`, `jku` or `x5u`, or under our key id."""
    header, content = read(token)
    stranger = ECKey.generate_key("P-256")
    named = stranger.as_dict(private=False)
    for more in (
        {},
        {"jwk": named},
        {"jku": "http://127.0.0.1:9/keys"},
        {"x5u": "http://x.example"},
    ):
        refused(besieged, jwt.encode({**header, **more}, content, stranger))
    for kid in ("", "../../etc/passwd", "' OR 1=1 --", "x" * 5000, "\0"):
        refused(besieged, jwt.encode(header | {"kid": kid}, content, stranger))
    rsa = RSAKey.generate_key(2048)
    refused(besieged, jwt.encode(header | {"alg": "RS256"}, content, rsa, algorithms=["RS256"]))


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1}, {"exp": None}, {"exp": "soon"}, {"exp": -1}, {"exp": 1e400}, {"nbf": 4e9},
        {"iat": 4e9}, {"iss": "https://eve.example"}, {"iss": ["x"]}, {"aud": "other"}, {"aud": []},
        {"aud": None}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"sid": "x"}, {"sid": None},
        {"tenant": None}, {"tenant": 7}, {"tenant": "another"}, {"roles": ["god"]},
        {"roles": "administrator"}, {"roles": None}, {"roles": [["member"]]}, {"uid": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_with_changed_claims_is_refused(
    besieged: Besieged, token: str, changes: dict[str, Any]
) -> None:
    """C-22, R-TEN-05: even with our own signature."""
    header, content = read(token)
    said = {name: value for name, value in (content | changes).items() if value is not None}
    refused(besieged, signed(besieged, header, said))


@pytest.mark.parametrize("typ", ["JWT", "kinelog-flow+jwt", "", "AT+JWT "])
def test_a_token_of_another_kind_is_refused(besieged: Besieged, token: str, typ: str) -> None:
    """C-22: tokens that we signed for another purpose."""
    header, content = read(token)
    refused(besieged, signed(besieged, header | {"typ": typ}, content))


def test_a_changed_token_is_refused(besieged: Besieged, token: str) -> None:
    @many
    @given(st.data())
    def is_refused(data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(token) - 1))
        kind = data.draw(st.sampled_from(["cut", "change", "add"]))
        letter = data.draw(st.sampled_from(string.ascii_letters + string.digits + "-_.="))
        changed = {
            "cut": token[:at],
            "change": token[:at] + letter + token[at + 1 :],
            "add": token[:at] + letter + token[at:],
        }[kind]
        if changed.strip() and _parts(changed) != _parts(token):
            refused(besieged, changed)

    is_refused()


def _parts(token: str) -> list[bytes] | str:
    """Decode a token; the last letter of a part has bits without meaning."""
    try:
        return [base64.urlsafe_b64decode(part + "==") for part in token.split(".")]
    except ValueError:
        return token


def test_anything_else_is_refused(besieged: Besieged) -> None:
    printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)

    @many
    @given(printable)
    def is_refused(text: str) -> None:
        refused(besieged, text)

    is_refused()
    refused(besieged, "a" * 50_000)
    refused(besieged, ".".join(["e30"] * 1000))


@pytest.mark.parametrize("scheme", ["Basic", "Digest", "", "Bearer", "Bearer  "])
def test_other_authorization_schemes_are_ignored(besieged: Besieged, scheme: str) -> None:
    answer = besieged.session.get(
        besieged.url + MINE, headers={"Authorization": scheme}, timeout=60
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.sign_in_required")
