"""Signing up through the pages."""

from pathlib import Path
from typing import Final
from urllib.parse import unquote

from playwright.sync_api import Page, expect

from tests.web.mails import link_of

PASSWORD: Final = "three quiet walruses 1871"  # noqa: S105  of nobody
CONFIRM: Final = "Confirm your e-mail address"


def join(page: Page, mail: Path, address: str) -> str:
    """Sign up and follow the link; gives the secret of the link."""
    page.goto("/sign_up.html")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_focused()
    link = link_of(mail, address, CONFIRM)
    page.goto(link)
    expect(page.locator("#message")).to_contain_text("you are signed in")
    return unquote(link.partition("#token=")[2])
