"""The home page with one session: figures in the singular, and parts that stay in place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import NewPage
from tests.web.server import PlatformServer, opened


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Iterator[PlatformServer]:
    """A server with one session of today."""
    with opened(tmp_path_factory.mktemp("one"), video) as found:
        found.log_by_hand(0)
        yield found


@pytest.mark.parametrize(
    ("locale", "name"), [("en-GB", "session"), ("es-ES", "sesión"), ("ru-RU", "занятие")]
)
def test_one_session_of_the_week_is_not_in_the_plural(
    server: PlatformServer, new_page: NewPage, locale: str, name: str
) -> None:
    """R-UIX-07."""
    page = new_page(server.url, locale=locale)
    page.goto("/")
    figure = page.locator("#week .week-facts > div").nth(1)
    expect(figure.locator("dd")).to_have_text("1")
    expect(figure.locator("dt")).to_have_text(name)
