"""Limits of open payments and enrollments per user."""

from typing import Final

from application.kernel.read_models import ReadModels, Where
from domain.ids import TenantId, UserId
from domain.kernel import Rejected
from projections.enrollment import ENROLLMENT
from projections.payment import PAYMENT

MAX_OPEN_PAYMENTS: Final = 5
MAX_ENROLLMENTS: Final = 50


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


def require_enrollment_capacity(read: ReadModels, tenant_id: TenantId, user_id: UserId) -> None:
    """Raise TooManyEnrollments at the limit, which requests at the same moment can exceed."""
    current: Where = {"user_id": user_id, "status": ("pending_payment", "active", "paused")}
    if read.count(ENROLLMENT, tenant_id, where=current) >= MAX_ENROLLMENTS:
        raise TooManyEnrollments
