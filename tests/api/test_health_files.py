"""Import of health records from files, which a limited child process reads."""

import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, Final
from uuid import uuid4

import pytest

from adapters.health_files.reader import IsolatedReader
from application.health.service import SentBatch
from application.kernel.command_handler import CommandHandler
from application.kernel.ports import StorageUnavailable
from domain.health.batch import Measured
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.api.health_files import (
    CSV,
    CSV_OF_MANY,
    MANY,
    SHARED,
    START,
    apple,
    drinks,
    stored,
    take,
    upload,
)
from tests.api.health_records import NOON, connect, send, steps_of_day, walked
from tests.api.measuring import ada
from tests.api.people import Person, Town

__all__ = ["ada"]

TWO_MINUTES: Final = timedelta(minutes=2)
ENDED: Final = (NOON + TWO_MINUTES).isoformat().replace("+00:00", "Z")
LATER: Final = (NOON + timedelta(seconds=30)).isoformat().replace("+00:00", "Z")


GPX: Final = f"""<?xml version="1.0"?>
<gpx version="1.1" creator="watch" xmlns="http://www.topografix.com/GPX/1/1"
 xmlns:x="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><trk><trkseg>
<trkpt lat="52.0" lon="13.0"><time>{START}</time>
<extensions><x:TrackPointExtension><x:hr>120</x:hr></x:TrackPointExtension></extensions></trkpt>
<trkpt lat="52.001" lon="13.0"><time>{LATER}</time>
<extensions><x:TrackPointExtension><x:hr>140</x:hr></x:TrackPointExtension></extensions></trkpt>
<trkpt lat="52.001" lon="13.0"><time>{ENDED}</time></trkpt>
</trkseg></trk></gpx>""".encode()

TCX: Final = f"""<?xml version="1.0"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">
<Activities><Activity Sport="Running"><Id>{START}</Id><Lap StartTime="{START}">
<TotalTimeSeconds>120</TotalTimeSeconds><DistanceMeters>111</DistanceMeters>
<Calories>9</Calories><Track><Trackpoint><Time>{START}</Time>
<HeartRateBpm><Value>130</Value></HeartRateBpm></Trackpoint></Track></Lap></Activity></Activities>
</TrainingCenterDatabase>""".encode()

BOMB: Final = b"""<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
<gpx><trk><name>&b;</name></trk></gpx>"""


def fit_crc(content: bytes) -> int:
    """Return the checksum of a FIT file."""
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


def fit() -> bytes:
    """Return a FIT file with a heart rate and a session of two minutes."""
    at = int((NOON - datetime(1989, 12, 31, tzinfo=UTC)).total_seconds())
    beat = struct.pack("<BBBHB6B", 0x40, 0, 0, 20, 2, 253, 4, 0x86, 3, 1, 2)
    beat += struct.pack("<BIB", 0, at, 130)
    fields = (253, 4, 0x86, 2, 4, 0x86, 8, 4, 0x86, 9, 4, 0x86, 11, 2, 0x84)
    session = struct.pack("<BBBHB15B", 0x41, 0, 0, 18, 5, *fields)
    session += struct.pack("<BIIIIH", 1, at + 120, at, 120_000, 11_100, 9)
    data = beat + session
    head = struct.pack("<BBHI4s", 14, 0x10, 2132, len(data), b".FIT")
    whole = head + struct.pack("<H", fit_crc(head)) + data
    return whole + struct.pack("<H", fit_crc(whole))


FILES: Final[dict[str, tuple[bytes, dict[str, float]]]] = {
    "csv": (CSV, {"weight": 69.85}),
    "gpx": (GPX, {"heart_rate": 130, "workout_minutes": 2, "distance": 111}),
    "tcx": (
        TCX,
        {"heart_rate": 130, "workout_minutes": 2, "distance": 111, "active_energy": 9},
    ),
    "fit": (
        fit(),
        {"heart_rate": 130, "workout_minutes": 2, "distance": 111, "active_energy": 9},
    ),
    "apple_health": (
        apple(
            'type="HKQuantityTypeIdentifierHeartRate" unit="count/min" value="130"',
            'type="HKCategoryTypeIdentifierSleepAnalysis" value="HKCategoryValueSleepAnalysisAsleepREM"',  # noqa: E501
            'type="HKQuantityTypeIdentifierUVExposure" unit="count" value="3"',
        ),
        {"heart_rate": 130, "sleep": 10},
    ),
}


