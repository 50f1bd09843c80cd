"""Circuit breaker: after three failures in a row, refuse calls for a while, then try one."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Final

from purgatory import SyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState as CircuitOpen

__all__ = ["OPEN_S", "CircuitBreaker", "CircuitOpen", "circuit_breaker"]

CircuitBreaker = Callable[[], AbstractContextManager[object]]

FAILURES: Final = 3
OPEN_S: Final = 5.0
"""Seconds for which a circuit usually stays open."""


def circuit_breaker(open_s: float, *exclude: Any) -> CircuitBreaker:
    """Return a guard for calls: `with guard():` raises CircuitOpen while the circuit is open.

    Canceled calls are not failures, nor are the exceptions in `exclude`.
    """
    canceled = (asyncio.CancelledError, GeneratorExit)
    breakers = SyncCircuitBreakerFactory(FAILURES, open_s, exclude=[*canceled, *exclude])
    return partial(breakers.get_breaker, "calls")
