"""Declarations of fields and mutations with a resolver and a description.

Old names stay for one version: `instead` marks a field as deprecated and names its successor.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

Resolver = TypeVar("Resolver", bound=Callable[..., Any])


def field(description: str, *, instead: str | None = None) -> Callable[[Resolver], Resolver]:
    """Declare a field. To type checkers, it stays a method."""
    declared = strawberry.field(description=description, deprecation_reason=use(instead))
    return cast("Callable[[Resolver], Resolver]", declared)


def mutation(description: str, *, instead: str | None = None) -> Callable[[Resolver], Resolver]:
    """Declare a mutation. To type checkers, it stays a method."""
    declared = strawberry.mutation(description=description, deprecation_reason=use(instead))
    return cast("Callable[[Resolver], Resolver]", declared)


def use(instead: str | None) -> str | None:
    """Return the deprecation reason of an old name, or None if it is not deprecated."""
    return None if instead is None else f"Use `{instead}`."
