"""The worker contract and the encodings of its messages change only by additions."""

from base64 import b64decode
from pathlib import Path
from typing import Any

import msgspec
import pytest
from grpc_tools import protoc

from adapters.rpc import kinelog_pb2
from adapters.rpc.protobuf import ProtobufCodec
from streams.json_codec import JsonCodec
from tests.golden.worker_examples import (
    EXAMPLES,
    FIELDS,
    MESSAGES,
    breaking_changes,
    contract,
    encodings,
    fields_and_methods,
    keeps,
)

CONTRACT = Path(__file__).parents[2] / "api" / "contract"
RECORDED = FIELDS.read_text().splitlines()
ENCODED = [line.split("\t") for line in MESSAGES.read_text().splitlines()]
CLASSES = {type(example).__name__: type(example) for example in EXAMPLES}


def test_the_generated_code_is_that_of_the_contract(tmp_path: Path) -> None:
    """C-54: `make schema` writes it."""
    out = [f"--python_out={tmp_path}", f"--pyi_out={tmp_path}"]
    assert protoc.main(["protoc", f"-I{CONTRACT}", *out, "kinelog.proto"]) == 0
    for name in ("kinelog_pb2.py", "kinelog_pb2.pyi"):
        committed = Path(kinelog_pb2.__file__).with_name(name)
        assert (tmp_path / name).read_bytes() == committed.read_bytes()


def test_no_field_or_method_has_changed() -> None:
    """C-54."""
    assert breaking_changes(RECORDED, contract()) == []


def test_every_field_and_method_is_recorded() -> None:
    """C-54: `make golden` records new ones."""
    assert set(fields_and_methods(contract())) <= set(RECORDED)


@pytest.mark.parametrize(
    ("attribute", "other"), [("name", "tenant"), ("number", 3), ("type", 3), ("label", 3)]
)
def test_a_change_of_a_field_is_breaking(attribute: str, other: Any) -> None:
    """C-54."""
    changed = contract()
    setattr(changed.message_type[0].field[0], attribute, other)
    assert breaking_changes(RECORDED, changed) == ["LiveKey.1: string tenant_id"]


def test_a_field_may_be_removed_if_its_number_and_name_are_reserved() -> None:
    """C-54: so that it never gets another meaning."""
    changed = contract()
    key = changed.message_type[0]
    del key.field[0]
    assert breaking_changes(RECORDED, changed) == ["LiveKey.1: string tenant_id"]
    key.reserved_range.add(start=1, end=2)
    assert breaking_changes(RECORDED, changed) == ["LiveKey.1: string tenant_id"]
    key.reserved_name.append("tenant_id")
    assert breaking_changes(RECORDED, changed) == []


def test_a_change_of_a_method_is_breaking() -> None:
    """C-54."""
    changed = contract()
    changed.service[0].method[1].output_type = ".kinelog.v1.Standing"
    assert breaking_changes(RECORDED, changed) == ["PoseWorker/Stand: LiveKey -> Stood"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_a_message_is_written_as_it_was_recorded(example: Any) -> None:
    """C-54: byte for byte. `make golden` records new examples."""
    assert encodings(example).split("\t") in ENCODED


@pytest.mark.parametrize(("name", "protobuf", "json"), ENCODED)
def test_a_recorded_message_is_read(name: str, protobuf: str, json: str) -> None:
    """C-54: messages of older programs, which lack the fields that were added since."""
    kind = CLASSES[name]
    given = msgspec.json.decode(json)
    for read in (
        ProtobufCodec().decode(kind, b64decode(protobuf)),
        JsonCodec().decode(kind, json.encode()),
    ):
        assert keeps(given, msgspec.json.decode(JsonCodec().encode(read)))
