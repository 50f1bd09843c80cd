"""Compiled execution of queries responds as graphql-core's executor does."""

import enum
import gc
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Union
from uuid import UUID
from weakref import ref

import pytest
import strawberry
from graphql import Undefined
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry import BasePermission
from strawberry.extensions import ParserCache

from api.graphql.compiled_execution import MAX_VARIANTS, CompiledExecutor, CompiledObject
from api.graphql.context import Context
from api.graphql.schema import schema
from application.caller import Caller
from application.platform import Platform
from domain.ids import DEFAULT_TENANT
from tests.api.both_executors import QuietSchema, both, executed_by
from tests.api.driver import ApiDriver
from tests.api.generated_documents import VARIABLES, documents

CHAIN: Final = UUID("019f1a44-6c2e-7d1b-8f52-2b7a90c4e6d3")


@strawberry.enum
class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Leaf(Named):
    size: int


@strawberry.type
class Stem(Named):
    leaves: list[Leaf]


@strawberry.type
class Thing:
    text: str
    maybe_text: str | None
    number: int
    maybe_number: int | None
    share: float
    flag: bool | None
    color: Color
    maybe_color: Color | None
    at: datetime | None
    day: date
    key: strawberry.ID
    words: list[str]
    maybe_words: list[str | None] | None
    leaf: Leaf
    maybe_leaf: Leaf | None
    leaves: list[Leaf]
    maybe_leaves: list[Leaf | None] | None
    named: Named | None
    named_list: list[Named]
    either: list[Annotated[Union[Leaf, Stem], strawberry.union("Either")]] | None  # noqa: UP007

    @strawberry.field
    def repeated(self, info: strawberry.Info[Any, Any], first: int = 1) -> str | None:
        return f"{self.text * first} at {info.path.key} of {info.field_name}"

    @strawberry.field
    def failing(self) -> str | None:
        raise ValueError(self.text)

    @strawberry.field
    def required(self) -> str:
        raise ValueError(self.text)

    @strawberry.field
    def later(self) -> list[Leaf]:
        return self.leaves


@strawberry.type
class Query:
    @strawberry.field
    def thing(self, info: strawberry.Info[list[Thing], None]) -> Thing:
        return info.context[0]

    @strawberry.field
    def maybe(self, info: strawberry.Info[list[Thing], None]) -> Thing | None:
        return info.context[1]

    @strawberry.field
    def things(self, info: strawberry.Info[list[Thing], None]) -> list[Thing]:
        return info.context

    @strawberry.field
    def some(self, info: strawberry.Info[list[Thing], None]) -> list[Thing | None]:
        return [*info.context, None]


THINGS: Final = QuietSchema(Query, types=[Leaf, Stem], extensions=[ParserCache])

LEAVES: Final = [Leaf(name="oak", size=3), Leaf(name="elm", size=4)]
STEM: Final = Stem(name="stem", leaves=LEAVES)

USUAL: Final[dict[str, Any]] = {
    "text": "text",
    "maybe_text": "more",
    "number": 7,
    "maybe_number": 8,
    "share": 0.5,
    "flag": True,
    "color": Color.RED,
    "maybe_color": Color.BLUE,
    "at": datetime(2030, 1, 31, 7, 30, tzinfo=UTC),
    "day": date(2030, 1, 31),
    "key": "key",
    "words": ["a", "b"],
    "maybe_words": ["a", None],
    "leaf": LEAVES[0],
    "maybe_leaf": LEAVES[1],
    "leaves": LEAVES,
    "maybe_leaves": [*LEAVES, None],
    "named": LEAVES[0],
    "named_list": [STEM, *LEAVES],
    "either": [STEM, *LEAVES],
}

UNUSUAL: Final[list[Any]] = [
    *(None, "text", "", 3, 2**40, -1, True, 0.5, 4.0, float("nan"), float("inf")),
    *((), [], [None], ["a", None], ("a", 1), range(2), frozenset(["a"]), {"a": 1}, object()),
    *(ValueError("returned"), [ValueError("in a list")], Color.BLUE, b"bytes", date(2030, 2, 1)),
    *(Undefined, [Undefined], LEAVES[0], STEM, [LEAVES[0], STEM], (LEAVES[0], None)),
    Leaf(name=None, size=2**40),  # type: ignore[arg-type]
    [Leaf(name="x", size=None)],  # type: ignore[arg-type]
    Leaf(name=ValueError("name"), size="five"),  # type: ignore[arg-type]
]
"""Values that resolvers may return by mistake."""


