"""Objects of Stripe, converted to what the payment process knows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, cast, get_args

from adapters.payments.http import safe_code
from adapters.payments.metadata import ATTEMPT, PAYMENT, TENANT
from application.payments.gateways import (
    GatewayAnswerError,
    Intent,
    IntentOf,
    MethodNotice,
    Notice,
)
from domain.ids import PaymentId, SubscriptionId, TenantId
from domain.money import MINOR_DIGITS, Currency, Money
from domain.payment_methods import StoredMethod
from domain.payments import commands
from domain.payments.events import DeclineReason, DisputeReason

SUBSCRIPTION: Final = "kinelog_subscription"
REFUND: Final = "kinelog_refund"
"""Metadata of our objects. An account at Stripe can have others."""


UNREADABLE: Final = (
    *(AttributeError, KeyError, OverflowError),
    *(RecursionError, TypeError, ValueError),
)
"""Errors of reading an object that has other fields, or fields of other types, than Stripe's."""


def text_of(found: Mapping[str, Any], name: str) -> str:
    """Return a text of an object. Raises an error of `UNREADABLE`."""
    text = found[name]
    if not isinstance(text, str):
        raise TypeError(name)
    return text


def metadata_of(owner: IntentOf) -> dict[str, str]:
    """Return the metadata by which we find our intent again."""
    return {
        TENANT: owner.tenant_id,
        PAYMENT: owner.payment_id,
        ATTEMPT: str(owner.attempt),
    }


def owner_of(metadata: Mapping[str, str]) -> IntentOf | None:
    """Return the attempt that metadata name, or None if the object is not ours."""
    if not {TENANT, PAYMENT, ATTEMPT} <= set(metadata):
        return None
    return IntentOf(
        TenantId(text_of(metadata, TENANT)),
        PaymentId(text_of(metadata, PAYMENT)),
        int(text_of(metadata, ATTEMPT)),
    )


STAGES: Final[Mapping[str, commands.DisputeStage]] = {
    "warning_needs_response": "inquiry",
    "warning_under_review": "inquiry_review",
    "warning_closed": "won",
    "needs_response": "needs_response",
    "under_review": "under_review",
    "won": "won",
    "lost": "lost",
    "prevented": "won",
    "charge_refunded": "won",
}
"""Stages of disputes by their status at Stripe. One that was prevented or refunded takes nothing
more of the charge."""

REASONS: Final[Mapping[str, DisputeReason]] = {each: each for each in get_args(DisputeReason)}

FUNDS: Final[tuple[commands.Funds, ...]] = ("kept", "withdrawn", "reinstated")
"""Location of the disputed amount, by the number of balance transactions of a dispute."""


def dispute_of(found: Mapping[str, Any]) -> commands.Dispute:
    """Convert a dispute. Its reason is `general` if we do not know its code."""
    status = found["status"]
    if status not in STAGES:
        raise GatewayAnswerError(f"unknown status {status} of a dispute")
    evidence: dict[str, Any] = found.get("evidence_details") or {}
    due_by: int | None = evidence.get("due_by")
    moved = len(found.get("balance_transactions") or ())
    return commands.Dispute(
        reference=text_of(found, "id"),
        stage=STAGES[status],
        reason=REASONS.get(found.get("reason") or "", "general"),
        amount=_money(found["amount"], found["currency"]),
        funds=FUNDS[min(moved, len(FUNDS) - 1)],
        evidence_due_at=None if due_by is None else datetime.fromtimestamp(due_by, UTC),
    )


UNRETURNED: Final = frozenset({"failed", "canceled"})
"""States of refunds that have returned nothing."""


def failed_refund(
    reference: str, refunds: Sequence[Mapping[str, Any]]
) -> commands.FailedRefund | None:
    """Return a refund that has failed, from all refunds of its charge, or None."""
    failed = next((each for each in refunds if each["id"] == reference), None)
    if failed is None or failed["status"] not in UNRETURNED:
        return None
    others = [each for each in refunds if each["status"] not in UNRETURNED]
    return commands.FailedRefund(
        reference,
        _money(failed["amount"], failed["currency"]),
        tuple(
            commands.MadeRefund(_number_of(each), _money(each["amount"], each["currency"]))
            for each in others
        ),
    )


def returns_less(present: commands.Outcome, reported: commands.Outcome) -> bool:
    """Return whether less of a charge is returned at present than was reported."""
    if not isinstance(present, commands.Charged):
        return False
    if not isinstance(reported, commands.Charged):
        return isinstance(reported, commands.Refunded)
    now, before = (each.returned.minor if each.returned else 0 for each in (present, reported))
    return now < before


def key_of(refund: Mapping[str, Any]) -> str | None:
    """Return the key of a refund of ours, or None if a person has made it at Stripe."""
    metadata: Mapping[str, str] = refund.get("metadata") or {}
    return metadata.get(REFUND)


def _number_of(refund: Mapping[str, Any]) -> int | None:
    """Return the number of a refund of ours, which ends its key."""
    key = key_of(refund)
    return None if key is None else int(key.rpartition(":")[2])


