"""A store that is away is asked again, with growing pauses, for as long as it takes."""

import asyncio
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

import stamina

from domain.kernel import Rejected

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_caller: Final = stamina.AsyncRetryingCaller(
    attempts=None, timeout=None, wait_initial=0.1, wait_max=5.0, wait_jitter=0.1
)


async def patiently(
    ask: Callable[Asked, Answer], *args: Asked.args, **options: Asked.kwargs
) -> Answer:
    """Call what blocks, on a thread, until its store is there; each pause is a line in the log.

    Raises whatever else it raises: who works a partition has nothing else to do meanwhile, so
    there is no last attempt.
    """
    return await _caller(_is_away, asyncio.to_thread, ask, *args, **options)


def _is_away(error: Exception) -> bool:
    return isinstance(error, Rejected) and error.kind == "unavailable"
