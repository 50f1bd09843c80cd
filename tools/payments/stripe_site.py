"""What browsers see of Stripe: a stand-in for its script, its card form, and 3-D Secure.

It serves pages for a `StripeSimulator`, and posts the webhooks that it makes to our API.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx2

from tools.payments.stripe_http import RefusedError
from tools.payments.stripe_objects import Card
from tools.payments.stripe_simulator import StripeSimulator

PAGES: Final = Path(__file__).parent / "pages"

FILES: Final = {
    "/v3/": ("stripe.js", "text/javascript"),
    "/card": ("card.html", "text/html; charset=utf-8"),
    "/card.js": ("card.js", "text/javascript"),
    "/3ds": ("three_d_secure.html", "text/html; charset=utf-8"),
    "/3ds.js": ("three_d_secure.js", "text/javascript"),
    "/form.css": ("form.css", "text/css"),
}

CARDS: Final[dict[str, Card]] = {
    "4242424242424242": "pm_card_visa",
    "4000000000000002": "pm_card_visa_chargeDeclined",
    "4000000000009995": "pm_card_visa_chargeDeclinedInsufficientFunds",
    "4000002760003184": "pm_card_threeDSecureRequired",
}
"""Test cards of https://docs.stripe.com/testing by number."""

DEBITED: Final = "DE89370400440532013000"
"""Test account of a SEPA debit, typed in place of a card. Its bank processes it until `settle`."""

WEBHOOKS: Final = "/v1/webhooks/stripe"

DELIVERY_PAUSE_S: Final = 0.1
TIMEOUT_S: Final = 30.0
RETRY_PAUSE_S: Final = 1.0


@dataclass
class StripeSite:
    """Serves the pages, and delivers webhooks to `webhook_url`, while it is a context.

    The secret of the webhooks is new each time: who knew it could report payments.
    """

    simulator: StripeSimulator
    webhook_url: str = ""
    webhook_secret: str = field(default_factory=lambda: f"whsec_{secrets.token_urlsafe(24)}")
    is_delivering: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        self.is_delivering.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.simulator))
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.05,)),
            threading.Thread(target=self._deliver),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Origin of the pages."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def script_url(self) -> str:
        """Address of the script."""
        return f"{self.url}/v3/"

    def settings(self) -> dict[str, Any]:
        """Return the settings with which our API uses the simulator."""
        return {
            "stripe_key": self.simulator.key,
            "stripe_publishable_key": "pk_test_simulator",
            "stripe_webhook_secrets": self.webhook_secret,
            "stripe_url": self.simulator.url,
            "stripe_script_url": self.script_url,
        }

    def _deliver(self) -> None:
        """Post each webhook until our API accepts it, in order."""
        with httpx2.Client(timeout=TIMEOUT_S) as client:
            self._deliver_by(client)

    def _deliver_by(self, client: httpx2.Client) -> None:
        delivered = 0
        while not self._stop.wait(DELIVERY_PAUSE_S):
            while self.is_delivering.is_set() and delivered < len(self.simulator.webhooks):
                webhook = self.simulator.webhooks[delivered]
                headers = webhook.headers(self.webhook_secret, at=int(time.time()))
                try:
                    answer = client.post(self.webhook_url, content=webhook.body, headers=headers)
                except httpx2.HTTPError:
                    if self._stop.wait(RETRY_PAUSE_S):
                        return
                    continue
                if answer.is_success:
                    delivered += 1
                elif self._stop.wait(RETRY_PAUSE_S):
                    return


def _handler(simulator: StripeSimulator) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # a reply in two packets would wait for a receipt

        def do_GET(self) -> None:
            name, kind = FILES.get(urlsplit(self.path).path, ("", ""))
            if name:
                self._reply(200, kind, (PAGES / name).read_bytes())
            else:
                self._reply(404, "text/plain", b"")

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            try:
                intent = _confirm(simulator, urlsplit(self.path).path, request)
                found = {"status": intent["status"], "error": intent.get("last_payment_error")}
            except RefusedError as refused:
                found = {"status": None, "error": refused.error}
            self._reply(200, "application/json", json.dumps(found).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's
            """Write nothing: requests can hold secrets."""

        def _reply(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _confirm(simulator: StripeSimulator, path: str, request: dict[str, str]) -> dict[str, object]:
    """Carry out what the user did on a page. Raises RefusedError."""
    secret = request["client_secret"]
    reference = secret.partition("_secret")[0]
    intent = simulator.intents.get(reference) or simulator.setups.get(reference)
    if intent is None or intent["client_secret"] != secret:
        raise RefusedError(404, "resource_missing", param="client_secret")
    match path:
        case "/pay":
            number = "".join(request["number"].split())
            if number == DEBITED and reference in simulator.intents:
                simulator.pay_by_debit(reference)
                return intent
            if number not in CARDS:
                raise RefusedError(402, "incorrect_number")
            confirm = simulator.set_up if reference in simulator.setups else simulator.pay
            confirm(reference, CARDS[number])
        case "/authenticate":
            simulator.authenticate(reference, passed=request["passed"] == "yes")
        case _:
            raise RefusedError(404, "resource_missing")
    return intent
