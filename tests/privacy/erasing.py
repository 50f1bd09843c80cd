"""Erase an account at once."""

from typing import Any

from application.platform import Platform
from application.privacy.erasure import ErasureService, NotCertified
from domain.ids import UserId
from domain.kernel import Origin


def erase(platform: Platform, user_id: UserId, origin: Origin) -> bool:
    """Request and carry out an erasure; return whether it is certified."""
    erasure = platform.privacy().erasure
    erasure.request(user_id, origin=origin, at_once=True)
    return not isinstance(erasure.run(user_id, origin=origin), NotCertified)


def certified(erasure: ErasureService, who: UserId, origin: Origin) -> dict[str, Any]:
    erasure.request(who, origin=origin, at_once=True)
    outcome = erasure.run(who, origin=origin)
    assert not isinstance(outcome, NotCertified), outcome.findings
    return dict(outcome)
