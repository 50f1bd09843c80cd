"""Command that changes the tags of a session."""

from domain.kernel import command
from domain.sessions.tags import normalize_tags


@command
class ChangeTags:
    """Replace all tags; with `expected`, only where these are the current ones.

    `earlier` are the tags of a session that this one replaces.
    """

    tags: tuple[str, ...]
    expected: tuple[str, ...] | None = None
    earlier: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        normalize_tags(self.tags)
