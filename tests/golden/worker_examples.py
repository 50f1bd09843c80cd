"""One example of every message of the worker contract, and the files that record its encodings.

`python -m tools.generate.golden` adds new examples, fields and methods to the files; their existing
lines never change.
"""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
from google.protobuf import descriptor_pb2

from adapters.rpc import kinelog_pb2
from adapters.rpc.protobuf import ProtobufCodec
from application.analytics.rollups import RolledUp, RollupRequest
from application.intents import IntentResult, Utterance
from application.kernel.video import FramePicture
from application.live.chunk import SessionKey
from application.live.replies import Cue, LiveReply, ServerLandmarks, StreamProgress
from application.live.tracker import Feedback
from application.live.worker_contract import (
    CueMessage,
    CueRequest,
    CueResponse,
    DetectedFact,
    DetectionRecorded,
    LiveChunk,
    ProgressReply,
)
from domain.coaching.cues import FramingChecked, SetEnded
from domain.coaching.preferences import CuePreferences
from domain.ids import SessionId, TenantId
from domain.intents.classifier import Slots
from domain.intents.substitution import Substitution
from domain.motion.signals.camera_framing import Advice
from streams.json_codec import JsonCodec
from tests.streams.worker_facts import FACTS

MESSAGES: Final = Path(__file__).parent / "worker_messages.tsv"
"""The recorded encodings of each example: its class, base64 of its protobuf, its JSON."""

FIELDS: Final = Path(__file__).parent / "worker_contract.txt"
"""The recorded fields and methods of the contract."""

TENANT, SESSION = TenantId("gym"), SessionId("s-1")
ID = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c02")
STANDING = StreamProgress(2, 40, "squat", over=False, seen_to_s=19.5)


def chunk(**fields: Any) -> LiveChunk:
    image = np.random.default_rng(1).random((2, 33, 4), np.float32)
    image[1] = np.nan
    given: dict[str, Any] = {
        "tenant_id": TENANT, "session_id": SESSION, "set": 1, "sequence": 7, "exercise": "squat",
        "model": "m", "last": False, "aspect_ratio": 4 / 3, "times_s": np.arange(2) / 30,
        "image": image,
    }  # fmt: skip
    return LiveChunk(**(given | fields))


def detected(fact: Any) -> DetectedFact:
    return DetectedFact(ID, TENANT, SESSION, 1, 2, "squat", 3, "m", fact)


EXAMPLES: Final[tuple[Any, ...]] = (
    SessionKey(TENANT, SESSION),
    chunk(),
    chunk(
        world=np.zeros((2, 33, 3), np.float32),
        preferences=CuePreferences("seldom", praise=False, muted=("knees_in",)),
    ),
    chunk(pictures=(FramePicture(0, b"\xff\xd8\x00"), FramePicture(2, b"\xff\xd8"))),
    chunk(times_s=np.zeros(0), image=np.zeros((0, 33, 4), np.float32), last=True),
    ProgressReply(),
    ProgressReply(STANDING),
    ProgressReply(replace(STANDING, seen_to_s=None)),
    LiveReply(SessionKey(TENANT, SESSION), 40, STANDING),
    LiveReply(SessionKey(TENANT, SESSION), 40, STANDING, refused="a.b: No."),
    LiveReply(
        SessionKey(TENANT, SESSION), 41, STANDING, Feedback(form=0.0), (Cue(0, None, "Up", 1),)
    ),
    LiveReply(SessionKey(TENANT, SESSION), 41, STANDING, found=ServerLandmarks(b"\x00\xff", None)),
    *map(detected, FACTS),
    replace(detected(FACTS[7]), learned="45d4b92c3b43"),
    DetectionRecorded(ID, 2**53 - 1),
    *(CueRequest("squat", b"\x00\xff", fact) for fact in FACTS[:9]),
    CueRequest("squat", b"", FramingChecked(Advice("turn", degrees=0, side="left"), 1.0, "rest")),
    CueRequest("squat", b"", FramingChecked(None, 1.0, "hold")),
    CueRequest("squat", b"", SetEnded(9.0), CuePreferences(verbosity="short")),
    CueRequest("squat", b"", SetEnded(9.0), tenant_id=TENANT),
    CueResponse(b"\x80"),
    CueResponse(b"\x80", FACTS[-1]),
    CueMessage(ID, TENANT, SESSION, 1, None, "framing", "In", "Step in.", "en", None, 1250),
    Utterance("pause please"),
    Utterance("no bench here", "en", "bench_press"),
    Utterance("pause please", tenant_id=TENANT),
    IntentResult("pause", 1.0, Slots(), None),
    IntentResult(
        "swap_exercise",
        0.75,
        Slots("squat", equipment="barbell", repetitions=0),
        Substitution("squat", "lunge", "It needs no barbell."),
    ),
    RollupRequest("gym", date(2030, 1, 31)),
    RolledUp("gym", date(2029, 12, 31), date(2030, 2, 4)),
)


def contract() -> Any:
    """Return a FileDescriptorProto of the contract."""
    file = descriptor_pb2.FileDescriptorProto()
    kinelog_pb2.DESCRIPTOR.CopyToProto(file)
    return file


def fields_and_methods(file: Any) -> list[str]:
    """List the fields and methods of a FileDescriptorProto, as in `FIELDS`."""
    fields = [
        f"{message.name}.{field.number}: {_label(field)}{_type_name(field)} {field.name}"
        for message in file.message_type
        for field in message.field
    ]
    methods = [
        f"{service.name}/{method.name}: {_local(method.input_type)} -> {_local(method.output_type)}"
        for service in file.service
        for method in service.method
    ]
    return [*fields, *methods]


def _label(field: Any) -> str:
    if field.label == field.LABEL_REPEATED:
        return "repeated "
    return "optional " if field.proto3_optional else ""


def _type_name(field: Any) -> str:
    name: str = field.Type.Name(field.type).removeprefix("TYPE_").lower()
    return _local(field.type_name) or name


def _local(name: str) -> str:
    return name.rpartition(".")[2]


def breaking_changes(recorded: Iterable[str], file: Any) -> list[str]:
    """List the recorded fields and methods that the contract no longer has.

    A field may be removed if its number and its name are reserved.
    """
    current = set(fields_and_methods(file))
    reserved = {
        (message.name, str(number), name)
        for message in file.message_type
        for numbers in message.reserved_range
        for number in range(numbers.start, numbers.end)
        for name in message.reserved_name
    }
    return [line for line in recorded if line not in current and _place(line) not in reserved]


def _place(line: str) -> tuple[str, str, str]:
    """Return the message, number and name of a recorded field."""
    place, _, declared = line.partition(": ")
    message, _, number = place.partition(".")
    return message, number, declared.rpartition(" ")[2]


def encodings(example: Any) -> str:
    """Return the line of an example in `MESSAGES`."""
    protobuf = b64encode(ProtobufCodec().encode(example)).decode()
    return "\t".join((type(example).__name__, protobuf, JsonCodec().encode(example).decode()))


def keeps(given: Any, read: Any) -> bool:
    """Return whether everything that was given was read; new fields may have been added."""
    if isinstance(given, dict):
        return all(name in read and keeps(each, read[name]) for name, each in given.items())
    if isinstance(given, list):
        return len(given) == len(read) and all(map(keeps, given, read))
    return bool(given == read)
