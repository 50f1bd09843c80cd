"""The texts of the pages' catalogues, by language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bootstrap.pages import SOURCES as WEB

LANGUAGES: Final = ("en", "ru", "es")


@dataclass(frozen=True)
class Text:
    """A message or one of its attributes: its variables and its plural forms."""

    value: str
    variables: frozenset[str]
    plurals: tuple[frozenset[str], ...]


class _Reader(Visitor):
    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.plurals: list[frozenset[str]] = []

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802  of the library
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802  of the library
        keys = (each.key for each in node.variants)
        self.plurals.append(frozenset(key.name for key in keys if isinstance(key, ast.Identifier)))
        self.generic_visit(node)


def _text(pattern: ast.Pattern) -> Text:
    reader = _Reader()
    reader.visit(pattern)
    parts = (each.value for each in pattern.elements if isinstance(each, ast.TextElement))
    return Text("".join(parts), frozenset(reader.variables), tuple(reader.plurals))


def _entries(language: str) -> Iterator[ast.EntryType]:
    for path in sorted((WEB / "locales" / language).glob("*.ftl")):
        yield from FluentParser().parse(path.read_text(encoding="utf-8")).body


@cache
def texts(language: str) -> Mapping[str, Text]:
    """Return all texts of a language, by ID; those of attributes by `id.attribute`."""
    found: dict[str, Text] = {}
    for entry in _entries(language):
        if not isinstance(entry, ast.Message):
            continue
        if entry.value is not None:
            assert entry.id.name not in found, entry.id.name
            found[entry.id.name] = _text(entry.value)
        for attribute in entry.attributes:
            found[f"{entry.id.name}.{attribute.id.name}"] = _text(attribute.value)
    return found
