"""Health data through the API: consent, batches, corrections, daily figures, goals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from application.health import service
from application.health.service import HealthService, SentBatch
from domain.health.batch import Measured
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.health_records import DAY, NOON, connect, send, steps_of_day, walked
from tests.api.people import Person, Town

pytestmark = pytest.mark.both_compositions


@pytest.fixture
def ada(town: Town) -> Person:
    person = town.citizen("ada@example.org")
    person.agrees("health_data")
    assert connect(person).status_code == 200
    return person


def test_nothing_is_stored_without_both_consents(town: Town) -> None:
    """C-21, R-TEN-12: to health data as such, and to a source; each can be withdrawn."""
    eve = town.citizen("eve@example.org")
    assert connect(eve).json()["code"] == "consent.missing"
    eve.agrees("health_data")
    assert send(eve, walked("a", 10)).json()["code"] == "health.not_connected"
    assert connect(eve).status_code == 200
    assert send(eve, walked("a", 10)).json()["accepted"] == 1
    assert eve.ask("DELETE", "/v1/me/health/sources/apple_health").status_code == 200
    assert send(eve, walked("b", 10)).status_code == 404
    listed = {each["source"]: each for each in eve.get("/v1/me/health/sources").json()["items"]}
    assert not listed["apple_health"]["connected"]
    assert listed["health_connect"]["connectedAt"] is None


def test_invalid_records_do_not_prevent_the_others(ada: Person) -> None:
    """R-HLT-03: each has its own reason, and nothing of it is stored."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    bad = [
        walked("nan", float("nan")),
        walked("much", 10**9),
        walked("unit", 5, unit="kg"),
        walked("mood", 5, metric="mood"),
        walked("secret", 60, metric="heart_rate", unit="bpm"),
        walked("future", 5, start=tomorrow, end=tomorrow),
        walked("backwards", 5, end=(NOON - timedelta(hours=1)).isoformat()),
        walked("local", 5, start="2030-01-01T12:00:00", end="2030-01-01T12:00:00"),
        walked("@", 5),
        walked("bell", 5, device="Watch\a"),
        walked("early", 5, start="0001-01-01T00:00:00+05:00", end="0001-01-01T00:10:00+05:00"),
        walked("late", 5, start="9999-12-31T23:50:00-05:00", end="9999-12-31T23:59:00-05:00"),
        walked("good", 6),
    ]
    answer = send(ada, walked("good", 5), *bad).json()
    assert (answer["accepted"], answer["unchanged"]) == (1, 0)
    assert [(each["index"], each["code"]) for each in answer["rejected"]] == [
        (1, "health.value_impossible"),
        (2, "health.value_impossible"),
        (3, "health.unit_unknown"),
        (4, "health.metric_unknown"),
        (5, "health.not_shared"),
        (6, "health.time_in_future"),
        (7, "health.time_impossible"),
        (8, "health.time_impossible"),
        (9, "health.record_id_invalid"),
        (10, "health.device_invalid"),
        (11, "health.time_impossible"),
        (12, "health.time_impossible"),
        (13, "health.record_repeated"),
    ]
    assert steps_of_day(ada) == [("steps", 5)]


def test_a_batch_of_too_many_records_is_refused_as_a_whole(ada: Person) -> None:
    """R-EVT-16: at most 500, deleted ones included."""
    many = [walked(f"r{number}", 1) for number in range(501)]
    assert send(ada, *many).status_code == 422
    assert (
        send(ada, *many[:300], deleted=[f"d{number}" for number in range(201)]).status_code == 422
    )
    assert steps_of_day(ada) == []


def test_a_batch_that_is_larger_than_requests_may_be_is_refused(ada: Person) -> None:
    """R-API-08: such as one of millions of records, which a file may have."""
    refused = send(ada, *(walked(f"r{number}", 1) for number in range(20_000)))
    assert (refused.status_code, refused.json()["code"]) == (413, "http.413")
    assert steps_of_day(ada) == []


def test_a_batch_is_stored_once_and_answered_as_before(ada: Person) -> None:
    """R-EVT-16, R-HLT-07: a repeated record is unchanged; the anchor is kept for the device."""
    first = send(ada, walked("a", 10), walked("nan", float("nan")), key="k1", anchor="QQ==").json()
    again = send(ada, walked("a", 10), walked("nan", float("nan")), key="k1", anchor="QQ==").json()
    assert again == {**first, "repeated": True}
    assert connect(ada, "apple_health", "weight").status_code == 200
    again = send(ada, walked("a", 10), walked("nan", float("nan")), key="k1", anchor="QQ==").json()
    assert again == {**first, "repeated": True}, "as of the consent of then"
    assert connect(ada).status_code == 200
    unchanged = send(ada, walked("a", 10), walked("b", 5, minute=20)).json()
    assert (unchanged["accepted"], unchanged["unchanged"]) == (1, 1)
    source = ada.get("/v1/me/health/sources").json()["items"][0]
    assert (source["anchor"], source["syncs"], source["records"]) == ("QQ==", 2, 2)


