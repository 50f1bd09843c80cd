"""What needs a person's consent asks here first, as often as a camera sends frames.

A consent that was given is believed for less than a second, so that it shows within that time when
it is taken back; one that is missing is looked for each time, so that it holds once it is given.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import structlog

from application.kernel.cache import LruCache
from application.kernel.ports import EventLog, StorageUnavailable
from application.privacy.consents import ConsentMissing
from domain.ids import TenantId, UserId
from domain.kernel import value
from domain.users import events
from domain.users.identities import ConsentPurpose
from domain.users.user import USER

BELIEVED_S: Final = 0.8
"""For so long nobody is asked again."""

KNOWN: Final = 10_000
"""People whose consents are remembered; those of others are read again."""

log = structlog.get_logger()


@value
class _Said:
    """What the log says of a person after `version` events of theirs.

    `is_known`: has an account, or had one; whoever is forgotten has agreed to nothing any more.
    Nothing else is kept of them here: it would have to be forgotten with them.
    """

    version: int = 0
    is_known: bool = False
    agreed: frozenset[ConsentPurpose] = frozenset()
    looked_at: float = float("-inf")


class ConsentCache:
    """Lets pass who has agreed. Any thread may ask; `timer` gives seconds that only rise.

    While the log is unavailable, people who are known already stand as they stood.
    """

    def __init__(self, event_log: EventLog, timer: Callable[[], float]) -> None:
        self._log = event_log
        self._timer = timer
        self._known = LruCache[tuple[TenantId, UserId], _Said](KNOWN)

    def require(self, tenant_id: TenantId, user_id: UserId, purpose: ConsentPurpose) -> None:
        """Raise ConsentMissing for somebody with an account who has not agreed.

        Who has none, such as an athlete on their own machine, has nobody to agree with. Raises
        StorageUnavailable for somebody not known yet.
        """
        said = self._known.get((tenant_id, user_id)) or _Said()
        is_old = self._timer() - said.looked_at >= BELIEVED_S
        if is_old or not _lets(said, purpose):
            said = self._look(tenant_id, user_id, said)
        if not _lets(said, purpose):
            raise ConsentMissing(purpose)

    def invalidate(self, tenant_id: TenantId, user_id: UserId) -> None:
        """Believe nothing of a person any more: they have just said something else."""
        self._known.put((tenant_id, user_id), _Said())

    def _look(self, tenant_id: TenantId, user_id: UserId, said: _Said) -> _Said:
        now = self._timer()
        try:
            stream = f"{USER.category}-{user_id}"
            news = self._log.load(tenant_id, stream, after_version=said.version)
        except StorageUnavailable as away:
            if said == _Said():
                raise
            log.warning("consent.log_away", detail=away.detail)
            return said
        for recorded in news:
            said = replace(_evolve(said, recorded.event), version=recorded.version)
        said = replace(said, looked_at=now)
        self._known.put((tenant_id, user_id), said)
        return said


def _lets(said: _Said, purpose: ConsentPurpose) -> bool:
    return not said.is_known or purpose in said.agreed


def _evolve(said: _Said, event: Any) -> _Said:
    match event:
        case events.UserCreated():
            return replace(said, is_known=True)
        case events.ConsentGiven(purpose=purpose):
            return replace(said, agreed=said.agreed | {purpose})
        case events.ConsentWithdrawn(purpose=purpose):
            return replace(said, agreed=said.agreed - {purpose})
        case events.UserErased():
            return _Said(is_known=True)
        case _:
            return said
