"""Rows of achievements and of pending checks."""

from datetime import timedelta

from domain.achievements.events import BadgeEarned, SessionChecked, TrophyUnlocked
from domain.ids import SessionId
from domain.kernel import Projection
from domain.sessions.events import SessionDeleted, SessionRestored
from projections.achievement import ACHIEVEMENT, Achievement
from projections.achievement_check import ACHIEVEMENT_CHECK, AchievementCheck
from tests.projections.histories import ADA, AT, ListLog, completed, rows_after, started

S1 = SessionId("s1")
LATER = AT + timedelta(hours=1)
BADGE = BadgeEarned(
    badge="first_workout", measure="workouts", least=1.0, figure=1.0, session_id=S1, at=AT
)
TROPHY = TrophyUnlocked(
    family="hold", tier="silver", measure="hold_s", least=120.0, figure=131.0, session_id=S1, at=AT
)
CHECKED = SessionChecked(session_id=S1, at=LATER)


def checks(*facts: tuple[str, object]) -> list[AchievementCheck]:
    log, rows = ListLog(), dict[str, AchievementCheck]()
    projection: Projection[AchievementCheck] = ACHIEVEMENT_CHECK
    for stream, event in facts:
        for recorded in log.add(stream, event):
            for key in projection.keys(recorded):
                row = projection.evolve(rows.pop(key, None), recorded)
                if row is not None:
                    rows[key] = row
    return list(rows.values())


def test_a_badge_and_a_tier_have_a_row_each_with_their_evidence() -> None:
    """R-WKT-08, R-DAT-03"""
    assert rows_after(ACHIEVEMENT, "achievements-ada", BADGE, TROPHY, CHECKED) == {
        "ada/first_workout": Achievement(
            "ada/first_workout", ADA, "badge", "first_workout", None, "workouts", 1.0, 1.0, S1, AT
        ),
        "ada/hold/silver": Achievement(
            "ada/hold/silver", ADA, "trophy", "hold", "silver", "hold_s", 120.0, 131.0, S1, AT
        ),
    }


def test_a_completed_session_is_due_until_it_was_checked() -> None:
    begun, over = ("session-s1", started()), ("session-s1", completed())
    assert checks(begun) == []
    (due,) = checks(begun, over)
    assert (due.id, due.athlete_id, due.checked_at, due.shown) == (S1, ADA, None, True)
    (done,) = checks(begun, over, ("achievements-ada", CHECKED))
    assert done.checked_at == LATER


def test_a_session_that_is_deleted_is_not_due_until_it_is_brought_back() -> None:
    over = ("session-s1", completed())
    deleted = ("session-s1", SessionDeleted(at=LATER, trained=None))
    restored = ("session-s1", SessionRestored(at=LATER, trained=None))
    assert [each.shown for each in checks(over, deleted)] == [False]
    assert [each.shown for each in checks(over, deleted, restored)] == [True]
    assert checks(deleted) == []


def test_a_session_that_was_checked_is_due_again_when_it_is_restored() -> None:
    """R-WKT-08, C-50"""
    over, checked = ("session-s1", completed()), ("achievements-ada", CHECKED)
    deleted = ("session-s1", SessionDeleted(at=LATER, trained=None))
    restored = ("session-s1", SessionRestored(at=LATER, trained=None))
    (due,) = checks(over, checked, deleted, restored)
    assert (due.checked_at, due.restored_at, due.shown) == (None, LATER, True)
    (done,) = checks(over, checked, deleted, restored, checked)
    assert done.checked_at == LATER
