"""Context of a GraphQL operation: the caller, and data loaders."""

from dataclasses import dataclass
from uuid import UUID, uuid5

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
    `command_id`: derived from the `Idempotency-Key` of the request; None without one.
    """

    caller: Caller
    loaders: Loaders
    may_keep: bool = False
    command_id: UUID | None = None

    @classmethod
    def of(cls, caller: Caller, command_id: UUID | None = None) -> "Context":
        """Create the context of an operation, with empty loaders."""
        return cls(caller, _loaders(caller), command_id=command_id)

    def new_command_id(self, response_key: str) -> UUID:
        """Return the command id of a mutation that names none, by its name in the response."""
        if self.command_id is None:
            return self.platform.new_id()
        return uuid5(self.command_id, response_key)

    def bind_key(self) -> None:
        """Bind the `Idempotency-Key` to this request, as one of its mutations was executed."""
        if self.command_id is not None and not self.caller.is_executed(self.command_id):
            origin = self.caller.origin()
            self.platform.log.append((), origin=origin, command_id=self.command_id)

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
