"""Base classes of JSON bodies: camelCase outside, our names inside (C-18)."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Write = TypeVar("Write", bound=Callable[..., Any])


def write(function: Write) -> Write:
    """Mark a function that executes a command; GraphQL derives a mutation of the same name.

    Its docstring describes the command on both transports. Parameters: `caller`, ids of the path,
    a `body` if there is one, and `command_id`; those with a default value are of REST only.
    """
    function.__dict__["is_write"] = True
    return function


def documented(**limits: float) -> Any:
    """Return a field whose limits are in the schema; the domain checks them, with its own code."""
    return Field(json_schema_extra=dict(limits))


class Body(BaseModel):
    """A JSON object; can be built from the attributes of a row."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class StrictBody(Body):
    """A JSON object that rejects unknown fields."""

    model_config = ConfigDict(extra="forbid")


class PageInfo(Body):
    """Cursors of the first and last item of a page, and whether the list continues."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None
