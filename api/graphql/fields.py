"""Declarations of fields and mutations with a resolver and a description."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def field(description: str) -> Callable[[Resolver], Resolver]:
    """Declare a field. To type checkers, it stays a method."""
    return cast("Callable[[Resolver], Resolver]", strawberry.field(description=description))


def mutation(description: str) -> Callable[[Resolver], Resolver]:
    """Declare a mutation. To type checkers, it stays a method."""
    return cast("Callable[[Resolver], Resolver]", strawberry.mutation(description=description))
