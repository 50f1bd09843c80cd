"""Compiled execution reads objects from the views on which they are built, as graphql-core does."""

from typing import Any, Final, Literal, NewType

import pytest
import strawberry
from graphql import Undefined
from strawberry.schema.config import StrawberryConfig

from api.graphql.compiled_execution import CompiledExecutor
from api.graphql.derived_types import convert, derived
from api.views.base import Body
from tests.api.both_executors import QuietSchema, both, executed_by


class LeafView(Body):
    name: str
    size: int | None
    color: Literal["red", "blue"]


class TreeView(Body):
    id: str
    height: float
    best: LeafView | None
    leaves: list[LeafView]
    kinds: list[Literal["old", "wild"]] | None


class BranchView(Body):
    name: str


class NutView(Body):
    name: str


class BoxView(Body):
    nut: NutView | None


@derived(LeafView)
class ViewedLeaf:
    """A leaf."""


@derived(TreeView, tree_id="id")
class ViewedTree:
    """A tree; `owner` is not in the view."""

    owner: str

    @strawberry.field
    def largest(self, info: strawberry.Info[Any, Any]) -> ViewedLeaf | None:
        leaf = info.context[0].best
        return None if leaf is None else convert(ViewedLeaf, leaf)


@strawberry.type
class Forest:
    @strawberry.field
    def trees(self, info: strawberry.Info[Any, Any]) -> list[ViewedTree | None]:
        return [convert(ViewedTree, view, owner="ada") for view in info.context]


FOREST: Final = QuietSchema(Forest)

LEAF: Final[dict[str, Any]] = {"name": "oak", "size": 3, "color": "red"}

TREE: Final[dict[str, Any]] = {
    "id": "t1",
    "height": 2.5,
    "best": LeafView(**LEAF),
    "leaves": [LeafView(**LEAF), LeafView(name="elm", size=None, color="blue")],
    "kinds": ["wild"],
}

EVERY_FIELD: Final = """{ trees {
  treeId height kinds owner largest { color } best { __typename name size color }
  leaves { title: name size color }
} }"""

UNUSUAL: Final[list[Any]] = [
    *(None, Undefined, "text", "red", "green", 3, 2**40, True, 0.5, float("nan"), {}, object()),
    *(float("inf"), [], [None], ["wild", "green"], [["wild"]], ("old",), range(2)),
    *(frozenset(["old"]), ValueError("in a view"), [ValueError("in a list")]),
    *(LeafView(**LEAF), [LeafView(**LEAF)]),
]
"""Values that views may have by mistake."""


@pytest.mark.parametrize("name", sorted(TREE))
def test_each_unusual_value_of_a_view_has_the_response_of_graphql_core(name: str) -> None:
    """R-API-07."""
    for unusual in UNUSUAL:
        views = [TreeView.model_construct(None, **{**TREE, name: unusual}), TreeView(**TREE)]
        ordinary, first, second = both(FOREST, EVERY_FIELD, lambda: views)  # noqa: B023
        assert first == second == ordinary, unusual


@pytest.mark.parametrize("name", sorted(LEAF))
def test_each_unusual_value_of_a_view_in_a_view_has_the_response_of_graphql_core(name: str) -> None:
    """R-API-07."""
    for unusual in UNUSUAL:
        leaf = LeafView.model_construct(None, **{**LEAF, name: unusual})
        views = [TreeView(**TREE), TreeView.model_construct(None, **{**TREE, "leaves": [leaf]})]
        views.append(TreeView.model_construct(None, **{**TREE, "best": leaf}))
        ordinary, first, second = both(FOREST, EVERY_FIELD, lambda: views)  # noqa: B023
        assert first == second == ordinary, unusual


class Renamed(ViewedLeaf):
    """A subclass that does not show what its view has."""

    @property
    def name(self) -> str:
        return "renamed"


@derived(BranchView, label="name")
class Branch:
    """A type whose view has an attribute that the type does not show under this name."""


@derived(NutView)
class Nut:
    """A type whose objects are recognized in another way than by their class."""

    @classmethod
    def is_type_of(cls, _value: Any, _info: Any) -> bool:
        return False


@derived(BoxView)
class Box:
    """A box with a nut."""


Code = NewType("Code", str)


@strawberry.type
class Others:
    @strawberry.field
    def code(self, info: strawberry.Info[list[Code], None]) -> Code | None:
        return info.context[0]

    @strawberry.field
    def leaf(self, info: strawberry.Info[list[ViewedLeaf], None]) -> ViewedLeaf | None:
        return info.context[0]

    @strawberry.field
    def box(self) -> Box:
        return convert(Box, BoxView(nut=NutView(name="acorn")))


CODES: Final = StrawberryConfig(scalar_map={Code: strawberry.scalar(name="Code", serialize=str)})

OTHERS: Final = QuietSchema(Others, config=CODES)


def renamed_leaf() -> ViewedLeaf:
    leaf = convert(ViewedLeaf, LeafView(**LEAF))
    leaf.__class__ = Renamed
    return leaf


@pytest.mark.parametrize(
    "leaf", [renamed_leaf(), convert(Branch, BranchView(name="b")), LeafView(**LEAF)]
)
def test_objects_of_other_classes_have_the_response_of_graphql_core(leaf: Any) -> None:
    """R-API-07."""
    ordinary, first, second = both(OTHERS, "{ leaf { name } }", lambda: [leaf])
    assert first == second == ordinary


@pytest.mark.parametrize("document", ["{ leaf { __typename } }", "{ code }"])
def test_a_value_that_is_undefined_is_null_as_with_graphql_core(document: str) -> None:
    """R-API-07: neither its type nor a scalar that takes any value may be asked."""
    ordinary, first, second = both(OTHERS, document, lambda: [Undefined])
    assert first == second == ordinary
    assert "None" in ordinary[0]


def test_objects_of_special_types_have_the_response_of_graphql_core() -> None:
    """R-API-07."""
    ordinary, first, second = both(OTHERS, "{ box { nut { name } } }", list)
    assert first == second == ordinary
    assert ordinary[1]


def test_usual_values_are_read_from_the_view_without_building_objects() -> None:
    views = [TreeView(**TREE)]
    built: list[ViewedTree] = []

    @strawberry.type
    class Kept:
        @strawberry.field
        def trees(self) -> list[ViewedTree]:
            built.append(convert(ViewedTree, views[0], owner="ada"))
            return built

    kept = QuietSchema(Kept)
    with executed_by(CompiledExecutor, kept):
        data = kept.execute_sync("{ trees { treeId owner best { color } leaves { size } } }").data
    assert data == {
        "trees": [
            {
                "treeId": "t1",
                "owner": "ada",
                "best": {"color": "RED"},
                "leaves": [{"size": 3}, {"size": None}],
            }
        ]
    }
    assert set(vars(built[0])) == {"owner", "_view"}


def test_a_field_of_the_view_cannot_be_replaced() -> None:
    with pytest.raises(TypeError, match="from its view"):
        convert(ViewedTree, TreeView(**TREE), owner="ada", height=3.0)
