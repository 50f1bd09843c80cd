"""What others do while a sink of the pose coach works: repairs, replays, and erasures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from application.pose_coach.erasure import PoseCoachData
from application.pose_coach.sinks import RETRY
from application.privacy.subject_data import SubjectData
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.pose_coach.key import PoseCoachKey
from tests.application.pose_coach.coach_fixture import ADA, Coach
from tests.application.pose_coach.coach_fixture import coach as opened

coach = opened


def once(coach: Coach, name: str, meanwhile: Callable[[], Any], *, after: bool) -> None:
    """Do something before or after the next call of a method of the document store."""
    method = getattr(coach.stores.document, name)

    def call(*args: Any) -> None:
        del coach.document.__dict__[name]
        coach.now += timedelta(seconds=1)
        if not after:
            meanwhile()
        method(*args)
        if after:
            meanwhile()

    coach.document.__dict__[name] = call


@pytest.mark.parametrize("after", [False, True])
def test_a_repair_while_a_sink_writes_keeps_its_mark(coach: Coach, after: bool) -> None:  # noqa: FBT001
    """R-PCH-18, R-PCH-23: so that what it copied becomes what the log has."""
    session = coach.save()
    coach.follow(coach.analytics)
    record = coach.stores.analytics.find(DEFAULT_TENANT, session)
    assert record is not None
    coach.stores.analytics.save(DEFAULT_TENANT, replace(record, reps=99), coach.now)
    once(coach, "save", lambda: coach.agreement().repair(DEFAULT_TENANT, "analytics"), after=after)
    coach.follow()
    assert coach.verify()
    assert coach.statuses(session) == {"document": "saved", "analytics": "saved"}


def test_a_session_that_was_replayed_while_it_failed_is_due(coach: Coach) -> None:
    """R-PCH-21: at once, and its attempts are counted from the start."""
    session = coach.save()
    coach.document.error = ValueError()
    coach.document.fails_profiles = False
    coach.follow()
    coach.now += timedelta(seconds=RETRY.longest_s)
    coach.document.error = None

    def fail(*_: object) -> None:
        del coach.document.__dict__["save"]
        coach.now += timedelta(seconds=1)
        coach.stores.states.replay("document", coach.now)
        raise ValueError

    coach.document.__dict__["save"] = fail
    coach.follow()
    assert coach.statuses(session)["document"] == "pending"
    coach.follow()
    assert coach.stored() == [[session], [session]]


def test_a_session_that_is_marked_before_its_place_is_noted_is_not_written_yet(
    coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-PCH-08: else, if it was deleted then, nobody would know where it is."""
    session = coach.save()
    find_key, first = coach.find_key, [True]

    def find(tenant_id: TenantId, user_id: UserId) -> PoseCoachKey | None:
        if first:
            first.clear()
            coach.now += timedelta(seconds=1)
            coach.stores.states.mark_user("document", tenant_id, user_id, coach.now)
            coach.delete(session)
        return find_key(tenant_id, user_id)

    monkeypatch.setattr(coach, "find_key", find)
    coach.follow(coach.document)
    coach.follow()
    assert coach.stored() == [[], []]
    assert coach.verify()


@pytest.mark.parametrize(
    ("method", "after"), [("save_profile", False), ("save", False), ("save", True)]
)
def test_an_erasure_while_a_sink_writes_leaves_nothing(
    coach: Coach,
    method: str,
    after: bool,  # noqa: FBT001
) -> None:
    """C-24, R-TEN-16: what the sink had begun to write is deleted."""
    coach.save()
    data = PoseCoachData(coach.stores.states, (coach.stores.document, coach.stores.analytics))
    subject = SubjectData(DEFAULT_TENANT, ADA, (), (), ())
    once(coach, method, lambda: data.remove(subject), after=after)
    coach.follow(coach.document)
    assert coach.stored() == [[], []]
    assert coach.stores.states.of_user(DEFAULT_TENANT, ADA) == []
