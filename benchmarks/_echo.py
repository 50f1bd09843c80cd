"""A server that answers each chunk at once with the same text, without looking at it.

Its answers take what client, network and server take for any message at the pace of these sessions.
`python -m benchmarks._echo` prints its URL.
"""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from benchmarks._harness import PATH
from benchmarks._live_clients import SOCKET
from bootstrap.server import bind_socket

ANSWER: Final = {"seqAck": 2**31, "mode": "live", "cues": list[object]()}


async def _answer_request(request: Request) -> JSONResponse:
    await request.body()
    return JSONResponse(ANSWER | {"sessionId": "echo"})


async def _answer_messages(connection: WebSocket) -> None:
    await connection.accept()
    text = json.dumps(ANSWER)
    async for _ in connection.iter_bytes():
        await connection.send_text(text)


@contextmanager
def echo_server() -> Generator[str]:
    """Run the server in a process of its own; yield its URL."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks._echo"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main() -> None:
    """Serve on a free port."""
    app = Starlette(
        routes=[
            WebSocketRoute(SOCKET, _answer_messages),
            *(Route(path, _answer_request, methods=["POST"]) for path in (PATH, "/v1/sessions")),
        ]
    )
    listening = bind_socket("127.0.0.1", 0)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, http="httptools", loop="uvloop", log_level="error")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
