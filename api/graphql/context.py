"""What a GraphQL resolver may use: the caller's platform, and rows read once for all siblings."""

from dataclasses import dataclass

import strawberry

from api.caller import Caller
from api.graphql.dataloaders import Loaders
from api.session_parts import PartsNow
from application.platform import Platform
from domain.ids import SessionId, TenantId


@dataclass
class Context:
    """One operation's surroundings. Resolvers run one after the other, on one thread.

    `may_keep`: the answer rests on read models alone, and may be given again while they stay.
    """

    caller: Caller
    loaders: Loaders
    may_keep: bool = False

    @classmethod
    def of(cls, caller: Caller) -> "Context":
        """Begin an operation, with loaders that know nothing yet."""
        return cls(caller, _loaders(caller))

    def forget(self) -> None:
        """Know nothing any more of what was read before something was changed."""
        self.loaders = _loaders(self.caller)

    @property
    def platform(self) -> Platform:
        """The platform."""
        return self.caller.platform

    @property
    def tenant_id(self) -> TenantId:
        """The tenant that everything is about."""
        return self.caller.tenant_id

    def parts(self, session_id: SessionId) -> PartsNow:
        """What belongs to a session, read together with that of its siblings."""
        return PartsNow(self.loaders, session_id)


def _loaders(caller: Caller) -> Loaders:
    return Loaders(caller.platform.read, caller.platform.log, caller.tenant_id)


Info = strawberry.Info[Context, None]
