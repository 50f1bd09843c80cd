"""Parser of exercise definitions, with errors that name the key."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from domain.motion.exercises.definition import ExerciseDefinition, Fault, InvalidExerciseDefinition
from domain.motion.exercises.measurement_model import with_spreads
from domain.motion.landmarks import Landmark
from domain.motion.signals.measures import CENTRAL, LIMB

T = TypeVar("T")

_JOINTS = frozenset(landmark.name.lower() for landmark in Landmark)


def parse(mapping: Mapping[str, object]) -> ExerciseDefinition:
    """Parse a definition from plain data, such as a TOML file.

    Raises InvalidExerciseDefinition, naming the key, for data that are missing, unknown, of the
    wrong type, not finite, out of range or contradictory.
    """
    definition = _table(ExerciseDefinition, mapping, "")
    _check(definition)
    return with_spreads(definition)


def _table(cls: type[T], given: object, path: str) -> T:
    if not isinstance(given, Mapping):
        raise InvalidExerciseDefinition(f"{path or 'the definition'} must be a table.")
    table = cast(Mapping[str, object], given)
    declared = {field.name: field for field in fields(cast(Any, cls))}
    for key in table:
        if key not in declared:
            raise InvalidExerciseDefinition(f"{_join(path, key)} is not a known key.")
    hints = get_type_hints(cls)
    values: dict[str, object] = {}
    for name, field in declared.items():
        if name in table:
            values[name] = _value(hints[name], table[name], _join(path, name))
        elif type(None) in get_args(hints[name]):
            values[name] = None
        elif field.default is MISSING:
            raise InvalidExerciseDefinition(f"{_join(path, name)} is missing.")
    return cls(**values)


def _value(hint: Any, given: object, path: str) -> object:
    origin = get_origin(hint)
    if origin is UnionType:
        (hint,) = (option for option in get_args(hint) if option is not type(None))
        return _value(hint, given, path)
    if origin is Literal:
        return _choice(get_args(hint), given, path)
    if origin is tuple:
        return _sequence(get_args(hint), given, path)
    if is_dataclass(hint):
        return _table(cast(type[object], hint), given, path)
    if hint is float:
        return _number(given, path)
    if (isinstance(given, bool) and hint is not bool) or not isinstance(given, hint):
        raise InvalidExerciseDefinition(f"{path} must be of type {hint.__name__}.")
    return given


def _choice(options: tuple[object, ...], given: object, path: str) -> object:
    if given not in options:
        raise InvalidExerciseDefinition(f"{path} must be one of {', '.join(map(str, options))}.")
    return given


def _sequence(hints: tuple[Any, ...], given: object, path: str) -> tuple[object, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise InvalidExerciseDefinition(f"{path} must be an array.")
    items = cast(Sequence[object], given)
    repeated = len(hints) == 2 and hints[1] is Ellipsis
    if not repeated and len(items) != len(hints):
        raise InvalidExerciseDefinition(f"{path} must have {len(hints)} items.")
    return tuple(
        _value(hints[0] if repeated else hints[index], item, f"{path}[{index}]")
        for index, item in enumerate(items)
    )


def _number(given: object, path: str) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise InvalidExerciseDefinition(f"{path} must be a number.")
    if not math.isfinite(given):
        raise InvalidExerciseDefinition(f"{path} must be finite.")
    return float(given)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _check(definition: ExerciseDefinition) -> None:
    """Reject definitions that have the right types but contradict themselves."""
    counting = definition.counting
    rules = {
        "id must be lower-case words joined by _": definition.id.isidentifier()
        and definition.id == definition.id.lower(),
        "version must be 1 or more": definition.version >= 1,
        "joints must be names of landmarks": bool(definition.joints)
        and _JOINTS.issuperset(definition.joints),
        "signals must have at least one": bool(definition.signals),
        "signals must differ between rest and effort": all(
            signal.rest != signal.effort and signal.weight > 0 for signal in definition.signals
        ),
        "counting.least_swing must be within 0..1": 0 < counting.least_swing < 1,
        "counting.adaptive_share must be within 0..1": 0 < counting.adaptive_share < 1,
        "counting.least_s must be below counting.most_s": 0 < counting.least_s < counting.most_s,
        "range_of_motion.target_deg must be within 0..360": 0
        <= definition.range_of_motion.target_deg
        <= 360,
        "energy.met must be within 1..25": 1 <= definition.energy.met <= 25,
        "marks must have one bound and a tolerance above 0": all(
            (mark.above is None) != (mark.below is None) and mark.tolerance > 0
            for mark in definition.marks
        ),
        "praise must have at least one sentence": bool(definition.praise),
        "faults must have different ids": len({fault.id for fault in definition.faults})
        == len(definition.faults),
        "hold must be given for a hold, and only for one": (definition.kind == "hold")
        == (definition.hold is not None),
    }
    broken = [rule for rule, holds in rules.items() if not holds]
    broken += [
        f"fault {fault.id} must have one bound, a penalty within 0..1 and a view"
        for fault in definition.faults
        if not _sensible(fault)
    ]
    broken += [
        f"fault {fault.id} must have slight before its bound, and severe beyond it"
        for fault in definition.faults
        if _sensible(fault) and not _in_order(fault)
    ]
    broken += [f"{name} is not a known measure" for name in _unknown_measures(definition)]
    if broken:
        raise InvalidExerciseDefinition(f"{definition.id}: {broken[0]}.")


def _sensible(fault: Fault) -> bool:
    one_bound = (fault.above is None) != (fault.below is None)
    spreads = all(each.spread > 0 and each.view in fault.views for each in fault.spreads)
    return one_bound and 0 <= fault.penalty <= 1 and bool(fault.views) and spreads


def _in_order(fault: Fault) -> bool:
    is_before = fault.slight is None or fault.excess(fault.slight, fault.bound) < 0
    is_beyond = fault.severe is None or fault.excess(fault.severe, fault.bound) > 0
    return is_before and is_beyond


def _unknown_measures(definition: ExerciseDefinition) -> list[str]:
    used = [signal.measure for signal in definition.signals]
    used += [fault.measure for fault in definition.faults]
    used += [mark.measure for mark in definition.marks]
    used.append(definition.range_of_motion.measure)
    if definition.hold is not None:
        used.append(definition.hold.measure)
    return [name for name in used if name not in CENTRAL and name not in LIMB]
