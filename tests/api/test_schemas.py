"""The committed API schemas match the code."""

from functools import cache
from pathlib import Path

import pytest

from api import schemas
from api.problem_details import MEDIA_TYPE
from tests.api.described import committed_openapi

FOLDER = Path(schemas.__file__).parent


def test_the_committed_schemas_are_those_of_the_code() -> None:
    """R-API-02: `make schema` writes them."""
    stale = schemas.check(FOLDER)
    assert not stale, f"{stale} differ from the code: run `make schema`."


def test_a_schema_that_is_missing_or_old_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schemas, "documents", cache(schemas.documents))
    assert schemas.check(tmp_path) == ["openapi.json", "schema.graphql"]
    schemas.write(tmp_path)
    assert schemas.check(tmp_path) == []
    (tmp_path / "openapi.json").write_text("{}", encoding="utf-8")
    assert schemas.check(tmp_path) == ["openapi.json"]


def test_every_error_is_described_as_a_problem() -> None:
    """R-API-03: also where the framework would describe its own format."""
    for path, methods in committed_openapi()["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                if status >= "400" and "content" in response:
                    assert list(response["content"]) == [MEDIA_TYPE], (method, path, status)


def test_every_operation_has_a_name_a_short_summary_and_a_tag() -> None:
    """R-API-02."""
    described = committed_openapi()
    operations = [each for path in described["paths"].values() for each in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    tags = {tag["name"] for tag in described["tags"]}
    for operation in operations:
        assert 1 <= len(operation["summary"].split()) <= 8, operation["summary"]
        assert set(operation["tags"]) <= tags
