"""Client of Firestore's REST API (v1): read by name, query, and write with preconditions.

Every read and write names documents by their path below the database, such as `users/u`. Nothing
holds a lock: a write requires that a document it depends on did not change since it was read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import quote

import httpx2

from application.kernel.ports import StorageUnavailable

TIMEOUT_S: Final = 30.0
PAGE: Final = 300
"""Largest number of documents in one answer to a query."""

CONTENDED: Final = frozenset({"ABORTED", "ALREADY_EXISTS", "FAILED_PRECONDITION"})
"""States of a commit that another write prevented: `google.rpc.Code`."""

AT_FAULT: Final = frozenset({"INVALID_ARGUMENT", "OUT_OF_RANGE"})
"""States of a request that the service will refuse again; the others are outages."""


class Contended(Exception):  # noqa: N818  not an error: read again, and write again
    """Another write came between reading and writing. Nothing was written."""


class FirestoreRefused(Exception):  # noqa: N818  the name states what happened
    """The service refuses this content. Its message is left out: it may hold personal data."""


@dataclass(frozen=True)
class Document:
    """A document as it was read. `version` changes with each change."""

    path: str
    fields: Mapping[str, Any]
    version: str


@dataclass(frozen=True)
class Write:
    """Replaces a document, or deletes it if `fields` is None.

    With `expects`, only if the document has not changed since it was read as that; with
    `expects_none`, only if there is no document at the path yet.
    """

    path: str
    fields: Mapping[str, Any] | None
    expects: Document | None = None
    expects_none: bool = False


@dataclass(frozen=True)
class Query:
    """Documents of a collection, by the end of their paths.

    `parent` is the document above the collection, "" for the database. `everywhere` finds
    collections of that name at any depth. `equals` is a field and its value.
    """

    collection: str
    parent: str = ""
    everywhere: bool = False
    equals: tuple[str, str] | None = None
    fields: Sequence[str] = ()


class FirestoreDatabase:
    """One database of a project. Every method raises StorageUnavailable. Thread-safe."""

    def __init__(
        self, client: httpx2.Client, project: str, name: str, token: Callable[[], str]
    ) -> None:
        self._client = client
        self._root = f"projects/{project}/databases/{name}/documents"
        self._token = token

    def get(self, paths: Sequence[str]) -> Mapping[str, Document]:
        """Read documents that exist, by path, as they all are at one moment."""
        answers = self._call(":batchGet", {"documents": [self._name(each) for each in paths]})
        found = [self._document(each["found"]) for each in answers if "found" in each]
        return {each.path: each for each in found}

    def query(self, query: Query, at: str | None = None) -> tuple[Sequence[Document], str]:
        """Return the documents as they were at a moment, by default now, and the moment."""
        found: list[Document] = []
        while True:
            page = self._page(query, found[-1] if found else None, at)
            for answer in page:
                at = at or answer.get("readTime")
                if "document" in answer:
                    found.append(self._document(answer["document"]))
            if sum("document" in each for each in page) < PAGE:
                return found, at or ""

    def commit(self, writes: Sequence[Write]) -> None:
        """Write all documents or none. Raises Contended."""
        self._call(":commit", {"writes": [self._encoded(each) for each in writes]})

    def _page(self, query: Query, last: Document | None, at: str | None) -> Sequence[Any]:
        within = {"collectionId": query.collection, "allDescendants": query.everywhere}
        wanted: dict[str, Any] = {
            "from": [within],
            "orderBy": [{"field": {"fieldPath": "__name__"}, "direction": "ASCENDING"}],
            "limit": PAGE,
        }
        if query.fields:
            wanted["select"] = {"fields": [{"fieldPath": each} for each in query.fields]}
        if query.equals is not None:
            name, value = query.equals
            wanted["where"] = {
                "fieldFilter": {
                    "field": {"fieldPath": name},
                    "op": "EQUAL",
                    "value": encode(value),
                }
            }
        if last is not None:
            after = {"referenceValue": self._name(last.path)}
            wanted["startAt"] = {"values": [after], "before": False}
        parent = f"/{quote(query.parent)}" if query.parent else ""
        moment = {} if at is None else {"readTime": at}
        return self._call(f"{parent}:runQuery", {"structuredQuery": wanted, **moment})

    def _call(self, operation: str, content: Mapping[str, Any]) -> Sequence[Any]:
        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            response = self._client.post(
                f"/v1/{self._root}{operation}", json=content, headers=headers, timeout=TIMEOUT_S
            )
            answer: Any = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise StorageUnavailable(
                f"The document store cannot be reached: {type(error).__name__}."
            ) from error
        if response.status_code == HTTPStatus.OK:
            return cast("Sequence[Any]", answer) if isinstance(answer, list) else [answer]
        status = _status(answer)
        if status in CONTENDED and operation == ":commit":
            raise Contended
        if status in AT_FAULT:
            raise FirestoreRefused(status)
        raise StorageUnavailable(
            f"The document store cannot be reached: {response.status_code} {status}."
        )

    def _encoded(self, write: Write) -> dict[str, Any]:
        name = self._name(write.path)
        encoded: dict[str, Any] = (
            {"delete": name}
            if write.fields is None
            else {"update": {"name": name, "fields": encode(write.fields)["mapValue"]["fields"]}}
        )
        if write.expects is not None:
            encoded["currentDocument"] = {"updateTime": write.expects.version}
        elif write.expects_none:
            encoded["currentDocument"] = {"exists": False}
        return encoded

    def _document(self, answer: Mapping[str, Any]) -> Document:
        fields = {key: decode(value) for key, value in answer.get("fields", {}).items()}
        return Document(answer["name"].removeprefix(f"{self._root}/"), fields, answer["updateTime"])

    def _name(self, path: str) -> str:
        return f"{self._root}/{path}"


def encode(value: object) -> dict[str, Any]:
    """Return a value as the API writes it. Raises TypeError for a type that is not used here."""
    match value:
        case str():
            return {"stringValue": value}
        case int():
            return {"integerValue": str(value)}
        case float():
            return {"doubleValue": value}
        case datetime():
            moment = value.astimezone(UTC).isoformat(timespec="microseconds")
            return {"timestampValue": moment.replace("+00:00", "Z")}
        case list():
            return {
                "arrayValue": {"values": [encode(each) for each in cast("Sequence[Any]", value)]}
            }
        case Mapping():
            content = cast("Mapping[str, Any]", value)
            return {"mapValue": {"fields": {key: encode(each) for key, each in content.items()}}}
        case _:
            raise TypeError(type(value).__name__)


def decode(value: Mapping[str, Any]) -> Any:
    """Return a value of the API; one of a type that is not used here stays as it is."""
    match value:
        case {"stringValue": str() as text}:
            return text
        case {"integerValue": number}:
            return int(number)
        case {"doubleValue": number}:
            return float(number)
        case {"timestampValue": str() as moment}:
            return datetime.fromisoformat(moment)
        case {"arrayValue": content}:
            return [decode(each) for each in content.get("values", [])]
        case {"mapValue": content}:
            return {key: decode(each) for key, each in content.get("fields", {}).items()}
        case _:
            return value


def _status(answer: Any) -> str:
    """Return the state of an error, also of one in a stream of answers."""
    answers = cast("Sequence[Any]", answer) if isinstance(answer, list) else [answer]
    match answers[0] if answers else None:
        case {"error": {"status": str() as status}}:
            return status
        case _:
            return "UNKNOWN"
