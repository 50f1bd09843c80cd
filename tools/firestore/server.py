"""HTTP server of a local Firestore, with faults on request."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Literal, Self
from urllib.parse import unquote

from tools.firestore.documents import Documents, Refused, Version
from tools.firestore.queries import run_query

READABLE: Final = timedelta(hours=1)
"""Age of the oldest moment that can be read: `readTime` in the reference of the API."""

Fault = Literal["lost_request", "lost_answer", "down"]
"""Of a commit: the connection breaks before it is carried out or after it, or the answer is 503."""


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
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, path: str, token: str, content: Mapping[str, Any]) -> Any:
        """Carry out a call. Raises Refused."""
        if not self.may_enter(token):
            raise Refused(403, "PERMISSION_DENIED", "Missing or insufficient permissions.")
        target, _, operation = unquote(path.partition("?")[0]).removeprefix("/v1/").rpartition(":")
        root, _, below = target.partition("/documents")
        database = root.rpartition("/")[2]
        if self.databases is not None and database not in self.databases:
            raise Refused(404, "NOT_FOUND", f"The database {database} does not exist.")
        root = f"{root}/documents"
        match operation:
            case "commit" if not below:
                names = [each.get("delete") or each["update"]["name"] for each in content["writes"]]
                if not all(name.startswith(f"{root}/") for name in names):
                    raise Refused(400, "INVALID_ARGUMENT", "a name of another database")
                moment = _text(self.documents.commit(content["writes"]))
                return {
                    "writeResults": [{"updateTime": moment} for _ in names],
                    "commitTime": moment,
                }
            case "batchGet" if not below:
                at = self._moment(content)
                return [self._found(name, at) for name in content["documents"]]
            case "runQuery":
                at = self._moment(content)
                query = content["structuredQuery"]
                found = run_query(self.documents, f"{root}{below}", query, at)
                listed = [{"document": _shown(*each), "readTime": _text(at)} for each in found]
                return listed or [{"readTime": _text(at)}]
            case _:
                raise Refused(501, "UNIMPLEMENTED", operation)

    def _moment(self, content: Mapping[str, Any]) -> datetime:
        now = self.documents.now()
        if "readTime" not in content:
            return now
        at = datetime.fromisoformat(content["readTime"])
        if not now - READABLE <= at <= now:
            raise Refused(400, "FAILED_PRECONDITION", "The requested snapshot version is too old.")
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


def _handler(served: LocalFirestore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet for each answer

        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_commit = ":commit" in self.path
            fault = served.faults.popleft() if is_commit and served.faults else None
            if fault == "lost_request":
                self.close_connection = True
                return
            code, answer = self._carried_out(content) if fault != "down" else _down()
            if fault == "lost_answer":
                self.close_connection = True
                return
            body = json.dumps(answer).encode()
            with suppress(ConnectionError):
                self.send_response(code)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def _carried_out(self, content: Mapping[str, Any]) -> tuple[int, Any]:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            try:
                return 200, served.answer(self.path, token, content)
            except Refused as refused:
                return refused.code, _error(refused)
            except (KeyError, TypeError, ValueError) as error:
                return 400, _error(Refused(400, "INVALID_ARGUMENT", str(error)))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  of the base class
            del format, args

    return Handler


def _down() -> tuple[int, Any]:
    return 503, _error(Refused(503, "UNAVAILABLE", "The service is currently unavailable."))


def _error(refused: Refused) -> Mapping[str, Any]:
    return {"error": {"code": refused.code, "message": str(refused), "status": refused.status}}
