"""Erasures that are due, one after the other, also after unexpected errors."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from application.platform import Platform
from application.privacy.due_erasures import ErasureFailed
from application.privacy.subject_data import SubjectData
from application.users.registration import Registration
from domain.erasures.erasure import Certified, Pending
from domain.erasures.events import Step
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from tests.privacy.person import PASSWORD, settle


@dataclass
class Unreadable:
    """A file of one person that cannot be read."""

    of: UserId
    step: Step = "jobs"

    def count(self, subject: SubjectData) -> int:
        return 0

    def remove(self, subject: SubjectData) -> int:
        if subject.user_id == self.of:
            raise PermissionError
        return 0


def member(platform: Platform, address: str) -> UserId:
    """Register a user without any data."""
    accounts = platform.accounts()
    registration = Registration(email=address, password=PASSWORD, username=None)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor="anonymous", correlation_id=uuid4())
    accounts.registration.register(registration, origin=origin, command_id=uuid4())
    accounts.follow_email_requests.run_once()
    user_id = accounts.identities.find(DEFAULT_TENANT, "email", address)
    assert user_id is not None
    return user_id


def test_an_unexpected_error_ends_neither_other_erasures_nor_the_daily_job(
    platform: Platform, origin: Origin
) -> None:
    """C-24, R-TEN-12: the job is tried again."""
    first, second = settle(platform).id, member(platform, "second@example.org")
    daily: Any = platform.privacy().daily()
    erasure = daily.tasks.erasure
    for person in (first, second):
        erasure.request(person, origin=origin, at_once=True)
    retained: list[TenantId] = []

    class Retention:
        def run(self, tenant_id: TenantId, *, dry_run: bool) -> dict[str, int]:
            retained.append(tenant_id)
            return {}

    broken = replace(erasure, targets=[Unreadable(first), *erasure.targets])
    with pytest.raises(ErasureFailed):
        replace(daily.tasks, erasure=broken, retention=Retention())(DEFAULT_TENANT)
    assert retained == [DEFAULT_TENANT]
    assert erasure.due(DEFAULT_TENANT) == [first]
    assert isinstance(erasure.state(DEFAULT_TENANT, second), Certified)


def test_a_request_during_a_cancellation_stays_due(platform: Platform, origin: Origin) -> None:
    """C-24, R-TEN-12"""
    person = settle(platform)
    real = platform.privacy().erasure

    class DueDates:
        """Store in which somebody requests the erasure while its date is removed."""

        def __getattr__(self, name: str) -> Any:
            return getattr(real.due_dates, name)

        def set_due(self, tenant_id: TenantId, user_id: UserId, at: datetime | None) -> None:
            if at is None:
                real.request(user_id, origin=origin, at_once=True)
            real.due_dates.set_due(tenant_id, user_id, at)

    real.request(person.id, origin=origin)
    due_dates: Any = DueDates()
    replace(real, due_dates=due_dates).cancel(person.id, origin=origin)
    assert isinstance(real.state(DEFAULT_TENANT, person.id), Pending)
    assert real.due(DEFAULT_TENANT) == [person.id]