def things() -> st.SearchStrategy[list[Any]]:
    """Generate three things, each with a few unusual values."""
    changes = st.dictionaries(st.sampled_from(sorted(USUAL)), st.sampled_from(UNUSUAL), max_size=4)
    one = changes.map(lambda changed: Thing(**{**USUAL, **changed}))
    return st.lists(one, min_size=3, max_size=3)


@settings(max_examples=80, suppress_health_check=list(HealthCheck), deadline=None)
@given(document=documents(THINGS._schema, {"first": "$two"}, 4), values=things())
def test_generated_documents_have_the_response_of_graphql_core(
    document: str, values: list[Any]
) -> None:
    """R-API-07: also with values that the schema does not allow, and errors."""
    ordinary, first, second = both(THINGS, document, lambda: values, **VARIABLES)
    assert first == ordinary
    assert second == ordinary


EVERY_FIELD: Final = """{ some {
  text maybeText number maybeNumber share flag color maybeColor at day key words maybeWords
  leaf { name size } maybeLeaf { name size } typed: maybeLeaf { __typename }
  leaves { name size } maybeLeaves { name size }
  named { __typename name ... on Leaf { size } } namedList { name ... on Stem { leaves { size } } }
  either { ... on Leaf { size } ... on Stem { name } } repeated failing later { name }
} }"""


@pytest.mark.parametrize("name", sorted(USUAL))
def test_each_unusual_value_of_each_field_has_the_response_of_graphql_core(name: str) -> None:
    """R-API-07: null propagates to the same object, with the same errors in the same order."""
    for unusual in UNUSUAL:
        values = [Thing(**USUAL), Thing(**{**USUAL, name: unusual}), Thing(**USUAL)]
        ordinary, first, second = both(THINGS, EVERY_FIELD, lambda: values)  # noqa: B023
        assert first == ordinary, unusual
        assert second == ordinary, unusual


