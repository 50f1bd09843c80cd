"""Event fields that analysts may see: those that do not identify a person.

`Personal` fields are hidden. A plain `str` may be free text, so it is shown only if its name is
listed here, because its values come from the program. Ids are pseudonyms and are shown, as are
numbers, times, and values of a closed set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from domain.personal import Personal

WORDS: Final = frozenset(
    {
        "checks",
        "cue",
        "digest",
        "fault",
        "faults",
        "language",
        "learned",
        "locale",
        "media_type",
        "model",
        "muted",
        "reason",
        "time_zone",
        "unjudged",
    }
)
"""Fields whose text is chosen by the program or from a public list."""


def open_fields(unions: Iterable[UnionType]) -> Mapping[str, tuple[str, ...]]:
    """List the visible fields by the stored name of the event, for its current version.

    `unions` are the event unions of all contexts.
    """
    events: list[Any] = [member for union in unions for member in get_args(union)]
    return {event.event_name: _open(event) for event in events}


def _open(row: type[Any]) -> tuple[str, ...]:
    hints = get_type_hints(row)
    return tuple(each.name for each in fields(row) if _may_be_seen(each.name, hints[each.name]))


def _may_be_seen(name: str, hint: Any) -> bool:
    if hint is str:
        return name in WORDS
    if hint is Personal or get_origin(hint) is Personal:
        return False
    if is_dataclass(hint):
        inside = get_type_hints(hint)
        return all(_may_be_seen(each.name, inside[each.name]) for each in fields(hint))
    parts = (part for part in get_args(hint) if isinstance(part, type) or get_origin(part))
    return all(_may_be_seen(name, part) for part in parts)
