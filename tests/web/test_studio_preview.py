"""The preview of a video in the studio, if it breaks off."""

import pytest
from playwright.sync_api import Route, expect

from tests.web.conftest import NewPage
from tests.web.server import PlatformServer
from tests.web.studio import lesson, studio
from tests.web.waiting import until

__all__ = ["lesson", "studio"]


@pytest.mark.usefixtures("lesson")
def test_a_preview_that_breaks_off_stops_until_it_is_played_again(
    studio: PlatformServer, new_page: NewPage
) -> None:
    """R-UIX-06: the part that was loaded is not heard without its pictures."""
    page, requests = new_page(studio.url), list[str]()

    def first_part(route: Route) -> None:
        requests.append(route.request.url)
        if requests.count(route.request.url) > 2:
            route.fulfill(status=403)
        else:
            route.continue_()

    page.goto("/studio.html?content=lesson")
    expect(page.locator("#state")).to_contain_text("Live")
    page.route("**/*.mp4*", first_part)
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#banner")).to_contain_text("The video cannot be played.")
    expect(page.locator("#preview")).to_be_hidden()
    assert page.evaluate("document.querySelector('#preview').paused")
    page.unroute("**/*.mp4*")
    page.get_by_role("button", name="Play").click()
    until(page, "document.querySelector('#preview').readyState >= 2")
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator("#banner")).to_be_empty()
