"""Deletion of a health profile: its sessions leave the history and both stores."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import create_autospec
from uuid import uuid4

import pytest

from application.health import profile
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import Window
from application.pose_coach.sink_states import PROFILE
from application.pose_coach.sinks import RETRY
from domain.health.choices import ProfileNotFound
from domain.ids import DEFAULT_TENANT
from projections.pose_session import POSE_SESSION
from tests.application.pose_coach.coach_fixture import ADA, ORIGIN, Coach
from tests.application.pose_coach.coach_fixture import coach as opened

coach = opened


def delete(coach: Coach) -> None:
    command_id = uuid4()
    for repeated in (False, True):
        deletion = coach.platform.health_profiles
        done = deletion.delete(ADA, origin=ORIGIN, command_id=command_id)
        assert done.repeated == repeated


def profile_states(coach: Coach) -> set[str]:
    entries = coach.stores.states.of_user(DEFAULT_TENANT, ADA)
    return {entry.status for _, entry in entries if entry.session_id == PROFILE}


def test_the_sessions_are_deleted_with_the_profile(
    coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-TEN-16, R-PCH-18: several pages of them; the next session has a profile again."""
    monkeypatch.setattr(profile, "PAGE_LIMIT", 2)
    for number in range(5):
        coach.save(number)
    coach.follow()
    assert profile_states(coach) == {"saved"}
    delete(coach)
    coach.follow()
    assert coach.stored() == [[], []]
    assert profile_states(coach) == {"deleted"}
    listed = coach.platform.pose_coach.get_user_workout_sessions(
        DEFAULT_TENANT, ADA, Window(first=10)
    )
    assert listed.edges == ()
    assert coach.verify()
    again = coach.save(9)
    coach.follow()
    assert coach.stored() == [[again], [again]]
    assert profile_states(coach) == {"saved"}
    assert coach.verify()


def test_a_session_after_the_deletion_keeps_its_profile(coach: Coach) -> None:
    """R-TEN-16, R-PCH-19: also if the stores follow after both."""
    coach.save(1)
    delete(coach)
    kept = coach.save(2)
    coach.follow()
    assert coach.stored() == [[kept], [kept]]
    assert coach.verify()


def test_a_store_that_is_down_deletes_later(coach: Coach) -> None:
    """R-TEN-16, R-PCH-15"""
    coach.save(1)
    coach.follow()
    coach.document.error = StorageUnavailable("down")
    delete(coach)
    coach.follow()
    coach.document.error = None
    assert coach.stored()[1] == []
    coach.now += timedelta(seconds=RETRY.longest_s)
    coach.follow()
    assert coach.stored() == [[], []]


def test_without_a_profile_nothing_is_deleted(coach: Coach) -> None:
    """R-TEN-16"""
    with pytest.raises(ProfileNotFound):
        delete(coach)


def test_sessions_whose_rows_are_stale_do_not_stop_the_deletion(coach: Coach) -> None:
    """R-TEN-16: a session was deleted, and the read model has not followed yet."""
    deleted, _ = coach.save(1), coach.save(2)
    deletion = coach.platform.health_profiles
    stale = deletion.read.page(
        POSE_SESSION,
        DEFAULT_TENANT,
        window=Window(first=10),
        where={"user_id": ADA},
        order_by="ended_at",
    )
    coach.platform.pose_coach.delete_workout_session(
        ADA, deleted, origin=ORIGIN, command_id=uuid4()
    )
    read = create_autospec(deletion.read, instance=True)
    read.page.return_value = stale
    replace(deletion, read=read).delete(ADA, origin=ORIGIN, command_id=uuid4())
    coach.follow()
    assert coach.stored() == [[], []]
    assert coach.verify()
