"""The committed schemas of the API, which take long to parse: once in a process."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema

from api import schemas


@cache
def committed_openapi() -> dict[str, Any]:
    """Return the document in the repository, which `test_schemas.py` compares with the code.

    Callers only read it.
    """
    text = (Path(schemas.__file__).parent / "openapi.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def committed_graphql() -> GraphQLSchema:
    """Return the GraphQL schema in the repository; callers only read it."""
    text = (Path(schemas.__file__).parent / "schema.graphql").read_text(encoding="utf-8")
    return build_schema(text)
