"""Killed, stopped and suspended workers on a real Kafka lose and double nothing.

One seeded round of each kind; `python -m tests.streams.chaos` runs any number.
"""

from contextlib import closing
from pathlib import Path

import pytest

from tests.adapters.event_log.postgres_databases import upgraded_database
from tests.plugins.services import Service
from tests.streams.exercise_rounds import ExerciseRound
from tests.streams.lab import Blow, Lab, Plan
from tests.streams.pose_rounds import PoseRound

pytestmark = pytest.mark.slow

WITHIN_S = 900
PLAN = Plan(
    seed=1,
    workers=2,
    sessions=12,
    chunks=50,
    pace_s=0.2,
    blows=(
        Blow(way="kill", worker=0, after_s=6.0, back_after_s=1.0),
        Blow(way="freeze", worker=1, after_s=1.0, back_after_s=7.0),
    ),
)


def assert_exact(lab: Lab) -> None:
    with closing(lab):
        lab.play()
        wrong = {what: count for what, count in lab.differences().items() if count}
    assert wrong == {}


@pytest.mark.timeout(WITHIN_S)
def test_killed_and_frozen_workers_lose_no_chunk_and_repeat_no_detection(
    kafka: Service, tmp_path: Path
) -> None:
    """R-EVT-13, R-EVT-16."""
    assert_exact(PoseRound(kafka.address, PLAN, tmp_path))


@pytest.mark.timeout(WITHIN_S)
def test_killed_and_frozen_workers_enter_each_fact_once(
    kafka: Service, postgres: Service, tmp_path: Path
) -> None:
    """R-EVT-16."""
    with upgraded_database(postgres.address) as database:
        assert_exact(ExerciseRound(kafka.address, PLAN, tmp_path, database))
