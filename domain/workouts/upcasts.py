"""Upcasters of stored workout events: the payload of one version gives that of the next.

Version 1 has names in clear text, and the log never changes. Versions 1 and 2 have no loads,
version 3 has no targets of a lesson, version 4 no target of exertion, and version 5 no notes.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.personal import NOBODY, in_clear

Payload = dict[str, Any]


def _prescribed_in_clear(old: Payload) -> Payload:
    return {**old, "name": in_clear(old["author_id"], old["name"])}


def _revised_in_clear(old: Payload) -> Payload:
    return {**old, "name": in_clear(NOBODY, old["name"])}


def _without_loads(old: Payload) -> Payload:
    return {**old, "exercises": [{**each, "load_kg": None} for each in old["exercises"]]}


def without_lessons(old: Payload) -> Payload:
    """Return a payload whose exercises have no targets of a lesson."""
    added = {"tempo": None, "range_of_motion_deg": None, "lesson": None}
    return {**old, "exercises": [{**each, **added} for each in old["exercises"]]}


def without_target_rpe(old: Payload) -> Payload:
    """Return a payload whose exercises have no target of exertion."""
    return {**old, "exercises": [{**each, "target_rpe": None} for each in old["exercises"]]}


def without_notes(old: Payload) -> Payload:
    """Return a payload whose exercises have no notes."""
    return {**old, "notes": None}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("workout.prescribed", 1): _prescribed_in_clear,
        ("workout.revised", 1): _revised_in_clear,
        ("workout.prescribed", 2): _without_loads,
        ("workout.revised", 2): _without_loads,
        ("workout.prescribed", 3): without_lessons,
        ("workout.revised", 3): without_lessons,
        ("workout.prescribed", 4): without_target_rpe,
        ("workout.revised", 4): without_target_rpe,
        ("workout.prescribed", 5): without_notes,
        ("workout.revised", 5): without_notes,
    }
)
"""By the name and version of the old payload."""
