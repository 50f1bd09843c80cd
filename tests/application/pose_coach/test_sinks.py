"""Both stores follow the log by themselves: failures, outages, waiting sessions, and erasure."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn, cast
from uuid import uuid4

import pytest

from application.kernel.command_handler import Request
from application.kernel.encryption import KeyDisabled, KmsUnavailable
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import Page, ReadModels, Window
from application.pose_coach.agreement import OTHER
from application.pose_coach.erasure import PoseCoachData
from application.pose_coach.hash_tree import HashTree
from application.pose_coach.restored_log import LogMark
from application.pose_coach.sink_states import PROFILE
from application.pose_coach.sinks import RETRY
from application.pose_coach.stores import StoreName
from application.privacy.subject_data import SubjectData
from domain.ids import DEFAULT_TENANT, PoseSessionId, SessionId, TenantId, UserId
from domain.personal import Personal
from domain.pose_coach.key import PoseCoachKey
from domain.sessions.commands import StartSession
from domain.sessions.session import SESSION
from domain.users.commands import AssignPoseCoachKey, RegisterUser
from domain.users.user import USER
from tests.application.pose_coach.coach_fixture import ADA, ORIGIN, Coach, Faulty
from tests.application.pose_coach.coach_fixture import coach as opened

coach = opened
EVE = UserId("eve")


class WithoutRows:
    """Read models in which all streams are in quarantine."""

    def get(self, *_: object) -> None:
        return None

    def get_many(self, *_: object) -> dict[str, Any]:
        return {}

    def page(self, *_: object, window: Window) -> Page[Any]:
        del window
        return Page((), has_next=False, has_previous=False)


def test_both_stores_hold_what_the_log_has(coach: Coach) -> None:
    """R-PCH-01, R-PCH-15, R-PCH-18, C-05: and nothing twice if they follow again."""
    first, second = coach.save(1), coach.save(2)
    coach.follow()
    coach.delete(first)
    for _ in range(2):
        coach.follow()
    assert coach.stored() == [[second], [second]]
    assert coach.statuses(second) == {"document": "saved", "analytics": "saved"}
    assert coach.statuses(first) == {"document": "deleted", "analytics": "deleted"}
    assert coach.verify()


def test_a_sink_waits_for_read_models_only_to_write(coach: Coach) -> None:
    """Following a log of other events costs them nothing."""
    coach.save(1)
    coach.follow()
    assert coach.waits
    coach.waits.clear()
    start = StartSession(athlete_id=ADA, at=coach.now)
    request = Request(SESSION, SessionId("s"), [start])
    coach.platform.commands.execute(request, origin=ORIGIN, command_id=uuid4())
    coach.follow()
    assert coach.waits == []


@pytest.mark.parametrize("down", ["document", "analytics"])
def test_a_store_that_is_down_delays_only_itself(coach: Coach, down: StoreName) -> None:
    """R-PCH-15, R-PCH-16, R-PCH-17, R-OPS-09, C-06: the history stays readable, and it recovers."""
    up: StoreName = "analytics" if down == "document" else "document"
    store: Faulty = getattr(coach, down)
    store.error = StorageUnavailable("down")
    session, doomed = coach.save(1), coach.save(2)
    for _ in range(RETRY.attempts + 3):  # an outage has no last attempt
        coach.follow()
        coach.now += timedelta(seconds=RETRY.longest_s)
    assert coach.statuses(session) == {up: "saved", down: "retrying"}
    store.error = ValueError()
    coach.follow()
    assert coach.statuses(session) == {up: "saved", down: "retrying"}
    assert {each.attempts for _, each in coach.stores.states.of_user(DEFAULT_TENANT, ADA)} == {0, 1}
    coach.now += timedelta(seconds=RETRY.longest_s)
    coach.delete(doomed)
    store.error = None
    coach.follow()
    assert coach.stored() == [[session], [session]]
    assert coach.verify()


def test_a_failing_session_is_retried_and_at_last_waits_for_a_replay(coach: Coach) -> None:
    """R-PCH-21: with growing pauses; others go on."""
    coach.document.error = ValueError("a text that may be personal")
    coach.document.fails_profiles = False
    bad = coach.save(1)
    coach.follow()
    for failed in range(1, RETRY.attempts):
        assert coach.statuses(bad)["document"] == "retrying"
        pause = timedelta(seconds=RETRY.pause_s(failed, lambda: 1.0))
        coach.now += pause - timedelta(milliseconds=1)
        coach.follow(coach.document)
        entry = coach.stores.states.of_sessions(DEFAULT_TENANT, [bad])[bad]["document"]
        assert (entry.attempts, entry.error) == (failed, "ValueError")
        coach.now += timedelta(milliseconds=1)
        coach.follow(coach.document)
    assert coach.statuses(bad) == {"document": "failed", "analytics": "saved"}
    coach.document.error = None
    coach.now += timedelta(days=1)
    coach.follow()
    assert coach.statuses(bad)["document"] == "failed"
    assert coach.stores.states.replay("document", coach.now) == 1
    coach.follow()
    assert coach.statuses(bad)["document"] == "saved"


def test_others_do_not_wait_for_a_tenant_whose_key_is_disabled(
    coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-24, R-TEN-03: its sessions are stored once the key is enabled, however late that is."""
    find_key, is_locked = coach.find_key, True

    def unless_locked(tenant_id: TenantId, user_id: UserId) -> PoseCoachKey | None:
        if is_locked and user_id == ADA:
            raise KeyDisabled
        return find_key(tenant_id, user_id)

    monkeypatch.setattr(coach, "find_key", unless_locked)
    coach.keys[EVE] = PoseCoachKey("uid-of-eve")
    locked, other = coach.save(1), coach.save(2, EVE)
    for _ in range(RETRY.attempts + 3):
        coach.follow()
        coach.now += timedelta(seconds=RETRY.longest_s)
    assert coach.statuses(other) == {"document": "saved", "analytics": "saved"}
    assert coach.statuses(locked) == {"document": "retrying", "analytics": "retrying"}
    is_locked = False
    coach.follow()
    assert coach.stored() == [[locked], [locked]]
    assert coach.verify()


