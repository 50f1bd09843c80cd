"""Read model reader that counts its queries."""

from collections import Counter
from typing import Any

from application.kernel.read_models import ReadModels, Visibility


class CountingReads:
    """Forwards all calls, and counts them by method and read model."""

    def __init__(self, read: ReadModels, reads: Counter[str] | None = None) -> None:
        self._read = read
        self.reads: Counter[str] = Counter() if reads is None else reads

    def seen_by(self, visibility: Visibility) -> "CountingReads":
        """Return reads of this visibility, which are counted as well."""
        return CountingReads(self._read.seen_by(visibility), self.reads)

    def data_version(self) -> str:
        """Not counted: each query reads the version, cached or not."""
        return self._read.data_version()

    def cached_data_version(self) -> str | None:
        return self._read.cached_data_version()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._read, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.reads[f"{name} {getattr(args[0], 'name', '')}".strip()] += 1
            return method(*args, **kwargs)

        return counted