DEVICES: Final = {"csv": "Scale", "gpx": "GPX", "tcx": "TCX", "fit": "FIT"}


def test_each_file_is_imported_once(town: Town, ada: Person) -> None:
    """R-HLT-03: another import of the same file changes nothing."""
    connect(ada, "apple_health", *SHARED)
    for kind, (content, expected) in FILES.items():
        first = take(town, ada, content, kind)
        assert (first["state"], first["total"], first["handled"]) == (
            "done", len(expected), len(expected),
        )  # fmt: skip
        assert (first["accepted"], first["rejected"]) == (len(expected), 0)
        again = take(town, ada, content, kind)
        assert (again["accepted"], again["unchanged"]) == (0, len(expected))
    assert stored(ada) == pytest.approx(
        {
            (DEVICES.get(kind, "Ada\u2019s Watch"), metric): value
            for kind, (_, expected) in FILES.items()
            for metric, value in expected.items()
        },
        abs=0.1,
    )


def track(*segments: tuple[float, str, str]) -> bytes:
    """Return a GPX file whose segments go 111 m north, each from a latitude, between two times."""
    text = "".join(
        f'<trkseg><trkpt lat="{lat}" lon="13"><time>{start}</time></trkpt>'
        f'<trkpt lat="{lat + 0.001}" lon="13"><time>{end}</time></trkpt></trkseg>'
        for lat, start, end in segments
    )
    return f"<gpx><trk>{text}</trk></gpx>".encode()


def test_a_pause_between_segments_of_a_track_does_not_count(town: Town, ada: Person) -> None:
    """R-HLT-03: a drive in the pause is neither distance nor time of the activity."""
    connect(ada, "apple_health", *SHARED)
    later = [(NOON + timedelta(minutes=each)).isoformat() for each in (60, 62)]
    take(town, ada, track((52, START, ENDED), (53, later[0], later[1])), "gpx")
    assert stored(ada) == {
        ("GPX", "workout_minutes"): 4,
        ("GPX", "distance"): pytest.approx(222, abs=1),
    }


def test_records_inside_a_correlation_of_apple_are_read_once(town: Town, ada: Person) -> None:
    """R-HLT-03: Apple's export has them beside the correlation, too."""
    connect(ada, "apple_health", "heart_rate")
    beat = 'type="HKQuantityTypeIdentifierHeartRate" unit="count/min" value="130"'
    done = take(town, ada, apple(beat, correlated=(beat,)), "apple_health")
    assert (done["total"], done["accepted"], done["rejected"]) == (1, 1, 0)


def test_records_that_differ_only_in_their_value_are_all_stored(town: Town, ada: Person) -> None:
    """R-HLT-03: equal ones are stored once; in another order, they are found by their values."""
    connect(ada, "apple_health", "hydration", "weight")
    small, large = f"hydration,250,mL,{START},,Bottle", f"hydration,300,mL,{START},,Bottle"
    others = MANY[:499]
    done = take(town, ada, drinks(small, large, small), "csv")
    assert (done["accepted"], done["rejected"]) == (2, 1)
    again = take(town, ada, drinks(large, *others, small), "csv")
    assert (again["accepted"], again["unchanged"]) == (len(others), 2)
    items = ada.get("/v1/me/health/records?metric=hydration").json()["items"]
    assert sorted(each["value"] for each in items) == [250, 300]


def test_a_file_with_two_drinks_at_once_is_stored_whole(town: Town, ada: Person) -> None:
    """R-HLT-03: also if they are in different batches; and importing it again changes nothing."""
    connect(ada, "apple_health", "hydration", "weight")
    small, large = f"hydration,250,mL,{START},,Bottle", f"hydration,300,mL,{START},,Bottle"
    content = drinks(small, *MANY[:499], large)
    assert take(town, ada, content, "csv")["accepted"] == 501
    items = ada.get("/v1/me/health/records?metric=hydration").json()["items"]
    assert sorted(each["value"] for each in items) == [250, 300]
    assert take(town, ada, content, "csv")["unchanged"] == 501


