"""Objects of YooKassa, as our own: payments, payment methods, amounts and metadata."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from adapters.payments.http import checked_reference, checked_url, decimal_money, safe_code
from adapters.payments.metadata import ATTEMPT, PAYMENT, TENANT
from application.payments.gateways import GatewayAnswerError, Intent, IntentOf, Redirect, Setup
from domain.ids import PaymentId, TenantId
from domain.money import Money
from domain.payment_methods import StoredMethod
from domain.payments import commands
from domain.payments.events import DeclineReason

UNPAYABLE: Final = frozenset(
    {"canceled_by_merchant", "expired_on_confirmation", "expired_on_capture"}
)
"""Reasons of cancelled payments that no method was refused for."""


def metadata_of(owner: IntentOf) -> dict[str, str]:
    """Return the metadata by which a payment is found again."""
    return {
        TENANT: owner.tenant_id,
        PAYMENT: owner.payment_id,
        ATTEMPT: str(owner.attempt),
    }


def time_of(at: datetime) -> str:
    """Return a time as YooKassa writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S.000Z}"


def amount_of(amount: Money) -> dict[str, str]:
    """Return an amount as YooKassa writes it."""
    return {"value": amount.decimal(), "currency": amount.currency}


def owner_of(found: Mapping[str, Any]) -> IntentOf | None:
    """Return the attempt that a payment belongs to, or None if it is not ours.

    Raises GatewayAnswerError for metadata that something else has written.
    """
    try:
        metadata: Mapping[str, str] = found.get("metadata") or {}
        if not {TENANT, PAYMENT, ATTEMPT} <= set(metadata):
            return None
        tenant_id, payment_id = TenantId(metadata[TENANT]), PaymentId(metadata[PAYMENT])
        return IntentOf(tenant_id, payment_id, int(metadata[ATTEMPT]))
    except (TypeError, ValueError) as error:
        raise GatewayAnswerError(f"unreadable metadata: {type(error).__name__}") from None


def intent_of(found: Mapping[str, Any]) -> Intent:
    """Return the state of a payment. Raises GatewayAnswerError."""
    try:
        pay_by = _pay_by(found) if found["status"] == "pending" else None
        method = _stored(found.get("payment_method")) if found["status"] == "succeeded" else None
        return Intent(checked_reference(found["id"]), _outcome(found), pay_by, method)
    except (AttributeError, KeyError, TypeError) as error:
        raise GatewayAnswerError(f"unreadable payment: {type(error).__name__}") from None


def setup_of(found: Mapping[str, Any]) -> Setup:
    """Return the state of a payment method. Raises GatewayAnswerError."""
    try:
        method = _stored(found) if found["status"] == "active" else None
        pay_by = _pay_by(found) if found["status"] == "pending" else None
        return Setup(checked_reference(found["id"]), pay_by, method)
    except (AttributeError, KeyError, TypeError) as error:
        raise GatewayAnswerError(f"unreadable method: {type(error).__name__}") from None


def _pay_by(found: Mapping[str, Any]) -> Redirect | None:
    confirmation: Mapping[str, Any] = found.get("confirmation") or {}
    if confirmation.get("type") != "redirect":
        return None
    return Redirect(checked_url(confirmation["confirmation_url"]))


def _stored(method: Mapping[str, Any] | None) -> StoredMethod | None:
    if not method or method.get("saved") is not True:
        return None
    return StoredMethod("yookassa", None, checked_reference(method["id"]))


def _outcome(found: Mapping[str, Any]) -> commands.Outcome:
    match found["status"]:
        case "pending" | "waiting_for_capture":
            return commands.Paying()
        case "succeeded":
            charged = decimal_money(found["amount"]["value"], found["amount"]["currency"])
            refunded = found.get("refunded_amount")
            returned = refunded and decimal_money(refunded["value"], refunded["currency"])
            if returned == charged:
                return commands.Refunded()
            return commands.Charged(charged, returned if returned and returned.minor else None)
        case "canceled":
            details: Mapping[str, Any] = found.get("cancellation_details") or {}
            return commands.Voided(_reason(details.get("reason")))
        case status:
            raise GatewayAnswerError(f"unknown status {safe_code(status)}")


def _reason(reason: object) -> DeclineReason | None:
    """Return why the last method was refused, or None if none was."""
    if reason in UNPAYABLE:
        return None
    if reason == "3d_secure_failed":
        return "authentication_failed"
    return "insufficient_funds" if reason == "insufficient_funds" else "declined"
