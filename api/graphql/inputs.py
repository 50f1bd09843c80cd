"""Inputs of mutations, derived from the bodies of REST."""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from inspect import getdoc, isclass
from typing import Any, Final, Optional, TypeVar
from uuid import UUID

import strawberry
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from api.graphql.annotations import graphql_type
from api.graphql.pagination import key_of
from api.views.base import Body, IndividuallyChecked, KeptIfOmitted
from application.caller import checked_id
from domain.kernel import Rejected
from domain.values import InvalidValue

B = TypeVar("B", bound=Body)

NODE_KINDS: Final = {
    "session_id": "Session",
    "recording_id": "Recording",
    "link_id": "ShareLink",
    "export_id": "Export",
    "import_id": "HealthImport",
    "execution_id": "Session",
    "user_id": "User",
    "athlete_id": "User",
    "author_id": "User",
    "workout_id": "Workout",
    "trainer_id": "User",
    "plan_id": "Plan",
    "enrollment_id": "Enrollment",
    "subscription_id": "PlanSubscription",
    "payment_id": "Payment",
    "coupon_id": "Coupon",
    "content_id": "ContentItem",
    "delivery_id": "WebhookDelivery",
    "invitation_id": "AthleteInvitation",
    "assignment_id": "Assignment",
    "program_id": "Program",
    "exercise_id": "CustomExercise",
    "comment_id": "SessionComment",
    "source": "HealthSource",
    "metric": "HealthMetricType",
    "kind": "RecommendedKind",
    "item_id": "RecommendedItem",
    "list_id": "RecommendationList",
}
"""Kinds of objects by the names of their ids. Clients may send global ids."""


class TimeWithoutZone(Rejected):
    """Send the time with its zone, as in 2030-01-31T07:30:00+01:00."""

    code = "value.time_without_zone"
    kind = "invalid"


@strawberry.input
class MutationInput:
    """Common input of mutations.

    Retries with the same `commandId` return the first result; with other arguments, they are
    refused. `clientMutationId` is returned as is.
    """

    command_id: UUID | None = None
    client_mutation_id: str | None = None

    def old_values(self) -> Mapping[str, object]:
        """Return the values of arguments that REST does not have, by the names of the body."""
        return {}


class IndividuallyCheckedInput:
    """Input of an item of `IndividuallyChecked`."""


def input_of(
    name: str, keys: Iterable[str], body: type[Body] | None, base: type[MutationInput]
) -> type[MutationInput]:
    """Return the input of a mutation: ids of the path and fields of the body.

    `base` has the common arguments, and those that REST does not have.
    """
    ids = {key: (strawberry.ID, strawberry.field()) for key in keys}
    arguments = {} if body is None else _arguments(body)
    inherited = base.__dataclass_fields__
    own = {field: argument for field, argument in arguments.items() if field not in inherited}
    return _input(name, body, base, {**ids, **own})


def key_from(mutation_input: MutationInput, name: str) -> str:
    """Return an id of the path, given by its global id or its own."""
    return key_of(NODE_KINDS[name], getattr(mutation_input, name))


def body_from(mutation_input: MutationInput, body: type[B]) -> B:
    """Convert an input to the body of REST.

    Raises InvalidValue for a value outside of its limits, TimeWithoutZone and IdInvalid.
    """
    values = {
        name: _plain(name, value)
        for name in body.model_fields
        if (value := getattr(mutation_input, name, strawberry.UNSET)) is not strawberry.UNSET
    }
    try:
        return body.model_validate({**values, **mutation_input.old_values()})
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidValue(f"{name}: {first['msg']}.") from invalid


def to_utc(value: datetime) -> datetime:
    """Return a time as UTC. Raises TimeWithoutZone, and InvalidValue beyond the calendar."""
    if value.tzinfo is None:
        raise TimeWithoutZone
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise InvalidValue(f"{value.isoformat()} has no time in UTC.") from None


def _plain(name: str, value: Any) -> object:
    """Return the value of an argument as REST has it."""
    match value:
        case enum.Enum():
            return value.value
        case datetime():
            return to_utc(value)
        case list():
            return [_plain(name, each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        case str() if name in NODE_KINDS:
            return checked_id(key_of(NODE_KINDS[name], value))
        case IndividuallyCheckedInput():
            return {field: _unchecked(field, each) for field, each in _given(value)}
        case _ if is_dataclass(value):
            return {field: _plain(field, each) for field, each in _given(value)}
        case _:
            return value


def _given(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield names and values of the arguments that are given."""
    given = ((each.name, getattr(value, each.name)) for each in fields(value))
    return ((name, each) for name, each in given if each is not strawberry.UNSET)


def _unchecked(name: str, value: Any) -> object:
    """Return the value of an argument that the domain checks."""
    is_id = isinstance(value, str) and name in NODE_KINDS
    return key_of(NODE_KINDS[name], value) if is_id else value


Arguments = dict[str, tuple[Any, Any]]
"""Types and declarations of arguments."""


def _arguments(body: type[Body]) -> Arguments:
    arguments: Arguments = {}
    for field, info in body.model_fields.items():
        enum_name = f"{body.__name__}{field.title()}"
        kind = graphql_type(info.annotation, field, enum_name, _nested)
        if _is_kept(info):
            kind = Optional[kind]  # noqa: UP045  at run time
        declared = strawberry.field(description=info.description, **_default(info, kind))
        arguments[field] = kind, declared
    return arguments


@cache
def _nested(body: type[Body]) -> type:
    base = IndividuallyCheckedInput if issubclass(body, IndividuallyChecked) else object
    return _input(f"{body.__name__}Input", body, base, _arguments(body))


def _input(name: str, body: type[Body] | None, base: type, arguments: Arguments) -> type:
    """Declare an input."""
    namespace = {field: declared for field, (_, declared) in arguments.items()}
    annotations = {field: kind for field, (kind, _) in arguments.items()}
    created = type(name, (base,), {**namespace, "__annotations__": annotations})
    return strawberry.input(created, name=name, description=None if body is None else getdoc(body))


def _is_kept(info: FieldInfo) -> bool:
    return any(isinstance(each, KeptIfOmitted) for each in info.metadata)


def _default(info: FieldInfo, kind: Any) -> dict[str, Any]:
    if info.is_required():
        return {}
    if _is_kept(info):
        return {"default": strawberry.UNSET}
    if isinstance(info.default, tuple):
        return {"default_factory": lambda: list(info.default)}
    if isclass(kind) and issubclass(kind, enum.Enum):
        return {"default": kind(info.default)}
    return {"default": info.default}
