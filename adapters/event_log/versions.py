"""Optimistic concurrency check: a decision holds only for the stream versions it was made on."""

from collections.abc import Callable, Sequence

from application.kernel.ports import Change, VersionConflict


def require_versions(changes: Sequence[Change], version_of: Callable[[str], int]) -> None:
    """Raise VersionConflict unless each stream has as many events as its change expects.

    `version_of` returns the number of events of a stream. For a stream that occurs twice, the
    second change must expect the version after the first.
    """
    reached: dict[str, int] = {}
    for change in changes:
        stream = change.stream
        version = reached[stream] if stream in reached else version_of(stream)
        if version != change.expected_version:
            raise VersionConflict(f"{stream} has {version} events, not {change.expected_version}.")
        reached[stream] = version + len(change.events)
