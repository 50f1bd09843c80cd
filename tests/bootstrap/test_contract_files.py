"""The committed JSON Schemas match the messages of the worker contract."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # without types
import pytest

from application.live.worker_contract import MESSAGES
from bootstrap import contract_files
from streams.json_codec import write
from tests.golden.worker_examples import EXAMPLES

FOLDER = Path(__file__).parents[2] / "api"
SCHEMAS = {name: json.loads(text) for name, text in contract_files.documents().items()}
BY_TITLE = {schema["title"]: schema for schema in SCHEMAS.values()}


def test_the_committed_schemas_are_those_of_the_code() -> None:
    """C-54: `make schema` writes them."""
    assert contract_files.check(FOLDER) == []


def test_a_missing_or_stale_file_is_named(tmp_path: Path) -> None:
    names = list(contract_files.documents())
    assert contract_files.check(tmp_path) == names
    contract_files.write(tmp_path)
    assert contract_files.check(tmp_path) == []
    (tmp_path / names[0]).write_text("", encoding="utf-8")
    assert contract_files.check(tmp_path) == names[:1]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_the_schema_describes_what_is_written(example: Any) -> None:
    """C-54: JSON Schema 2020-12."""
    schema = BY_TITLE[MESSAGES[type(example)]]
    jsonschema.Draft202012Validator(schema).validate(json.loads(write(example)))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_valid(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


def test_a_schema_refuses_a_missing_field() -> None:
    for schema in SCHEMAS.values():
        lacks_nothing = not schema["required"]
        assert jsonschema.Draft202012Validator(schema).is_valid({}) == lacks_nothing
