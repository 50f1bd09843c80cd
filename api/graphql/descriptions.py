"""GraphQL has ways of its own to write text that could not be kept."""

import re
from collections.abc import Iterator
from typing import Final

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from api.unstorable_text import UNSTORABLE_TEXT, is_unstorable

NAMED: Final = re.compile(r"\\u(?:0000|\{0+\})")
"""How a document writes NUL. Half a surrogate pair its grammar refuses itself."""


class UnstorableTextCheck(SchemaExtension):
    """Refuses documents and variables with such text before anything is carried out."""

    def on_operation(self) -> Iterator[None]:
        """Look at what was sent."""
        sent = self.execution_context
        if NAMED.search(sent.query or "") or is_unstorable(sent.variables):
            raise GraphQLError(UNSTORABLE_TEXT)
        yield
