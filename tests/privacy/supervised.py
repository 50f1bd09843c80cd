"""A trainer, and a session of an athlete whose training they may see."""

from uuid import uuid4

from application.platform import Platform
from domain.ids import SessionId, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN

COACH, SESSION = UserId("coach"), SessionId("of-an-athlete")


def grant_trainer(platform: Platform, user_id: UserId, origin: Origin) -> None:
    """Grant the role of a trainer; create the tenant if there is none."""
    administration = platform.accounts().administration
    if not platform.log.load(origin.tenant_id, "tenant-self"):
        administration.create_tenant(
            "Town", UserId("mayor"), join=OPEN, origin=origin, command_id=uuid4()
        )
    administration.grant(user_id, "trainer", origin=origin, command_id=uuid4())
