"""Upcasters of stored events of assigned workouts.

Version 1 has no targets of a lesson, version 2 no target of exertion, and
version 3 no notes to exercises.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from domain.workouts.upcasts import without_lessons, without_notes, without_target_rpe

UPCASTS: Final[Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]] = (
    MappingProxyType(
        {
            ("assignment.assigned", 1): without_lessons,
            ("assignment.adjusted", 1): without_lessons,
            ("assignment.assigned", 2): without_target_rpe,
            ("assignment.adjusted", 2): without_target_rpe,
            ("assignment.assigned", 3): without_notes,
            ("assignment.adjusted", 3): without_notes,
        }
    )
)
"""By the name and version of the old payload."""
