"""User info of a provider, beside the identity token."""

from typing import Any

import httpx2
import pytest

from adapters.users.oauth import OidcProviders
from application.users.errors import IdTokenRefused, ProviderUnavailable
from application.users.tokens import ProviderUser
from domain.users.identities import GOOGLE
from tests.adapters.users.provider_peer import AT

ADA = ProviderUser(GOOGLE, "1", None, email_verified=False, name=None)


def user_of(content: Any, status: int = 200) -> ProviderUser:
    """Fetch the user info from a response with this content and status."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.headers["Authorization"] == "Bearer token"
        return httpx2.Response(status, json=content)

    with httpx2.Client(transport=httpx2.MockTransport(answer), timeout=60) as client:
        tls = httpx2.create_ssl_context()
        providers = OidcProviders({}, client, tls=tls, clock=lambda: AT)
        return providers._with_address(ADA, "https://vouching.example/me", "token")


def test_the_address_is_requested_if_the_token_has_none() -> None:
    """R-IDN-12"""
    said = {"sub": "1", "email": "ada@example.org", "email_verified": True, "name": "Ada"}
    assert user_of(said) == ProviderUser(
        GOOGLE, "1", "ada@example.org", email_verified=True, name="Ada"
    )
    assert user_of({"sub": "1"}) == ADA
    assert user_of({"sub": "1", "email": 7, "name": ["Ada"], "email_verified": "yes"}) == ADA


def test_user_info_about_another_subject_is_refused() -> None:
    """OpenID Connect Core 1.0, 5.3.2: tokens may have been swapped."""
    for said in ({"sub": "2", "email": "eve@example.org", "email_verified": True}, {}):
        with pytest.raises(IdTokenRefused):
            user_of(said)


@pytest.mark.parametrize(("content", "status"), [([], 200), ("x", 200), ({"sub": "1"}, 500)])
def test_a_malformed_provider_answer_is_an_outage(content: Any, status: int) -> None:
    with pytest.raises(ProviderUnavailable):
        user_of(content, status)
