"""Read-your-writes in GraphQL, by the `consistency` argument."""

from collections.abc import Callable
from typing import Any, Final, cast

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions.field_extension import FieldExtension
from strawberry.types import get_object_definition
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from api.graphql.fields import Resolver, use
from api.graphql.mutations import Position
from api.read_your_writes import wait_for

ARGUMENT: Final = "consistency"


@strawberry.input(
    description="Wait until reads include the log position `after`, which a mutation returned. "
    "On timeout, the error code is `read_model.stale`, and `retryAfterS` says when to retry. "
    "If the log does not reach the position, the error code is `position.unknown`."
)
class Consistency:
    """Read-your-writes."""

    after: Position


class Consistent(FieldExtension):
    """Adds the `consistency` argument to a field, and waits before the field is resolved."""

    def apply(self, field: StrawberryField) -> None:
        field.arguments = [
            *field.arguments,
            StrawberryArgument(
                python_name=ARGUMENT,
                graphql_name=None,
                type_annotation=StrawberryAnnotation(Consistency | None),
                description="Wait for this log position.",
                default=None,
            ),
        ]

    def resolve(
        self,
        next_: Callable[..., Any],
        source: Any,
        info: strawberry.Info[Any, Any],
        **arguments: Any,
    ) -> Any:
        consistency: Consistency | None = arguments.pop(ARGUMENT, None)
        wait_for(info.context.platform, None if consistency is None else consistency.after)
        return next_(source, info, **arguments)


def reading(description: str, *, instead: str | None = None) -> Callable[[Resolver], Resolver]:
    """Declare a query field that is resolved, with everything below it, from read models.

    Its responses are cached until a read model changes. A resolver that depends on anything else,
    such as the time, sets `info.context.may_keep` to False.
    """
    declared: Any = strawberry.field(
        description=description, deprecation_reason=use(instead), extensions=[Consistent()]
    )
    return cast("Callable[[Resolver], Resolver]", declared)


def reading_fields(query: type) -> frozenset[str]:
    """Return the GraphQL names of the fields of a root type that were declared so."""
    return frozenset(
        to_camel_case(field.python_name)
        for field in get_object_definition(query, strict=True).fields
        if any(isinstance(extension, Consistent) for extension in field.extensions)
    )