def test_an_outage_of_the_keys_is_no_attempt(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it is: nothing has to be replayed."""
    session = coach.save(1)
    with monkeypatch.context() as outage:
        outage.setattr(coach, "find_key", unavailable)
        for _ in range(RETRY.attempts + 3):
            coach.follow()
            coach.now += timedelta(seconds=RETRY.longest_s)
    coach.follow()
    assert coach.stored() == [[session], [session]]


def unavailable(_tenant_id: TenantId, _user_id: UserId) -> NoReturn:
    raise KmsUnavailable


def refuse(_tenant_id: TenantId, _user_id: str) -> NoReturn:
    raise ValueError


def test_a_session_waits_for_its_profile(coach: Coach) -> None:
    """R-PCH-19, C-34: it is waiting, and released by the profile."""
    original = coach.stores.analytics.save_profile
    coach.analytics.__dict__["save_profile"] = refuse
    session = coach.save(1)
    coach.follow()
    assert coach.statuses(session) == {"document": "saved", "analytics": "waiting"}
    coach.analytics.__dict__["save_profile"] = original
    coach.now += timedelta(seconds=RETRY.first_s)
    coach.follow()
    coach.follow()
    assert coach.statuses(session) == {"document": "saved", "analytics": "saved"}


def test_sessions_move_with_the_key_of_their_user(coach: Coach) -> None:
    """R-IDN-14, C-04: linking a Firebase account leaves nothing under the former key."""
    session = coach.save(1)
    coach.follow()
    coach.keys[ADA] = PoseCoachKey("abc123def456ghi789")
    register(coach)
    coach.follow()
    assert coach.stored() == [[], []]
    assert coach.stored("abc123def456ghi789") == [[session], [session]]


def register(coach: Coach) -> None:
    """Give Ada an account with a key."""
    key = Personal(ADA, coach.keys[ADA])
    steps = [RegisterUser(at=coach.now), AssignPoseCoachKey(key=key)]
    coach.platform.commands.execute(Request(USER, ADA, steps), origin=ORIGIN, command_id=uuid4())


def test_erasure_leaves_nothing_in_the_stores(coach: Coach) -> None:
    """C-24, R-TEN-16."""
    coach.save(1)
    coach.follow()
    data = PoseCoachData(coach.stores.states, (coach.stores.document, coach.stores.analytics))
    subject = SubjectData(DEFAULT_TENANT, ADA, (), (), ())
    assert data.count(subject) == 4  # a profile and a session in each store
    assert data.remove(subject) == 4
    assert coach.stored() == [[], []]
    assert data.remove(subject) == 0


@pytest.mark.parametrize("source", ["log", "document", "analytics"])
def test_a_repair_makes_the_stores_agree(coach: Coach, source: Any) -> None:
    """R-PCH-18, R-PCH-23: a dry run first changes nothing."""
    kept, lost = coach.save(1), coach.save(2)
    coach.follow()
    damaged = coach.stores.document if source == "analytics" else coach.stores.analytics
    record = damaged.find(DEFAULT_TENANT, kept)
    assert record is not None
    damaged.delete(DEFAULT_TENANT, record.user_id, lost)
    damaged.save(DEFAULT_TENANT, replace(record, reps=99), coach.now)
    damaged.save(DEFAULT_TENANT, replace(record, session_id="orphan"), coach.now)
    agreement = coach.agreement()
    found = agreement.verify(DEFAULT_TENANT, with_log=True)
    assert set(found.stores) == {kept, lost, "orphan"}
    for dry_run in (True, False):
        assert not coach.verify()
        repaired = agreement.repair(DEFAULT_TENANT, source, dry_run=dry_run)
        assert set(repaired[damaged.name]) == {kept, lost, "orphan"}
    assert coach.verify()
    coach.follow()
    assert coach.verify()


def test_a_repair_keeps_a_session_that_is_saved_meanwhile(coach: Coach) -> None:
    """R-PCH-23: after the log was read, and before the stores are."""
    saved: list[PoseSessionId] = []

    def tree(tenant_id: TenantId) -> HashTree:
        saved.append(coach.save(len(saved)))
        coach.follow()
        return coach.stores.document.tree(tenant_id)

    coach.document.__dict__["tree"] = tree
    stores = {"document": coach.document, "analytics": coach.stores.analytics}
    agreement = replace(coach.agreement(), stores=cast("Any", stores))
    agreement.repair(DEFAULT_TENANT, "log")
    assert coach.stored() == [saved, saved]
    coach.follow()
    assert coach.verify()


@pytest.mark.parametrize("source", ["document", "analytics"])
def test_a_repair_from_a_store_that_lags_deletes_nothing(coach: Coach, source: StoreName) -> None:
    """R-PCH-23: the sink of the source then writes what the source lacks."""
    session = coach.save()
    coach.follow(coach.analytics if source == "document" else coach.document)
    assert not any(coach.agreement().repair(DEFAULT_TENANT, source).values())
    coach.follow()
    assert coach.stored() == [[session], [session]]


def test_a_repair_from_a_damaged_store_ends_as_the_log_has_it(coach: Coach) -> None:
    """R-PCH-18, C-05."""
    session = coach.save()
    coach.follow()
    record = coach.stores.document.find(DEFAULT_TENANT, session)
    assert record is not None
    coach.stores.document.save(DEFAULT_TENANT, replace(record, reps=99), coach.now)
    coach.agreement().repair(DEFAULT_TENANT, "document")
    coach.follow()
    assert coach.verify()


@pytest.mark.parametrize("followed", [False, True])
def test_erasure_finds_what_a_repair_wrote(coach: Coach, followed: bool) -> None:  # noqa: FBT001
    """C-24, R-TEN-16: before a sink has written it, and after one has deleted it."""
    session = coach.save()
    if followed:
        coach.follow()
        for name in OTHER:
            by_user = coach.stores.states.of_user(DEFAULT_TENANT, ADA)
            own = [each for sink, each in by_user if sink == name]
            forgotten = [(each, replace(each, stored_for=None)) for each in own]
            coach.stores.states.store(name, forgotten)
        coach.stores.document.delete_profile(DEFAULT_TENANT, "uid-of-ada")
        coach.stores.analytics.delete_profile(DEFAULT_TENANT, "uid-of-ada")
    coach.agreement().repair(DEFAULT_TENANT, "log")
    assert coach.stored() == [[session], [session]]
    data = PoseCoachData(coach.stores.states, (coach.stores.document, coach.stores.analytics))
    data.remove(SubjectData(DEFAULT_TENANT, ADA, (), (), ()))
    assert coach.stored() == [[], []]


def test_a_deleted_session_that_a_repair_copied_is_deleted_again(coach: Coach) -> None:
    """R-PCH-08, R-PCH-23: one sink had deleted it, the other had not yet."""
    session = coach.save()
    coach.follow()
    coach.delete(session)
    coach.follow(coach.analytics)
    coach.agreement().repair(DEFAULT_TENANT, "document")
    assert coach.stored() == [[session], [session]]
    coach.follow()
    assert coach.stored() == [[], []]
    assert coach.verify()


def test_a_repair_notes_the_profile_where_it_still_is(coach: Coach) -> None:
    """R-IDN-14, C-24: the sink moves it from the former key."""
    coach.save()
    coach.follow()
    coach.keys[ADA] = PoseCoachKey("abc123def456ghi789")
    coach.agreement().repair(DEFAULT_TENANT, "log")
    entries = coach.stores.states.of_user(DEFAULT_TENANT, ADA)
    keys = {(each.session_id == PROFILE, each.stored_for) for _, each in entries}
    assert keys == {(True, "uid-of-ada"), (False, "abc123def456ghi789")}


def test_a_session_whose_row_is_in_quarantine_is_kept(coach: Coach) -> None:
    """C-05, C-06: by the sinks and by a repair. It is written once it has a row again."""
    session = coach.save()
    coach.follow()
    coach.read = cast("ReadModels", WithoutRows())
    coach.stores.states.mark_user("document", DEFAULT_TENANT, ADA, coach.now)
    coach.follow()
    assert coach.statuses(session) == {"document": "retrying", "analytics": "saved"}
    assert not any(coach.agreement().repair(DEFAULT_TENANT, "log").values())
    assert coach.stored() == [[session], [session]]
    coach.read = coach.platform.read
    coach.now += timedelta(seconds=RETRY.longest_s)
    coach.follow()
    assert coach.statuses(session) == {"document": "saved", "analytics": "saved"}


def test_after_the_log_was_restored_the_sinks_start_again(coach: Coach) -> None:
    """R-OPS-09, C-05: their position is one that the log does not have."""
    for sink in OTHER:
        coach.stores.states.mark(sink, [], LogMark(1000), coach.now)
    session = coach.save()
    coach.follow()
    assert coach.stored() == [[session], [session]]
    assert coach.stores.states.followed("document").position == coach.platform.log.head()
