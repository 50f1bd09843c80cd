"""Calls of Stripe, and their errors."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, TypeVar

import stripe

from adapters.payments import stripe_objects as objects
from application.payments.gateways import (
    GatewayAnswerError,
    GatewayRefusedError,
    GatewayUnavailableError,
)
from domain.payments.events import DeclineReason

Answer = TypeVar("Answer")


class UnexpectedStateError(GatewayAnswerError):
    """The intent is in another state than the call needs."""


class MissingError(GatewayAnswerError):
    """Stripe does not have this object any more."""


class AmountRefusedError(GatewayAnswerError):
    """Stripe does not take this amount or currency, or has less than that to return."""


class CardRefusedError(GatewayAnswerError):
    """The method cannot be charged. `reference` is the intent in which it was refused, if any."""

    def __init__(self, reason: DeclineReason, reference: str | None) -> None:
        super().__init__(reason)
        self.reason: DeclineReason = reason
        self.reference = reference


UNEXPECTED_STATE: Final = frozenset(
    {"payment_intent_unexpected_state", "charge_already_refunded", "charge_disputed"}
)


def call(ask: Callable[[], Answer]) -> Answer:
    """Call Stripe. The texts of its errors are not passed on: they can hold personal data."""
    try:
        return ask()
    except (stripe.APIConnectionError, stripe.RateLimitError):
        raise GatewayUnavailableError("timeout") from None
    except stripe.CardError as error:
        body: Any = error.json_body or {}
        details: dict[str, Any] = body.get("error", {})
        intent: dict[str, Any] = details.get("payment_intent") or {}
        reference: str | None = intent.get("id")
        raise CardRefusedError(objects.reason_of(details), reference) from None
    except stripe.InvalidRequestError as error:
        if error.param in {"customer", "payment_method"}:  # deleted at Stripe
            raise CardRefusedError("declined", None) from None
        if error.http_status == 404:
            raise MissingError(f"404 {error.code}") from None
        if error.code in UNEXPECTED_STATE:
            raise UnexpectedStateError(error.code) from None
        if error.param in {"currency", "amount"}:
            raise AmountRefusedError(f"{error.http_status} {error.code}") from None
        raise GatewayRefusedError(f"{error.http_status} {error.code}") from None
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise GatewayRefusedError(f"{error.http_status} {error.code}") from None
    except stripe.StripeError as error:
        unreadable = error.http_status == HTTPStatus.OK  # such as a page of a proxy
        if unreadable or (error.http_status is not None and error.http_status >= 500):
            raise GatewayUnavailableError("timeout") from None
        raise GatewayAnswerError(f"{error.http_status} {error.code}") from None
