"""Whoever knows where a fact lies in the log can ask to be told nothing older than it."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import Depends, Header

from api.caller import Caller, CurrentCaller
from application.kernel.read_your_writes import ReadModelsStale
from application.platform import Platform


def wait_for(platform: Platform, position: int | None) -> None:
    """Wait until the read models hold everything up to a position of the log, if one is given.

    Raises ReadModelsStale where they do not in time.
    """
    if position is None or platform.fresh(position, platform.patience_s):
        return
    raise ReadModelsStale(f"Position {position} of the log cannot be read yet; ask again shortly.")


async def _reading(
    caller: CurrentCaller,
    after_position: Annotated[
        int | None,
        Header(
            ge=0,
            description="Tell nothing older than this position of the log, which a command's "
            "answer gave; 503 with `Retry-After` where that takes too long.",
        ),
    ] = None,
) -> Caller:
    if after_position is not None:  # a thread, which may wait, only for those who ask for it
        await run_sync(wait_for, caller.platform, after_position)
    return caller


ReadingCaller = Annotated[Caller, Depends(_reading)]
"""A caller whose answer comes from read models."""
