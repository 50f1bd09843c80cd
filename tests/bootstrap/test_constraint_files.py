"""The generated constraints of form fields."""

import json
from pathlib import Path
from typing import Any

from bootstrap import constraint_files
from bootstrap.cli.schema import FOLDER
from bootstrap.pages import SOURCES as WEB

OPENAPI: Any = json.loads((FOLDER / "openapi.json").read_text(encoding="utf-8"))


def with_field(schema: dict[str, Any], required: list[str]) -> Any:
    """A document with one operation, whose body has the field `name`."""
    body = {"type": "object", "required": required, "properties": {"name": schema}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}
    return {
        "paths": {"/": {"post": {"requestBody": {"content": content}}}},
        "components": {"schemas": {"Body": body, "Other": body}},
    }


def test_the_constraints_of_the_pages_are_those_of_the_document() -> None:
    """C-11: `make schema` writes them."""
    assert constraint_files.check(WEB, OPENAPI) == []


def test_constraints_follow_the_schema_of_the_field() -> None:
    """C-11: lengths, bounds, choices; also of optional values and of the items of lists."""
    text = with_field({"type": "string", "minLength": 1, "maxLength": 7}, ["name"])
    assert constraint_files.constraints(text) == {"Body.name": {"required": True, "maxlength": 7}}
    number = {"type": "number", "minimum": 1.0, "maximum": 2.5, "multipleOf": 0.5}
    bounds = {"anyOf": [number, {"type": "null"}]}
    assert constraint_files.constraints(with_field(bounds, [])) == {
        "Body.name": {"min": 1, "max": 2.5, "step": 0.5}
    }
    choices = {"type": "array", "maxItems": 3, "items": {"type": "string", "enum": ["a", "b"]}}
    assert constraint_files.constraints(with_field(choices, [])) == {
        "Body.name": {"most": 3, "options": ["a", "b"]}
    }


def test_a_required_text_may_be_empty_unless_it_has_a_minimum_length() -> None:
    """JSON requires the name of the field, a form its content."""
    text = with_field({"type": "string", "maxLength": 7}, ["name"])
    assert constraint_files.constraints(text) == {"Body.name": {"maxlength": 7}}


def test_missing_or_outdated_constraints_are_listed(tmp_path: Path) -> None:
    (tmp_path / constraint_files.FILE).parent.mkdir(parents=True)
    assert constraint_files.check(tmp_path, OPENAPI) == [constraint_files.FILE]
    constraint_files.write(tmp_path, OPENAPI)
    assert constraint_files.check(tmp_path, OPENAPI) == []
