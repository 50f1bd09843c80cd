"""Generated files: JSON Schemas of the worker contract's messages. Write and check them."""

import inspect
import json
import re
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from application.kernel.rpc import PACKAGE
from application.live.worker_contract import FACTS_OF, MESSAGES
from streams.json_codec import json_type

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
REFERENCE: Final = "#/$defs/{name}"


def documents() -> dict[str, str]:
    """Generate the files, by their names under `api/`."""
    return {
        f"contract/{re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()}.schema.json": _schema(kind, name)
        for kind, name in MESSAGES.items()
    }


def write(folder: Path) -> None:
    """Write the files."""
    (folder / "contract").mkdir(exist_ok=True)
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8")


def check(folder: Path) -> list[str]:
    """List the files that are missing or differ from the code."""
    return [
        name
        for name, text in documents().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def _schema(kind: type[Any], name: str) -> str:
    facts = FACTS_OF.get(kind, {})
    (own, *references), parts = msgspec.json.schema_components(
        (json_type(kind), *facts.values()), schema_hook=_column, ref_template=REFERENCE
    )
    schema = parts.pop(own["$ref"].removeprefix("#/$defs/"))
    for part in parts.values():
        part["description"] = inspect.cleandoc(part["description"])
    head = {"title": name, "description": inspect.cleandoc(kind.__doc__ or "")}
    identity = {"$schema": DIALECT, "$id": f"urn:{PACKAGE.replace('.', ':')}:{name}"}
    document: dict[str, Any] = {**identity, **head, **schema, **head}
    if facts:
        document["oneOf"] = [
            {"properties": {"kind": {"const": fact}, "fact": reference}}
            for fact, reference in zip(facts, references, strict=True)
        ]
    if parts:
        document["$defs"] = parts
    return json.dumps(document, indent=2) + "\n"


def _column(kind: type[Any]) -> dict[str, Any]:
    """Describe a column of numbers, in which null is NaN."""
    if kind is not np.ndarray:
        raise NotImplementedError
    return {"type": "array", "items": {"type": ["number", "null"]}}
