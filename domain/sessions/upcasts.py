"""Upcasters of stored session events: the payload of one version gives that of the next."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

Payload = dict[str, Any]


def _without_trained_model(old: Payload) -> Payload:
    return {**old, "counted_by": {**old["counted_by"], "learned": None}}


def _without_source_counts(old: Payload) -> Payload:
    return {**old, "looks": [], "stands": None}


def _without_unjudged_faults(old: Payload) -> Payload:
    return {**old, "unjudged": None}


def _without_judgements(old: Payload) -> Payload:
    return {**old, "judgements": None, "form_error": None}


def _without_hold_judgements(old: Payload) -> Payload:
    return {**old, "judgements": None}


def _without_movement_judgements(old: Payload) -> Payload:
    return {**old, "movement": _without_judgements(old["movement"])}


def _without_prescription(old: Payload) -> Payload:
    return {**old, "target_hold_s": None, "line": None, "at_ms": None}


def _not_claimed(old: Payload) -> Payload:
    return {**old, "claimed": False}


def _without_loads(old: Payload) -> Payload:
    return {**old, "lines": [{**each, "load_kg": None} for each in old["lines"]]}


def _without_target_rpe(old: Payload) -> Payload:
    return {**old, "lines": [{**each, "target_rpe": None} for each in old["lines"]]}


def _not_by_hand(old: Payload) -> Payload:
    return {**old, "by_hand": False}


def _counted_in_order(old: Payload) -> Payload:
    return {**old, "counter": None}


def _without_exercises(old: Payload) -> Payload:
    return {**old, "skipped": 0, "body_mass": None, "exercises": []}


def _without_source(old: Payload) -> Payload:
    return {**old, "source": None}


def _without_movement_source(old: Payload) -> Payload:
    return {**old, "movement": {**old["movement"], "source": None}}


def _without_verified_sets(old: Payload) -> Payload:
    unknown = {"verified_repetitions": None, "verified_held_ms": None}
    return {**old, "sets": [{**each, **unknown} for each in old["sets"]]}


def _without_verified(old: Payload) -> Payload:
    return {**old, "verified_repetitions": None}


def _without_verified_training(old: Payload) -> Payload:
    trained = old["trained"]
    return {**old, "trained": None if trained is None else _without_verified(trained)}


def _without_form_measured(old: Payload) -> Payload:
    return {**old, "form_measured": None}


def _without_measured_sets(old: Payload) -> Payload:
    return {**old, "sets": [_without_form_measured(each) for each in old["sets"]]}


def _without_measured_training(old: Payload) -> Payload:
    trained = old["trained"]
    return {**old, "trained": None if trained is None else _without_form_measured(trained)}


UPCASTS: Final[Mapping[tuple[str, int], Callable[[Payload], Payload]]] = MappingProxyType(
    {
        ("session.set_started", 1): _without_trained_model,
        ("session.set_started", 2): _without_prescription,
        ("session.set_started", 3): _not_claimed,
        ("reps.reconciled", 1): _without_trained_model,
        ("reps.reconciled", 2): _without_source_counts,
        ("session.prescription_taken", 1): _without_loads,
        ("session.prescription_taken", 2): _without_target_rpe,
        ("session.repetition_counted", 1): _without_unjudged_faults,
        ("session.repetition_counted", 2): _not_by_hand,
        ("session.repetition_counted", 3): _counted_in_order,
        ("session.repetition_counted", 4): _without_source,
        ("session.repetition_counted", 5): _without_judgements,
        ("session.hold_measured", 1): _without_unjudged_faults,
        ("session.hold_measured", 2): _not_by_hand,
        ("session.hold_measured", 3): _without_source,
        ("session.hold_measured", 4): _without_hold_judgements,
        ("session.repetition_overruled", 1): _without_movement_source,
        ("session.repetition_overruled", 2): _without_movement_judgements,
        ("session.exercise_performed", 1): _without_verified_sets,
        ("session.exercise_performed", 2): _without_measured_sets,
        ("workout.completed", 1): _without_exercises,
        ("workout.completed", 2): _without_verified,
        ("workout.completed", 3): _without_form_measured,
        ("session.deleted", 1): _without_verified_training,
        ("session.deleted", 2): _without_measured_training,
        ("session.restored", 1): _without_verified_training,
        ("session.restored", 2): _without_measured_training,
    }
)
"""By the name and version of the old payload."""
