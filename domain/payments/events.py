"""Events of a payment: one amount, asked for at one gateway after the other.

They hold no card data and no text of a gateway: only references and declared reasons.
"""

from datetime import datetime
from typing import Literal

from domain import payment_methods
from domain.ids import CouponId, SubscriptionId, UserId
from domain.kernel import event
from domain.money import Money, Region

Gateway = payment_methods.Gateway

RouteReason = Literal[
    "region", "preference", "circuit_open", "timeout", "unsupported", "refused", "expired"
]
"""Reason for an attempt at a gateway.

It is the region's first one, or the user's choice; the gateway before it cannot serve, or refused
our call; or the last intent has expired at this gateway, and the user came back."""

DeclineReason = Literal["declined", "insufficient_funds", "authentication_failed"]

FailReason = Literal[
    "declined",
    "insufficient_funds",
    "authentication_failed",
    "cancelled",
    "expired",
    "no_gateway",
    "wrong_amount",
]

VoidReason = Literal["cancelled", "expired", "declined", "superseded"]
"""Reason to make an intent unpayable.

`superseded`: the payment has ended, or another attempt has replaced this one.
"""

RequestedReason = Literal["requested", "duplicate", "not_delivered", "goodwill"]
"""Reason that a person gives for a refund."""

RefundReason = Literal["cancelled", "superseded", "wrong_amount"] | RequestedReason
"""Reason for a refund: the charge came after the user had cancelled, after the payment had ended or
another attempt had replaced this one, or with another amount; or a person requested the refund."""

AttentionReason = Literal["not_set_up", "no_such_call", "refused"]
"""Reason why a person must act at a gateway: it is not set up any more, its protocol lacks the
call, or it refuses to return the money."""

DisputeReason = Literal[
    "bank_cannot_process",
    "check_returned",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "noncompliant",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
]
"""Reason code of a bank for a dispute. `general` also stands for codes that are new to us."""

OpenStage = Literal["inquiry", "inquiry_review", "needs_response", "under_review"]
"""Stage of a dispute that is not decided. In an inquiry, the bank only asks: no money has moved.
Evidence is due in `inquiry` and `needs_response`; in the others, the bank has it."""

Source = Literal["webhook", "poll", "reply"]
"""Origin of a gateway's word: its webhook, our question, or its reply to a step."""


@event("payment.created")
class PaymentCreated:
    """A payment in the state `pending`.

    `gateways` may serve it, in this order. `off_session` charges a stored method, without the user.
    """

    user_id: UserId
    subscription_id: SubscriptionId
    amount: Money
    region: Region
    gateways: tuple[Gateway, ...]
    off_session: bool
    at: datetime


@event("payment.discounted")
class PaymentDiscounted:
    """The amount is lower than the price, because of a coupon."""

    coupon_id: CouponId
    price: Money
    at: datetime


@event("payment.credited")
class PaymentCredited:
    """The amount is lower than the price, by the credit for the rest of a period that was paid."""

    credit: Money
    at: datetime


@event("payment.method_chosen")
class MethodChosen:
    """The stored method that an off-session payment charges."""

    method: payment_methods.StoredMethod
    at: datetime


@event("payment.routed")
class PaymentRouted:
    """An attempt begins at a gateway. Attempts are numbered from 1."""

    attempt: int
    gateway: Gateway
    reason: RouteReason
    at: datetime


@event("payment.charge_submitted")
class ChargeSubmitted:
    """The stored method will be charged. From now on, money may move at this gateway only."""

    attempt: int
    at: datetime


@event("payment.intent_created")
class IntentCreated:
    """The gateway has an intent under this reference. From now on, the user can pay it."""

    attempt: int
    reference: str
    at: datetime


@event("payment.action_required")
class ActionRequired:
    """The user must authenticate with their bank (3-D Secure)."""

    attempt: int
    at: datetime


@event("payment.declined")
class PaymentDeclined:
    """The gateway refused one method. The user may try another one."""

    attempt: int
    reason: DeclineReason
    at: datetime


@event("payment.void_requested")
class VoidRequested:
    """The intent must be made unpayable: the inverse of `payment.intent_created`."""

    attempt: int
    reason: VoidReason
    at: datetime


@event("payment.voided")
class IntentVoided:
    attempt: int
    at: datetime


