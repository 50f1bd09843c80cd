"""Circuit breaker of a gateway: after failures in a row, new payments go elsewhere for a while."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from adapters.circuit_breaker import CircuitOpen, circuit_breaker
from application.payments.gateways import (
    Capabilities,
    ChargeQuestion,
    GatewayAnswerError,
    GatewayUnavailableError,
    Intent,
    IntentOf,
    MethodNotice,
    Notice,
    PaymentGateway,
    Setup,
    SetupOf,
    Webhook,
)
from domain.money import Money
from domain.payment_methods import StoredMethod

OPEN_S: Final = 30.0
"""Seconds until a gateway that did not answer is tried again."""


class CircuitGateway:
    """A gateway that creates no intents while it is down: the obstacle is then `circuit_open`.

    Calls about existing intents always reach it, because no other gateway can replace them.
    """

    def __init__(self, gateway: PaymentGateway, open_s: float = OPEN_S) -> None:
        self._gateway = gateway
        self._guard = circuit_breaker(
            open_s,
            GatewayAnswerError,
            (GatewayUnavailableError, _is_up),
        )

    @property
    def capabilities(self) -> Capabilities:
        """What the gateway can do."""
        return self._gateway.capabilities

    def create_intent(self, intent_of: IntentOf, amount: Money) -> Intent:
        """Return the intent of an attempt, unless the circuit is open."""
        try:
            with self._guard():
                return self._gateway.create_intent(intent_of, amount)
        except CircuitOpen:
            raise GatewayUnavailableError("circuit_open") from None

    def charge_stored(self, intent_of: IntentOf, amount: Money, method: StoredMethod) -> Intent:
        """Charge a stored method."""
        return self._gateway.charge_stored(intent_of, amount, method)

    def find_charge(self, intent_of: IntentOf, method: StoredMethod) -> Intent | None:
        """Return the intent of a charge that was not answered."""
        return self._gateway.find_charge(intent_of, method)

    def begin_setup(self, setup_of: SetupOf, customer: str | None) -> Setup:
        """Return a setup of another method."""
        return self._gateway.begin_setup(setup_of, customer)

    def look_up_setup(self, reference: str) -> Setup:
        """Return the present state of a setup."""
        return self._gateway.look_up_setup(reference)

    def forget(self, method: StoredMethod) -> None:
        """Delete a stored method."""
        self._gateway.forget(method)

    def look_up(self, reference: str) -> Intent:
        """Return the present state of an intent."""
        return self._gateway.look_up(reference)

    def list_intents(self, begin: datetime, end: datetime) -> Iterable[tuple[IntentOf, str]]:
        """Return the intents of a period."""
        return self._gateway.list_intents(begin, end)

    def void(self, reference: str) -> Intent:
        """Make an intent unpayable."""
        return self._gateway.void(reference)

    def refund(self, intent_of: IntentOf, reference: str, amount: Money, number: int) -> Intent:
        """Return an amount of a charge."""
        return self._gateway.refund(intent_of, reference, amount, number)

    def read_question(self, webhook: Webhook) -> ChargeQuestion | None:
        """Return what a webhook asks."""
        return self._gateway.read_question(webhook)

    def read_webhook(self, webhook: Webhook) -> Notice | MethodNotice | None:
        """Return what a webhook reports."""
        return self._gateway.read_webhook(webhook)


def _is_up(error: GatewayUnavailableError) -> bool:
    """Return whether the gateway answered, so that the error does not count against it."""
    return error.obstacle != "timeout"
