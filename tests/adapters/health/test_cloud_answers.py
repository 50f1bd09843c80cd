"""Answers of health clouds that are too much, and bodies of webhooks that are none."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import httpx2
import pytest
from pydantic import SecretStr

from adapters.clock import utc_now
from adapters.health import http as cloud_http
from adapters.health.google import GoogleHealth
from adapters.health.http import LONGEST_QUOTA_S, CloudHttp
from adapters.health.oauth import CloudOAuth, OAuthCalls
from adapters.health.polar import Polar
from application.health.providers import (
    CloudAnswerUnreadable,
    CloudUnavailable,
    CloudWebhook,
    CloudWebhookForged,
)

LIMIT = 1000


class Endless(BaseHTTPRequestHandler):
    """Sends JSON without an end, or says that it is compressed."""

    encoding: ClassVar[str] = "identity"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", self.encoding)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * LIMIT)
        except OSError:
            return

    do_POST = do_GET  # noqa: N815  of the base class

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  of the base class
        del format, args


@pytest.fixture(params=["identity", "gzip"])
def endless(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(cloud_http, "MAX_BYTES", 100 * LIMIT)
    handler = type("Handler", (Endless,), {"encoding": request.param})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_no_more_of_an_answer_is_read_than_is_allowed(endless: str) -> None:
    """R-EVT-16: of records, of a form, and of tokens."""
    http = CloudHttp()
    oauth = CloudOAuth("client", SecretStr("secret"), endless, endless, ("all",))
    calls = (
        lambda: http.get(endless, "token", {}),
        lambda: http.post_form(endless, {}),
        lambda: OAuthCalls(oauth, http, utc_now).refresh("token"),
    )
    for call in calls:
        with pytest.raises(CloudAnswerUnreadable):
            call()
    http.close()


def test_a_quota_closes_a_cloud_for_a_day_at_most() -> None:
    """R-EVT-16"""
    http = CloudHttp(shares_quota=True)
    with pytest.raises(CloudUnavailable):
        http.check(httpx2.Response(429, headers={"Retry-After": "9999999"}))
    with pytest.raises(CloudUnavailable) as closed:
        http.post_form("http://127.0.0.1:9", {})
    assert (closed.value.retry_after_s or 0) <= LONGEST_QUOTA_S
    http.close()


@pytest.mark.parametrize("body", [b"[" * 200_000, b"x", b"[]", b"9" * 5000])
def test_a_webhook_with_any_body_is_an_error_of_its_sender(body: bytes) -> None:
    """R-HLT-08: without a proof at Polar, and with the secret of Google Health."""
    secret = SecretStr("secret")
    sent = CloudWebhook(body, {"authorization": "secret"})
    for cloud in (
        Polar("client", secret, secret, clock=utc_now),
        GoogleHealth("client", secret, secret, None, clock=utc_now),
    ):
        with pytest.raises(CloudWebhookForged):
            cloud.read_webhook(sent)
        cloud.close()
