"""Sessions that are made from rows without validation have the JSON of the views."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from api.views import session_rows
from api.views.base import PageInfo
from api.views.sessions import Repetition, Session, SessionPage, Set
from domain.ids import ExerciseId, SessionId, UserId
from domain.values import FaultJudgement
from projections.exercise_set import ExerciseSet
from projections.repetition import Repetition as RepetitionRow
from projections.session_summary import SessionSummary

BEGUN = SessionSummary(
    id=SessionId("s1"),
    athlete_id=UserId("ada"),
    workout_id=None,
    status="underway",
    time_zone="Europe/Zürich",
    day=date(2030, 1, 31),
    started_at=datetime(2030, 1, 31, 7, 30, 0, 120, tzinfo=UTC),
)
COMPLETED = replace(
    BEGUN,
    status="completed",
    completed_at=datetime(2030, 1, 31, 8, tzinfo=UTC),
    exercises=(ExerciseId("squat"), ExerciseId("plank")),
    sets=2,
    repetitions=12,
    verified_repetitions=11,
    calories_kcal=1e-7,
    accuracy=0.875,
    performance_score=1.0,
    counted_by_source="device",
    counted_by_model="blazepose-full",
    counted_by_definition_version=3,
    tags=("<b>“Füße”",),
)
SET = ExerciseSet(
    id="s1/1",
    session_id=SessionId("s1"),
    number=1,
    exercise_id=ExerciseId("squat"),
    status="completed",
    target_repetitions=None,
    load_kg=40.0,
    counted_by_source="server",
    counted_by_model="blazepose-full",
    counted_by_definition_version=1,
    counted_by_learned=None,
)
REPETITION = RepetitionRow(
    id="s1/1/1",
    session_id=SessionId("s1"),
    set_id="s1/1",
    set=1,
    number=1,
    start_ms=0,
    end_ms=4000,
    eccentric_s=1.5,
    bottom_pause_s=0.25,
    concentric_s=1.25,
    top_pause_s=0.5,
    range_of_motion_deg=92.5,
    symmetry=None,
    form=0.5,
    confidence=1.0,
    faults=("knees_in",),
    unjudged=None,
    by_hand=False,
    source="server",
    verified=True,
    judgements=(FaultJudgement("knees_in", "clear", 0.9, 12.5, 10.0),),
    form_error=0.01,
)


@pytest.mark.parametrize("row", [BEGUN, COMPLETED])
def test_a_page_of_rows_is_encoded_as_its_view(row: SessionSummary) -> None:
    """C-53: byte by byte."""
    info = PageInfo(has_next_page=True, has_previous_page=False, start_cursor="a", end_cursor="b")
    page = SessionPage(items=[Session.of(row)], page_info=info)
    made = session_rows.page_of([session_rows.session_of(row)], info)
    assert msgspec.json.encode(made).decode() == page.model_dump_json(by_alias=True)


@pytest.mark.parametrize(
    ("made", "view"),
    [
        (session_rows.set_of(SET), Set.of(SET)),
        (session_rows.repetition_of(REPETITION), Repetition.of(REPETITION)),
        (
            session_rows.repetition_of(replace(REPETITION, eccentric_s=None, judgements=None)),
            Repetition.of(replace(REPETITION, eccentric_s=None, judgements=None)),
        ),
    ],
)
def test_parts_made_from_rows_have_the_attributes_of_their_views(made: Any, view: Any) -> None:
    """C-53: GraphQL reads them."""
    assert msgspec.to_builtins(made) == msgspec.to_builtins(view.model_dump(by_alias=True))
