"""How much may be asked in one document, with its fragments written out.

A fragment that spreads another one three times, which spreads another one three times, and so on,
is short to write, and nobody lives long enough to carry it out, or only to walk through it. So each
fragment is looked at once, and what it comes to is multiplied.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from strawberry.extensions import SchemaExtension

MOST_DEPTH: Final = 10
"""`sessions/edges/node/recording/frames/edges/node/poseData` is 8 deep."""

MOST_ALIASES: Final = 30

MOST_FIELDS: Final = 2000
"""As many as a document of the longest length could name without fragments."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection comes to."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.fields + other.fields,
        )


NOTHING: Final = Size()


class Sizes:
    """Sizes up the operations of a document, each fragment once."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._known: dict[str, Size] = {}

    def of(self, selections: SelectionSetNode) -> Size:
        """Size up a selection. A circle of fragments comes to nothing; validation refuses it."""
        size = NOTHING
        for each in selections.selections:
            match each:
                case FieldNode():
                    size += self._of_field(each)
                case InlineFragmentNode():
                    size += self.of(each.selection_set)
                case FragmentSpreadNode():
                    size += self._of_fragment(each.name.value)
                case _:
                    continue
        return size

    def _of_field(self, field: FieldNode) -> Size:
        alias = int(field.alias is not None)
        inner = NOTHING if field.selection_set is None else self.of(field.selection_set)
        is_introspection = field.name.value.startswith("__")
        deeper = 0 if field.selection_set is None or is_introspection else 1 + inner.depth
        return Size(deeper, alias + inner.aliases, 1 + inner.fields)

    def _of_fragment(self, name: str) -> Size:
        if name not in self._known:
            self._known[name] = NOTHING  # for whoever comes by in a circle
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._known[name] = self.of(fragment.selection_set)
        return self._known[name]


def refusal_of(document: DocumentNode) -> str | None:
    """Say what of a document is too much; None where nothing is."""
    sizes = Sizes(document)
    size = NOTHING
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            size += sizes.of(each.selection_set)
    for name, asked, most in (
        ("levels", size.depth, MOST_DEPTH),
        ("aliases", size.aliases, MOST_ALIASES),
        ("fields", size.fields, MOST_FIELDS),
    ):
        if asked > most:
            return f"The document has more than {most} {name} with its fragments written out."
    return None


class Limits(SchemaExtension):
    """Refuses what is too much before it is validated, which would walk through all of it."""

    def on_parse(self) -> Iterator[None]:
        """Look at the document when it has been read."""
        yield
        document = self.execution_context.graphql_document
        refusal = None if document is None else refusal_of(document)
        if refusal is not None:
            raise GraphQLError(refusal)
