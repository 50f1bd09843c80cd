"""GraphQL types of the annotations of `api.views`."""

from collections.abc import Callable
from datetime import datetime
from inspect import isclass
from types import GenericAlias, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import strawberry
from pydantic import AwareDatetime
from strawberry.scalars import JSON

from api.graphql.enums import enum_of
from api.views.base import Body


def graphql_type(
    annotation: Any, field: str, enum_name: str, nested: Callable[[type[Body]], Any]
) -> Any:
    """Return the type of a field; `nested` returns that of a JSON object.

    A literal without a declared enum becomes one of the name `enum_name`.
    """
    origin, parameters = get_origin(annotation), get_args(annotation)

    def part(each: Any) -> Any:
        return graphql_type(each, field, enum_name, nested)

    if origin is Annotated:
        return part(parameters[0])
    if origin in {Union, UnionType}:
        return Union[tuple(part(each) for each in parameters)]  # noqa: UP007
    if origin is Literal:
        return enum_of(annotation, enum_name)
    if origin in {tuple, list}:
        return GenericAlias(list, part(parameters[0]))
    if origin is dict:
        return JSON
    if annotation is AwareDatetime:
        return datetime
    if annotation is str and field.endswith("_id"):
        return strawberry.ID
    if isclass(annotation) and issubclass(annotation, Body):
        return nested(annotation)
    return annotation
