"""Facts of sessions as they were once written, brought up to date when they are read.

Pure: the payload of one version gives that of the next.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _by_a_counter_that_did_not_say_what_it_had_learned(old: Payload) -> Payload:
    return {**old, "counted_by": {**old["counted_by"], "learned": None}}


def _by_one_look(old: Payload) -> Payload:
    return {**old, "looks": [], "stands": None}


def _by_a_judge_who_did_not_say_what_could_not_be_seen(old: Payload) -> Payload:
    return {**old, "unjudged": None}


def _of_no_prescription(old: Payload) -> Payload:
    return {**old, "target_hold_s": None, "line": None, "at_ms": None}


def _by_a_counter(old: Payload) -> Payload:
    return {**old, "by_hand": False}


def _without_its_exercises(old: Payload) -> Payload:
    return {**old, "skipped": 0, "body_mass": None, "exercises": []}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("session.set_started", 1): _by_a_counter_that_did_not_say_what_it_had_learned,
        ("session.set_started", 2): _of_no_prescription,
        ("reps.reconciled", 1): _by_a_counter_that_did_not_say_what_it_had_learned,
        ("reps.reconciled", 2): _by_one_look,
        ("session.repetition_counted", 1): _by_a_judge_who_did_not_say_what_could_not_be_seen,
        ("session.repetition_counted", 2): _by_a_counter,
        ("session.hold_measured", 1): _by_a_judge_who_did_not_say_what_could_not_be_seen,
        ("session.hold_measured", 2): _by_a_counter,
        ("workout.completed", 1): _without_its_exercises,
    }
)
"""By the name and version of the old payload."""
