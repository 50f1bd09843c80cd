"""Types of GraphQL are derived from the views of REST."""

from datetime import UTC, datetime
from typing import Any, Literal

import strawberry
from pydantic import Field

from api.graphql.derived_types import convert, derived
from api.views.base import Body


class LapView(Body):
    seconds: float
    effort: Literal["easy", "hard"] | None


class RunView(Body):
    id: str
    athlete_id: str
    at: datetime
    laps: tuple[LapView, ...]
    best: LapView | None
    notes: list[str] = Field(description="In order.")
    effort: Literal["easy", "hard"]


@derived(LapView)
class Lap:
    """One round of the track."""


@derived(RunView, description="A run on a track.", run_id="id")
class Run:
    """Run with its laps."""

    effort: str


LAP = LapView(seconds=61.5, effort="hard")


def run(best: LapView | None) -> RunView:
    return RunView(
        id="r1",
        athlete_id="ada",
        at=datetime(2030, 1, 1, tzinfo=UTC),
        laps=(LAP, LapView(seconds=70, effort=None)),
        best=best,
        notes=["windy"],
        effort="easy",
    )


def schema(shown: RunView) -> strawberry.Schema:
    def latest() -> Any:
        return convert(Run, shown)

    latest.__annotations__["return"] = Run
    query: Any = type("Query", (), {"latest": strawberry.field(resolver=latest)})
    return strawberry.Schema(query=strawberry.type(query))


def test_a_type_has_the_fields_of_the_view() -> None:
    """C-53."""
    sdl = schema(run(LAP)).as_str()
    for declared in (
        '"""One round of the track."""\ntype Lap {\n  seconds: Float!\n  effort: LapViewEffort\n}',
        '"""A run on a track."""\ntype Run {\n  runId: ID!\n  athleteId: ID!\n  at: DateTime!\n',
        '  laps: [Lap!]!\n  best: Lap\n\n  """In order."""\n  notes: [String!]!\n',
        "  effort: String!\n}",
    ):
        assert declared in sdl


def test_a_view_becomes_the_type() -> None:
    """C-53: enums, lists and objects within are converted, too."""
    fields = "{ latest { runId notes effort laps { seconds effort } best { seconds } } }"
    data = schema(run(LAP)).execute_sync(fields).data
    assert data is not None
    assert data["latest"] == {
        "runId": "r1",
        "notes": ["windy"],
        "effort": "easy",
        "laps": [{"seconds": 61.5, "effort": "HARD"}, {"seconds": 70.0, "effort": None}],
        "best": {"seconds": 61.5},
    }


def test_an_object_that_the_view_does_not_have_stays_null() -> None:
    """C-53."""
    data = schema(run(None)).execute_sync("{ latest { best { seconds } } }").data
    assert data == {"latest": {"best": None}}
