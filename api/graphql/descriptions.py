"""Rejection of GraphQL documents and variables with unstorable text."""

import re
from collections.abc import Iterator
from typing import Final

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from api.unstorable_text import UNSTORABLE_TEXT, is_unstorable

NAMED: Final = re.compile(r"\\u(?:0000|\{0+\})")
"""How a document escapes NUL. Half a surrogate pair is already a syntax error."""


class UnstorableTextCheck(SchemaExtension):
    """Rejects documents and variables with unstorable text before execution."""

    def on_operation(self) -> Iterator[None]:
        """Check the request."""
        sent = self.execution_context
        if NAMED.search(sent.query or "") or is_unstorable(sent.variables):
            raise GraphQLError(UNSTORABLE_TEXT)
        yield
