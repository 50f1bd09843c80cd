"""Limits of open payments and enrollments per user."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final

from application.capacities.places import Places, take_place
from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult, EventLog
from application.kernel.read_models import PAGE_LIMIT, ReadModels, Where, Window
from domain.capacities.commands import TakePlace
from domain.enrollments.enrollment import ENROLLMENT, Enrolled
from domain.ids import EnrollmentId, PaymentId, TenantId, UserId
from domain.kernel import Recorded, Rejected, value
from domain.payments.payment import PAYMENT
from domain.payments.states import Started
from projections.enrollment import ENROLLMENT as ROWS
from projections.payment import PAYMENT as PAYMENTS
from projections.payment import UNPAID

MAX_OPEN_PAYMENTS: Final = 5
MAX_ENROLLMENTS: Final = 50

CURRENT: Final = frozenset({"pending_payment", "active", "paused"})
"""States of enrollments that count."""


class TooManyOpenPayments(Rejected):
    """You have 5 payments that are not paid yet. Pay or cancel one of them first."""

    code = "payment.too_many_open"


class TooManyEnrollments(Rejected):
    """You are enrolled in 50 plans. Leave one of them first."""

    code = "enrollment.too_many"


def _is_pending(history: Sequence[Recorded[Any]]) -> bool:
    payment = PAYMENT.fold(recorded.event for recorded in history)
    return isinstance(payment, Started) and payment.status == "pending"


OPEN_PAYMENTS: Final = Places("payments", PAYMENT, _is_pending)
"""Unpaid payments of one user: each takes a place."""


def payment_place(
    read: ReadModels,
    tenant_id: TenantId,
    user_id: UserId,
    payment_id: PaymentId,
    at: datetime,
    *,
    completed: Collection[PaymentId] = (),
) -> TakePlace:
    """Return the command that takes a place for a payment, or raises TooManyOpenPayments.

    Payments that are `completed` take no place any more, and are not read for that. Renewals take
    no place of their own, as they are never refused. Those that are unpaid, and payments that are
    older than the count, are known by the read model.
    """
    pending: Where = {"user_id": user_id, "status": UNPAID}
    page = read.page(PAYMENTS, tenant_id, window=Window(first=PAGE_LIMIT), where=pending)
    return TakePlace(
        user_id=user_id,
        place=payment_id,
        limit=MAX_OPEN_PAYMENTS,
        refusal=TooManyOpenPayments,
        before=tuple(edge.row.id for edge in page.edges),
        freed=tuple(completed),
        at=at,
    )


def _is_enrolled(history: Sequence[Recorded[Any]]) -> bool:
    return isinstance(ENROLLMENT.fold(recorded.event for recorded in history), Enrolled)


ENROLLMENTS: Final = Places("enrollments", ENROLLMENT, _is_enrolled)
"""Current enrollments of one user: each takes a place."""


def enrollment_place(
    read: ReadModels,
    tenant_id: TenantId,
    user_id: UserId,
    enrollment_id: EnrollmentId,
    at: datetime,
) -> TakePlace:
    """Return the command that takes a place for an enrollment, or raises TooManyEnrollments.

    Enrollments that are older than the count are known by the read model.
    """
    rows = read.by(ROWS, tenant_id, "user_id", [user_id])[user_id]
    return TakePlace(
        user_id=user_id,
        place=enrollment_id,
        limit=MAX_ENROLLMENTS,
        refusal=TooManyEnrollments,
        before=tuple(row.id for row in rows if row.status in CURRENT),
        at=at,
    )


@value
class Taker:
    """A user at checkout: their enrollment, and the payment for it if there is one."""

    user_id: UserId
    enrollment_id: EnrollmentId
    payment_id: PaymentId | None
    at: datetime


def take_checkout_places(
    log: EventLog,
    read: ReadModels,
    tenant_id: TenantId,
    taker: Taker,
    execute: Callable[..., AppendResult],
) -> AppendResult:
    """Execute a checkout with the requests that take its places.

    Raises TooManyEnrollments and TooManyOpenPayments.
    """
    user_id, payment_id, at = taker.user_id, taker.payment_id, taker.at
    enrollment = enrollment_place(read, tenant_id, user_id, taker.enrollment_id, at)

    def enroll(*places: Request) -> AppendResult:
        return take_place(
            log, tenant_id, ENROLLMENTS, enrollment, lambda place: execute(place, *places)
        )

    if payment_id is None:
        return enroll()
    payment = payment_place(read, tenant_id, user_id, payment_id, at)
    return take_place(log, tenant_id, OPEN_PAYMENTS, payment, enroll)


def enrollment_of_change(user_id: UserId, enrollment_id: EnrollmentId, at: datetime) -> TakePlace:
    """Return the command that takes the place of a change of plan, which is never refused.

    It is paid already, and ends another enrollment, unless the user has left that one.
    """
    return TakePlace(user_id=user_id, place=enrollment_id, at=at)
