"""Passkeys on py_webauthn: malformed responses, and the site."""

import contextlib
import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.users.webauthn_passkeys import WebauthnPasskeys, relying_party
from application.users.errors import (
    PasskeyRefused,
)
from application.users.passkey_ports import PasskeyUser
from tests.peers.authenticator import Authenticator, encode


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
