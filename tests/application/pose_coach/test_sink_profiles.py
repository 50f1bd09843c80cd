"""Profiles in the analytics store follow consents and linked health sources."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from application.kernel.command_handler import Request
from domain.health.batch import HEALTH_BATCH, StoreBatch
from domain.health.events import Records
from domain.users.commands import RegisterUser, WithdrawConsent
from domain.users.user import USER
from tests.api.rivals import agreed
from tests.application.pose_coach.coach_fixture import ADA, ENDED, ORIGIN, Coach
from tests.application.pose_coach.coach_fixture import coach as opened

coach = opened


def profile(folder: Path) -> tuple[object, ...]:
    """Return the profile of the only user, as an analyst would read it."""
    file = folder / "home" / "pose_analytics.default.sqlite3"
    query = "SELECT userId, isCompared, lastSync FROM user_health_profiles"
    with closing(sqlite3.connect(file)) as opened_file:
        (row,) = opened_file.execute(query)
    return tuple(row)


def test_a_profile_has_consent_and_last_sync(coach: Coach, tmp_path: Path) -> None:
    """R-PCH-14, R-PCH-19, C-41: also if they change after the last session."""
    run = coach.platform.commands.execute
    agreement = agreed(coach.platform, "population_insights")
    joined = Request(USER, ADA, [RegisterUser(at=ENDED), agreement])
    run(joined, origin=ORIGIN, command_id=uuid4())
    coach.save()
    coach.follow()
    assert profile(tmp_path) == ("uid-of-ada", 1, None)
    batch = StoreBatch(
        user_id=ADA,
        source="apple_health",
        records=Records((), ("gone",)),
        unchanged=0,
        rejected=0,
        at=ENDED,
    )
    run(Request(HEALTH_BATCH, "batch", [batch]), origin=ORIGIN, command_id=uuid4())
    coach.follow()
    assert profile(tmp_path) == ("uid-of-ada", 1, "2025-10-17T14:30:00.000Z")
    withdrawn = WithdrawConsent(purpose="population_insights", at=coach.platform.clock())
    run(Request(USER, ADA, [withdrawn]), origin=ORIGIN, command_id=uuid4())
    coach.follow()
    assert profile(tmp_path) == ("uid-of-ada", 0, "2025-10-17T14:30:00.000Z")
    assert coach.verify()
