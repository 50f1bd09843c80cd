"""The contract is one, whoever writes it: protobuf, JSON, and the files for other languages."""

import dataclasses
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema  # type: ignore[import-untyped]  # without types
import numpy as np
import pytest
from google.protobuf import descriptor_pb2  # type: ignore[import-untyped]  # without types
from grpc_tools import protoc  # type: ignore[import-untyped]  # without types

from adapters.rpc import json_schema
from adapters.rpc.descriptors import classes, described
from adapters.rpc.proto_text import moved, numbers, proto
from adapters.rpc.protobuf import ProtobufCodec
from application.kernel.rpc import InvalidMessage
from application.kernel.video import FramePicture
from application.live.chunk import SessionKey
from application.live.chunk_result import Cue, StreamProgress
from application.live.replies import LiveReply
from application.live.tracker import Feedback
from application.live.worker_contract import FACTS, MESSAGES, TOP, Message
from application.live.worker_messages import (
    CueMessage,
    CueRequest,
    CueResponse,
    DetectedFact,
    DetectionRecorded,
    LiveChunk,
    ProgressReply,
)
from application.live.worker_shapes import BY_NAME, BY_TYPE, ContractBroken, fields_of
from domain.coaching.cues import FramingChecked, SetEnded
from domain.coaching.phrasebook import CueLanguageUnknown
from domain.coaching.preferences import CuePreferences
from domain.ids import SessionId, TenantId
from domain.motion.signals.camera_framing import Advice
from domain.values import InvalidValue
from streams.detection_codec import JsonCodec, write
from tests.streams.test_codecs import FACTS as SEEN

PROTOBUF, JSON = ProtobufCodec(), JsonCodec()
TENANT, SESSION = TenantId("gym"), SessionId("s-1")
ID = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c02")
STANDING = StreamProgress(2, 40, "squat", over=False, seen_to_s=19.5)
SCHEMAS = {name: json.loads(text) for name, text in json_schema.documents().items()}


def chunk(**fields: Any) -> LiveChunk:
    image = np.random.default_rng(1).random((3, 33, 4), np.float32)
    image[1] = np.nan
    given: dict[str, Any] = {
        "tenant_id": TENANT, "session_id": SESSION, "set": 1, "sequence": 7, "exercise": "squat",
        "model": "m", "last": False, "aspect_ratio": 4 / 3, "times_s": np.arange(3) / 30,
        "image": image,
    }  # fmt: skip
    return LiveChunk(**(given | fields))


def fact(seen: Any) -> DetectedFact:
    return DetectedFact(ID, TENANT, SESSION, 1, 2, "squat", 3, "m", seen)


EXAMPLES: tuple[Any, ...] = (
    SessionKey(TENANT, SESSION),
    chunk(),
    chunk(
        world=np.zeros((3, 33, 3), np.float32),
        preferences=CuePreferences("seldom", praise=False, muted=("knees_in",)),
    ),
    chunk(pictures=(FramePicture(0, b"\xff\xd8\x00"), FramePicture(2, b"\xff\xd8"))),
    chunk(times_s=np.zeros(0), image=np.zeros((0, 33, 4), np.float32), last=True),
    ProgressReply(),
    ProgressReply(STANDING),
    LiveReply(SessionKey(TENANT, SESSION), 40, STANDING),
    LiveReply(SessionKey(TENANT, SESSION), 40, STANDING, refused="a.b: No."),
    LiveReply(
        SessionKey(TENANT, SESSION), 41, STANDING, Feedback(form=0.0), (Cue(0, None, "Up", 1),)
    ),
    *map(fact, SEEN),
    DetectionRecorded(ID, 2**53 - 1),
    *(CueRequest("squat", b"\x00\xff", seen) for seen in SEEN[:9]),
    CueRequest("squat", b"", FramingChecked(Advice("turn", degrees=0, side="left"), 1.0, "rest")),
    CueRequest("squat", b"", FramingChecked(None, 1.0, "hold")),
    CueRequest("squat", b"", SetEnded(9.0), CuePreferences(verbosity="short")),
    CueResponse(b"\x80"),
    CueResponse(b"\x80", SEEN[-1]),
    CueMessage(ID, TENANT, SESSION, 1, None, "framing", "In", "Step in.", "en", None, 1250),
)


