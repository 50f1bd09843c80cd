"""Contract of the analytics store's figures of many people."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest

from application.leaderboards.rankings import Quartiles
from application.pose_coach.report import GroupFigures, month_bounds
from application.pose_coach.stores import AnalyticsStore, ProfileRecord, SessionRecord
from domain.ids import TenantId
from tests.contracts.pose_coach_rigs import HERE, analytics_in_files, analytics_in_mysql
from tests.plugins.services import Service

THERE = TenantId("there")
AT = datetime(2025, 10, 17, tzinfo=UTC)
OCTOBER = month_bounds(date(2025, 10, 1))
SQUATS = SessionRecord("s", "u", "squat", 0, 0.87, "2025-10-17T14:30:00.000Z", 60, ())


@pytest.fixture(params=["files", "MySQL"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnalyticsStore]:
    with ExitStack() as opened:
        if request.param == "files":
            rig = opened.enter_context(analytics_in_files(tmp_path))
        else:
            server: Service = request.getfixturevalue("mariadb")
            rig = opened.enter_context(analytics_in_mysql(server.address))
        yield cast("AnalyticsStore", rig.store)


def train(store: AnalyticsStore, number: int, record: SessionRecord = SQUATS) -> None:
    """Save a session of the person of that number: ten repetitions for each number."""
    user = f"uid-{number:02}"
    own = replace(record, session_id=f"{record.session_id}-{number}", user_id=user)
    store.save(HERE, replace(own, reps=10 * number), AT)


def test_figures_are_of_those_who_consented(store: AnalyticsStore) -> None:
    """R-PCH-14, R-PCH-22, C-41: of one month and tenant, if there are enough people."""
    for number in range(1, 9):
        store.save_profile(HERE, f"uid-{number:02}", ProfileRecord(is_compared=number <= 7))
        train(store, number)
        in_november = replace(SQUATS, session_id="n", timestamp="2025-11-01T00:00:00.000Z")
        train(store, number, in_november)
    (found,) = store.groups(HERE, *OCTOBER, fewest=7, by_exercise=False)
    one, minute = Quartiles(1, 1, 1), Quartiles(60, 60, 60)
    assert replace(found, accuracy=one) == GroupFigures(
        None, 7, one, Quartiles(25, 40, 55), one, minute
    )
    assert found.accuracy.median == pytest.approx(0.87)
    (squats,) = store.groups(HERE, *OCTOBER, fewest=7, by_exercise=True)
    assert (squats.exercise, squats.athletes) == ("squat", 7)
    assert store.groups(HERE, *OCTOBER, fewest=8, by_exercise=False) == []
    assert store.groups(THERE, *OCTOBER, fewest=1, by_exercise=False) == []


def test_a_withdrawn_consent_counts_no_more(store: AnalyticsStore) -> None:
    """R-PCH-14, C-41: and a profile that is saved without one keeps what it has."""
    store.save_profile(HERE, "uid-01", ProfileRecord(is_compared=True, health_records=7))
    train(store, 1)
    store.save_profile(HERE, "uid-01")
    assert len(store.groups(HERE, *OCTOBER, fewest=1, by_exercise=False)) == 1
    store.save_profile(HERE, "uid-01", ProfileRecord(health_records=7))
    assert store.groups(HERE, *OCTOBER, fewest=1, by_exercise=False) == []
