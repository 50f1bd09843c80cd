"""Simulators of YooKassa, Sberbank and WebMoney beside an API, with pages and webhooks."""

import secrets
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Final

import httpx2

from tools.payments.sberbank_simulator import API, SberbankSimulator
from tools.payments.simulator import Sent
from tools.payments.webmoney_simulator import WebMoneySimulator
from tools.payments.yookassa_simulator import YooKassaSimulator

LOOPBACK: Final = "127.0.0.0/8,::1/128"

DELIVERIES: Final = 10
PAUSE_S: Final = 1.0
TIMEOUT_S: Final = 30.0

WEBMONEY: Final = "/v1/webhooks/webmoney"


@contextmanager
def russian_gateways(api: str) -> Generator[dict[str, Any]]:
    """Run the simulators, and return the settings with which the API at a URL uses them.

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
        WebMoneySimulator(
            secret=secrets.token_urlsafe(24),
            ask=_asking(f"{api}{WEBMONEY}"),
            deliver=_delivering_to(f"{api}{WEBMONEY}"),
        ) as purses,
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
            "webmoney_wmid": purses.wmid,
            "webmoney_purse_usd": f"Z{purses.wmid}",
            "webmoney_purse_eur": f"E{purses.wmid}",
            "webmoney_secret": purses.secret,
            "webmoney_test": True,
            "webmoney_url": purses.url,
        }


def _asking(url: str) -> Callable[[Sent], str]:
    def ask(question: Sent) -> str:
        """Return the answer to the question before a payment; without one, it is no."""
        try:
            return _send(url, question).text
        except httpx2.TransportError:
            return "NO"

    return ask


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
        return httpx2.get(f"{url}?{sent.body.decode()}", timeout=TIMEOUT_S)
    headers = {"Content-Type": sent.media_type}
    return httpx2.post(url, content=sent.body, headers=headers, timeout=TIMEOUT_S)
