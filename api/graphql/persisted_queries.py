"""Persisted queries: documents referred to by their SHA-256, which is short and cacheable.

*Trusted* documents come from a file that is built with the clients; a server can be limited to
them. *Automatic* ones are stored when sent, as in Apollo's "Automatic Persisted Queries": a client
that sends an unknown hash gets an error and sends the document once in full. They may be evicted.
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
"""Maximum characters of a stored document; ours have a tenth at most."""


class PersistedQueriesUnreadable(Rejected):
    """The trusted documents are a JSON object: each document under the SHA-256 of its text."""

    code = "setting.documents_unreadable"
    kind = "invalid"


class PersistedQueryNotFound(Rejected):
    """PersistedQueryNotFound"""  # noqa: D400  what clients of Apollo's protocol look for

    code = "PERSISTED_QUERY_NOT_FOUND"
    kind = "not_found"


class QueryNotAllowed(Rejected):
    """Only trusted queries are allowed here. Send the hash of one."""

    code = "graphql.document_not_trusted"
    kind = "forbidden"


class HashWrong(Rejected):
    """The hash does not match the document."""

    code = "graphql.hash_wrong"
    kind = "invalid"


@dataclass(frozen=True)
class PersistedQueries:
    """Trusted documents by hash. `only`: reject all others."""

    trusted: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    only: bool = False

    @classmethod
    def read(cls, file: Path, *, only: bool) -> "PersistedQueries":
        """Read trusted documents from a file. Raises PersistedQueriesUnreadable."""
        try:
            loaded = json.loads(file.read_bytes())
        except (OSError, ValueError) as unreadable:
            raise PersistedQueriesUnreadable(f"{file} cannot be read as JSON.") from unreadable
        if not isinstance(loaded, dict):
            raise PersistedQueriesUnreadable
        documents = cast("dict[str, Any]", loaded)
        for name, document in documents.items():
            if not isinstance(document, str) or digest_of(document) != name:
                raise PersistedQueriesUnreadable(
                    f"In {file}, {name} is not the hash of its document."
                )
        return cls(documents, only)

    def find_trusted(self, extensions: Mapping[str, Any]) -> str | None:
        """Return the trusted document of a request that sends only its hash, else None."""
        hash_ = _hash_of(extensions)
        return None if hash_ is None else self.trusted.get(hash_)

    def find(self, document: str | None, extensions: Mapping[str, Any], store: Cache) -> str:
        """Return the document of a request. Raises the rejections above.

        `document` is None if the request sends only `extensions.persistedQuery.sha256Hash`.
        """
        hash_ = _hash_of(extensions)
        if document and hash_ is not None and digest_of(document) != hash_:
            raise HashWrong
        if not document and (trusted := self.find_trusted(extensions)) is not None:
            return trusted
        self.require_trusted(document)
        return document or "" if hash_ is None else _automatic(document, hash_, store)

    def require_trusted(self, document: str | None) -> None:
        """Raise QueryNotAllowed for a document that is not trusted where only those are allowed."""
        if self.only and digest_of(document or "") not in self.trusted:
            raise QueryNotAllowed


ANY_QUERY: Final = PersistedQueries()
"""All documents are allowed."""


def _hash_of(extensions: Mapping[str, Any]) -> str | None:
    match extensions.get("persistedQuery"):
        case {"version": 1, "sha256Hash": str(hash_)}:
            return hash_.lower()
        case _:
            return None


def _automatic(document: str | None, hash_: str, store: Cache) -> str:
    place = cache_key(["document", hash_])
    if not document:
        stored = store.get(place)
        if stored is None:
            raise PersistedQueryNotFound
        return stored.decode()
    if len(document) <= LONGEST:
        store.put(place, document.encode())
    return document


def digest_of(document: str) -> str:
    """Return the SHA-256 of a document, in hexadecimal."""
    return sha256(document.encode(errors="replace")).hexdigest()
