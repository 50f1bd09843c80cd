"""Generated file: the constraints of form fields, from request bodies of the OpenAPI document."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from bootstrap import generated_files

FILE: Final = "src/api/constraints.ts"

HEAD: Final = """/**
 * Constraints of request bodies, as attributes of form fields by "Schema.field". `make schema`
 * generates this file from the OpenAPI document.
 * @module
 */

export interface Constraints {
  required?: true;
  minlength?: number;
  maxlength?: number;
  min?: number;
  max?: number;
  step?: number;
  /** of a choice */
  options?: string[];
  /** items of a list; the other constraints are those of an item */
  most?: number;
}

export const CONSTRAINTS: Record<string, Constraints> = """

ATTRIBUTES: Final = {
    "minLength": "minlength",
    "maxLength": "maxlength",
    "minimum": "min",
    "maximum": "max",
    "multipleOf": "step",
    "enum": "options",
    "maxItems": "most",
}
"""Attributes by keyword of JSON Schema. Patterns are not among them: no form has such a field."""

SECRET: Final = 4096
"""Lengths from here on are those of tokens and messages, which nobody types."""

METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})

Json = Mapping[str, Any]


def constraints(openapi: Json) -> dict[str, dict[str, Any]]:
    """Return the attributes of each constrained field of a request body."""
    schemas: Json = openapi["components"]["schemas"]
    found: dict[str, dict[str, Any]] = {}
    for name in sorted(_bodies(openapi, schemas)):
        required = schemas[name].get("required", [])
        for field, schema in schemas[name].get("properties", {}).items():
            attributes = _attributes(schema)
            is_text = "maxlength" in attributes or "minlength" in attributes
            if field in required and not (is_text and not attributes.get("minlength")):
                attributes = {"required": True, **attributes}
            if attributes.get("minlength") == 1:
                del attributes["minlength"]
            if set(attributes) - {"required"}:
                found[f"{name}.{field}"] = attributes
    return found


def _attributes(schema: Json) -> dict[str, Any]:
    """Return the attributes of a value, of its items if it is a list."""
    parts = [schema, *schema.get("anyOf", ())]
    parts += [part["items"] for part in parts if "items" in part]
    attributes = {
        attribute: part[keyword]
        for part in parts
        for keyword, attribute in ATTRIBUTES.items()
        if keyword in part
    }
    if attributes.get("maxlength", 0) >= SECRET:
        del attributes["maxlength"]
    return {name: _integer(value) for name, value in attributes.items()}


def _integer(value: Any) -> Any:
    """Return a whole number without its decimal point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _bodies(openapi: Json, schemas: Json) -> set[str]:
    """Return the names of the schemas in request bodies, with those that they refer to."""
    names: set[str] = set()
    open_names = {
        name
        for path in openapi["paths"].values()
        for method, operation in path.items()
        if method in METHODS
        for name in _references(operation.get("requestBody", {}))
    }
    while open_names:
        name = open_names.pop()
        names.add(name)
        open_names |= set(_references(schemas[name])) - names
    return names


def _references(part: Any) -> Iterator[str]:
    """Yield the names of the schemas that a part of the document refers to."""
    if isinstance(part, dict):
        fields = cast("Json", part)
        if "$ref" in fields:
            yield fields["$ref"].rpartition("/")[2]
        for value in fields.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in cast("Iterable[Any]", part):
            yield from _references(value)


def documents(openapi: Json) -> dict[str, str]:
    """Generate the file, by its name under `web/`."""
    lines = (
        f"  {json.dumps(name)}: {json.dumps(attributes)},\n"
        for name, attributes in constraints(openapi).items()
    )
    return {FILE: f"{HEAD}{{\n{''.join(lines)}}};\n"}


def write(folder: Path, openapi: Json) -> None:
    """Write the file into the folder of the pages."""
    generated_files.write(folder, documents(openapi))


def check(folder: Path, openapi: Json) -> list[str]:
    """List the file if it is missing or differs from the document."""
    return generated_files.outdated(folder, documents(openapi))
