"""Strategy of GraphQL documents over a schema, with aliases, fragments and conditions."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final

from graphql import (
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_interface_type,
)
from hypothesis import strategies as st

DECLARED: Final = "$yes: Boolean! = true, $no: Boolean!"

VARIABLES: Final[dict[str, Any]] = {"no": False}

CONDITIONS: Final = ("", "", "", "", "@skip(if: $no)", "@include(if: $yes)", "@skip(if: $yes)")


@st.composite
def documents(
    draw: Callable[[Any], Any], schema: GraphQLSchema, arguments: Mapping[str, str], depth: int
) -> str:
    """Generate a query; `arguments` has the values of arguments by their names.

    Fields that require others are left out.
    """
    numbers, fragments = count(), list[str]()

    def selection(kind: Any, depth: int) -> str:
        names = [name for name in fields_of(kind) if depth or is_leaf(kind, name)]
        chosen = draw(st.lists(st.sampled_from([*names, "__typename"]), min_size=1, max_size=6))
        return " ".join(part(kind, name, depth) for name in chosen)

    def part(kind: Any, name: str, depth: int) -> str:
        condition = draw(st.sampled_from(CONDITIONS))
        match draw(st.integers(0, 7)):
            case 0:
                return f"... on {kind.name} {condition} {{ {one(kind, name, depth, '')} }}"
            case 1:
                fragment = f"F{next(numbers)}"
                text = one(kind, name, depth, "")
                fragments.append(f"fragment {fragment} on {kind.name} {{ {text} }}")
                return f"...{fragment} {condition} ...{fragment}"
            case _:
                return one(kind, name, depth, condition)

    def one(kind: Any, name: str, depth: int, condition: str) -> str:
        if name == "__typename":
            return f"a{next(numbers)}: __typename {condition}"
        field = kind.fields[name]
        inner: Any = get_named_type(field.type)
        given = ", ".join(
            f"{each}: {arguments[each]}"
            for each, argument in field.args.items()
            if each in arguments and (is_required(argument) or draw(st.booleans()))
        )
        below = ""
        if is_composite_type(inner):
            below = f"{{ {selections(inner, depth - 1)} }}"
        return f"a{next(numbers)}: {name}{f'({given})' if given else ''} {condition} {below}"

    def selections(kind: Any, depth: int) -> str:
        """Select of the possible types of an abstract type, or of an object type."""
        if not is_abstract_type(kind):
            return selection(kind, depth)
        possible = schema.get_possible_types(kind)
        chosen = draw(st.lists(st.sampled_from(possible), max_size=2))
        own = selection(kind, 0) if is_interface_type(kind) else f"a{next(numbers)}: __typename"
        return " ".join(
            [own, *(f"... on {each.name} {{ {selection(each, depth)} }}" for each in chosen)]
        )

    def is_leaf(kind: Any, name: str) -> bool:
        return not is_composite_type(get_named_type(kind.fields[name].type))

    def is_required(argument: Any) -> bool:
        return isinstance(argument.type, GraphQLNonNull)

    def fields_of(kind: Any) -> list[str]:
        return [
            name
            for name, field in kind.fields.items()
            if all(each in arguments or not is_required(a) for each, a in field.args.items())
        ]

    body = selection(schema.query_type, depth)
    used = "u: __typename @skip(if: $no) @include(if: $yes)"
    text = f"{{ {used} {body} }} {' '.join(fragments)}"
    return f"query Generated({DECLARED}{', $two: Int = 2' if '$two' in text else ''}) {text}"
