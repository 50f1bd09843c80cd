"""`kinelog knowledge`: search on the command line, and the index in PostgreSQL."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.knowledge import pgvector
from adapters.sql.engines import open_engine
from bootstrap.cli.db import app as db
from bootstrap.cli.knowledge import app
from tests.contracts.vectors import vector_server as server

__all__ = ["server"]

QUESTION = "How deep should I squat?"


def run(*words: str) -> Any:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return json.loads(result.output) if "--json" in words else result.output


def test_a_question_is_answered_and_one_about_the_weather_is_not() -> None:
    """R-DAT-11"""
    (first, *_) = run("search", QUESTION, "--json")["passages"]
    assert first["id"] == "squat/range_of_motion"
    assert first["title"] in run("search", QUESTION)
    assert "No passage" in run("search", "weather in Paris")


def test_without_postgresql_knowledge_is_kept_in_the_process() -> None:
    assert run("index", "--json") == {"kept": False}


def test_indexed_knowledge_is_shared_through_postgresql(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-DAT-11, C-36: the index in PostgreSQL gives the results of the one in the process."""
    monkeypatch.setenv("KINELOG_POSTGRES_URL", server)
    in_this_process = run("search", QUESTION, "--json")
    assert run("index", "--json") == {"kept": True}
    assert run("index", "--json") == {"kept": True}
    engine = open_engine(server, schema=pgvector.SCHEMA)
    assert pgvector.is_made(engine)
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM knowledge.passage").scalar_one()
    engine.dispose()
    assert kept > 100
    assert run("search", QUESTION, "--json") == in_this_process


def test_an_upgrade_of_the_database_indexes_the_knowledge(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-DAT-11: so every way to set up a cluster does."""
    engine = open_engine(server, schema=pgvector.SCHEMA)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS knowledge CASCADE")
    monkeypatch.setenv("KINELOG_POSTGRES_URL", server)
    upgraded = CliRunner().invoke(db, ["upgrade", "--json"], catch_exceptions=False)
    assert json.loads(upgraded.stdout) == {"upgraded": True, "knowledge_indexed": True}
    assert pgvector.is_made(engine)
    engine.dispose()


def test_an_upgrade_without_pgvector_succeeds(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-DAT-11: each process keeps its own index."""
    monkeypatch.setenv("KINELOG_POSTGRES_URL", postgres_database)
    upgraded = CliRunner().invoke(db, ["upgrade", "--json"], catch_exceptions=False)
    assert json.loads(upgraded.stdout) == {"upgraded": True, "knowledge_indexed": False}
    sentence = " ".join(upgraded.stderr.split())
    assert sentence.endswith("passages about exercises. PostgreSQL has no pgvector.")
