"""GraphQL types, derived from the views of REST."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from inspect import get_annotations, getdoc
from typing import Any, Final, TypeVar, cast

import strawberry
from strawberry.types import get_object_definition, has_object_definition
from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.types.enum import StrawberryEnumDefinition

from api.graphql.annotations import graphql_type
from api.views.base import Body

T = TypeVar("T")

TYPES: Final[dict[type[Body], type[Any]]] = {}
"""Derived types by their views."""

ATTRIBUTES: Final[dict[type[Any], Mapping[str, str]]] = {}
"""By derived type, the attributes of views by the fields that are taken from them."""


def derived(
    view: type[Body], *, name: str | None = None, description: str | None = None, **renamed: str
) -> Callable[[type[T]], type[T]]:
    """Declare a GraphQL type with the fields of a view.

    A field that the class declares itself replaces that of the view. The class's docstring is the
    description, unless there is another. `renamed`: attributes of the view by the field's name.
    """
    new_names = {attribute: field for field, attribute in renamed.items()}

    def declare(cls: type[T]) -> type[T]:
        inherited = {
            field.python_name
            for base in cls.__mro__[1:]
            if (definition := get_object_definition(base)) is not None
            for field in definition.fields
        }
        own = get_annotations(cls)
        annotations: dict[str, Any] = {}
        attributes: dict[str, str] = {}
        for attribute, info in view.model_fields.items():
            field = new_names.get(attribute, attribute)
            if field in inherited:
                continue
            attributes[field] = attribute
            if field in own:
                annotations[field] = own[field]
                continue
            enum_name = f"{view.__name__}{field.title()}"
            annotations[field] = graphql_type(info.annotation, field, enum_name, TYPES.__getitem__)
            if info.description is not None:
                setattr(cls, field, strawberry.field(description=info.description))
        cls.__annotations__ = {**annotations, **own}
        declared = strawberry.type(cls, name=name, description=description or getdoc(cls))
        TYPES[view], ATTRIBUTES[declared] = declared, attributes
        return declared

    return declare


def convert(kind: type[T], view: object, **more: Any) -> T:
    """Build a GraphQL type on a view or row; `more` has the fields that it does not have.

    A field is read and converted when it is first needed, as most queries select a few; it must not
    be assigned. Raises TypeError if `more` has a field that is taken from the view.
    """
    declared: Any = kind
    if more and not more.keys().isdisjoint(view_attributes(kind)):
        raise TypeError(f"{kind.__name__} takes fields of {sorted(more)} from its view")
    _read_from_views(declared)
    made = object.__new__(kind)
    vars(made).update(more)
    vars(made)[VIEW] = view
    return made


def view_attributes(kind: type[Any]) -> Mapping[str, str]:
    """Return the attributes of a view by the fields that a derived type takes from it."""
    return ATTRIBUTES.get(kind, {})


VIEW: Final = "_view"
"""Attribute of an object that holds the view on which it is built."""


class _FieldOfView:
    """A field that an object does not have yet: it is read from the object's view, once."""

    def __init__(self, name: str, attribute: str, conversion: Callable[[Any], Any]) -> None:
        self._name = name
        self._attribute = attribute
        self._conversion = conversion

    def __get__(self, made: Any, kind: type[Any]) -> Any:
        if made is None:
            raise AttributeError(self._name)
        own = made.__dict__
        value = own[self._name] = self._conversion(getattr(own[VIEW], self._attribute))
        return value


@cache
def _read_from_views(kind: type[Any]) -> None:
    """Let the fields of a type be read from views."""
    attributes = view_attributes(kind)
    for field in get_object_definition(kind, strict=True).fields:
        if field.init:
            name = field.python_name
            conversion = _conversion(field.type)
            setattr(kind, name, _FieldOfView(name, attributes.get(name, name), conversion))


def _conversion(kind: Any) -> Callable[[Any], Any]:
    """Return the conversion of a view's value to a type."""
    if isinstance(kind, StrawberryOptional):
        return partial(_unless_none, _conversion(kind.of_type))
    if isinstance(kind, StrawberryList):
        return partial(_each, _conversion(kind.of_type))
    if isinstance(kind, StrawberryEnumDefinition):
        return cast("Callable[[Any], Any]", kind.wrapped_cls)
    return partial(convert, kind) if has_object_definition(kind) else _unchanged


def _unless_none(conversion: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else conversion(value)


def _each(conversion: Callable[[Any], Any], values: Iterable[Any]) -> list[Any]:
    return [conversion(each) for each in values]


def _unchanged(value: Any) -> Any:
    return value