def test_records_are_corrected_and_deleted(ada: Person) -> None:
    """R-HLT-03: a late record counts on its day; a deleted one does not come back."""
    send(ada, walked("a", 10), walked("b", 20, minute=20))
    assert steps_of_day(ada) == [("steps", 30)]
    send(ada, walked("a", 15), deleted=["b"])
    assert steps_of_day(ada) == [("steps", 15)]
    send(ada, walked("b", 20, minute=20), walked("late", 7, minute=-60))
    assert steps_of_day(ada) == [("steps", 22)]
    listed = ada.get("/v1/me/health/records", params={"first": 1})
    assert [each["recordId"] for each in listed.json()["items"]] == ["a"]
    assert "after=" in listed.headers["Link"]
    assert listed.json()["pageInfo"]["hasNextPage"]


def test_a_source_counts_its_stored_records(ada: Person) -> None:
    """R-HLT-03: a correction is no further record, and a deleted record is none."""

    def counts() -> list[int]:
        sources = ada.get("/v1/me/health/sources").json()["items"]
        return [each["records"] for each in sources if each["connected"]]

    send(ada, walked("a", 10), walked("b", 20, minute=20))
    send(ada, walked("a", 15))
    assert counts() == [2]
    send(ada, deleted=["a"])
    assert counts() == [1]
    every = ada.ask("POST", "/v1/me/health/record-deletions", json={"source": "apple_health"})
    assert every.json()["deleted"] == 1
    assert counts() == [0]


def test_the_preferred_source_counts(ada: Person) -> None:
    """R-HLT-03: two devices at once; the choice applies to days before it, too."""
    connect(ada, "health_connect")
    send(ada, walked("a", 100))
    send(ada, walked("a", 120, device="Phone"), source="health_connect")
    assert steps_of_day(ada) == [("steps", 100)]
    order = {"sources": ["health_connect"]}
    assert ada.ask("PUT", "/v1/me/health/source-orders/steps", json=order).status_code == 200
    day = ada.get("/v1/me/health/days", params={"start": DAY, "end": DAY}).json()["items"][0]
    (figure,) = day["figures"]
    assert (figure["figure"], figure["duplicates"]) == (120, 1)
    assert figure["origins"] == [{"source": "health_connect", "device": "Phone", "records": 1}]


def at_noon(person: Person) -> str:
    """Move a person to where it is about noon, so that no day begins meanwhile; return the zone."""
    zone = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # east of Greenwich they are negative
    change = "mutation($input: ChangeProfileInput!) { changeProfile(input: $input) { __typename } }"
    changed = person.graph(change, input={"userId": person.id, "timeZone": zone, "locale": "en"})
    assert changed["data"]["changeProfile"] == {"__typename": "UserPayload"}
    return zone


def test_goals_have_progress(ada: Person) -> None:
    """R-HLT-03, R-HLT-04: today's figure, and the days in a row."""
    zone = at_noon(ada)
    goal = {"target": 50}
    assert ada.ask("PUT", "/v1/me/health/goals/steps", json=goal).status_code == 200
    now = datetime.now(UTC)
    moments = [now - timedelta(days=each) for each in (0, 1, 2)]
    times = [{"start": each.isoformat(), "end": each.isoformat()} for each in moments]
    records = (walked(f"r{number}", 60, **each) for number, each in enumerate(times))
    assert send(ada, *records, timeZone=zone).json()["accepted"] == 3
    (progress,) = ada.get("/v1/me/health/goals").json()["items"]
    assert (progress["figure"], progress["reached"], progress["streak"]) == (60, True, 3)
    impossible = ada.ask("PUT", "/v1/me/health/goals/steps", json={"target": 1e12})
    assert impossible.json()["code"] == "value.invalid"
    assert ada.ask("DELETE", "/v1/me/health/goals/steps").status_code == 200
    assert ada.ask("DELETE", "/v1/me/health/goals/steps").json()["code"] == "health.goal_unknown"


def test_a_record_that_is_sent_with_another_time_zone_changes_its_day(ada: Person) -> None:
    """R-HLT-03: a phone, or a file, was sent with a wrong time zone first."""
    evening = NOON.replace(hour=23).isoformat()
    record = walked("a", 100, start=evening, end=evening)
    assert send(ada, record).json()["accepted"] == 1
    assert steps_of_day(ada) == [("steps", 100)]
    corrected = send(ada, record, timeZone="Asia/Tokyo").json()
    assert (corrected["accepted"], corrected["unchanged"]) == (1, 0)
    assert steps_of_day(ada) == []
    assert send(ada, record, timeZone="Asia/Seoul").json()["unchanged"] == 1, "the same day"


