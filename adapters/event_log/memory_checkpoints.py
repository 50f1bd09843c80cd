"""Checkpoint store of the relay in memory, shared by several relays."""

from threading import Lock

from application.kernel.outages import LeadershipLost


class MemoryCheckpoints:
    """State that `MemoryCheckpointStore` objects share: the position and its current holder."""

    def __init__(self, position: int = 0) -> None:
        self.position = position
        self.lock = Lock()
        self.holder: MemoryCheckpointStore | None = None


class MemoryCheckpointStore:
    """A `CheckpointStore` for one of several relays."""

    def __init__(self, shared: MemoryCheckpoints) -> None:
        self._shared = shared

    def acquire(self) -> int | None:
        with self._shared.lock:
            if self._shared.holder not in {None, self}:
                return None
            self._shared.holder = self
            return self._shared.position

    def move(self, to: int) -> None:
        with self._shared.lock:
            if self._shared.holder is not self:
                raise LeadershipLost
            self._shared.position = to

    def release(self) -> None:
        with self._shared.lock:
            if self._shared.holder is self:
                self._shared.holder = None
