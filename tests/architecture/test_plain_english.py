"""Identifiers and docstrings use words that every engineer of the field knows."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("domain", "application", "projections", "adapters", "streams", "api", "bootstrap")
FOLDERS = (*SHIPPED, "tools", "benchmarks", "deploy", "examples")
RULES = tomllib.loads(Path(__file__).with_name("private_words.toml").read_text(encoding="utf-8"))
WORDS: dict[str, str] = RULES["words"]
ALLOWED: dict[str, list[str]] = RULES["allowed"]
SCRIPT_TEXT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL
)
"""Comments and strings of a script; template strings may contain code."""
RIDDLES = ("Whoever ", "Whatever ", "Who ", "What is ", "What was ", "Where ")
"""Beginnings of a docstring that say neither what a thing is nor what it does."""


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def words_of(identifier: str) -> frozenset[str]:
    """`toldLog`, `told_log` and `ToldLog` are the words told and log."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)
    return frozenset(part.lower() for part in parts)


def identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.keyword(arg=str(name)) | ast.alias(asname=str(name)):
                yield name
            case _:
                pass


def private_names(code: str) -> set[str]:
    return {name for name in re.findall(r"[A-Za-z_]\w*", code) if words_of(name) & WORDS.keys()}


def private_identifiers(source: str) -> set[str]:
    private = private_names(source)  # also in texts; most files have none and need no parser
    return private & set(identifiers(ast.parse(source))) if private else private


def private_identifiers_in(path: Path) -> set[str]:
    allowed = ALLOWED.get(str(path.relative_to(ROOT)), [])
    return private_identifiers(path.read_text(encoding="utf-8")) - set(allowed)


@pytest.mark.parametrize("folder", [*FOLDERS, "tests"])
def test_identifiers_use_standard_terms(folder: str) -> None:
    private = {
        f"{path.relative_to(ROOT)}: {', '.join(sorted(names))}"
        for path in sources(folder)
        if (names := private_identifiers_in(path))
    }
    assert private == set()


def script_identifiers(source: str) -> set[str]:
    return private_names(SCRIPT_TEXT.sub(" ", source))


def test_identifiers_of_scripts_use_standard_terms() -> None:
    private = {
        f"{path.relative_to(ROOT)}: {', '.join(sorted(names))}"
        for folder in (ROOT / "web" / "src", ROOT / "tests" / "web" / "js")
        for path in sorted(folder.rglob("*.[jt]s"))
        if (names := script_identifiers(path.read_text(encoding="utf-8")))
        or (names := {*words_of(path.stem)} & WORDS.keys())
    }
    assert private == set()


@pytest.mark.parametrize("folder", [*FOLDERS, "tests"])
def test_file_names_use_standard_terms(folder: str) -> None:
    private = [
        str(path.relative_to(ROOT))
        for path in sources(folder)
        if words_of("_".join(path.relative_to(ROOT).with_suffix("").parts)) & WORDS.keys()
    ]
    assert private == []


@pytest.mark.parametrize("folder", SHIPPED)
def test_docstrings_begin_with_what_a_thing_is_or_does(folder: str) -> None:
    riddles = [
        f"{path.relative_to(ROOT)}: {text.splitlines()[0]}"
        for path in sources(folder)
        if any(riddle in (source := path.read_text(encoding="utf-8")) for riddle in RIDDLES)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if (text := ast.get_docstring(node)) and text.startswith(RIDDLES)
    ]
    assert riddles == []


def test_the_check_finds_private_words() -> None:
    source = "def told_log(asked): knownRows = Gate(late=asked.shelf)"
    found = {"told_log", "asked", "knownRows", "Gate", "late", "shelf"}
    assert private_identifiers(source) == found
    assert script_identifiers('/* told */ toldAt("wish"); // gate') == {"toldAt"}