def test_a_file_without_the_first_of_two_drinks_at_once_changes_neither(
    town: Town, ada: Person
) -> None:
    """R-HLT-03: the second one is found by its value; another value corrects the first one."""
    connect(ada, "apple_health", "hydration", "weight")
    small, large = f"hydration,250,mL,{START},,Bottle", f"hydration,0.3,L,{START},,Bottle"
    assert take(town, ada, drinks(small, large), "csv")["accepted"] == 2
    assert take(town, ada, drinks(large), "csv")["unchanged"] == 1
    items = ada.get("/v1/me/health/records?metric=hydration").json()["items"]
    assert sorted(each["value"] for each in items) == [250, 300]
    more = f"hydration,400,mL,{START},,Bottle"
    assert take(town, ada, drinks(large, more), "csv")["accepted"] == 1
    items = ada.get("/v1/me/health/records?metric=hydration").json()["items"]
    assert sorted(each["value"] for each in items) == [300, 400]


def test_a_record_that_the_device_has_sent_does_not_count_twice(town: Town, ada: Person) -> None:
    """R-HLT-03: a file has no ids of the device, and whole seconds."""
    start = (NOON + timedelta(milliseconds=500)).isoformat()
    send(ada, walked("from-the-phone", 900, start=start, device="Ada\u2019s Watch"))
    steps = 'type="HKQuantityTypeIdentifierStepCount" unit="count" value="900"'
    done = take(town, ada, apple(steps), "apple_health")
    assert (done["accepted"], done["unchanged"]) == (0, 1)
    assert steps_of_day(ada) == [("steps", 900)]
    ancient = CSV.replace(START.encode(), b"0001-01-01T00:00:00Z")
    assert take(town, ada, ancient, "csv")["rejected"] == 1


def test_a_record_that_the_device_sends_takes_the_place_of_that_of_a_file(
    town: Town, ada: Person
) -> None:
    """R-HLT-03: its later corrections and its deletion count; the file does not come back."""
    steps = 'type="HKQuantityTypeIdentifierStepCount" unit="count" value="900"'
    assert take(town, ada, apple(steps), "apple_health")["accepted"] == 1
    start = (NOON + timedelta(milliseconds=500)).isoformat()
    more: dict[str, Any] = {"start": start, "device": "Ada\u2019s Watch"}
    later = walked("later", 100, minute=20, device="Ada\u2019s Watch")
    batch = send(ada, walked("of-the-phone", 900, **more), later).json()
    assert (batch["accepted"], batch["unchanged"], batch["deleted"]) == (2, 0, 1)
    assert steps_of_day(ada) == [("steps", 1000)]
    assert send(ada, walked("of-the-phone", 700, **more)).json()["deleted"] == 0
    assert steps_of_day(ada) == [("steps", 800)]
    assert send(ada, deleted=["of-the-phone"]).json()["deleted"] == 1
    assert take(town, ada, apple(steps), "apple_health")["unchanged"] == 1
    assert steps_of_day(ada) == [("steps", 100)]


class FailsAfterOne:
    """A command handler that the database leaves after one command."""

    def __init__(self, commands: CommandHandler) -> None:
        self._commands, self._is_down = commands, False

    def execute(self, *requests: Any, **more: Any) -> Any:
        if self._is_down:
            raise StorageUnavailable("down")
        self._is_down = True
        return self._commands.execute(*requests, **more)


def test_a_record_of_a_device_replaces_any_number_of_records_of_a_file(
    town: Town, ada: Person
) -> None:
    """R-HLT-03, R-EVT-18: also after an outage, if the device sends its batch again."""
    rows = (f"steps,{each},count,{START},{ENDED},Watch" for each in range(1, 1102))
    done = take(town, ada, drinks(*rows, f"steps,5,count,{START},{ENDED},Phone"), "csv")
    assert done["accepted"] == 1102
    health, user = town.platform.health, UserId(ada.id)
    own = Measured("of-the-watch", "steps", 900, "count", NOON, NOON + TWO_MINUTES, "Watch")
    sent = SentBatch([own], (), "UTC", None)
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=user, correlation_id=uuid4())
    once: Any = {"origin": origin, "command_id": uuid4()}
    failing: Any = FailsAfterOne(health.commands)
    with pytest.raises(StorageUnavailable):
        replace(health, commands=failing).push(user, "apple_health", sent, **once)
    assert health.push(user, "apple_health", sent, **once).repeated
    items = ada.get("/v1/me/health/records?metric=steps").json()["items"]
    assert sorted((each["device"], each["value"]) for each in items) == [
        ("Phone", 5),
        ("Watch", 900),
    ]


