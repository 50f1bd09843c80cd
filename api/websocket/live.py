"""Live frames over WebSocket: each message is a chunk, answered like a POST."""

from contextlib import aclosing

from anyio.to_thread import run_sync
from fastapi import APIRouter
from starlette.websockets import WebSocket

from api.live_chunks import MOST_BYTES, answer_to
from api.websocket.connection import Connection, serve_connection

router = APIRouter()


@router.websocket("/ws/live")
async def live(socket: WebSocket) -> None:
    """Ingest chunks: binary messages are in the compact format, text messages are JSON."""
    await serve_connection(socket, _chunks, streams=socket.app.state.live_sockets)


async def _chunks(connection: Connection) -> None:
    async with aclosing(connection.messages(MOST_BYTES)) as messages:
        async for message in messages:
            caller = connection.cached_caller()
            if caller is None:  # a token may have expired
                caller = await run_sync(connection.current_caller)
            await connection.send(await answer_to(connection.socket, caller, message))
