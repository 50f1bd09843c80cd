"""Processes that advance payments, and can be killed before each of their steps.

`python -m tests.api.killed_payments` reads orders, one JSON object per line, and forks a process
for each, so that the program is imported once. A process announces each step before it carries it
out, and stands still before the one that the order names.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Self, cast
from uuid import UUID

from adapters.payments.stripe import StripeGateway
from application.payments.checkout import Payer
from application.payments.gateways import Webhook
from application.payments.policy import first_payment_of
from application.platform import Platform
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, PlanId, SubscriptionId, UserId
from domain.payments.commands import RefundPayment
from tests.api.driver import ApiDriver
from tests.api.paying import KEY, SECRET
from tests.api.renewing import follow_at
from tools.payments.stripe_objects import Webhook as StripeWebhook

COMMAND: Final = UUID("019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d7")
"""Id of what a client orders, which it repeats after the crash."""

STEPS: Final = frozenset(
    {"execute", "create_intent", "charge_stored", "find_charge", "void", "refund", "add", "save"}
)
"""Calls that store events or webhooks, or that make the gateway do something."""

Client = Literal["", "change", "buy", "cancel", "refund"]


@dataclass(frozen=True)
class Order:
    """Do what a client orders, if anything, then advance its subscription at some times.

    `plan` is the one to buy, or to change to. `webhook` is the body of one that comes before.
    `stop` is the number of the step before which the process stands still; 0: before none.
    """

    home: str
    stripe: str
    subscription: str
    times: tuple[str, ...] = ()
    client: Client = ""
    plan: str = ""
    webhook: str = ""
    stop: int = 0

    def killed_before(self, step: int) -> Self:
        """Return the order for a process that stands still before a step."""
        return replace(self, stop=step)


class Announced:
    """An object whose steps are announced before they are carried out."""

    def __init__(self, wrapped: Any, stop: int, counted: list[str]) -> None:
        self._wrapped, self._stop, self._counted = wrapped, stop, counted

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._wrapped, name)
        if name not in STEPS:
            return found

        def step(*arguments: Any, **options: Any) -> Any:
            self._counted.append(name)
            stands = len(self._counted) == self._stop
            _say({"pid": os.getpid(), "step": name, "stands": stands})
            while stands:
                signal.pause()
            return found(*arguments, **options)

        return step


@contextmanager
def opened(order: Order) -> Generator[Platform]:
    """Open the data folder of an order with its gateway."""
    settings = Settings(home=Path(order.home), cache=Path(order.home), postgres_url=None)
    gateway = StripeGateway(KEY, [SECRET], publishable_key="pk_test_1", url=order.stripe)
    counted: list[str] = []
    with open_platform(settings) as platform, closing(gateway):
        yield replace(
            platform,
            gateways={"stripe": cast("Any", Announced(gateway, order.stop, counted))},
            commands=cast("Any", Announced(platform.commands, order.stop, counted)),
            deliveries=cast("Any", Announced(platform.deliveries, order.stop, counted)),
        )


def carry_out(platform: Platform, order: Order) -> None:
    """Carry out an order, as a process that serves the API does. It can be repeated."""
    if order.webhook:
        _receive(platform, StripeWebhook(order.webhook.encode()))
    if order.client:
        _order(platform, order)
    for each in order.times:
        follow_at(ApiDriver(cast("Any", None), platform), datetime.fromisoformat(each))


def _receive(platform: Platform, sent: StripeWebhook) -> None:
    headers = sent.headers(SECRET.get_secret_value(), at=int(time.time()))
    delivery = platform.inbox.receive("stripe", Webhook(sent.body, headers))
    if delivery is not None:
        platform.inbox.handle_soon(delivery)


def _order(platform: Platform, order: Order) -> None:
    key, plan = SubscriptionId(order.subscription), PlanId(order.plan)
    ids: Any = {
        "origin": platform.payments.origin_of(DEFAULT_TENANT),
        "command_id": COMMAND,
    }
    now = platform.clock()
    match order.client:
        case "change":
            done = platform.log.done(DEFAULT_TENANT, COMMAND)
            preview = platform.plan_changes.preview
            token = "" if done else preview(DEFAULT_TENANT, key, plan)[0].token
            platform.plan_changes.change(key, plan, token, **ids)
        case "buy":
            platform.checkout.enroll(UserId("ada"), plan, now.date(), Payer("EU"), **ids)
        case "cancel":
            platform.checkout.cancel_subscription(key, at_once=True, **ids)
        case "refund":
            returned = RefundPayment(at=now)
            platform.billing.refund(first_payment_of(key), returned, **ids)
        case "":
            pass


class Processes:
    """Starts a process for each order."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End the process that starts the others."""
        self._server.communicate()

    def run(self, order: Order) -> list[str]:
        """Carry out an order, and kill the process before the step that the order names.

        Returns the steps that were carried out.
        """
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(asdict(order)) + "\n")
        self._server.stdin.flush()
        steps: list[str] = []
        for said in self._said():
            if "ended" in said:
                assert said["ended"] == (-signal.SIGKILL if order.stop else 0), "see its output"
                return steps
            if said["stands"]:
                os.kill(said["pid"], signal.SIGKILL)
            else:
                steps.append(said["step"])
        raise AssertionError("the server of processes has ended")

    def _said(self) -> Iterator[dict[str, Any]]:
        assert self._server.stdout is not None
        for line in self._server.stdout:
            if line.startswith("{"):
                yield json.loads(line)


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _serve() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            order = Order(**json.loads(line))
            with opened(order) as platform:
                carry_out(platform, order)
            sys.stdout.flush()
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        _say({"ended": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    _serve()


LATER = timedelta(minutes=10)

KEPT = (
    "intents", "charges", "refunds", "setups", "customers", "deleted", "cards", "webhooks",
    "_answers",
)  # fmt: skip
"""What the simulator knows of payments."""
