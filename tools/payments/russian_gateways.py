"""Simulators of YooKassa and Sberbank beside an API: their pages, and webhooks that are delivered.

WebMoney is left out: its form is posted by our page, which may only post to HTTPS.
"""

import secrets
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Final

import httpx2

from tools.payments.sberbank_simulator import API, SberbankSimulator
from tools.payments.simulator import Sent
from tools.payments.yookassa_simulator import YooKassaSimulator

LOOPBACK: Final = "127.0.0.0/8,::1/128"

DELIVERIES: Final = 10
PAUSE_S: Final = 1.0


@contextmanager
def russian_gateways(api: str) -> Generator[dict[str, Any]]:
    """Run both simulators, and return the settings with which the API at a URL uses them.

    Only an API that knows the settings can create payments, so webhooks go to no other one.
    """
    with (
        YooKassaSimulator(
            key=f"test_{secrets.token_urlsafe(24)}",
            deliver=_delivering_to(f"{api}/v1/webhooks/yookassa"),
        ) as shop,
        SberbankSimulator(
            password=secrets.token_urlsafe(24),
            secret=secrets.token_urlsafe(24),
            deliver=_delivering_to(f"{api}/v1/webhooks/sberbank"),
        ) as bank,
    ):
        yield {
            "yookassa_shop_id": shop.shop_id,
            "yookassa_key": shop.key,
            "yookassa_networks": LOOPBACK,
            "yookassa_url": f"{shop.url}/v3",
            "sberbank_user": bank.user,
            "sberbank_password": bank.password,
            "sberbank_callback_secret": bank.secret,
            "sberbank_url": f"{bank.url}{API}",
        }


def _delivering_to(url: str) -> Callable[[Sent], None]:
    def deliver(sent: Sent) -> None:
        """Send a webhook until it is accepted; the API polls payments of those that were not."""
        for _ in range(DELIVERIES):
            try:
                if _send(url, sent).is_success:
                    return
            except httpx2.TransportError:
                pass  # the API is restarted
            time.sleep(PAUSE_S)

    return deliver


def _send(url: str, sent: Sent) -> httpx2.Response:
    if sent.method == "GET":
        return httpx2.get(f"{url}?{sent.body.decode()}")
    return httpx2.post(url, content=sent.body, headers={"Content-Type": sent.media_type})
