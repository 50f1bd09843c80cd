"""Sockets that the server closes."""

from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect


def closed_with(raw: WebSocketTestSession) -> int:
    """Read a socket until it is closed, and return the close code."""
    while True:
        try:
            raw.receive_json()
        except WebSocketDisconnect as closed:
            return int(closed.code)
