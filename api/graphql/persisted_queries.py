"""A document may be named by its SHA-256 instead of being sent: that is short, and can be cached.

There are two kinds. *Trusted* documents are given to the server in a file, with the clients that
ask them; where no others are taken, nobody asks what no client of ours asks. *Automatic* ones are
kept as they come, as Apollo's "Automatic Persisted Queries" has it: who names one that is not known
is told so, and sends it once more in full. They may be forgotten at any time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from application.kernel.cache import Cache, cache_key
from domain.kernel import Rejected

LONGEST: Final = 65_536
"""Characters of a document that is kept; none of ours has a tenth of it."""


class DocumentsUnreadable(Rejected):
    """The trusted documents are a JSON object: each document under the SHA-256 of its text."""

    code = "setting.documents_unreadable"
    kind = "invalid"


class DocumentUnknown(Rejected):
    """PersistedQueryNotFound"""  # noqa: D400  what clients of Apollo's protocol look for

    code = "PERSISTED_QUERY_NOT_FOUND"
    kind = "not_found"


class DocumentRefused(Rejected):
    """Only documents that were given to the server are carried out here; name one by its hash."""

    code = "graphql.document_not_trusted"
    kind = "forbidden"


class HashWrong(Rejected):
    """The hash is not that of the document."""

    code = "graphql.hash_wrong"
    kind = "invalid"


@dataclass(frozen=True)
class Documents:
    """Trusted documents by their hashes. `only`: no others are taken."""

    trusted: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    only: bool = False

    @classmethod
    def read(cls, file: Path, *, only: bool) -> "Documents":
        """Read them from a file. Raises DocumentsUnreadable."""
        try:
            given = json.loads(file.read_bytes())
        except (OSError, ValueError) as unreadable:
            raise DocumentsUnreadable(f"{file} cannot be read as JSON.") from unreadable
        if not isinstance(given, dict):
            raise DocumentsUnreadable
        documents = cast("dict[str, Any]", given)
        for name, document in documents.items():
            if not isinstance(document, str) or digest_of(document) != name:
                raise DocumentsUnreadable(f"In {file}, {name} is not the hash of its document.")
        return cls(documents, only)

    def find(self, document: str | None, extensions: Mapping[str, Any], kept: Cache) -> str:
        """Give the document that is meant. Raises the refusals above.

        `document` is None where it is only named, in `extensions.persistedQuery.sha256Hash`.
        """
        named = _named(extensions)
        if document and named is not None and digest_of(document) != named:
            raise HashWrong
        if not document and named is not None and named in self.trusted:
            return self.trusted[named]
        self.require_trusted(document)
        return document or "" if named is None else _automatic(document, named, kept)

    def require_trusted(self, document: str | None) -> None:
        """Raise DocumentRefused for a document that is not taken here."""
        if self.only and digest_of(document or "") not in self.trusted:
            raise DocumentRefused


ANY_DOCUMENT: Final = Documents()
"""None is trusted more than any other."""


def _named(extensions: Mapping[str, Any]) -> str | None:
    match extensions.get("persistedQuery"):
        case {"version": 1, "sha256Hash": str(named)}:
            return named.lower()
        case _:
            return None


def _automatic(document: str | None, named: str, kept: Cache) -> str:
    place = cache_key(["document", named])
    if not document:
        found = kept.get(place)
        if found is None:
            raise DocumentUnknown
        return found.decode()
    if len(document) <= LONGEST:
        kept.put(place, document.encode())
    return document


def digest_of(document: str) -> str:
    """SHA-256 of a document, in hexadecimal."""
    return sha256(document.encode(errors="replace")).hexdigest()