def test_days_of_too_many_records_are_refused(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-HLT-04: they would all be loaded at once."""
    monkeypatch.setattr(service, "MAX_RECORDS", 1)
    send(ada, walked("a", 10))
    assert steps_of_day(ada) == [("steps", 10)]
    send(ada, walked("b", 10))
    answer = ada.get("/v1/me/health/days", params={"start": DAY, "end": DAY})
    assert (answer.status_code, answer.json()["code"]) == (422, "value.invalid")


def test_health_data_is_its_persons_alone(town: Town, ada: Person) -> None:
    """R-TEN-03: not even administrators and analysts see it."""
    send(ada, walked("a", 10))
    for role in ("administrator", "analyst"):
        other = town.staff(role, f"{role}@example.org")
        assert other.get("/v1/me/health/records").json()["items"] == []
        assert steps_of_day(other) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"metric": " "}, "health.metric_unknown"),
        ({"metric": "\u202esteps"}, "health.metric_unknown"),
        ({"start": "2026-05-01T12:00:00"}, "health.time_impossible"),
        ({"end": "2026-05-01"}, "health.time_impossible"),
        ({"start": "0001-01-01T00:00:00+14:00"}, "health.time_impossible"),
        ({"end": "9999-12-31T23:59:59-14:00"}, "health.time_impossible"),
    ],
)
def test_a_wrong_record_prevents_no_others(ada: Person, wrong: dict[str, str], code: str) -> None:
    """R-HLT-03: over REST, and over GraphQL."""
    sent = send(ada, walked("a", 10), walked("b", 10) | wrong).json()
    assert (sent["accepted"], [each["code"] for each in sent["rejected"]]) == (1, [code])
    synced = ada.graph(
        "mutation($input: SyncHealthRecordsInput!) { syncHealthRecords(input: $input) {"
        " ... on HealthRecordsPayload { accepted rejected { index code } } } }",
        input={
            "source": "apple_health",
            "timeZone": "UTC",
            "records": [walked("c", 10), walked("d", 10) | wrong],
        },
    )["data"]["syncHealthRecords"]
    assert synced == {"accepted": 1, "rejected": [{"index": 1, "code": code}]}


def test_graphql_takes_and_returns_the_same(ada: Person) -> None:
    """R-API-07: the same counts, rejections and figures."""
    record = walked("a", 10)
    synced = ada.graph(
        "mutation($input: SyncHealthRecordsInput!) { syncHealthRecords(input: $input) {"
        " ... on HealthRecordsPayload { accepted rejected { index recordId code } } } }",
        input={
            "source": "apple_health",
            "timeZone": "UTC",
            "records": [record, walked("much", 1e9)],
        },
    )["data"]["syncHealthRecords"]
    rejected = {"index": 1, "recordId": "much", "code": "health.value_impossible"}
    assert synced == {"accepted": 1, "rejected": [rejected]}
    read = ada.graph(
        "query($day: Date!) { healthDays(start: $day, end: $day) { figures { metric figure } }"
        " healthRecords(first: 5) { edges { node { recordId value } } } }",
        day=DAY,
    )["data"]
    assert read["healthDays"] == [{"figures": [{"metric": "steps", "figure": 10}]}]
    assert read["healthRecords"]["edges"] == [{"node": {"recordId": "a", "value": 10}}]


def test_equal_batches_that_arrive_at_the_same_moment_count_once(ada: Person, town: Town) -> None:
    """R-HLT-03: also if the rows lack the batch that was stored just before."""
    measured = Measured("a", "steps", 10, "count", NOON, NOON)
    health, batch = town.platform.health, SentBatch([measured], (), "UTC", None)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=ada.id, correlation_id=uuid4())

    def push(service: HealthService) -> int:
        pushed = service.push(
            UserId(ada.id), "apple_health", batch, origin=origin, command_id=uuid4()
        )
        return pushed.batch.accepted

    class Rows:
        """The read models; another batch is stored after they were read first."""

        def __init__(self) -> None:
            self.others: list[int] = []

        def __getattr__(self, name: str) -> Any:
            return getattr(health.read, name)

        def get_many(self, *arguments: Any) -> Any:
            rows = health.read.get_many(*arguments)
            if not self.others:
                self.others.append(push(health))
            return rows

    rows: Any = Rows()
    assert (push(replace(health, read=rows)), rows.others) == (0, [1])
    sources = ada.get("/v1/me/health/sources").json()["items"]
    assert [each["records"] for each in sources if each["connected"]] == [1]
