"""Packages and tables that the requirements name exist and are used."""

import re
import tomllib
from pathlib import Path

import pytest

from projections.registry import ALL

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DEPENDENCIES = {re.split(r"[^\w-]", each, maxsplit=1)[0] for each in PROJECT["dependencies"]}
TABLES = {projection.name for projection in ALL}


@pytest.mark.parametrize(
    ("package", "module", "folder"),
    [
        ("eventsourcing", "eventsourcing.persistence", "adapters/event_log"),
        ("fastapi", "fastapi", "api"),
        ("faust-streaming", "faust", "streams"),
        ("kafka-python", "kafka", "adapters/bus/kafka"),
        ("psycopg", "psycopg", "adapters/event_log"),
        ("sqlalchemy", "sqlalchemy", "adapters/read_models"),
    ],
)
def test_a_package_that_was_named_is_used_where_it_belongs(
    package: str, module: str, folder: str
) -> None:
    """R-OPS-11, R-DAT-12, C-43"""
    assert package in DEPENDENCIES
    imported = re.compile(rf"^\s*(?:from {module}[. ]|import {module}\b)", re.MULTILINE)
    assert any(imported.search(path.read_text()) for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("users", {"user_profile"}),
        ("workout executions", {"session_summary"}),
        ("workout logs", {"exercise_set", "repetition"}),
        ("achievements", {"achievement"}),
        ("plans", {"plan"}),
        ("enrolments", {"enrollment"}),
        ("payments", {"payment"}),
        ("subscriptions", {"subscription"}),
        ("health_metrics", {"health_metric"}),
        ("health_integrations", {"health_integration"}),
        ("health_goals", {"health_goal"}),
        ("content_item", {"content_item"}),
    ],
)
def test_a_table_that_was_named_is_a_read_model(name: str, tables: set[str]) -> None:
    """R-DAT-03: under the words of the glossary."""
    assert tables <= TABLES, name
