"""Outcomes of a batch, for those that wait for them."""

from asyncio import Future
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def resolve(waiters: Iterable["Future[T]"], outcomes: Sequence[T | Exception]) -> None:
    """Give each waiter its result, or raise its error in it; leave out those that were canceled.

    There are as many outcomes as waiters, in the same order.
    """
    for waiter, outcome in zip(waiters, outcomes, strict=True):
        if waiter.done():  # the client has left
            continue
        if isinstance(outcome, Exception):
            waiter.set_exception(outcome)
        else:
            waiter.set_result(outcome)
