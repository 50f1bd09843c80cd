"""In-memory positions of a worker."""

from collections.abc import Mapping

from application.kernel.ports import StorageUnavailable


class Notebook:
    """In-memory positions, unavailable for the first `failures` calls."""

    def __init__(self) -> None:
        self.kept: dict[int, int] = {}
        self.failures = 0

    def load(self, group: str, topic: str) -> Mapping[int, int]:
        assert (group, topic) == ("exercise-worker", "exercise.detect")
        self._fail()
        return dict(self.kept)

    def save(self, group: str, topic: str, due: Mapping[int, int]) -> None:
        self._fail()
        self.kept |= due

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise StorageUnavailable
