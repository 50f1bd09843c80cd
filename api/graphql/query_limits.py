"""Limits of depth, aliases and fields of a document, with its fragments expanded.

A fragment that spreads another three times, which spreads another three times, and so on, is short
to write but takes exponentially long to walk. So the size of each fragment is computed once and
then multiplied.
"""

from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MAX_TOKENS: Final = 2000
"""The introspection query of common clients has about 400."""

MAX_DEPTH: Final = 10
"""`sessions/edges/node/recording/frames/edges/node/poseData` is 8 deep."""

MAX_ALIASES: Final = 30

MAX_FIELDS: Final = 2000
"""As many as a document of the maximum length could contain without fragments."""


@dataclass(frozen=True, slots=True)
class Size:
    """Size of a selection."""

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


class QuerySizes:
    """Computes the sizes of a document's operations, each fragment once."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._costs: dict[str, Size] = {}

    def of(self, selections: SelectionSetNode) -> Size:
        """Return the size of a selection. Cyclic fragments count as empty."""
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
        if name not in self._costs:
            self._costs[name] = NOTHING  # ends cycles
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._costs[name] = self.of(fragment.selection_set)
        return self._costs[name]


def refusal_of(document: DocumentNode) -> str | None:
    """Return which limit a document exceeds, or None."""
    sizes = QuerySizes(document)
    size = NOTHING
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            size += sizes.of(each.selection_set)
    for name, requested, most in (
        ("levels", size.depth, MAX_DEPTH),
        ("aliases", size.aliases, MAX_ALIASES),
        ("fields", size.fields, MAX_FIELDS),
    ):
        if requested > most:
            return f"The document has more than {most} {name} with its fragments expanded."
    return None
