"""Requests for every operation of the API schemas, aimed at another user's data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)

METHODS = {"get", "post", "put", "patch", "delete"}
MOST_DEPTH = 3

ENDLESS = {"followWorkoutSessions", "latestWorkoutSessions"}
"""Streams that go on until the client leaves, or is signed out: tests of their own follow them."""

IDS_OF_FIELDS = {
    "contentItem": "contentid",
    "paymentFacts": "paymentid",
    "paymentIntent": "paymentid",
    "paymentMethodSetup": "subscriptionid",
    "planChangePreview": "subscriptionid",
    "planSubscription": "subscriptionid",
    "subscriptionFacts": "subscriptionid",
}
"""Ids of the root fields whose argument `id` is that of another kind than their name."""


@dataclass(frozen=True)
class Step:
    """A REST request with the ids filled in."""

    operation: str
    method: str
    path: str
    sent: dict[str, Any] = field(default_factory=dict[str, Any])


def steps(described: Mapping[str, Any], whose: Mapping[str, str]) -> Iterator[Step]:
    """Yield a request for every operation of an OpenAPI document, about the ids in `whose`.

    Parameters are matched by field name. Operations that may end the walker's sign-in come
    last.
    """
    last: list[Step] = []
    for path, methods in described["paths"].items():
        for method in METHODS & methods.keys():
            step = _step(described, path, method, whose)
            if step.operation in ENDLESS:
                continue
            if path.startswith("/v1/auth/"):
                last.append(step)
            else:
                yield step
    yield from last


def _step(described: Mapping[str, Any], path: str, method: str, whose: Mapping[str, str]) -> Step:
    operation = described["paths"][path][method]
    request_body: dict[str, Any] = {}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            named = str(_example(described, parameter["schema"], parameter["name"], whose))
            path = path.replace(f"{{{parameter['name']}}}", named)
        elif parameter["in"] == "query" and parameter["required"]:
            example = _example(described, parameter["schema"], parameter["name"], whose)
            several = isinstance(example, list)
            request_body.setdefault("params", {})[parameter["name"]] = (
                example if several else str(example)
            )
    bodies = operation.get("requestBody", {}).get("content", {})
    if "application/json" in bodies:
        request_body["json"] = _example(described, bodies["application/json"]["schema"], "", whose)
    elif "multipart/form-data" in bodies:
        form = _example(described, bodies["multipart/form-data"]["schema"], "", whose)
        files = {name: part for name, part in form.items() if isinstance(part, bytes)}
        request_body["data"] = {name: form[name] for name in form.keys() - files.keys()}
        request_body["files"] = {
            name: ("video.mp4", part, "video/mp4") for name, part in files.items()
        }
    return Step(operation["operationId"], method.upper(), path, request_body)


def _example(  # noqa: PLR0911, PLR0912  a table: one case a line
    described: Mapping[str, Any], schema: Mapping[str, Any], name: str, whose: Mapping[str, str]
) -> Any:
    """Return a value that fits a schema; known field names get their known values."""
    plain = name.replace("_", "").lower()
    if plain in whose:
        return whose[plain]
    match schema:
        case {"$ref": str(ref)}:
            target = described["components"]["schemas"][ref.rpartition("/")[2]]
            return _example(described, target, name, whose)
        case {"enum": [first, *_]} | {"const": first}:
            return first
        case {"anyOf": [first, *_]}:
            return _example(described, first, name, whose)
        case {"type": "object", "properties": dict(properties)}:
            wanted = set(schema.get("required", ())) | {
                each for each in properties if each.replace("_", "").lower() in whose
            }
            return {each: _example(described, properties[each], each, whose) for each in wanted}
        case {"type": "array", "prefixItems": list(parts)}:
            return [_example(described, part, name, whose) for part in parts]
        case {"type": "array"}:
            return [_example(described, schema["items"], name, whose)]
        case {"type": "integer" | "number"}:
            return schema.get("minimum", 1)
        case {"type": "boolean"}:
            return True
        case {"format": "uuid"}:
            return str(uuid4())
        case {"format": "date-time"}:
            return "2030-01-01T07:30:00Z"
        case {"format": "date"}:
            return "2030-01-01"
        case {"format": "binary"} | {"contentMediaType": _}:
            return b"video squat 1 7"
        case {"type": "object"}:
            return {}
        case _:
            return "something"


def operations(schema: GraphQLSchema, whose: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield name and document of every root field of a GraphQL schema, about the ids in `whose`.

    A field with an argument `id` is queried with that of its kind. `node`, `nodes` and fields of
    kinds that are not in `whose` are queried with each of them.
    """
    roots = (
        ("query", schema.query_type),
        ("mutation", schema.mutation_type),
        ("subscription", schema.subscription_type),
    )
    for kind, root in roots:
        for name, request_body in (root.fields if root else {}).items():
            if name in ENDLESS:
                continue
            of_kind = whose.get(IDS_OF_FIELDS.get(name, f"{name.lower()}id"))
            for each in [of_kind] if of_kind else sorted(set(whose.values())):
                arguments = _arguments(request_body, {**whose, "id": each, "ids": each})
                document = (
                    f"{kind} {{ {name}{arguments} {_selection(request_body.type, MOST_DEPTH)} }}"
                )
                yield name, document
                if not {"id", "ids"} & request_body.args.keys():
                    break


def _arguments(request_body: GraphQLField, whose: Mapping[str, str]) -> str:
    given = [
        f"{name}: {_literal(argument.type, name, whose)}"
        for name, argument in request_body.args.items()
        if isinstance(argument.type, GraphQLNonNull) or name.lower() in whose
    ]
    return f"({', '.join(given)})" if given else ""


def _literal(kind: Any, name: str, whose: Mapping[str, str]) -> str:
    match kind:
        case GraphQLNonNull():
            return _literal(kind.of_type, name, whose)
        case GraphQLList():
            return f"[{_literal(kind.of_type, name, whose)}]"
        case GraphQLEnumType():
            return str(next(iter(kind.values)))
        case GraphQLInputObjectType():
            fields = [
                f"{each}: {_literal(given.type, each, whose)}"
                for each, given in kind.fields.items()
                if isinstance(given.type, GraphQLNonNull) or each.lower() in whose
            ]
            return f"{{{', '.join(fields)}}}"
        case _ if name.lower() in whose:
            return f'"{whose[name.lower()]}"'
        case GraphQLScalarType(name="Int" | "Float" | "Position"):
            return "1"
        case GraphQLScalarType(name="Boolean"):
            return "true"
        case GraphQLScalarType(name="DateTime"):
            return '"2030-01-01T07:30:00Z"'
        case GraphQLScalarType(name="UUID"):
            return f'"{uuid4()}"'
        case _:
            return '"squat"'


def _selection(kind: Any, depth: int) -> str:
    """Select all fields of a type that need no arguments, to a depth."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLUnionType):
        parts = [f"... on {each.name} {_selection(each, depth)}" for each in named.types]
        return f"{{ __typename {' '.join(parts)} }}"
    if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    chosen = ["__typename"]
    for name, each in named.fields.items():
        inner = get_named_type(each.type)
        asks = any(isinstance(argument.type, GraphQLNonNull) for argument in each.args.values())
        is_leaf = isinstance(inner, GraphQLScalarType | GraphQLEnumType)
        if not asks and (is_leaf or depth):
            chosen.append(f"{name} {_selection(each.type, depth - 1)}")
    return f"{{ {' '.join(chosen)} }}"
