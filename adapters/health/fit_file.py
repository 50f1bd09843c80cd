"""FIT file of a strength workout: a session with its sets.

Message and field numbers are those of the public profile of the Flexible and Interoperable Data
Transfer protocol (https://developer.garmin.com/fit). Its times are whole seconds.
"""

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from application.health.writes import CompletedWorkout, WrittenSet
from domain.ids import ExerciseId

EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)

FIRST: Final = 0x1000_0000
"""July 1998; smaller numbers are seconds since a device was switched on."""

LAST: Final = 0xFFFF_FFFE
"""February 2126; the greatest number stands for no value."""

Base = Literal["enum", "uint8", "uint16", "uint32"]

BASES: Final[Mapping[Base, tuple[int, str]]] = {
    "enum": (0x00, "B"),
    "uint8": (0x02, "B"),
    "uint16": (0x84, "H"),
    "uint32": (0x86, "I"),
}
"""Number of a base type, and its format of `struct`."""

INVALID: Final[Mapping[Base, int]] = {
    "enum": 0xFF, "uint8": 0xFF, "uint16": 0xFFFF, "uint32": 0xFFFFFFFF,
}  # fmt: skip

Field = tuple[int, Base, int | None]
"""Number, base type and value of a field; None writes the invalid value of the type."""

CATEGORIES: Final[Mapping[str, int]] = {
    "bench_press": 0, "jumping_jack": 2, "biceps_curl": 7, "deadlift": 8, "front_raise": 14,
    "lunge": 17, "plank": 19, "pull_up": 21, "push_up": 22, "shoulder_press": 24, "sit_up": 27,
    "squat": 28, "rope_pushdown": 30,
}  # fmt: skip
UNKNOWN: Final = 65534
"""Values of `exercise_category`."""

FILE_ID, SESSION, LAP, RECORD, EVENT, ACTIVITY, SET = 0, 18, 19, 20, 21, 34, 225
DEVELOPMENT: Final = 255
"""Manufacturer of files of applications."""

TRAINING, STRENGTH, CARDIO = 10, 20, 26
"""Sport, and sub-sports."""

_CRC: Final = (
    0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
    0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
)  # fmt: skip


def fit_file(workout: CompletedWorkout) -> bytes:
    """Return the FIT file of a workout."""
    start, end = _time(workout.started_at), _time(workout.ended_at)
    elapsed = max(0, round((workout.ended_at - workout.started_at).total_seconds() * 1000))
    timer = min(workout.duration_ms, elapsed)
    cardio = workout.activity_type == "mixedCardio"
    body = _message(FILE_ID, _file_id(workout, start))
    body += _message(EVENT, [(253, "uint32", start), (0, "enum", 0), (1, "enum", 0)])
    body += b"".join(_message(RECORD, [(253, "uint32", at)]) for at in (start, end))
    body += b"".join(
        _message(SET, _set(number, each, end)) for number, each in enumerate(workout.sets)
    )
    body += _message(EVENT, [(253, "uint32", end), (0, "enum", 0), (1, "enum", 4)])
    span: list[Field] = [
        (253, "uint32", end), (2, "uint32", start), (7, "uint32", elapsed), (8, "uint32", timer),
    ]  # fmt: skip
    body += _message(LAP, [(254, "uint16", 0), *span, (0, "enum", 9), (1, "enum", 1)])
    sport: list[Field] = [(5, "enum", TRAINING), (6, "enum", CARDIO if cardio else STRENGTH)]
    energy: Field = (11, "uint16", min(round(workout.energy_kcal), 65_000))
    laps: list[Field] = [(25, "uint16", 0), (26, "uint16", 1)]
    session: list[Field] = [(254, "uint16", 0), *span, *sport, energy, *laps]
    body += _message(SESSION, [*session, (0, "enum", 8), (1, "enum", 1)])
    body += _message(
        ACTIVITY,
        [
            (253, "uint32", end), (0, "uint32", timer), (1, "uint16", 1), (2, "enum", 0),
            (3, "enum", 26), (4, "enum", 1),
        ],
    )  # fmt: skip
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    header += struct.pack("<H", _crc(header))
    return header + body + struct.pack("<H", _crc(header + body))


def _file_id(workout: CompletedWorkout, start: int) -> Sequence[Field]:
    serial = _crc(workout.session_id.encode()) or 1
    return [
        (0, "enum", 4), (1, "uint16", DEVELOPMENT), (2, "uint16", 0), (3, "uint32", serial),
        (4, "uint32", start),
    ]  # fmt: skip


def _set(number: int, of: WrittenSet, end: int) -> Sequence[Field]:
    load = None if of.load_kg is None else min(round(of.load_kg * 16), 65_000)
    lasted_ms, began = of.held_ms, of.started_at
    if began is not None and of.ended_at is not None:
        end = _time(of.ended_at)
        lasted_ms = lasted_ms or max(0, round((of.ended_at - began).total_seconds() * 1000))
    return [
        (254, "uint32", end),
        (0, "uint32", lasted_ms or None),
        (3, "uint16", of.repetitions or None),
        (4, "uint16", load),
        (5, "uint8", 1),
        (6, "uint32", None if began is None else _time(began)),
        (7, "uint16", _category(of.exercise)),
        (10, "uint16", number),
    ]


def _category(exercise: ExerciseId) -> int:
    return CATEGORIES.get(exercise, UNKNOWN)


def _message(number: int, fields: Sequence[Field]) -> bytes:
    """Return a definition and the message that it defines."""
    definition = struct.pack("<BBBHB", 0x40, 0, 0, number, len(fields))
    data = b"\x00"
    for key, base, value in fields:
        kind, packing = BASES[base]
        size = struct.calcsize(packing)
        definition += struct.pack("<BBB", key, size, kind)
        data += struct.pack(f"<{packing}", INVALID[base] if value is None else value)
    return definition + data


def _time(at: datetime) -> int:
    """Return a time in FIT's seconds; an earlier or later one than FIT has is the first or last."""
    return min(max(int((at - EPOCH).total_seconds()), FIRST), LAST)


def _crc(data: bytes) -> int:
    crc = 0
    for byte in data:
        for nibble in (byte & 0xF, byte >> 4):
            crc = (crc >> 4) ^ _CRC[crc & 0xF] ^ _CRC[nibble]
    return crc
