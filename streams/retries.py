"""Retries of blocking calls while a store is unavailable."""

import asyncio
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

import stamina

from application.kernel.outages import is_outage
from application.kernel.subscription import OUTAGE

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_caller: Final = stamina.AsyncRetryingCaller(
    attempts=None,
    timeout=None,
    wait_initial=OUTAGE.first_s,
    wait_max=OUTAGE.longest_s,
    wait_exp_base=OUTAGE.factor,
    wait_jitter=OUTAGE.first_s,
)


async def retry_until_available(
    call: Callable[Arguments, Result], *args: Arguments.args, **options: Arguments.kwargs
) -> Result:
    """Call a blocking function on a thread, again and again while its store is unavailable.

    Each pause is logged. There is no last attempt: the worker of a partition has nothing else to
    do. Raises every other error, also KeyDisabled and EventUnreadable: the other messages of the
    partition do not depend on them.
    """
    return await _caller(is_outage, asyncio.to_thread, call, *args, **options)
