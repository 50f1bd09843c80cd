"""A request that is sent twice under one key is carried out once.

After draft-ietf-httpapi-idempotency-key-header-07: the key belongs to one request of one person.
With another payload it is refused (422), and while the first one is being answered, too (409); sent
again it gets the answer of what was done then. Which command a key stands for, and what it came
with, is in the log: so it is known to all processes, and for ever.
"""

from collections.abc import AsyncGenerator
from hashlib import sha256
from typing import Annotated, Final
from uuid import UUID, uuid5

from anyio.to_thread import run_sync
from fastapi import Depends, Header, Request
from starlette.exceptions import HTTPException

from api.caller import Caller, CurrentCaller
from domain.kernel import Rejected

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c05")
"""Ids of commands that came with an `Idempotency-Key` live here."""

LONGEST_KEY: Final = 255

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        description="The same key is carried out once.",
    ),
]


class IdempotencyKeyReused(Rejected):
    """An `Idempotency-Key` belongs to one request; another one needs a key of its own."""

    code = "idempotency.payload_differs"
    kind = "invalid"


class RequestInProgress(Rejected):
    """The request with this `Idempotency-Key` is being carried out; ask again in a moment."""

    code = "idempotency.in_progress"


async def _command_id(
    caller: CurrentCaller, request: Request, key: Key = None
) -> AsyncGenerator[UUID]:
    """Name the command; keys of two people never meet, nor those of two paths.

    Raises IdempotencyKeyReused and StillInProgress.
    """
    if key is None:
        yield caller.platform.new_id()
        return
    who = caller.cache_scope if caller.claims is None else (caller.tenant_id, caller.claims.user_id)
    command_id = uuid5(NAMESPACE, "\x1f".join((*who, request.url.path, key)))
    in_progress: set[UUID] = request.app.state.in_progress
    if command_id in in_progress:
        raise RequestInProgress
    in_progress.add(command_id)
    try:
        content = b"\x1f".join(
            (request.method.encode(), request.scope["query_string"], await request.body())
        )
        await run_sync(_bind, caller, command_id, uuid5(command_id, sha256(content).hexdigest()))
        yield command_id
    finally:
        in_progress.discard(command_id)


async def _required(request: Request) -> None:
    """Refuse a request without a key: 400, as that draft says."""
    if not request.headers.get("idempotency-key"):
        raise HTTPException(400, "Send an Idempotency-Key: this is not to happen twice.")


CommandId = Annotated[UUID, Depends(_command_id)]
"""The id of the command that a request asks for: by its `Idempotency-Key`, or a new one."""

KEY_REQUIRED: Final = Depends(_required)
"""For what cannot be taken back, such as a message to somebody."""


def _bind(caller: Caller, command_id: UUID, with_payload: UUID) -> None:
    """Note what a key came with. One whose command was carried out otherwise is refused."""
    log = caller.platform.log
    if log.done(caller.tenant_id, with_payload):
        return
    if log.done(caller.tenant_id, command_id):
        raise IdempotencyKeyReused
    log.append((), origin=caller.origin(), command_id=with_payload)
