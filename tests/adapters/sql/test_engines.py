"""Engines: their errors name no values."""

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa

import adapters
from adapters.sql.engines import open_engine

ADDRESS = "ada@example.org"


def test_an_error_names_the_statement_but_no_values(tmp_path: Path) -> None:
    """R-LIV-12: a traceback in a log contains no personal data."""
    engine = open_engine(sa.URL.create("sqlite", database=str(tmp_path / "a.db")), schema="tables")
    table = sa.Table("person", sa.MetaData(), sa.Column("email", sa.String, primary_key=True))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(sa.insert(table).values(email=ADDRESS))
    with pytest.raises(sa.exc.IntegrityError) as caught, engine.begin() as connection:
        connection.execute(sa.insert(table).values(email=ADDRESS))
    assert "INSERT INTO person" in str(caught.value)
    assert ADDRESS not in str(caught.value)
    engine.dispose()


def test_every_engine_hides_parameters() -> None:
    """R-LIV-12: the engines of PostgreSQL, too."""
    calls = [
        node
        for path in sorted(Path(adapters.__file__).parent.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("create_engine")
    ]
    assert len(calls) >= 5
    for call in calls:
        assert "hide_parameters=True" in ast.unparse(call), ast.unparse(call)
