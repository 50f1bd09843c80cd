"""Sign-up through the pages or with their scripts alone."""

from pathlib import Path
from typing import Final
from urllib.parse import unquote

from playwright.sync_api import Page, expect

from application.users.email_texts import email_text, language_of
from domain.ids import DEFAULT_TENANT
from tests.web.mails import link_of

PASSWORD: Final = "three quiet walruses 1871"  # noqa: S105  of nobody
CONFIRM: Final = "Confirm your e-mail address"
"""Subject of the message after a sign-up in English."""

REGISTER: Final = """async ([email, password, tenant]) => {
  const { callAuth } = await import("/static/src/ui/forms.js");
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  await callAuth("register", { email, password, timeZone, locale }, tenant);
}"""
VERIFY: Final = """async (token) => {
  const { callAuth, tenantOf } = await import("/static/src/ui/forms.js");
  const { keep } = await import("/static/src/api/credentials.js");
  keep(await callAuth("verify-email?mode=cookie", { token }, tenantOf(token)));
}"""


def sign_up(page: Page, mail: Path, address: str, *, tenant: str = DEFAULT_TENANT) -> None:
    """Sign up without the pages, which takes a third of the time; in the page's language."""
    page.goto("/healthz")
    page.evaluate(REGISTER, [address, PASSWORD, tenant])
    language = language_of(page.evaluate("Intl.DateTimeFormat().resolvedOptions().locale"))
    subject = email_text("verification", language, {}).subject
    page.evaluate(VERIFY, _token(link_of(mail, address, subject)))


def join(page: Page, mail: Path, address: str) -> str:
    """Sign up, follow the link, and return its token."""
    page.goto("/sign_up.html")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Check your e-mail")).to_be_focused()
    link = link_of(mail, address, CONFIRM)
    page.goto(link)
    expect(page.locator("#address")).to_have_text(address)
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.locator("#message")).to_contain_text("you are signed in")
    return _token(link)


def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    """Sign in on the open sign-in page."""
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def _token(link: str) -> str:
    return unquote(link.partition("#token=")[2])


def sign_in_by_the_banner(page: Page, address: str) -> None:
    """Follow the link of the banner to sign in in another tab."""
    with page.context.expect_page() as opening:
        page.locator("#banner").get_by_role("link", name="Sign in").click()
    sign_in(opening.value, address)
    opening.value.wait_for_url(lambda url: "sign_in" not in url)
    opening.value.close()


SIGN_IN: Final = """async ([email, password]) => {
  const { callAuth } = await import("/static/src/ui/forms.js");
  const { keep } = await import("/static/src/api/credentials.js");
  keep(await callAuth("login?mode=cookie", { email, password }));
}"""


def sign_in_in_another_tab(page: Page, url: str, address: str) -> None:
    tab = page.context.new_page()
    tab.goto(f"{url}/healthz")
    tab.evaluate(SIGN_IN, [address, PASSWORD])
    tab.close()
