"""Context of a GraphQL operation: the caller, and data loaders."""

from dataclasses import dataclass

import strawberry

from application.caller import Caller
from application.platform import Platform
from application.sessions.loaders import Loaders
from application.sessions.session_parts import CurrentParts
from domain.ids import SessionId, TenantId


@dataclass
class Context:
    """Context of one operation. Resolvers run one after the other, on one thread.

    `may_keep`: the result depends on read models only, so it can be cached until they change.
    """

    caller: Caller
    loaders: Loaders
    may_keep: bool = False

    @classmethod
    def of(cls, caller: Caller) -> "Context":
        """Create the context of an operation, with empty loaders."""
        return cls(caller, _loaders(caller))

    def forget(self) -> None:
        """Drop what was loaded before a mutation."""
        self.loaders = _loaders(self.caller)

    @property
    def platform(self) -> Platform:
        """The platform."""
        return self.caller.platform

    @property
    def tenant_id(self) -> TenantId:
        """Tenant of the caller."""
        return self.caller.tenant_id

    def parts(self, session_id: SessionId) -> CurrentParts:
        """Return the parts of a session, loaded together with those of its siblings."""
        return CurrentParts(self.loaders, session_id)


def _loaders(caller: Caller) -> Loaders:
    return Loaders(caller.platform.read, caller.platform.log, caller.tenant_id)


Info = strawberry.Info[Context, None]