@pytest.mark.parametrize(
    "document", ["{ thing { required } }", "{ maybe { text required } text: maybe { text } }"]
)
def test_an_error_of_a_required_field_nulls_its_object(document: str) -> None:
    values = [Thing(**USUAL)] * 3
    ordinary, first, second = both(THINGS, document, lambda: values)
    assert first == second == ordinary
    assert ordinary[1]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Types of the objects that are compiled during the test."""
    names: list[str] = []
    ordinary = CompiledObject.__init__

    def count(self: CompiledObject, executor: Any, kind: Any, grouped: Any) -> None:
        names.append(kind.name)
        ordinary(self, executor, kind, grouped)

    monkeypatch.setattr(CompiledObject, "__init__", count)
    return names


def test_a_plan_is_made_once_per_document_and_condition(made: list[str]) -> None:
    document = "query($with: Boolean!) { some { text leaf @include(if: $with) { name } } }"
    with executed_by(CompiledExecutor, THINGS):
        for included in (True, True, False, False, True):
            result = THINGS.execute_sync(
                document, {"with": included}, context_value=[Thing(**USUAL)] * 3
            )
            assert result.data is not None
            assert ("leaf" in result.data["some"][0]) is included
    assert sorted(made) == ["Leaf", "Query", "Query", "Thing", "Thing"]


def test_conditions_beyond_the_kept_plans_are_executed() -> None:
    names = [f"v{number}" for number in range(5)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: text @include(if: ${name})" for name in names)
    document = f"query({declared}) {{ thing {{ key {fields} }} }}"
    assert 2 ** len(names) > MAX_VARIANTS
    for chosen in range(2 ** len(names)):
        variables = {name: bool(chosen >> place & 1) for place, name in enumerate(names)}
        ordinary, first, second = both(THINGS, document, lambda: [Thing(**USUAL)] * 3, **variables)
        assert first == second == ordinary


@pytest.mark.parametrize("leaf", [LEAVES[0], None])
def test_a_condition_that_is_null_is_an_error_of_each_object(
    leaf: Leaf | None, made: list[str]
) -> None:
    """R-API-07: a variable with a default may be null; there is no error where no object is."""
    document = "query($with: Boolean = true) { some { text maybeLeaf { name @skip(if: $with) } } }"
    values = [Thing(**{**USUAL, "maybe_leaf": leaf})] * 3
    ordinary, first, second = both(THINGS, document, lambda: values, **{"with": None})
    assert first == second == ordinary
    assert bool(ordinary[1]) is (leaf is not None)
    assert made.count("Thing") <= 1  # none if the plan was kept from another example


class Nobody(BasePermission):
    message = "Nobody may."

    def has_permission(self, *_: Any, **__: Any) -> bool:
        return False


@strawberry.type
class Guarded:
    public: str
    secret: str | None = strawberry.field(permission_classes=[Nobody])


def test_permissions_of_attributes_are_checked() -> None:
    """R-API-07."""

    @strawberry.type
    class Guard:
        @strawberry.field
        def guarded(self) -> Guarded:
            return Guarded(public="p", secret="s")  # noqa: S106

    document = "{ guarded { public secret } }"
    ordinary, first, second = both(QuietSchema(Guard), document, list)
    assert first == second == ordinary
    assert "Nobody may." in str(ordinary[1])


def test_introspection_is_left_to_graphql_core() -> None:
    document = '{ __schema { types { name fields { name } } } __type(name: "Leaf") { kind } }'
    ordinary, first, second = both(THINGS, document, list)
    assert first == second == ordinary
    assert not ordinary[1]


@pytest.fixture
def caller(driver: ApiDriver, platform: Platform) -> Caller:
    """The caller of a platform with sessions."""
    for number in range(3):
        driver.train(number)
    return Caller(platform, DEFAULT_TENANT, CHAIN).guarded()


ARGUMENTS: Final = {"first": "$two", "ids": '["x"]', "sort": "DURATION", "ascending": "$yes"}


@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_generated_documents_over_the_schema_have_the_response_of_graphql_core(
    caller: Caller, data: st.DataObject
) -> None:
    """R-API-07."""
    ids = {
        "id": '"session-000"',
        "sessionId": '"session-000"',
        "athleteId": '"ada"',
        "userId": '"ada"',
    }
    document = data.draw(documents(schema._schema, {**ARGUMENTS, **ids}, 4))
    ordinary, first, second = both(schema, document, lambda: Context.of(caller), **VARIABLES)
    assert first == ordinary
    assert second == ordinary


SESSIONS: Final = """
query($first: Int, $sort: SessionSort!) {
  sessions(first: $first, sort: $sort) { edges { cursor node { ...S } } pageInfo { endCursor } }
  totals(athleteId: "ada", period: ALL) { start sessions accuracy }
}
fragment S on Session {
  id sessionId status startedAt day tags performance { score } countedBy { source }
  sets { number status sourceCounts { poses } } repetitions(set: 1) { number tempo { eccentricS } }
  rejectedRepetitions { reason } cues { cue } recording { id } achievements { __typename }
}"""


@pytest.mark.parametrize("first", [2, 0, -1, 100, None, "two"])
@pytest.mark.parametrize("sort", ["STARTED_AT", "SCORE", "NONE"])
def test_a_list_has_the_response_of_graphql_core(caller: Caller, first: Any, sort: str) -> None:
    """R-API-07: also where variables, arguments or costs are refused."""
    ordinary, one, two = both(schema, SESSIONS, lambda: Context.of(caller), first=first, sort=sort)
    assert one == two == ordinary


def test_the_rows_of_a_response_are_freed_at_once(caller: Caller) -> None:
    """They do not stay in memory until garbage is collected."""
    context = Context.of(caller)
    loaders = ref(context.loaders)
    gc.disable()
    try:
        variables = {"first": 2, "sort": "STARTED_AT"}
        result = schema.execute_sync(SESSIONS, variables, context_value=context)
        assert not result.errors
        assert loaders() is not None
        del context
        assert loaders() is None
    finally:
        gc.enable()
