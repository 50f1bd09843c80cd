"""Channel of live poses between processes: the viewers of a session may be in any of them.

Poses are shown and forgotten: a channel may lose messages, and stores none.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from domain.ids import TenantId

Watched = tuple[TenantId, str]
"""A session, or recording, of a tenant."""


class PoseChannel(Protocol):
    """Sends the poses of a session to the viewers in other processes. Raises nothing."""

    def is_watched(self, watched: Watched, /) -> bool:
        """Return whether other processes had viewers a moment ago. Does not block."""
        ...

    def publish(self, watched: Watched, message: str, /) -> None:
        """Send a message to the viewers in other processes, without waiting for them."""
        ...

    def listen(
        self, watched: Watched, show: Callable[[str], object], /
    ) -> AbstractAsyncContextManager[None]:
        """Call `show`, on this event loop, with the messages of other processes."""
        ...


class SingleProcess:
    """A `PoseChannel` without other processes."""

    def is_watched(self, _watched: Watched, /) -> bool:
        return False

    def publish(self, _watched: Watched, _message: str, /) -> None:
        """Do nothing."""

    @asynccontextmanager
    async def listen(
        self, _watched: Watched, _show: Callable[[str], object], /
    ) -> AsyncGenerator[None]:
        yield
