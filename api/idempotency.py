"""Idempotency keys.

After draft-ietf-httpapi-idempotency-key-header-07: a key belongs to one request of one caller.
A retry returns the first result. Another payload under the same key is rejected with 422, a retry
while the first request still runs with 409. The log stores the command id of a key and a keyed
hash of its payload, so all processes share them, and they do not expire. No response is stored: it
is made again from the result.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Annotated, Final
from uuid import UUID, uuid5

from anyio.to_thread import run_sync
from fastapi import Depends, Header, Request
from starlette.exceptions import HTTPException

from api.caller import CurrentCaller
from application.caller import Caller
from domain.kernel import Rejected

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c05")
"""Namespace of the command ids of idempotency keys."""

LONGEST_KEY: Final = 255

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        description="Idempotency key. Retries return the first result.",
    ),
]


class IdempotencyKeyReused(Rejected):
    """This Idempotency-Key or commandId was used for another request. Send a new one."""

    code = "idempotency.payload_differs"
    kind = "invalid"


class RequestInProgress(Rejected):
    """The request with this Idempotency-Key is still running. Retry in a moment."""

    code = "idempotency.in_progress"


@asynccontextmanager
async def bound_command_id(
    caller: Caller, request: Request, key: str | None
) -> AsyncGenerator[UUID]:
    """Return the command id of a request. Keys are scoped to the caller and the path.

    Raises IdempotencyKeyReused and RequestInProgress.
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
        await run_sync(bind_content, caller, command_id, content)
        yield command_id
    finally:
        in_progress.discard(command_id)


async def _command_id(
    caller: CurrentCaller, request: Request, key: Key = None
) -> AsyncGenerator[UUID]:
    async with bound_command_id(caller, request, key) as command_id:
        yield command_id


async def _required(request: Request) -> None:
    """Reject a request without a key with 400, as the draft requires."""
    if not request.headers.get("idempotency-key"):
        raise HTTPException(400, "The Idempotency-Key header is required.")


CommandId = Annotated[UUID, Depends(_command_id)]
"""Command id of a request: derived from its `Idempotency-Key`, else new."""

IDEMPOTENT: Final = Depends(_command_id)
"""Dependency of operations that are idempotent without a command id.

A retry while the first request still runs is rejected.
"""

KEY_REQUIRED: Final = Depends(_required)
"""Dependency of operations that cannot be undone, such as sending an e-mail."""


def bind_content(caller: Caller, command_id: UUID, content: bytes) -> None:
    """Bind a command id to the content of its request. Raises IdempotencyKeyReused for another one.

    Content may have passwords, so nothing is stored by which they could be guessed: its digest is
    authenticated with a key of the tenant. Earlier versions stored it without. Two requests of
    another content that arrive at the same moment, at two servers, are not told apart.
    """
    log, tenant_id = caller.platform.log, caller.tenant_id
    digest = sha256(content).hexdigest()
    keyed = caller.platform.accounts().derive_secret(tenant_id, "idempotency", digest)
    with_content = uuid5(command_id, keyed)
    is_done = log.done(tenant_id, command_id)  # first: another server binds before it executes
    if log.done(tenant_id, with_content):
        return
    if not is_done:
        log.append((), origin=caller.origin(), command_id=with_content)
    elif not log.done(tenant_id, uuid5(command_id, digest)):
        raise IdempotencyKeyReused
