"""Inputs of mutations are derived from the bodies of REST."""

from inspect import Parameter, signature
from typing import Any, Literal

import pytest
import strawberry
from pydantic import Field

from api.caller import Id
from api.graphql.inputs import NODE_KINDS, MutationInput, body_from, input_of, key_from
from api.graphql.mutations import NO_KEYS, writes_of
from api.graphql.pagination import global_id
from api.graphql.schema import WRITES
from api.views.base import StrictBody
from application.caller import IdInvalid
from domain.values import InvalidValue


class Step(StrictBody):
    seconds: int = Field(ge=1)


class Stretch(StrictBody):
    """Stretch after a session."""

    effort: Literal["easy", "hard"] = "easy"
    steps: tuple[Step, ...] = Field(description="In order.")
    athlete_id: Id | None = None


INPUT: Any = input_of("StretchInput", ["session_id"], Stretch, MutationInput)


def test_an_input_has_the_fields_of_the_body() -> None:
    """C-53."""

    def stretch(input: Any) -> int:
        return 1

    stretch.__annotations__["input"] = INPUT
    query: Any = type("Query", (), {"stretch": strawberry.field(resolver=stretch)})
    sdl = strawberry.Schema(query=strawberry.type(query)).as_str()
    for declared in (
        '"""Stretch after a session."""\ninput StretchInput {',
        "  sessionId: ID!\n  effort: StretchEffort! = EASY\n",
        '  """In order."""\n  steps: [StepInput!]!\n  athleteId: ID = null\n',
        "enum StretchEffort {\n  EASY\n  HARD\n}",
        "input StepInput {\n  seconds: Int!\n}",
    ):
        assert declared in sdl


def test_every_id_of_a_path_has_a_kind() -> None:
    """C-53: otherwise the mutation fails, whatever a client sends."""
    without_kind = {
        (write.__name__, name)
        for context in WRITES
        for write in writes_of(context)
        for name, each in signature(write).parameters.items()
        if each.default is Parameter.empty and name not in NO_KEYS | NODE_KINDS.keys()
    }
    assert not without_kind


def test_an_input_becomes_the_body() -> None:
    """Global ids are accepted; limits and ids are checked as in REST."""
    annotations = INPUT.__annotations__
    step, effort = annotations["steps"].__args__[0], annotations["effort"]

    def sent(seconds: int = 9, athlete: str = "ada") -> Any:
        return INPUT(
            session_id=global_id("Session", "s1"),
            effort=effort.HARD,
            steps=[step(seconds=seconds)],
            athlete_id=athlete,
        )

    assert key_from(sent(), "session_id") == "s1"
    body = Stretch(effort="hard", steps=(Step(seconds=9),), athlete_id="ada")
    assert body_from(sent(), Stretch) == body
    assert body_from(sent(athlete=global_id("User", "ada")), Stretch) == body
    with pytest.raises(InvalidValue, match=r"steps\.0\.seconds"):
        body_from(sent(seconds=0), Stretch)
    with pytest.raises(IdInvalid):
        body_from(sent(athlete="a/b"), Stretch)
