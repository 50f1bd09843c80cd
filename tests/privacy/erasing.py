"""Erase an account at once."""

from application.platform import Platform
from application.privacy.erasure import NotCertified
from domain.ids import UserId
from domain.kernel import Origin


def erase(platform: Platform, user_id: UserId, origin: Origin) -> bool:
    """Request and carry out an erasure; return whether it is certified."""
    erasure = platform.privacy().erasure
    erasure.request(user_id, origin=origin, at_once=True)
    return not isinstance(erasure.run(user_id, origin=origin), NotCertified)
