"""Grant and withdraw roles, and suspend accounts."""

from uuid import uuid4

from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from domain.tenants.roles import StaffRole
from tests.api.people import Person, Town


def by_test() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())


def suspend(town: Town, person: Person) -> None:
    administration = town.platform.accounts().administration
    administration.suspend(UserId(person.id), origin=by_test(), command_id=uuid4())


def grant_role(town: Town, person: Person, role: StaffRole = "trainer") -> None:
    administration = town.platform.accounts().administration
    administration.grant(UserId(person.id), role, origin=by_test(), command_id=uuid4())


def withdraw_role(town: Town, person: Person, role: StaffRole = "trainer") -> None:
    administration = town.platform.accounts().administration
    administration.withdraw(UserId(person.id), role, origin=by_test(), command_id=uuid4())
