"""Administrators of a tenant."""

from typing import Any
from uuid import uuid4

from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN
from tests.api.people import Person, Town

BOB = "bob@example.org"


def administrator(town: Town, tenant: str = "default") -> Person:
    """Return an administrator of a tenant."""
    ada = town.citizen("ada@example.org", tenant=tenant)
    origin = Origin(tenant_id=TenantId(tenant), actor="test", correlation_id=uuid4())
    administration = town.platform.accounts().administration
    if town.platform.log.load(origin.tenant_id, "tenant-self"):
        administration.grant(UserId(ada.id), "administrator", origin=origin, command_id=uuid4())
    else:
        administration.create_tenant(
            "The Gym", UserId(ada.id), join=OPEN, origin=origin, command_id=uuid4()
        )
    return town.log_in(ada, "ada@example.org")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
