"""The report of the pose coach on all users: figures of many people, and never of one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.kernel.subscription import LOG, Records
from application.leaderboards.rankings import FEWEST, last_month
from application.platform import Platform
from bootstrap.settings import Settings
from bootstrap.wiring.pose_coach import build_sink, build_sink_subscription, open_pose_coach
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.pose_coach.commands import PoseSummary
from tests.api.conftest import WEB
from tests.api.people import Person, Town
from tests.api.pose_coach_items import SUMMARY, fresh, summary, uid
from tests.api.rivals import settle

pytestmark = pytest.mark.both_compositions

REPORT = "/v1/pose-coach/report"
GROUP = """{ exercise athletes sessions { lower median upper } reps { lower median upper }
  accuracy { lower median upper } duration { lower median upper } }"""
QUERY = f"""query ($month: Date) {{ poseCoachReport(month: $month) {{
  own {{ totalSessions totalReps averageAccuracy totalDuration }} month
  ownMonth {{ totalSessions totalReps averageAccuracy totalDuration }} isAvailable
  overall {GROUP} exercises {GROUP} }} }}"""


Follow = Callable[[], None]


@dataclass
class FollowedTown(Town):
    """A town whose analytics store follows the log on request."""

    follow: Follow


@pytest.fixture
def follow(platform: Platform, settings: Settings) -> Iterator[Follow]:
    """Return a function that lets the analytics store follow the log to its end."""
    with open_pose_coach(settings, platform) as stores:
        sink = build_sink(platform, stores, stores.analytics)

        def run() -> None:
            with build_sink_subscription(settings, platform, stores, stores.analytics) as opened:
                reached = opened.run_once()
            while stores.states.due("analytics", platform.clock(), 1):
                sink.process(Records((), {LOG: reached[LOG]}))

        yield run


@pytest.fixture
def town(platform: Platform, settings: Settings, follow: Follow) -> Iterator[FollowedTown]:
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield FollowedTown(client, platform, settings.home / "mail", follow)


@pytest.fixture
def then(town: FollowedTown) -> datetime:
    """A moment of the last complete month."""
    month = last_month(town.platform.clock())
    return town.platform.clock().replace(
        year=month.year, month=month.month, day=15, hour=12, minute=0, second=0, microsecond=0
    )


def train(
    town: FollowedTown,
    who: UserId,
    at: datetime,
    *,
    reps: int = 40,
    exercise: str = "squat",
    tenant: TenantId = DEFAULT_TENANT,
) -> None:
    origin = Origin(tenant_id=tenant, actor=who, correlation_id=uuid4())
    town.platform.pose_coach.save_workout_session(
        who, PoseSummary(exercise, reps, 0.8, at, 900, ()), origin=origin, command_id=uuid4()
    )


def settled(town: FollowedTown, number: int, **more: Any) -> UserId:
    chosen: dict[str, Any] = {"compared": True, **more}
    return settle(town.platform, f"Rival {number}", **chosen)


def report(town: FollowedTown, person: Person, day: datetime | None = None) -> Any:
    town.follow()
    params = {} if day is None else {"month": day.date().isoformat()}
    answer = person.client.get(REPORT, params=params, headers=person.headers | fresh(town))
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_equal(value: float) -> dict[str, float]:
    return {"lower": value, "median": value, "upper": value}


def test_figures_have_twenty_people_or_more_who_consented(
    town: FollowedTown, then: datetime
) -> None:
    """R-PCH-22, R-PCH-14, C-41: also of each exercise; REST and GraphQL agree."""
    root = town.staff("administrator", "root@example.org")
    root.post(SUMMARY, json=summary(uid(root)))
    people = [settled(town, number) for number in range(FEWEST - 1)]
    for who in people:
        train(town, who, then)
    train(town, settled(town, 90, compared=False), then, reps=9_000)
    train(town, settled(town, 91, tenant="other"), then, tenant=TenantId("other"))
    few = report(town, root)
    assert few["own"] == {
        "totalSessions": 1, "totalReps": 12, "averageAccuracy": 0.87, "totalDuration": 120,
    }  # fmt: skip
    assert few["ownMonth"]["totalSessions"] == 0
    assert (few["month"], few["overall"], few["exercises"]) == (
        last_month(town.platform.clock()).isoformat(), None, [],
    )  # fmt: skip
    people.append(settled(town, 92))
    train(town, people[-1], then, exercise="my private exercise")
    earlier = then.replace(day=1) - timedelta(days=1)
    for who in people:
        train(town, who, earlier)
    enough = report(town, root)
    figures = {
        "sessions": all_equal(1.0), "reps": all_equal(40.0), "accuracy": all_equal(0.8),
        "duration": all_equal(900.0),
    }  # fmt: skip
    assert enough["overall"] == {"exercise": None, "athletes": 20, **figures}
    assert enough["exercises"] == [], "nineteen of one exercise, and one of another"
    assert root.graph(QUERY)["data"]["poseCoachReport"] == enough
    (squats,) = report(town, root, earlier)["exercises"]
    assert squats == {"exercise": "squat", "athletes": 20, **figures}


def test_a_published_month_does_not_change(town: FollowedTown, then: datetime) -> None:
    """C-41, R-PCH-22: asking again, after adding sessions, does not tell more."""
    reader = town.citizen()
    invented = [settled(town, number) for number in range(FEWEST - 1)]
    for who in invented:
        train(town, who, then)
    assert report(town, reader)["overall"] is None, "and nothing is published yet"
    victim = settled(town, 90)
    train(town, victim, then, reps=9_000)
    published = report(town, reader)
    assert published["overall"]["athletes"] == FEWEST
    for hour, who in enumerate(invented):
        train(town, who, then.replace(hour=hour), reps=8_000, exercise="squat" if hour else "lunge")
    assert report(town, reader) == published
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=reader.id, correlation_id=uuid4())
    town.platform.accounts().administration.suspend(victim, origin=origin, command_id=uuid4())
    assert report(town, reader) == published, "nor can an administrator leave a person out"


def test_suspended_people_count(town: FollowedTown, then: datetime) -> None:
    """C-41: an administrator cannot leave a person out of a month that is not published yet."""
    root = town.staff("administrator", "root@example.org")
    people = [settled(town, number) for number in range(FEWEST)]
    for who in people:
        train(town, who, then)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=root.id, correlation_id=uuid4())
    town.platform.accounts().administration.suspend(people[0], origin=origin, command_id=uuid4())
    assert report(town, root)["overall"]["athletes"] == FEWEST


def test_invented_accounts_do_not_reveal_a_person(town: FollowedTown, then: datetime) -> None:
    """C-41, R-PCH-22: among nineteen accounts of the reader, whose values the reader chooses."""
    reader = town.citizen()
    people = [settled(town, number) for number in range(FEWEST)]
    earlier = then.replace(day=1) - timedelta(days=1)
    for month, victims in ((then, 1_200), (earlier, 1_330)):  # a tenth more
        for number, who in enumerate(people[1:]):
            train(town, who, month, reps=0 if number < 9 else 2_000)
        train(town, people[0], month, reps=victims)
        published = report(town, reader, month)["overall"]["reps"]
        assert published == {"lower": 0.0, "median": 1_000.0, "upper": 2_000.0}


def test_members_get_the_report(town: FollowedTown, then: datetime) -> None:
    """R-PCH-22, R-TEN-06: with their own month beside it, and only on months that are over."""
    root = town.citizen()
    body = summary(uid(root)) | {"timestamp": then.isoformat()}
    assert root.post(SUMMARY, json=body).status_code in {200, 201}
    own = {"totalSessions": 1, "totalReps": 12, "averageAccuracy": 0.87, "totalDuration": 120}
    assert report(town, root)["ownMonth"] == own
    earlier = (then.replace(day=1) - timedelta(days=1)).date().isoformat()
    assert root.ask("GET", REPORT, params={"month": earlier}).json()["ownMonth"] == {
        "totalSessions": 0, "totalReps": 0, "averageAccuracy": None, "totalDuration": 0,
    }  # fmt: skip
    today = town.platform.clock().date().isoformat()
    unfinished = root.ask("GET", REPORT, params={"month": today})
    assert unfinished.json()["code"] == "leaderboards.month_not_over"
    (error,) = root.graph(QUERY, month=today)["errors"]
    assert error["extensions"]["code"] == "leaderboards.month_not_over"


def test_own_figures_do_not_wait_for_the_store_with_those_of_others(
    town: FollowedTown, then: datetime
) -> None:
    """R-PCH-14, R-PCH-17, R-OPS-09: a month is published when the store has all its sessions."""
    ada = town.citizen()
    body = summary(uid(ada)) | {"timestamp": then.isoformat()}
    assert ada.post(SUMMARY, json=body).status_code == 200
    for number in range(FEWEST):
        train(town, settled(town, number), then)
    answer = ada.client.get(REPORT, headers=ada.headers | fresh(town)).json()
    assert (answer["isAvailable"], answer["overall"]) == (False, None)
    assert answer["ownMonth"]["totalSessions"] == 1
    after = report(town, ada)
    assert after["isAvailable"] is True
    assert after["overall"]["athletes"] == FEWEST
