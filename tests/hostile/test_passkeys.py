"""Forged responses of passkeys are refused, whatever they contain."""

import copy
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.conftest import Besieged
from tests.peers.authenticator import Authenticator, encode

FACTORS = "/v1/auth/second-factors"
SIGN_IN = "/v1/auth/passkey"

many = settings(max_examples=30, derandomize=True, database=None, deadline=None)

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
CONTENT = JSON | st.binary(max_size=300).map(encode)

USED = ("id", "rawId", "type", "clientDataJSON", "authenticatorData", "signature", "userHandle")
CREATED = ("id", "rawId", "type", "clientDataJSON", "attestationObject")


@dataclass
class Owner:
    """A member with a passkey."""

    besieged: Besieged
    headers: dict[str, str]
    device: Authenticator

    def post(self, path: str, body: Any = None) -> Any:
        """Send a request as the member."""
        headers = {**self.headers, "Idempotency-Key": str(uuid4())}
        return self.besieged.session.post(
            self.besieged.url + path, json=body, headers=headers, timeout=60
        )

    def created(self, device: Authenticator) -> dict[str, Any]:
        """Return the response of a device for a new passkey."""
        return device.create(self.post(f"{FACTORS}/passkeys/options").json()["publicKey"])

    def add(self, credential: Any) -> Any:
        """Add a passkey."""
        return self.post(f"{FACTORS}/passkeys", {"name": "Key", "credential": credential})

    def used(self) -> dict[str, Any]:
        """Return the response of the passkey for a sign-in."""
        return self.device.get(self.post(f"{SIGN_IN}/options").json()["publicKey"])

    def sign_in(self, credential: Any) -> Any:
        """Sign in with a passkey alone."""
        return self.post(SIGN_IN, {"credential": credential})


@pytest.fixture(scope="module")
def owner(besieged: Besieged) -> Owner:
    passkeys: Any = besieged.platform.accounts().passkeys.passkeys
    device = Authenticator(origin=passkeys._site.origin)
    owner = Owner(besieged, besieged.headers("member"), device)
    added = owner.add(owner.created(device))
    assert added.status_code == 200, added.text
    owner.headers["Authorization"] = f"Bearer {added.json()['accessToken']}"
    return owner


def forged(response: dict[str, Any], field: str, content: Any) -> dict[str, Any]:
    """Replace one field of a response."""
    changed = copy.deepcopy(response)
    (changed if field in changed else changed["response"])[field] = content
    return changed


def refused(answer: Any) -> None:
    assert answer.status_code in {403, 422}, answer.text
    assert answer.json()["code"]


def test_the_responses_that_all_of_these_are_made_of_are_good(owner: Owner) -> None:
    answer = owner.sign_in(owner.used())
    assert answer.status_code == 200, answer.text


@many
@given(st.sampled_from(USED), CONTENT)
def test_no_forged_response_signs_in(owner: Owner, field: str, content: Any) -> None:
    """R-IDN-18"""
    refused(owner.sign_in(forged(owner.used(), field, content)))


@pytest.mark.slow
@many
@given(st.sampled_from(CREATED), CONTENT)
def test_no_forged_response_adds_a_passkey(owner: Owner, field: str, content: Any) -> None:
    """R-IDN-18"""
    device = Authenticator(origin=owner.device.origin)
    refused(owner.add(forged(owner.created(device), field, content)))


@pytest.mark.slow
@many
@given(JSON)
def test_no_other_document_is_taken_for_a_response(owner: Owner, credential: Any) -> None:
    """R-IDN-18"""
    refused(owner.sign_in(credential))
    refused(owner.add(credential))