@event("payment.attention_needed")
class AttentionNeeded:
    """An intent must be voided or returned, and we cannot: a person must do it at the gateway."""

    attempt: int
    reason: AttentionReason
    at: datetime


@event("payment.completed")
class PaymentCompleted:
    attempt: int
    reference: str
    amount: Money
    source: Source
    at: datetime


@event("payment.method_stored")
class MethodStored:
    """The gateway keeps the method of the charge, for renewals."""

    attempt: int
    method: payment_methods.StoredMethod
    at: datetime


@event("payment.failed")
class PaymentFailed:
    """The payment is over without money: the inverse of `payment.created`."""

    reason: FailReason
    at: datetime


@event("payment.refund_requested")
class RefundRequested:
    """A charge must be returned: the inverse of `payment.completed`."""

    attempt: int
    amount: Money
    reason: RefundReason
    at: datetime


@event("payment.refunded")
class PaymentRefunded:
    """A charge was returned. `completed` says whether it was the one that completed the payment."""

    attempt: int
    amount: Money
    completed: bool
    at: datetime


@event("payment.partial_refund_requested")
class PartialRefundRequested:
    """A part of the charge must be returned. Refunds of an attempt are numbered from 1."""

    attempt: int
    number: int
    amount: Money
    reason: RequestedReason
    at: datetime


@event("payment.partially_refunded")
class PartiallyRefunded:
    """A part of the charge was returned, by request or by hand at the gateway.

    `returned` is the sum of all parts so far.
    """

    attempt: int
    amount: Money
    returned: Money
    at: datetime


@event("payment.refund_failed")
class RefundFailed:
    """The bank of the user did not take a refund that was counted as returned.

    The gateway has the money again, and the user is owed it. `refund` is its reference.
    """

    attempt: int
    refund: str
    amount: Money
    at: datetime


@event("payment.failed_refund_repaid")
class FailedRefundRepaid:
    """The user has got what a failed refund owed: from a person, or by a dispute that was lost."""

    attempt: int
    amount: Money
    at: datetime


@event("payment.dispute_opened")
class DisputeOpened:
    """The bank of the user disputes a charge, or asks about it. `dispute` is its reference.

    `evidence_due_at` is when evidence must have been given at the gateway, if it can be.
    """

    attempt: int
    dispute: str
    stage: OpenStage
    reason: DisputeReason
    amount: Money
    evidence_due_at: datetime | None
    at: datetime


@event("payment.dispute_changed")
class DisputeChanged:
    """A dispute has reached a later stage, or its evidence is due at another time."""

    attempt: int
    dispute: str
    stage: OpenStage
    evidence_due_at: datetime | None
    at: datetime


@event("payment.dispute_funds_withdrawn")
class DisputeFundsWithdrawn:
    """The gateway has taken the disputed amount from our account until the dispute is decided."""

    attempt: int
    dispute: str
    at: datetime


@event("payment.dispute_funds_reinstated")
class DisputeFundsReinstated:
    """The gateway has given the disputed amount back to our account."""

    attempt: int
    dispute: str
    at: datetime


@event("payment.dispute_won")
class DisputeWon:
    """The charge stands: the bank has decided so, or the dispute or the inquiry was dropped."""

    attempt: int
    dispute: str
    at: datetime


@event("payment.dispute_lost", version=2)
class DisputeLost:
    """The bank has returned the disputed amount to the user.

    `amount` is what that takes of the charge after refunds, and `returned` the sum of all that was
    returned so far. `settled`: nothing is left of the charge; version 1 has this only of the charge
    that completed the payment. `completed`: this one did.
    """

    attempt: int
    dispute: str
    amount: Money
    returned: Money
    settled: bool
    completed: bool
    at: datetime


PaymentEvent = (
    PaymentCreated
    | PaymentDiscounted
    | PaymentCredited
    | MethodChosen
    | PaymentRouted
    | ChargeSubmitted
    | IntentCreated
    | ActionRequired
    | PaymentDeclined
    | VoidRequested
    | IntentVoided
    | AttentionNeeded
    | PaymentCompleted
    | MethodStored
    | PaymentFailed
    | RefundRequested
    | PaymentRefunded
    | PartialRefundRequested
    | PartiallyRefunded
    | RefundFailed
    | FailedRefundRepaid
    | DisputeOpened
    | DisputeChanged
    | DisputeFundsWithdrawn
    | DisputeFundsReinstated
    | DisputeWon
    | DisputeLost
)
