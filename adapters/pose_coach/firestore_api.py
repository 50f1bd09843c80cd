"""Documents of Firestore: read by name, query, and write with preconditions.

Every read and write names documents by their path below the database, such as `users/u`. Nothing
holds a lock: a write requires that a document it depends on did not change since it was read.

`FirestoreClient` has the calls of the API. The client above it, which most programs use, cannot
replace a document on condition that it has not changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar, cast

import grpc  # type: ignore[import-untyped]  # without types
from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from google.oauth2.service_account import Credentials
from google.protobuf.json_format import MessageToDict

from application.kernel.ports import StorageUnavailable

T = TypeVar("T")

SCOPE: Final = "https://www.googleapis.com/auth/datastore"

EMULATOR: Final = (("authorization", "Bearer owner"),)
"""Metadata with which an emulator lets its user pass the security rules."""

TIMEOUT_S: Final = 30.0
PAGE: Final = 300
"""Largest number of documents in one answer to a query."""

CONTENDED: Final = (
    exceptions.Aborted,
    exceptions.AlreadyExists,
    exceptions.FailedPrecondition,
)
"""Refusals of a commit that another write prevented."""

AT_FAULT: Final = (exceptions.InvalidArgument, exceptions.OutOfRange)
"""Refusals of a request that the service will refuse again; the others are outages."""

FAILED: Final = (exceptions.GoogleAPIError, GoogleAuthError)


def connect(host: str, key_file: Path) -> grpc.Channel:
    """Return a channel to Firestore; it connects on first use.

    `key_file` is the JSON key of a service account, which signs its tokens itself. Raises OSError,
    and ValueError for another file.
    """
    transport = cast("Any", FirestoreGrpcTransport)  # its parameters have no types
    return transport.create_channel(host, credentials=credentials_of(key_file))


def credentials_of(key_file: Path) -> Credentials:
    """Return credentials that sign tokens themselves; raises what `connect` raises."""
    of_file = cast("Any", Credentials).from_service_account_file(str(key_file), scopes=[SCOPE])
    signing: Credentials = of_file.with_always_use_jwt_access(True)
    return signing


def connect_to_emulator(host: str) -> grpc.Channel:
    """Return a channel without encryption to an emulator; it connects on first use."""
    return grpc.insecure_channel(host)


class Contended(Exception):  # noqa: N818  not an error: read again, and write again
    """Another write came between reading and writing. Nothing was written."""


class FirestoreRefused(Exception):  # noqa: N818  the name states what happened
    """The service refuses this content. Its message is left out: it may hold personal data."""


@dataclass(frozen=True)
class Document:
    """A document as it was read. `updated_at` is later after each change."""

    path: str
    fields: Mapping[str, Any]
    updated_at: datetime


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
    """One database of a project. Every method raises StorageUnavailable. Thread-safe.

    `metadata` is sent with each call.
    """

    def __init__(
        self,
        channel: grpc.Channel,
        project: str,
        name: str,
        metadata: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._client: Any = FirestoreClient(transport=FirestoreGrpcTransport(channel=channel))
        self._database = f"projects/{project}/databases/{name}"
        self._root = f"{self._database}/documents"
        # The client does not retry: the sinks do, with longer pauses, and show it meanwhile.
        self._options: dict[str, Any] = {
            "retry": None,
            "timeout": TIMEOUT_S,
            "metadata": metadata,
        }

    def get(self, paths: Sequence[str]) -> Mapping[str, Document]:
        """Read documents that exist, by path, as they all are at one moment."""
        request = types.BatchGetDocumentsRequest(
            database=self._database, documents=[self._name(each) for each in paths]
        )
        answers = _called(lambda: list(self._client.batch_get_documents(request, **self._options)))
        found = [self._document(each.found) for each in answers if "found" in each]
        return {each.path: each for each in found}

    def query(
        self, query: Query, at: datetime | None = None
    ) -> tuple[Sequence[Document], datetime | None]:
        """Return the documents as they were at a moment, by default now, and the moment."""
        found: list[Document] = []
        while True:
            answers = self._page(query, found[-1] if found else None, at)
            at = at or next((each.read_time for each in answers), None)
            page = [self._document(each.document) for each in answers if "document" in each]
            found.extend(page)
            if len(page) < PAGE:
                return found, at

    def commit(self, writes: Sequence[Write]) -> None:
        """Write all documents or none. Raises Contended."""
        request = types.CommitRequest(
            database=self._database, writes=[self._encoded(each) for each in writes]
        )
        try:
            self._client.commit(request, **self._options)
        except CONTENDED as error:
            raise Contended from error
        except FAILED as error:
            _fail(error)

    def _page(self, query: Query, last: Document | None, at: datetime | None) -> Sequence[Any]:
        wanted: dict[str, Any] = {
            "from_": [{"collection_id": query.collection, "all_descendants": query.everywhere}],
            "order_by": [{"field": {"field_path": "__name__"}, "direction": "ASCENDING"}],
            "limit": PAGE,
        }
        if query.fields:
            wanted["select"] = {"fields": [{"field_path": each} for each in query.fields]}
        if query.equals is not None:
            name, value = query.equals
            wanted["where"] = {
                "field_filter": {
                    "field": {"field_path": name},
                    "op": "EQUAL",
                    "value": encode(value),
                }
            }
        if last is not None:
            after = types.Value(reference_value=self._name(last.path))
            wanted["start_at"] = {"values": [after], "before": False}
        request: Any = types.RunQueryRequest(
            parent=self._name(query.parent) if query.parent else self._root,
            structured_query=types.StructuredQuery(wanted),
        )
        if at is not None:
            request.read_time = at
        return _called(lambda: list(self._client.run_query(request, **self._options)))

    def _encoded(self, write: Write) -> types.Write:
        name = self._name(write.path)
        encoded = (
            types.Write(delete=name)
            if write.fields is None
            else types.Write(
                update=types.Document(
                    name=name, fields={key: encode(value) for key, value in write.fields.items()}
                )
            )
        )
        if write.expects is not None:
            encoded.current_document = types.Precondition(update_time=write.expects.updated_at)
        elif write.expects_none:
            encoded.current_document = types.Precondition(exists=False)
        return encoded

    def _document(self, answer: Any) -> Document:
        message = cast("Any", types.Document).pb(answer)
        fields = {key: _decoded(value) for key, value in message.fields.items()}
        return Document(answer.name.removeprefix(f"{self._root}/"), fields, answer.update_time)

    def _name(self, path: str) -> str:
        return f"{self._root}/{path}"


def _called(call: Callable[[], T]) -> T:
    """Return the answer to a read. Raises what the methods raise."""
    try:
        return call()
    except FAILED as error:
        _fail(error)


def _fail(error: Exception) -> NoReturn:
    """Raise the exception of a method for a call that failed."""
    if isinstance(error, AT_FAULT):
        raise FirestoreRefused(type(error).__name__) from None  # the message may hold content
    raise StorageUnavailable(
        f"The document store cannot be reached: {type(error).__name__}."
    ) from error


def encode(value: object) -> types.Value:
    """Return a value as the API has it. Raises TypeError for a type that is not used here."""
    match value:
        case str():
            return types.Value(string_value=value)
        case int():
            return types.Value(integer_value=value)
        case float():
            return types.Value(double_value=value)
        case datetime():
            return types.Value(timestamp_value=value.astimezone(UTC))
        case list():
            values = [encode(each) for each in cast("Sequence[Any]", value)]
            return types.Value(array_value=types.ArrayValue(values=values))
        case Mapping():
            content = cast("Mapping[str, Any]", value)
            fields = {key: encode(each) for key, each in content.items()}
            return types.Value(map_value=types.MapValue(fields=fields))
        case _:
            raise TypeError(type(value).__name__)


def _decoded(value: Any) -> Any:
    """Return a value of the API; one of a type that is not used here as its JSON."""
    match value.WhichOneof("value_type"):
        case "string_value" | "integer_value" | "double_value" as name:
            return getattr(value, name)
        case "timestamp_value":
            return value.timestamp_value.ToDatetime(tzinfo=UTC)
        case "array_value":
            return [_decoded(each) for each in value.array_value.values]
        case "map_value":
            return {key: _decoded(each) for key, each in value.map_value.fields.items()}
        case _:
            return MessageToDict(value)
