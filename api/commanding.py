"""A request that is sent twice under one key is carried out once."""

from typing import Annotated, Final
from uuid import UUID, uuid5

from fastapi import Depends, Header, Request

from api.callers import AnyCaller

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c05")
"""Ids of commands that came with an `Idempotency-Key` live here."""


def _command_id(
    caller: AnyCaller,
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(min_length=1, max_length=255, description="The same key is carried out once."),
    ] = None,
) -> UUID:
    """Name the command; keys of two people never meet, nor those of two paths."""
    if idempotency_key is None:
        return caller.platform.new_id()
    who = caller.audience if caller.claims is None else (caller.tenant_id, caller.claims.user_id)
    return uuid5(NAMESPACE, "\x1f".join((*who, request.url.path, idempotency_key)))


CommandId = Annotated[UUID, Depends(_command_id)]
"""The id of the command that a request asks for: by its `Idempotency-Key`, or a new one."""
