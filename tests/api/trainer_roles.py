"""Changes of a trainer's roles and account."""

from uuid import uuid4

from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.people import Person, Town


def by_test() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=uuid4())


def suspend(town: Town, person: Person) -> None:
    administration = town.platform.accounts().administration
    administration.suspend(UserId(person.id), origin=by_test(), command_id=uuid4())


def change_role(town: Town, person: Person, *, trainer: bool) -> None:
    """Grant or withdraw the role of a trainer."""
    administration, who = town.platform.accounts().administration, UserId(person.id)
    change = administration.grant if trainer else administration.withdraw
    change(who, "trainer", origin=by_test(), command_id=uuid4())