def test_records_are_compared_although_a_watch_measured_much_between_them(
    town: Town, ada: Person
) -> None:
    """R-HLT-03: records of the same metric and of others."""
    connect(ada, "apple_health", *SHARED)

    def at(minute: int, metric: str, value: float, unit: str) -> dict[str, Any]:
        start = (NOON + timedelta(minutes=minute)).isoformat()
        record = {"id": f"{metric}-{minute}", "metric": metric, "value": value, "unit": unit}
        return record | {"start": start, "end": start, "device": "Watch"}

    weights = [at(minute, "weight", 70, "kg") for minute in (0, 10)]
    rates = [at(minute, "heart_rate", 60, "bpm") for minute in range(1, 9)]
    between = [at(minute, "weight", 71, "kg") for minute in range(1, 10)]
    assert send(ada, *weights, *between, *rates).status_code == 200
    lines = [f"weight,70,kg,{each['start']},,Watch" for each in weights]
    content = "\n".join(("metric,value,unit,start,end,device", *lines)).encode()
    done = take(town, ada, content, "csv")
    assert (done["accepted"], done["unchanged"]) == (0, 2)


def test_an_impossible_value_refuses_its_record_alone(town: Town, ada: Person) -> None:
    """R-HLT-03: such as NaN, which JSON between the processes does not have."""
    connect(ada, "apple_health", *SHARED)
    rows = b"".join(f"weight,{value},kg,{START},,{value}\n".encode() for value in ("nan", "inf"))
    done = take(town, ada, CSV + rows, "csv")
    assert (done["accepted"], done["rejected"]) == (1, 2)
    assert {each["code"] for each in done["rejections"]} == {"health.value_impossible"}
    assert stored(ada) == {("Scale", "weight"): pytest.approx(69.85)}


DAMAGED: Final = (
    ("csv", b"a,b\n1,2\n"), ("gpx", TCX), ("gpx", BOMB), ("tcx", b"<x"), ("fit", fit()[:-3]),
    ("apple_health", b"PK"), ("csv", CSV.replace(b"154", b"much")),
)  # fmt: skip


def test_damaged_and_hostile_files_are_refused(town: Town, ada: Person) -> None:
    """R-HLT-03: nothing of them is stored."""
    for kind, content in DAMAGED:
        refused = take(town, ada, content, kind)
        assert (refused["state"], refused["problemCode"]) == ("failed", "health.file_unreadable")
    assert stored(ada) == {}


def test_only_shared_metrics_since_a_time_are_stored(town: Town, ada: Person) -> None:
    """R-HLT-03, C-21"""
    connect(ada, "apple_health", "steps")
    done = take(town, ada, CSV, "csv")
    assert [each["code"] for each in done["rejections"]] == ["health.not_shared"]
    tomorrow = (NOON + timedelta(days=1)).isoformat()
    failed = take(town, ada, CSV, "csv", since=tomorrow)
    assert (failed["state"], failed["problemCode"]) == ("failed", "health.file_unreadable")


@pytest.mark.parametrize("since", ["2026-01-01T00:00:00", "1893456000"])
def test_the_first_time_of_an_import_is_a_time_with_a_zone(ada: Person, since: str) -> None:
    refused = upload(ada, CSV, "csv", since=since)
    assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["#/since"]


def test_too_many_records_are_refused(town: Town, ada: Person) -> None:
    """R-HLT-03: the answer says what to do."""
    assert upload(ada, CSV_OF_MANY, "csv").status_code == 202
    few = replace(town.platform.health_imports, reader=IsolatedReader(most=len(MANY) - 1))
    assert few.run_next(Event())
    (failed,) = ada.get("/v1/me/health/imports").json()["items"]
    assert (failed["state"], failed["problemCode"]) == ("failed", "health.file_too_large")
    assert "since" in failed["problem"]
    assert stored(ada) == {}


def test_files_need_consent(town: Town) -> None:
    """C-21"""
    eve = town.citizen("eve@example.org")
    assert upload(eve, CSV, "csv").json()["code"] == "consent.missing"
    eve.agrees("health_data")
    assert upload(eve, CSV, "csv").json()["code"] == "health.not_connected"
