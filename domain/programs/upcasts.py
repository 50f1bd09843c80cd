"""Upcasters of stored program events. Pure: each converts a payload to the next version."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _add_load_step(old: Payload) -> Payload:
    """Add what can be loaded, which was half a kilogram, and the reserve of rules by effort."""
    return {**old, "rule": {**old["rule"], "load_step_kg": 0.5, "reserve": 2}}


def _add_results(old: Payload) -> Payload:
    """Add the results of a day, which are unknown."""
    return {**old, "results": None}


def _add_target_rpe(old: Payload) -> Payload:
    """Add the target of exertion of each exercise, of which there was none."""
    weeks = [
        {
            **week,
            "days": [
                {
                    **day,
                    "exercises": [{**each, "target_rpe": None} for each in day["exercises"]],
                }
                for day in week["days"]
            ],
        }
        for week in old["weeks"]
    ]
    return {**old, "weeks": weeks}


def _without_notes(old: Payload) -> Payload:
    """Return the payload as it is: its encrypted part has no notes, which is the default."""
    return old


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("program.created", 1): _add_load_step,
        ("program.created", 2): _add_target_rpe,
        ("program.revised", 1): _add_target_rpe,
        ("program.created", 3): _without_notes,
        ("program.revised", 2): _without_notes,
        ("program.rule_changed", 1): _add_load_step,
        ("program.day_performed", 1): _add_results,
    }
)
"""Upcasters by event name and old version."""
