"""The part of the port for stored methods, at gateways that keep none."""

from typing import NoReturn

from application.payments.gateways import GatewayUnavailableError, IntentOf, SetupOf
from domain.money import Money
from domain.payment_methods import StoredMethod


class NoStoredMethods:
    """Refuses charges of stored methods as unsupported: users pay each renewal by hand."""

    def charge_stored(self, intent_of: IntentOf, amount: Money, method: StoredMethod) -> NoReturn:
        """Raise GatewayUnavailableError."""
        del intent_of, amount, method
        raise GatewayUnavailableError("unsupported")

    def find_charge(self, intent_of: IntentOf, method: StoredMethod) -> None:
        """Return None: no charge was ever submitted."""
        del intent_of, method

    def forget(self, method: StoredMethod) -> None:
        """Do nothing: no method was ever stored."""
        del method

    def begin_setup(self, setup_of: SetupOf, customer: str | None) -> NoReturn:
        """Raise GatewayUnavailableError."""
        del setup_of, customer
        raise GatewayUnavailableError("unsupported")

    def look_up_setup(self, reference: str) -> NoReturn:
        """Raise GatewayUnavailableError."""
        del reference
        raise GatewayUnavailableError("unsupported")
