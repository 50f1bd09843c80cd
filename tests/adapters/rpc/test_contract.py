"""The RPC contract is the same in protobuf, in JSON and in the message classes."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from msgspec import inspect

from adapters.rpc import kinelog_pb2
from adapters.rpc.protobuf import ProtobufCodec, generated
from application.kernel.rpc import PACKAGE, InvalidMessage
from application.live.replies import LiveReply
from application.live.worker_contract import (
    FACTS,
    FACTS_OF,
    MESSAGES,
    METHODS,
    CueRequest,
    DetectedFact,
    DetectionRecorded,
    LiveChunk,
)
from domain.coaching.phrasebook import CueLanguageUnknown
from domain.coaching.preferences import CuePreferences
from domain.values import InvalidValue
from streams.json_codec import JsonCodec, json_type, write
from tests.golden.worker_examples import EXAMPLES, chunk, detected
from tests.streams.worker_facts import FACTS as SEEN

PROTOBUF, JSON = ProtobufCodec(), JsonCodec()


def named(example: Any) -> str:
    seen = getattr(example, "fact", None)
    return type(example).__name__ + ("" if seen is None else f"-{type(seen).__name__}")


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_protobuf_and_json_read_what_they_wrote(example: Any) -> None:
    """C-54."""
    text = write(example)
    kind = type(example)
    assert write(PROTOBUF.decode(kind, PROTOBUF.encode(example))) == text
    assert JSON.encode(JSON.decode(kind, text)) == text


@pytest.mark.parametrize("frames", [0, 1, 2, 15, 16, 17, 600])
def test_columns_are_encoded_as_the_generated_class_encodes_them(frames: int) -> None:
    """C-54: their lengths take one to three bytes."""
    numbers = np.linspace(-2.0, 2.0, 132 * frames, dtype=np.float32)
    numbers[::7] = np.nan
    times_s = np.arange(frames, dtype=np.float64) / 30.0
    sent = replace(chunk(), times_s=times_s, image=numbers, world=None, definition="{}")
    fields = ("tenant_id", "session_id", "set", "sequence", "exercise", "model", "aspect_ratio")
    whole = generated(LiveChunk)(
        **{name: getattr(sent, name) for name in fields},
        preferences=generated(LiveChunk).FromString(PROTOBUF.encode(sent)).preferences,
        times_s=times_s.tolist(),
        image=numbers.tolist(),
        definition="{}",
    )
    assert PROTOBUF.encode(sent) == whole.SerializeToString()


def test_every_message_and_fact_has_an_example() -> None:
    assert {type(example) for example in EXAMPLES} == set(MESSAGES)
    assert {type(example.fact) for example in EXAMPLES if isinstance(example, DetectedFact)} == {
        *FACTS.values()
    }


TYPES: dict[type[Any], str] = {
    inspect.BoolType: "BOOL", inspect.BytesType: "BYTES", inspect.FloatType: "DOUBLE",
    inspect.IntType: "INT64", inspect.LiteralType: "STRING", inspect.StrType: "STRING",
    inspect.UUIDType: "STRING", inspect.DateType: "STRING",
}  # fmt: skip


def require_same(kind: type[Any], descriptor: Any) -> None:
    """Compare a class and its nested classes with a message."""
    facts = {name.replace(".", "_"): fact for name, fact in FACTS_OF.get(kind, {}).items()}
    info = inspect.type_info(json_type(kind))
    assert isinstance(info, inspect.DataclassType)
    plain = [field for field in info.fields if not facts or field.name not in {"kind", "fact"}]
    assert {each.name for each in plain} | set(facts) == set(descriptor.fields_by_name)
    for name, fact in facts.items():
        field = descriptor.fields_by_name[name]
        assert field.containing_oneof.name == "fact"
        require_same(fact, field.message_type)
    for each in plain:
        require_same_field(each, descriptor.fields_by_name[each.name])


def require_same_field(declared: inspect.Field, field: Any) -> None:
    types = declared.type.types if isinstance(declared.type, inspect.UnionType) else [declared.type]
    (of,) = [each for each in types if not isinstance(each, inspect.NoneType)]
    is_column = isinstance(of, inspect.CustomType)
    assert field.is_repeated == (is_column or isinstance(of, inspect.VarTupleType))
    item = of.item_type if isinstance(of, inspect.VarTupleType) else of
    if isinstance(item, inspect.DataclassType):
        require_same(item.cls, field.message_type)
    elif not is_column:
        assert field.type == getattr(field, f"TYPE_{TYPES[type(item)]}")
    if not field.is_repeated and field.message_type is None:
        assert field.has_presence == (len(types) == 2 or not declared.required)


@pytest.mark.parametrize("kind", MESSAGES)
def test_a_message_has_the_fields_of_its_class(kind: type[Any]) -> None:
    """C-54: a field that is added to one of them must be added to the other."""
    require_same(kind, generated(kind).DESCRIPTOR)


def test_the_services_have_the_methods_of_the_workers() -> None:
    """C-54."""
    services = kinelog_pb2.DESCRIPTOR.services_by_name.values()
    declared = [method for service in services for method in service.methods]
    assert {
        (method.containing_service.full_name, method.name, method.input_type, method.output_type)
        for method in declared
    } == {
        (
            f"{PACKAGE}.{method.service}", method.name,
            generated(method.request).DESCRIPTOR, generated(method.response).DESCRIPTOR,
        )
        for method in METHODS
    }  # fmt: skip


def test_columns_are_packed_as_they_are_in_memory() -> None:
    """Clients in other languages write landmarks without a library."""
    sent = chunk()
    assert sent.image.astype("<f4").tobytes() in PROTOBUF.encode(sent)
    assert sent.times_s.astype("<f8").tobytes() in PROTOBUF.encode(sent)


def test_omitted_fields_have_their_defaults() -> None:
    wire = kinelog_pb2.LiveChunk()
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
    wire = generated(kind)(**content)
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
    wire = kinelog_pb2.LiveChunk()
    wire.preferences.language = "tlh"
    with pytest.raises(CueLanguageUnknown):
        PROTOBUF.decode(LiveChunk, wire.SerializeToString())
    reported = write(detected(SEEN[0])).replace(b'"eccentric_s":1.0', b'"eccentric_s":-1.0')
    with pytest.raises((InvalidMessage, InvalidValue)):
        JSON.decode(DetectedFact, reported)
