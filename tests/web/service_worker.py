"""The service worker of the pages."""

from playwright.sync_api import Page

from tests.web.waiting import until

INSTALL = """async () => {
  const { registerServiceWorker } = await import("/static/src/offline/register.js");
  await registerServiceWorker();
  await navigator.serviceWorker.ready;
}"""


def installed(page: Page) -> None:
    """Install the service worker, and let it handle this page's requests from now on."""
    page.evaluate(INSTALL)
    page.reload()
    until(page, "navigator.serviceWorker.controller !== null")
