"""A trainer, and the erasure of an account."""

from uuid import uuid4

from application.platform import Platform
from application.privacy.erasure import NotCertified
from domain.ids import SessionId, UserId
from domain.kernel import Origin
from domain.tenants.join_policy import OPEN

COACH, SESSION = UserId("coach"), SessionId("of-an-athlete")


def grant_trainer(platform: Platform, user_id: UserId, origin: Origin) -> None:
    """Grant the role of a trainer, in the tenant, which is created if it is not there."""
    administration = platform.accounts().administration
    if not platform.log.load(origin.tenant_id, "tenant-self"):
        administration.create_tenant(
            "Town", UserId("mayor"), join=OPEN, origin=origin, command_id=uuid4()
        )
    administration.grant(user_id, "trainer", origin=origin, command_id=uuid4())


def erased(platform: Platform, user_id: UserId, origin: Origin) -> bool:
    erasure = platform.privacy().erasure
    erasure.request(user_id, origin=origin, at_once=True)
    return not isinstance(erasure.run(user_id, origin=origin), NotCertified)
