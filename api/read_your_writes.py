"""Read-your-writes: wait until the read models include a log position."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import Depends, Header

from api.caller import CurrentCaller
from application.caller import Caller
from application.kernel.read_your_writes import PositionUnknown, ReadModelsStale
from application.platform import Platform


def wait_for(platform: Platform, position: int | None) -> None:
    """Wait until the read models include a log position, if one is given.

    Raises PositionUnknown at once if the log does not reach the position, else ReadModelsStale on
    timeout.
    """
    if position is None or platform.fresh(position, 0.0):
        return
    head = platform.log.head()
    if position > head:
        raise PositionUnknown(f"The log ends at position {head}, before {position}.")
    if platform.fresh(position, platform.patience_s):
        return
    raise ReadModelsStale(f"The read models do not include position {position} yet. Retry later.")


async def _reading(
    caller: CurrentCaller,
    after_position: Annotated[
        int | None,
        Header(
            ge=0,
            description="Wait until reads include this log position, which a command returned; "
            "else 503 with `Retry-After`. 412: the log does not reach this position.",
        ),
    ] = None,
) -> Caller:
    if after_position is not None:  # uses a thread, so only requests that wait pay for it
        await run_sync(wait_for, caller.platform, after_position)
    return caller


ReadingCaller = Annotated[Caller, Depends(_reading)]
"""A caller whose response is read from read models."""
