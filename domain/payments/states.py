"""States of a payment, and the calls to gateways that a state demands."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

from domain.ids import CouponId, SubscriptionId, UserId
from domain.kernel import value
from domain.money import Money
from domain.payment_methods import StoredMethod
from domain.payments import events
from domain.payments.commands import Dispute, IntentUnknown
from domain.payments.events import Gateway

AttemptState = Literal[
    "requested",
    "submitted",
    "open",
    "action",
    "voiding",
    "voided",
    "charged",
    "refunding",
    "refunded",
]
"""State of an attempt. `requested`: no reference is recorded yet, and no money can have moved.
`submitted`: no reference is recorded yet, but a stored method may have been charged."""

PAYABLE: Final[frozenset[AttemptState]] = frozenset({"requested", "submitted", "open", "action"})
"""States in which the user, or we with a stored method, can pay."""

IN_FLIGHT: Final = timedelta(minutes=10)
"""Time for which a charge of a stored method can still arrive at the gateway after a void request.

Another process may have begun the charge before the request.
"""

UNPAID: Final = PAYABLE | {"voiding"}


@value
class NotCreated:
    """No payment exists with this id."""


@value
class Attempt:
    """One try at one gateway, numbered from 1 by its place.

    `refund` is the amount that is being returned, in full or in part; `returned` is the sum of the
    parts that were. `refunds` counts the refunds that were requested. `submitted_at` is when the
    charge of a stored method was submitted, `given_up_at` when the void was requested first.
    `lost` is the sum of the disputes that were lost; it is part of `returned`. So are refunds that
    have `failed` later: their credit notes are issued. `repaid` is what the user got instead.
    `taken_beyond` is what lost disputes took beyond the rest of the charge; it repays refunds that
    fail later.
    """

    gateway: Gateway
    state: AttemptState = "requested"
    reference: str | None = None
    declined: events.DeclineReason | None = None
    charged: Money | None = None
    refund: Money | None = None
    returned: Money | None = None
    refunds: int = 0
    attention: events.AttentionReason | None = None
    submitted_at: datetime | None = None
    given_up_at: datetime | None = None
    disputes: tuple[Dispute, ...] = ()
    lost: Money | None = None
    failed_refunds: tuple[str, ...] = ()
    failed: Money | None = None
    repaid: Money | None = None
    taken_beyond: Money | None = None

    @property
    def owed(self) -> Money | None:
        """What the user has not got, because refunds have failed."""
        if self.failed is None or self.repaid is None:
            return self.failed
        owed = self.failed.minus(self.repaid)
        return owed if owed.minor > 0 else None

    @property
    def all_refunded(self) -> Money | None:
        """Sum of the refunds, in full or in part, but not of what disputes have returned."""
        if self.state != "refunded":
            return self.refunded
        if self.charged is None or self.lost is None:
            return self.charged
        return self.charged.minus(self.lost)

    @property
    def refunded(self) -> Money | None:
        """Sum of the refunds in part: what was returned, but not by disputes."""
        if self.returned is None or self.lost is None:
            return self.returned
        refunded = self.returned.minus(self.lost)
        return refunded if refunded.minor > 0 else None

    @property
    def has_open_dispute(self) -> bool:
        """Whether a dispute or an inquiry is not decided."""
        return any(each.stage not in {"won", "lost"} for each in self.disputes)

    @property
    def is_disputed(self) -> bool:
        """Whether the charge is disputed, and not only asked about in an inquiry."""
        return any(each.stage in {"needs_response", "under_review"} for each in self.disputes)

    @property
    def left(self) -> Money | None:
        """Amount of the charge after refunds in part."""
        if self.charged is None or self.returned is None:
            return self.charged
        return self.charged.minus(self.returned)


Status = Literal["pending", "completed", "failed", "refunded"]


@value
class Started:
    """A payment. `giving_up` is why its current intent is or was being voided, if so.

    An `off_session` payment charges its stored `method`. `coupon_id` has made it cheaper than
    `price`, and so has the `credit` for what was paid earlier.
    """

    user_id: UserId
    subscription_id: SubscriptionId
    amount: Money
    gateways: tuple[Gateway, ...]
    off_session: bool
    method: StoredMethod | None = None
    coupon_id: CouponId | None = None
    price: Money | None = None
    credit: Money | None = None
    attempts: tuple[Attempt, ...] = ()
    status: Status = "pending"
    completed_by: int | None = None
    giving_up: Literal["cancelled", "expired"] | None = None

    @property
    def discount(self) -> Money | None:
        """What the coupon takes off the price."""
        if self.price is None:
            return None
        reduced = self.amount if self.credit is None else self.amount.plus(self.credit)
        return self.price.minus(reduced)

    @property
    def current(self) -> int:
        """Number of the latest attempt."""
        return len(self.attempts)

    def attempt(self, number: int) -> Attempt:
        """Return an attempt. Raises IntentUnknown."""
        if not 1 <= number <= len(self.attempts):
            raise IntentUnknown
        return self.attempts[number - 1]


Payment = NotCreated | Started


@value
class CreateIntent:
    """Ask a gateway for an intent that the user pays."""

    attempt: int
    gateway: Gateway
    amount: Money


@value
class ChargeStoredMethod:
    """Charge the user's stored method. `submitted_at` is the time of `payment.charge_submitted`.

    That is recorded before the first call, so that no other gateway is tried after it.
    """

    attempt: int
    gateway: Gateway
    amount: Money
    method: StoredMethod
    submitted_at: datetime | None


@value
class FindCharge:
    """Ask the gateway whether it has an intent of a submitted charge that is being given up."""

    attempt: int
    gateway: Gateway
    method: StoredMethod
    submitted_at: datetime | None


@value
class VoidIntent:
    """Make an intent unpayable."""

    attempt: int
    gateway: Gateway
    reference: str


@value
class RefundCharge:
    """Return a charge, or a part of it. Refunds of an attempt are numbered from 1."""

    attempt: int
    gateway: Gateway
    reference: str
    amount: Money
    number: int


Step = CreateIntent | ChargeStoredMethod | FindCharge | VoidIntent | RefundCharge


def next_steps(payment: Payment) -> tuple[Step, ...]:
    """Return the calls to gateways that are due, in the order of the attempts."""
    return tuple(_steps(payment)) if isinstance(payment, Started) else ()


def _steps(payment: Started) -> Iterator[Step]:
    for number, attempt in enumerate(payment.attempts, start=1):
        reference, method = attempt.reference, payment.method
        if attempt.state in {"requested", "submitted"}:
            if payment.status != "pending" or number != payment.current:
                continue
            if method is not None:
                submitted_at = attempt.submitted_at
                yield ChargeStoredMethod(
                    number, attempt.gateway, payment.amount, method, submitted_at
                )
            else:
                yield CreateIntent(number, attempt.gateway, payment.amount)
        elif attempt.state == "voiding" and reference is not None:
            yield VoidIntent(number, attempt.gateway, reference)
        elif attempt.state == "voiding" and method is not None:
            yield FindCharge(number, attempt.gateway, method, attempt.submitted_at)
        elif attempt.refund is not None and reference is not None and not attempt.is_disputed:
            yield RefundCharge(number, attempt.gateway, reference, attempt.refund, attempt.refunds)


def is_open(payment: Payment) -> bool:
    """Return whether the payment is pending, or an intent is still to be voided or refunded."""
    if not isinstance(payment, Started):
        return False
    return payment.status == "pending" or any(
        attempt.state in {"voiding", "refunding"} or attempt.refund is not None
        for attempt in payment.attempts
    )


def is_ending(payment: Payment) -> bool:
    """Return whether the payment has ended, or ends once its intent is voided."""
    return not isinstance(payment, Started) or (
        payment.status != "pending" or payment.attempts[-1].state == "voiding"
    )


def waits_for_gateway(payment: Payment) -> bool:
    """Return whether the payment is open, and not only because a person must act at a gateway."""
    return (
        is_open(payment)
        and isinstance(payment, Started)
        and (
            payment.status == "pending"
            or any(
                attempt.attention is None and not attempt.is_disputed
                for attempt in payment.attempts
                if attempt.state in {"voiding", "refunding"} or attempt.refund is not None
            )
        )
    )


def unpaid_attempt(payment: Payment) -> Attempt | None:
    """Return the latest attempt if it is unpaid and not over, or None.

    An attempt that is being voided may still be paid.
    """
    if not isinstance(payment, Started):
        return None
    attempt = payment.attempts[-1]
    return attempt if attempt.state in UNPAID else None


def payable_intent(payment: Payment) -> Attempt | None:
    """Return the attempt whose intent the user may pay now, or None.

    Users get the reference of no other attempt, so they cannot pay it.
    """
    if not isinstance(payment, Started) or payment.status != "pending":
        return None
    attempt = payment.attempts[-1]
    return attempt if attempt.state in {"open", "action"} else None