def named(example: Any) -> str:
    seen = getattr(example, "fact", None)
    return type(example).__name__ + ("" if seen is None else f"-{type(seen).__name__}")


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_what_is_written_is_read_the_same_by_protobuf_and_json(example: Any) -> None:
    """C-54."""
    text = write(example)
    kind = type(example)
    assert write(PROTOBUF.decode(kind, PROTOBUF.encode(example))) == text
    assert JSON.encode(JSON.decode(kind, text)) == text


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_the_schema_describes_what_is_written(example: Any) -> None:
    """C-54: JSON Schema 2020-12."""
    found = [each for each in SCHEMAS.values() if each["title"] == BY_TYPE[type(example)].name]
    (schema,) = found
    jsonschema.Draft202012Validator(schema).validate(json.loads(write(example)))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_valid(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


def test_every_schema_refuses_what_lacks_something() -> None:
    for schema in SCHEMAS.values():
        lacks_nothing = not schema["required"]
        assert jsonschema.Draft202012Validator(schema).is_valid({}) == lacks_nothing


def test_there_is_an_example_of_everything_that_travels_by_itself() -> None:
    assert {type(example) for example in EXAMPLES} == set(TOP)
    assert {type(example.fact) for example in EXAMPLES if isinstance(example, DetectedFact)} == {
        *FACTS.values()
    }


def test_protoc_reads_the_file_and_finds_what_the_program_has(tmp_path: Path) -> None:
    """C-54: whoever generates code from it speaks with our workers."""
    source, compiled = tmp_path / "kinelog.proto", tmp_path / "kinelog.bin"
    source.write_text(proto())
    words = ["protoc", f"-I{tmp_path}", f"--descriptor_set_out={compiled}", str(source)]
    assert protoc.main(words) == 0
    (file,) = descriptor_pb2.FileDescriptorSet.FromString(compiled.read_bytes()).file
    for message in file.message_type:
        for field in message.field:
            field.ClearField("json_name")  # protoc adds it
    assert file == described()


def test_columns_are_packed_as_they_are_in_memory() -> None:
    """Other languages need no library to write landmarks."""
    sent = chunk()
    assert sent.image.astype("<f4").tobytes() in PROTOBUF.encode(sent)
    assert sent.times_s.astype("<f8").tobytes() in PROTOBUF.encode(sent)


def test_omitted_fields_have_their_defaults() -> None:
    wire = classes()["LiveChunk"]()
    wire.preferences.verbosity = "short"
    read = PROTOBUF.decode(LiveChunk, wire.SerializeToString())
    assert read.preferences == CuePreferences(verbosity="short")
    assert read.world is None


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (LiveChunk, {"preferences": {"frequency": "always"}}),
        (CueRequest, {"exercise": "squat"}),
        (CueRequest, {"exercise": "squat", "set_ended": {"at_s": float("nan")}}),
        (CueRequest, {"exercise": "squat", "set_ended": {"at_s": float("inf")}}),
        (DetectionRecorded, {"id": "nobody"}),
        (LiveReply, {}),
    ],
    ids=["choice", "no fact", "nan", "infinity", "id", "nothing"],
)
def test_a_value_outside_of_its_class_is_not_a_message(
    kind: type[Any], content: dict[str, Any]
) -> None:
    wire = classes()[BY_TYPE[kind].name](**content)
    with pytest.raises(InvalidMessage):
        PROTOBUF.decode(kind, wire.SerializeToString())


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff", b'{"exercise": "squat", "memory": "", "kind": "set.begun"}'],
)
def test_arbitrary_bytes_are_not_a_message(content: bytes) -> None:
    with pytest.raises(InvalidMessage):
        JSON.decode(CueRequest, content)


def test_an_invalid_value_is_refused_with_its_own_code() -> None:
    wire = classes()["LiveChunk"]()
    wire.preferences.language = "tlh"
    with pytest.raises(CueLanguageUnknown):
        PROTOBUF.decode(LiveChunk, wire.SerializeToString())
    reported = write(fact(SEEN[0])).replace(b'"eccentric_s":1.0', b'"eccentric_s":-1.0')
    with pytest.raises((InvalidMessage, InvalidValue)):
        JSON.decode(DetectedFact, reported)


def test_every_field_of_every_message_has_a_number() -> None:
    """A field that is added to a class is added to the contract, or this fails."""
    for message in MESSAGES:
        assert fields_of(message)


def test_a_class_that_has_another_field_breaks_the_contract() -> None:
    wider = dataclasses.make_dataclass("Wider", [("set", int), ("colour", str)])
    with pytest.raises(ContractBroken):
        fields_of(Message("Wider", wider, ("set",)))
    odd = dataclasses.make_dataclass("Odd", [("pair", tuple[int, str])])
    with pytest.raises(ContractBroken):
        fields_of(Message("Odd", odd, ("pair",)))


def test_numbers_count_from_one_in_the_order_of_the_list() -> None:
    reported = numbers(proto())
    assert reported["LiveKey", 1] == "string tenant_id"
    assert reported["LiveReply", 5] == "repeated Cue cues"
    assert reported["DetectedFact", 20] == "RepetitionCounted repetition_counted"
    assert reported["Noticed", 30] == "SetEnded set_ended"
    assert sum(len(fields_of(message)) for message in MESSAGES) == len(reported)


def test_a_field_number_that_changes_its_meaning_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """C-54: a field may come, or go and leave its number; nothing else."""
    before = numbers(proto())
    assert moved(before, proto()) == []
    assert moved({**before, ("LiveKey", 1): "string tenant"}, proto()) == [
        "number 1 of LiveKey was string tenant"
    ]
    assert moved({**before, ("LiveKey", 1): "int64 tenant_id"}, proto())
    assert moved({**before, ("LiveKey", 3): "string room"}, proto())
    key = BY_NAME["LiveKey"]
    without = dataclasses.replace(key, fields=("tenant_id", "session_id", "-room"))
    monkeypatch.setattr("adapters.rpc.proto_text.MESSAGES", (without,))
    assert "  reserved 3;" in proto()
    assert '  reserved "room";' in proto()
    assert moved({("LiveKey", 3): "string room"}, proto()) == []
    assert fields_of(without)[-1].number == 2