def notice_of(event: Mapping[str, Any]) -> Notice | MethodNotice | None:
    """Return what an event reports, or None if it is about nothing of ours."""
    found: dict[str, Any] = event["data"]["object"]
    metadata: dict[str, str] = found.get("metadata") or {}
    if found["object"] == "setup_intent" and {TENANT, SUBSCRIPTION} <= set(metadata):
        return _method_notice(event, found, metadata)
    owner = owner_of(metadata)
    if owner is None:
        return None
    if found["object"] == "payment_intent":
        intent = intent_of(found)
    elif found["object"] == "charge" and event["type"] == "charge.refunded":
        intent = Intent(text_of(found, "payment_intent"), _of_charge(found))
    else:
        return None
    return Notice(
        event_id=text_of(event, "id"),
        intent_of=owner,
        reference=intent.reference,
        outcome=intent.outcome,
        method=intent.method,
        event_type=safe_code(event["type"]),
    )


def _method_notice(
    event: Mapping[str, Any], found: Mapping[str, Any], metadata: Mapping[str, str]
) -> MethodNotice | None:
    method = method_of_setup(found)
    if method is None:
        return None
    return MethodNotice(
        event_id=text_of(event, "id"),
        tenant_id=TenantId(text_of(metadata, TENANT)),
        subscription_id=SubscriptionId(text_of(metadata, SUBSCRIPTION)),
        method=method,
        event_type=safe_code(event["type"]),
    )


def intent_of(found: Mapping[str, Any]) -> Intent:
    """Convert a PaymentIntent. A charge that was returned has stored a method as well."""
    outcome = _outcome(found)
    has_stored = isinstance(outcome, commands.Charged | commands.Refunded)
    method = _stored(found) if has_stored else None
    is_processing = found["status"] == "processing"
    return Intent(text_of(found, "id"), outcome, method=method, is_processing=is_processing)


ONCE_ONLY: Final = frozenset({"bancontact", "ideal", "sofort"})
"""Methods that pay once. Stripe makes a SEPA debit of the same account for later charges."""


def _stored(found: Mapping[str, Any]) -> StoredMethod | None:
    """Return the method that a successful intent has stored with its customer, if it has.

    A charge without the user stores nothing: it was not meant for future use.
    """
    if not found.get("setup_future_usage"):
        return None
    return _reusable(found, found.get("latest_charge"))


def method_of_setup(found: Mapping[str, Any]) -> StoredMethod | None:
    """Return the method that a SetupIntent has stored, if the user is done."""
    if found["status"] != "succeeded":
        return None
    return _reusable(found, found.get("latest_attempt"))


def _reusable(found: Mapping[str, Any], used: Any) -> StoredMethod | None:
    """Return the method for later charges; `used` has the details of the one that was used."""
    customer: str | None = found.get("customer")
    method: str | None = found.get("payment_method")
    details: dict[str, Any] = {}
    if isinstance(used, dict):
        details = cast("dict[str, Any]", used).get("payment_method_details") or {}
    if details.get("type") in ONCE_ONLY:
        once: dict[str, Any] = details.get(details["type"]) or {}
        method = once.get("generated_sepa_debit")
    if customer is None or method is None:
        return None
    return StoredMethod("stripe", customer, method)


def _of_charge(charge: Mapping[str, Any]) -> commands.Outcome:
    """Convert a charge that was returned in full or in part."""
    if charge["refunded"]:
        return commands.Refunded()
    currency = charge["currency"]
    amount, returned = charge["amount_captured"], charge["amount_refunded"]
    return commands.Charged(
        _money(amount, currency), _money(returned, currency) if returned else None
    )


def _outcome(found: Mapping[str, Any]) -> commands.Outcome:
    """Convert the state of a PaymentIntent."""
    match found["status"]:
        case "succeeded":
            charge = found.get("latest_charge")
            if isinstance(charge, dict):
                return _of_charge(cast("dict[str, Any]", charge))
            return commands.Charged(_money(found["amount_received"], found["currency"]))
        case "canceled":
            return commands.Voided()
        case "requires_action":
            return commands.NeedsAction()
        case "requires_payment_method" if _wants_user(found.get("last_payment_error")):
            return commands.NeedsAction()
        case "requires_payment_method" if found.get("last_payment_error"):
            return commands.Declined(reason_of(found["last_payment_error"]))
        case "requires_payment_method" | "requires_confirmation" | "processing":
            return commands.Paying()
        case status:
            raise GatewayAnswerError(f"unknown status {status}")


def _wants_user(error: Mapping[str, Any] | None) -> bool:
    """Return whether the bank refused a charge without the user, and takes it with them."""
    return error is not None and error.get("code") == "authentication_required"


def reason_of(error: Mapping[str, Any]) -> DeclineReason:
    """Convert the reason for which a method was declined."""
    if error.get("code") in {"payment_intent_authentication_failure", "authentication_required"}:
        return "authentication_failed"
    if "insufficient_funds" in {error.get("code"), error.get("decline_code")}:
        return "insufficient_funds"
    return "declined"


CURRENCIES: Final[Mapping[str, Currency]] = {each.lower(): each for each in MINOR_DIGITS}


def _money(minor: object, currency: str) -> Money:
    if currency not in CURRENCIES:
        raise GatewayAnswerError(f"unknown currency {currency}")
    if not isinstance(minor, int):
        raise TypeError("amount")
    return Money(minor, CURRENCIES[currency])
