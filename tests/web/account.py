"""The account page of a person."""

from playwright.sync_api import Page


def open_account(page: Page) -> None:
    page.goto("/account.html")
    page.wait_for_selector("#account:not([aria-busy])")
