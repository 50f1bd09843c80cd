"""Commands of a payment, and their refusals."""

from datetime import datetime
from typing import Literal

from domain.discounts import Discount
from domain.ids import SubscriptionId, UserId
from domain.kernel import Rejected, command, value
from domain.money import Money, Region
from domain.payment_methods import StoredMethod
from domain.payments.events import (
    AttentionReason,
    DeclineReason,
    DisputeReason,
    Gateway,
    RequestedReason,
    Source,
)
from domain.values import InvalidValue

Obstacle = Literal["circuit_open", "timeout", "unsupported", "refused"]
"""Reason why a gateway cannot serve. `refused`: it refused our call, such as for a wrong key."""


@value
class Paying:
    """The intent waits for the user, or the gateway is processing it."""


@value
class NeedsAction:
    """The user must authenticate with their bank."""


@value
class Declined:
    """A method was refused; the intent stays payable."""

    reason: DeclineReason


@value
class Charged:
    """Money has moved. `returned` is the sum of its refunds in part, if there are any."""

    amount: Money
    returned: Money | None = None


@value
class Voided:
    """The intent was not paid, and cannot be paid any more.

    `declined` is why a method was refused, if that ended the intent.
    """

    declined: DeclineReason | None = None


@value
class Refunded:
    """A charge has been returned in full."""


Outcome = Paying | NeedsAction | Declined | Charged | Voided | Refunded
"""State of an intent, as its gateway reports it."""


DisputeStage = Literal["inquiry", "inquiry_review", "needs_response", "under_review", "won", "lost"]

Funds = Literal["kept", "withdrawn", "reinstated"]
"""Location of the disputed amount: in our account, taken by the gateway, or given back to us."""


@value
class Dispute:
    """A dispute of a charge, as its gateway reports it."""

    reference: str
    stage: DisputeStage
    reason: DisputeReason
    amount: Money
    funds: Funds = "kept"
    evidence_due_at: datetime | None = None


@value
class MadeRefund:
    """A refund that has not failed. `number` is that of ours, or None if a person has made it."""

    number: int | None
    amount: Money


@value
class FailedRefund:
    """A refund that its gateway had made, and that the bank of the user did not take.

    `others` are the refunds of the same charge that have not failed.
    """

    reference: str
    amount: Money
    others: tuple[MadeRefund, ...] = ()


@command
class CreatePayment:
    """Create a payment and begin its first attempt.

    `preferred` says that the user chose the first gateway instead of the region's first one. With a
    stored `method`, that is charged without the user, at its gateway only. The amount is what is
    left of a price after the `credit`, if there is one.
    """

    user_id: UserId
    subscription_id: SubscriptionId
    amount: Money
    region: Region
    gateways: tuple[Gateway, ...]
    preferred: bool = False
    method: StoredMethod | None = None
    discount: Discount | None = None
    credit: Money | None = None
    at: datetime

    def __post_init__(self) -> None:
        if not self.gateways or len(set(self.gateways)) < len(self.gateways):
            raise InvalidValue("Name at least one gateway, each once.")
        if self.method is not None and self.gateways != (self.method.gateway,):
            raise InvalidValue("A stored method is charged at its own gateway.")
        if self.amount.minor == 0:
            raise InvalidValue("The amount of a payment is above zero.")


@command
class NoteObstacle:
    """The gateway of an attempt cannot serve."""

    attempt: int
    obstacle: Obstacle
    at: datetime


@command
class ReplaceIntent:
    """Begin another attempt: the intent of this one has expired, and the user came back."""

    attempt: int
    at: datetime


@command
class SubmitCharge:
    """Record that the stored method is about to be charged at the gateway of an attempt."""

    attempt: int
    at: datetime


@command
class NoteOutcome:
    """A gateway reports the state of the intent of an attempt, and the method that it keeps.

    `disputes` are those of its charge that the gateway has reported with it.
    """

    attempt: int
    reference: str
    outcome: Outcome
    source: Source
    at: datetime
    method: StoredMethod | None = None
    disputes: tuple[Dispute, ...] = ()


@command
class NoteNoCharge:
    """The gateway has no intent of a submitted attempt, or refused to charge its method.

    Without a `reason`, the payment was being given up.
    """

    attempt: int
    reason: DeclineReason | None = None
    at: datetime


@command
class NoteAttention:
    """An intent cannot be voided or returned by us."""

    attempt: int
    reason: AttentionReason
    at: datetime


@command
class NoteFailedRefund:
    """A gateway reports that a refund of the charge of an intent has failed."""

    attempt: int
    reference: str
    refund: FailedRefund
    at: datetime


@command
class CancelPayment:
    at: datetime


@command
class ExpirePayment:
    at: datetime


@command
class RefundPayment:
    """Return an amount of a completed payment; without one, all that is left of it.

    `credited` is what changes of plan have credited of the payment: that is not returned.
    """

    amount: Money | None = None
    credited: Money | None = None
    reason: RequestedReason = "requested"
    at: datetime

    def __post_init__(self) -> None:
        if self.amount is not None and self.amount.minor == 0:
            raise InvalidValue("The amount of a refund is above zero.")


@command
class NoteManualRefund:
    """A person has returned money by hand, and no gateway reports it.

    Without an `amount`: what waits for a person, or what a failed refund owes, or else all that is
    left of a completed payment.
    """

    amount: Money | None = None
    at: datetime

    def __post_init__(self) -> None:
        if self.amount is not None and self.amount.minor == 0:
            raise InvalidValue("The amount of a refund is above zero.")


PaymentCommand = (
    CreatePayment
    | NoteObstacle
    | ReplaceIntent
    | SubmitCharge
    | NoteOutcome
    | NoteNoCharge
    | NoteAttention
    | NoteFailedRefund
    | CancelPayment
    | ExpirePayment
    | RefundPayment
    | NoteManualRefund
)


class PaymentNotFound(Rejected):
    """There is no payment with this id."""

    code = "payment.unknown"
    kind = "not_found"


class PaymentExists(Rejected):
    """This payment exists already, for something else."""

    code = "payment.exists"


class PaymentNotCompleted(Rejected):
    """Only a completed payment can be refunded."""

    code = "payment.not_completed"


class RefundTooLarge(Rejected):
    """The refund is larger than what is left of the payment after refunds and credits."""

    code = "payment.refund_too_large"
    kind = "invalid"


class RefundUnderway(Rejected):
    """Another refund of this payment is under way. Try again when it is done."""

    code = "payment.refund_underway"


class PaymentDisputed(Rejected):
    """The bank of the user disputes this payment, and may return it. Wait for its decision."""

    code = "payment.disputed"


class NotChargeable(Rejected):
    """This payment is over, at another gateway, or paid by the user."""

    code = "payment.not_chargeable"


class IntentUnknown(Rejected):
    """This payment has no such attempt, or the attempt has another reference at its gateway."""

    code = "payment.intent_unknown"
    kind = "invalid"
