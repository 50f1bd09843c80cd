"""Questions about read models, whose answers may be asked to be no older than a position."""

from collections.abc import Callable
from typing import Any, Final, cast

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions.field_extension import FieldExtension
from strawberry.types import get_object_definition
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from api.graphql.fields import Resolver
from api.graphql.mutations import Position
from api.read_your_writes import wait_for

ARGUMENT: Final = "consistency"


@strawberry.input(
    description="How new an answer has to be: with everything up to `after`, the `position` that "
    "a mutation told. Where that takes too long, the error's code is `read_model.stale`, and "
    "`retryAfterS` says when to ask again."
)
class Consistency:
    """Read your own writes."""

    after: Position


class Consistent(FieldExtension):
    """Gives a field the argument `consistency`, and waits before the field is resolved."""

    def apply(self, field: StrawberryField) -> None:
        field.arguments = [
            *field.arguments,
            StrawberryArgument(
                python_name=ARGUMENT,
                graphql_name=None,
                type_annotation=StrawberryAnnotation(Consistency | None),
                description="Nothing older than this.",
                default=None,
            ),
        ]

    def resolve(
        self, next_: Callable[..., Any], source: Any, info: strawberry.Info[Any, Any], **given: Any
    ) -> Any:
        wanted: Consistency | None = given.pop(ARGUMENT, None)
        wait_for(info.context.platform, None if wanted is None else wanted.after)
        return next_(source, info, **given)


def reading(description: str) -> Callable[[Resolver], Resolver]:
    """Declare a question whose answer, with all that lies beneath, comes from read models.

    Such answers are kept and given again as long as no read model changes; a resolver that looks
    at anything else, such as the time, sets `info.context.may_keep` to False.
    """
    declared: Any = strawberry.field(description=description, extensions=[Consistent()])
    return cast("Callable[[Resolver], Resolver]", declared)


def reading_fields(query: type) -> frozenset[str]:
    """Name the fields of a root type that are declared so, as clients do."""
    return frozenset(
        to_camel_case(field.python_name)
        for field in get_object_definition(query, strict=True).fields
        if any(isinstance(extension, Consistent) for extension in field.extensions)
    )
