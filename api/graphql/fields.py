"""Fields that are answered by a method, each with the sentence that the schema says of it."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def field(description: str) -> Callable[[Resolver], Resolver]:
    """Declare a field. Type checkers, blind to what Strawberry makes of it, see a method."""
    return cast("Callable[[Resolver], Resolver]", strawberry.field(description=description))


def mutation(description: str) -> Callable[[Resolver], Resolver]:
    """Declare a mutation, in the same way."""
    return cast("Callable[[Resolver], Resolver]", strawberry.mutation(description=description))
