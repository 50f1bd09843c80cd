"""gRPC server of a local Firestore, with faults on request."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NoReturn, Self

import grpc  # type: ignore[import-untyped]  # without types
from google.cloud.firestore_v1 import types
from google.protobuf.json_format import MessageToDict, ParseDict

from tools.firestore.documents import Documents, Refused, Version
from tools.firestore.queries import run_query

SERVICE: Final = "google.firestore.v1.Firestore"
THREADS: Final = 8

READABLE: Final = timedelta(hours=1)
"""Age of the oldest moment that can be read: `read_time` in the reference of the API."""

Fault = Literal["down", "lost_answer"]
"""Of a commit: the service is not available before it is carried out, or after it."""


class LocalFirestore:
    """Serves documents on 127.0.0.1 while it is a context.

    Every database exists, unless `databases` names those that do. `may_enter` checks a token; by
    default only that of emulators passes. `faults` are taken by the next commits.
    """

    def __init__(
        self,
        documents: Documents | None = None,
        *,
        port: int = 0,
        databases: frozenset[str] | None = None,
        may_enter: Callable[[str], bool] = lambda token: token == "owner",  # noqa: S105  no secret
    ) -> None:
        self.documents = documents or Documents()
        self.databases = databases
        self.may_enter = may_enter
        self.faults: deque[Fault] = deque()
        self._server = grpc.server(ThreadPoolExecutor(THREADS), options=[("grpc.so_reuseport", 0)])
        self._server.add_generic_rpc_handlers([_handlers(self)])
        self._port = self._server.add_insecure_port(f"127.0.0.1:{port}")

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def host(self) -> str:
        """Host and port of the server."""
        return f"127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(grace=None).wait()

    def commit(self, database: str, writes: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Carry out writes. Raises Refused."""
        names = [each.get("delete") or each["update"]["name"] for each in writes]
        if not all(name.startswith(f"{database}/documents/") for name in names):
            raise Refused("INVALID_ARGUMENT", "a name of another database")
        moment = _text(self.documents.commit(writes))
        return {"writeResults": [{"updateTime": moment} for _ in names], "commitTime": moment}

    def batch_get(self, content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return documents by name, as they are at one moment. Raises Refused."""
        at = self._moment(content)
        return [self._found(name, at) for name in content.get("documents", [])]

    def run_query(self, content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the documents of a query. Raises Refused."""
        at = self._moment(content)
        found = run_query(self.documents, content["parent"], content["structuredQuery"], at)
        listed: list[Mapping[str, Any]] = [
            {"document": _shown(*each), "readTime": _text(at)} for each in found
        ]
        return listed or [{"readTime": _text(at)}]

    def check(self, target: str, token: str) -> None:
        """Raise Refused for a token that may not enter, and for a database that does not exist."""
        if not self.may_enter(token):
            raise Refused("PERMISSION_DENIED", "Missing or insufficient permissions.")
        database = target.partition("/documents")[0].rpartition("/")[2]
        if self.databases is not None and database not in self.databases:
            raise Refused("NOT_FOUND", f"The database {database} does not exist.")

    def _moment(self, content: Mapping[str, Any]) -> datetime:
        now = self.documents.now()
        if "readTime" not in content:
            return now
        at = datetime.fromisoformat(content["readTime"])
        if not now - READABLE <= at <= now:
            raise Refused("FAILED_PRECONDITION", "The requested snapshot version is too old.")
        return at

    def _found(self, name: str, at: datetime) -> Mapping[str, Any]:
        version = self.documents.read(name, at)
        outcome = {"missing": name} if version is None else {"found": _shown(name, version)}
        return {**outcome, "readTime": _text(at)}


def _shown(name: str, version: Version) -> Mapping[str, Any]:
    shown: dict[str, Any] = {
        "name": name,
        "createTime": _text(version.created),
        "updateTime": _text(version.updated),
    }
    return {**shown, "fields": version.fields} if version.fields else shown


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _handlers(served: LocalFirestore) -> grpc.GenericRpcHandler:
    def commit(request: Any, context: Any) -> Any:
        fault = served.faults.popleft() if served.faults else None
        if fault == "down":
            _unavailable(context)
        content = _content(served, request, "database", context)
        answer = _answered(context, lambda: served.commit(content["database"], content["writes"]))
        if fault == "lost_answer":
            _unavailable(context)
        return _message(answer, types.CommitResponse)

    def batch_get(request: Any, context: Any) -> Any:
        content = _content(served, request, "database", context)
        for answer in _answered(context, lambda: served.batch_get(content)):
            yield _message(answer, types.BatchGetDocumentsResponse)

    def run_query(request: Any, context: Any) -> Any:
        content = _content(served, request, "parent", context)
        for answer in _answered(context, lambda: served.run_query(content)):
            yield _message(answer, types.RunQueryResponse)

    return grpc.method_handlers_generic_handler(
        SERVICE,
        {
            "Commit": grpc.unary_unary_rpc_method_handler(
                commit, types.CommitRequest.deserialize, types.CommitResponse.serialize
            ),
            "BatchGetDocuments": grpc.unary_stream_rpc_method_handler(
                batch_get,
                types.BatchGetDocumentsRequest.deserialize,
                types.BatchGetDocumentsResponse.serialize,
            ),
            "RunQuery": grpc.unary_stream_rpc_method_handler(
                run_query, types.RunQueryRequest.deserialize, types.RunQueryResponse.serialize
            ),
        },
    )


def _content(served: LocalFirestore, request: Any, target: str, context: Any) -> Any:
    """Return a request as JSON, if its caller may send it and its database exists."""
    content: Any = MessageToDict(type(request).pb(request))
    metadata = dict(context.invocation_metadata())
    token = str(metadata.get("authorization", "")).removeprefix("Bearer ")
    _answered(context, lambda: served.check(content[target], token))
    return content


def _answered(context: Any, call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Refused as refused:
        context.abort(grpc.StatusCode[refused.status], str(refused))
    except (KeyError, TypeError, ValueError) as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))


def _message(answer: Any, message: Any) -> Any:
    """Return JSON as a message of the API."""
    return message(ParseDict(answer, message.pb()()))


def _unavailable(context: Any) -> NoReturn:
    context.abort(grpc.StatusCode.UNAVAILABLE, "The service is currently unavailable.")
    raise AssertionError  # `abort` has raised
