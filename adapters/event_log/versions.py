"""A decision holds only while its streams stand where they stood when it was made."""

from collections.abc import Callable, Sequence

from application.kernel.ports import Change, VersionConflict


def require_versions(changes: Sequence[Change], version_of: Callable[[str], int]) -> None:
    """Raise VersionConflict unless each stream has as many events as its change expects.

    `version_of` tells how many events a stream has. A stream that occurs twice is expected to
    stand, the second time, where the first change leaves it.
    """
    reached: dict[str, int] = {}
    for change in changes:
        stream = change.stream
        version = reached[stream] if stream in reached else version_of(stream)
        if version != change.expected_version:
            raise VersionConflict(f"{stream} has {version} events, not {change.expected_version}.")
        reached[stream] = version + len(change.events)
