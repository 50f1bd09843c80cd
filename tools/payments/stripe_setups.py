"""Customers and setups of methods of the simulator of Stripe."""

from typing import Any

from tools.payments.stripe_http import RefusedError
from tools.payments.stripe_objects import DECLINES, Card, StripeObjects, metadata, new_object


class StripeSetups(StripeObjects):
    """Customers, and SetupIntents in which they store methods."""

    def set_up(self, reference: str, card: Card) -> str:
        """Store another method, as the browser does. Returns the method. Raises RefusedError."""
        with self.lock:
            if card in DECLINES:
                raise RefusedError(402, "card_declined")
            method = self.new_method(card)
            self._set_up(reference, method)
            return method

    def set_up_by_ideal(self, reference: str) -> str:
        """Store an account with iDEAL. Returns the SEPA debit that Stripe makes of it."""
        with self.lock:
            method, debit = self.new_ideal()
            self._set_up(reference, method)
            return debit

    def _set_up(self, reference: str, method: str) -> None:
        setup = self.setups[reference]
        if setup["status"] != "requires_payment_method":
            raise RefusedError(400, "setup_intent_unexpected_state")
        attempt = f"setatt_{reference}"
        setup.update(status="succeeded", payment_method=method, latest_attempt=attempt)
        self.post("setup_intent.succeeded", setup)

    def answer_about_setups(self, method: str, path: str, params: dict[str, str]) -> dict[str, Any]:
        """Carry out a request about customers or setups. Raises RefusedError."""
        match [method, *path.strip("/").split("/")]:
            case ["POST", "v1", "customers"]:
                self.customers.append(self.new_id("cus", self.customers))
                return new_object("customer", self.customers[-1])
            case ["DELETE", "v1", "customers", customer]:
                self.check_customer({"customer": customer})
                self.deleted.add(customer)
                return {"id": customer, "object": "customer", "deleted": True}
            case ["POST", "v1", "setup_intents"]:
                return self._create_setup(params)
            case ["GET", "v1", "setup_intents", reference] if reference in self.setups:
                setup = self.setups[reference]
                expanded = "latest_attempt" in params.values()
                return setup | ({"latest_attempt": self._attempt_of(setup)} if expanded else {})
            case _:
                raise RefusedError(404, "resource_missing", param="id")

    def check_customer(self, params: dict[str, str]) -> None:
        """Raise RefusedError if the customer of a request is unknown or deleted."""
        if params["customer"] not in self.customers or params["customer"] in self.deleted:
            raise RefusedError(
                404 if len(params) == 1 else 400, "resource_missing", param="customer"
            )

    def _create_setup(self, params: dict[str, str]) -> dict[str, Any]:
        self.check_customer(params)
        reference = self.new_id("seti", self.setups)
        self.setups[reference] = new_object(
            "setup_intent",
            reference,
            client_secret=f"{reference}_secret",
            customer=params["customer"],
            payment_method=None,
            payment_method_types=["card", "ideal"],
            latest_attempt=None,
            metadata=metadata(params),
            status="requires_payment_method",
            usage="off_session",
        )
        return self.setups[reference]

    def _attempt_of(self, setup: dict[str, Any]) -> dict[str, Any] | None:
        if setup["latest_attempt"] is None:
            return None
        return new_object(
            "setup_attempt",
            setup["latest_attempt"],
            payment_method=setup["payment_method"],
            payment_method_details=self.details_of(setup["payment_method"]),
            setup_intent=setup["id"],
            status="succeeded",
            usage="off_session",
        )
