"""When `python -m tools.payments` starts a simulator, and whom it talks to."""

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bootstrap.exit_codes import BY_KIND
from tools.payments.__main__ import main
from tools.payments.stripe_simulator import StripeSimulator

PRINT_SETTINGS = "import json, os; print(json.dumps(dict(os.environ)))"

ANOTHER_SERVER = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def _answer(self):
        requests.append(self.command)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_PUT = do_POST = _answer

requests = []
server = HTTPServer(("127.0.0.1", int(os.environ["KINELOG_PORT"])), Handler)
while len(requests) < 4:
    server.handle_request()
print(*requests)
"""
"""A server without our simulator, which prints the methods of the first requests."""


@dataclass(frozen=True)
class Ended:
    """A command that has ended, and what it wrote."""

    status: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Runner:
    """Runs a command as `python -m tools.payments` does, with nothing but the given settings."""

    monkeypatch: pytest.MonkeyPatch
    capfd: pytest.CaptureFixture[str]
    home: Path

    def __call__(self, *command: str, **settings: str) -> Ended:
        with self.monkeypatch.context() as patch:
            for name in [each for each in os.environ if each.startswith("KINELOG_")]:
                patch.delenv(name)
            for name, value in {"HOME": str(self.home), "PORT": "0", **settings}.items():
                patch.setenv(f"KINELOG_{name}", value)
            status = main([*command])
        written = self.capfd.readouterr()
        return Ended(status, written.out, written.err)


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Runner]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield Runner(monkeypatch, capfd, tmp_path)
    for number, handler in handlers.items():
        signal.signal(number, handler)


def settings_of(ended: Ended) -> dict[str, str]:
    assert ended.status == 0, ended.stderr
    found: dict[str, str] = json.loads(ended.stdout)
    return found


def test_secrets_of_the_simulator_are_new_at_each_start(run: Runner) -> None:
    first, second = (settings_of(run(sys.executable, "-c", PRINT_SETTINGS)) for _ in range(2))
    assert first["KINELOG_STRIPE_WEBHOOK_SECRETS"].startswith("whsec_")
    for name in (
        "KINELOG_STRIPE_WEBHOOK_SECRETS",
        "KINELOG_STRIPE_KEY",
        "KINELOG_YOOKASSA_KEY",
        "KINELOG_SBERBANK_PASSWORD",
        "KINELOG_SBERBANK_CALLBACK_SECRET",
        "KINELOG_WEBMONEY_SECRET",
    ):
        assert first[name] != second[name]
        assert len(first[name]) > 30


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_KEY", "sk_live_1"),
        ("YOOKASSA_KEY", "live_1"),
        ("SBERBANK_PASSWORD", "password"),
        ("WEBMONEY_SECRET", "secret"),
        ("HOST", "0.0.0.0"),  # noqa: S104  only named
        ("BASE_URL", "https://kinelog.example"),
    ],
)
def test_no_simulator_is_set_up_beside_a_gateway_or_for_others(
    run: Runner, name: str, value: str
) -> None:
    """Anybody could pay with a test card."""
    ended = run(sys.executable, "-c", PRINT_SETTINGS, **{name: value})
    found = settings_of(ended)
    assert "KINELOG_STRIPE_URL" not in found
    assert found[f"KINELOG_{name}"] == value
    assert "no simulators of gateways are started" in ended.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    printed = run(PORT=port, **{name: value})
    assert (printed.status, printed.stdout) == (0, "# end of the settings\n")


def test_an_address_that_is_taken_is_refused_and_nothing_is_run(run: Runner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run(sys.executable, "-c", "print('run')", PORT=port)
    assert ended.status == BY_KIND["unavailable"]
    assert ended.stderr.startswith(f"kinelog: Cannot listen on 127.0.0.1:{port}")
    assert ended.stderr.count("\n") == 1
    assert not ended.stdout


def test_without_a_command_the_port_has_to_be_named(run: Runner) -> None:
    """The API is started by somebody else, who does not say which port it got."""
    ended = run()
    assert ended.status == BY_KIND["invalid"]
    assert "KINELOG_PORT" in ended.stderr


def test_no_plans_are_offered_to_a_server_without_our_simulator(run: Runner) -> None:
    """Such as one that has taken the port meanwhile. A free port replaces port 0."""
    ended = run(sys.executable, "-c", ANOTHER_SERVER)
    assert ended.status == 0, ended.stderr
    assert ended.stdout == "GET GET GET GET\n"


def ids_of(simulator: StripeSimulator) -> set[str]:
    """Return the ids of everything that a payment makes."""
    customer: Any = simulator.answer("POST", "/v1/customers", {}, None)["id"]
    setup = simulator.answer("POST", "/v1/setup_intents", {"customer": customer}, None)["id"]
    price = {"amount": "100", "currency": "eur", "customer": customer}
    intent = simulator.answer("POST", "/v1/payment_intents", price, None)["id"]
    simulator.pay(intent, "pm_card_visa")
    refund = simulator.answer("POST", "/v1/refunds", {"payment_intent": intent}, None)["id"]
    events = {json.loads(webhook.body)["id"] for webhook in simulator.webhooks}
    charges = {charge["id"] for charge in simulator.charges}
    return {customer, setup, intent, refund, *events, *charges, *simulator.cards}


def test_ids_of_the_simulator_are_not_used_again_after_a_restart() -> None:
    """Payments of a data folder that was kept do not meet new objects."""
    before, after = (ids_of(StripeSimulator.with_unique_ids()) for _ in range(2))
    assert len(before) == len(after) == 8
    assert not before & after
