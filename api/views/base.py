"""Base classes of JSON bodies: camelCase outside, our names inside (C-18)."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final, Self, TypeVar, cast, get_args

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from domain.card_numbers import refuse_card_number

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


class KeptIfOmitted:
    """Marks a field of a revision that keeps its value if the request leaves it out.

    GraphQL gives it no default value, so that the request shows whether it was given.
    """


class Body(BaseModel):
    """A JSON object; can be built from the attributes of a row."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


NOT_WRITTEN: Final = re.compile(
    r"(?:^|_)(?:ids?|keys?|tokens?|passwords?|reference|etag|checksum|digest|sha256|cursor|answer)$"
)
"""Names of fields that programs fill, or that nobody may read: any digits are right there."""

NUMBER: Final = re.compile(r"\s*[+-]?[\d.]+\s*$")
"""Numbers in texts, which Pydantic takes for Unix times."""

LONGEST_TEXT: Final = 10_000
"""Longer values are files, not texts: no field that people write is as long."""


def refuse_unix_time(content: object) -> object:
    """Raise PydanticCustomError for a number, which Pydantic would take for a Unix time."""
    if isinstance(content, int | float) or (isinstance(content, str) and NUMBER.match(content)):
        raise PydanticCustomError("iso_8601", "Input should be a date or a time in ISO 8601")
    return content


IsoDate = Annotated[date, BeforeValidator(refuse_unix_time)]
IsoTime = Annotated[AwareDatetime, BeforeValidator(refuse_unix_time)]
"""A date, and a time with a time zone, of a query or a form; bodies extend StrictTypes."""


class StrictTypes(Body):
    """A JSON object that rejects values that Pydantic would convert.

    It takes neither `"12"` nor `true` for a number, and no number for a date or a time.
    """

    @field_validator("*", mode="before")
    @classmethod
    def refuse_converted(cls, content: object, info: ValidationInfo) -> object:
        """Raise PydanticCustomError for a value of another type than the field has."""
        if isinstance(content, bool | str) and info.field_name in number_fields(cls):
            raise PydanticCustomError("number_type", "Input should be a number")
        return refuse_unix_time(content) if info.field_name in time_fields(cls) else content


class StrictBody(StrictTypes):
    """A JSON object that rejects unknown fields, and card numbers in texts that people write."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def refuse_card_numbers(self) -> Self:
        """Raise CardNumberRefused. Values that are objects check their own texts."""
        for name, content in self:
            if NOT_WRITTEN.search(name):
                continue
            for each in _parts(content):
                if isinstance(each, str) and len(each) <= LONGEST_TEXT:
                    refuse_card_number(each)
        return self


class IndividuallyChecked(StrictBody):
    """An item of a list whose items are accepted or rejected one by one.

    Ids and times may have any value of their type, because the domain checks each item.
    """


@cache
def number_fields(body: type[BaseModel]) -> frozenset[str]:
    """Return the names of the fields that hold a number."""
    return _fields_of(body, (int, float))


@cache
def time_fields(body: type[BaseModel]) -> frozenset[str]:
    """Return the names of the fields that hold a date or a time."""
    return _fields_of(body, (date, datetime, AwareDatetime))


def _fields_of(body: type[BaseModel], types: tuple[Any, ...]) -> frozenset[str]:
    fields = body.model_fields.items()
    return frozenset(name for name, field in fields if _is_one_of(types, field.annotation))


def _is_one_of(types: tuple[Any, ...], hint: Any) -> bool:
    return hint in types or any(_is_one_of(types, each) for each in get_args(hint))


def _parts(content: object) -> Iterable[object]:
    """Return the entries of a list, names and values of an object, or a single value."""
    match content:
        case tuple() | list():
            return cast("Sequence[object]", content)
        case dict():
            named = cast("dict[object, object]", content)
            return (*named.keys(), *named.values())
        case _:
            return (content,)


class PageInfo(Body):
    """Cursors of the first and last item of a page, and whether the list continues."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None
