"""Limits of open payments and enrollments per user."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from application.capacities.places import Places
from application.kernel.read_models import ReadModels, Where
from domain.capacities.commands import TakePlace
from domain.enrollments.enrollment import ENROLLMENT, Enrolled
from domain.ids import EnrollmentId, TenantId, UserId
from domain.kernel import Recorded, Rejected
from projections.enrollment import ENROLLMENT as ROWS
from projections.payment import PAYMENT

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


def require_payment_capacity(read: ReadModels, tenant_id: TenantId, user_id: UserId) -> None:
    """Raise TooManyOpenPayments at the limit.

    Counts the read model: requests at the same moment can exceed the limit by their number.
    Renewals count, and are never refused: a subscription has at most one that is unpaid.
    """
    pending: Where = {"user_id": user_id, "status": "pending"}
    if read.count(PAYMENT, tenant_id, where=pending) >= MAX_OPEN_PAYMENTS:
        raise TooManyOpenPayments


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


def enrollment_of_change(user_id: UserId, enrollment_id: EnrollmentId, at: datetime) -> TakePlace:
    """Return the command that takes the place of a change of plan, which is never refused.

    It is paid already, and ends another enrollment, unless the user has left that one.
    """
    return TakePlace(user_id=user_id, place=enrollment_id, at=at)
