"""The sign-up page says who may open an account in a tenant."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import BY_INVITATION, CLOSED, JoinPolicy
from tests.web.axe import violations
from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    with opened(tmp_path_factory.mktemp("joining"), video, sign_in="required") as running:
        for tenant, policy in (
            ("shut", CLOSED),
            ("guests", BY_INVITATION),
            ("firm", JoinPolicy("domain", ("example.org",))),
        ):
            origin = Origin(tenant_id=TenantId(tenant), actor="test", correlation_id=uuid4())
            running.platform.accounts().administration.create_tenant(
                tenant, UserId("mayor"), join=policy, origin=origin, command_id=uuid4()
            )
        yield running


@pytest.mark.parametrize(
    ("tenant", "words", "has_form"),
    [
        ("shut", "does not accept new accounts", False),
        ("guests", "by invitation only", False),
        ("firm", "e-mail address of your organization", True),
    ],
)
def test_the_sign_up_page_says_who_may_join(
    server: PlatformServer, new_page: NewPage, tenant: str, words: str, *, has_form: bool
) -> None:
    """R-IDN-03."""
    page = new_page(server.url)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a dict of its own type
        page.goto(f"/sign_up.html?tenant={tenant}")
        expect(page.locator("#joining")).to_contain_text(words)
        expect(page.locator("#form")).to_be_visible(visible=has_form)
        assert violations(page) == []


def test_a_refused_registration_is_explained(server: PlatformServer, new_page: NewPage) -> None:
    """R-IDN-03."""
    page = new_page(server.url)
    page.goto("/sign_up.html?tenant=firm")
    page.get_by_label("E-mail address").fill("eve@elsewhere.example")
    page.get_by_label("Password", exact=True).fill("three quiet walruses 1871")
    page.get_by_role("button", name="Create account").click()
    expect(page.locator("#banner")).to_contain_text("Ask an administrator to invite you")
