"""The account page of a person."""

from typing import Final

from playwright.sync_api import Page


def open_account(page: Page) -> None:
    page.goto("/account.html")
    page.wait_for_selector("#account:not([aria-busy])")


AGREE: Final = """async (wanted) => {
  const { request, send } = await import("/static/src/api/client.js");
  const { items } = await request("/v1/me/consents");
  const { purpose, version } = items.find((each) => each.purpose === wanted);
  await send("PUT", "/v1/me/consents", { purpose, given: true, version });
}"""


POUNDS: Final = """async () => {
  const { request, send } = await import("/static/src/api/client.js");
  const { units, ...rest } = await request("/v1/me/profile");
  await send("PUT", "/v1/me/profile", { ...rest, units: "imperial" });
}"""
