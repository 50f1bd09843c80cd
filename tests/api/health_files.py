"""Files of health records, and their import."""

import io
import zipfile
from datetime import timedelta
from threading import Event
from typing import Any, Final

from tests.api.health_records import NOON
from tests.api.people import Person, Town

START: Final = NOON.isoformat().replace("+00:00", "Z")
CSV: Final = f"metric,value,unit,start,end,device\nweight,154,lb,{START},,Scale\n".encode()


def apple(*records: str, correlated: tuple[str, ...] = ()) -> bytes:
    """Return the archive that Apple Health exports, with its own document type."""
    at = NOON.strftime("%Y-%m-%d %H:%M:%S +0000")
    until = (NOON + timedelta(minutes=10)).strftime("%Y-%m-%d %H:%M:%S +0000")
    times = f'startDate="{at}" endDate="{until}" sourceName="Ada&#8217;s Watch"'
    lines, inside = (
        "".join(f"<Record {each} {times}/>" for each in group) for group in (records, correlated)
    )
    if inside:
        lines += (
            f'<Correlation type="HKCorrelationTypeIdentifierFood" {times}>{inside}</Correlation>'
        )
    text = (
        f"<!DOCTYPE HealthData [<!ELEMENT HealthData (Record*)>]><HealthData>{lines}</HealthData>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", text)
    return content.getvalue()


def upload(person: Person, content: bytes, kind: str, **more: str) -> Any:
    form = {"format": kind, "timeZone": "UTC", **more}
    return person.post(
        "/v1/me/health/sources/apple_health/files", data=form, files={"file": ("f", content)}
    )


MANY: Final = [
    f"weight,70,kg,{(NOON - timedelta(minutes=each)).isoformat()},,Scale" for each in range(1200)
]
CSV_OF_MANY: Final = "\n".join(("metric,value,unit,start,end,device", *MANY)).encode()
"""Records of three batches."""


def take(town: Town, person: Person, content: bytes, kind: str, **more: str) -> Any:
    """Upload a file, and return its import once it is over."""
    taken = upload(person, content, kind, **more)
    assert taken.status_code == 202, taken.text
    assert taken.json()["state"] == "queued"
    assert town.platform.health_imports.run_next(Event())
    done = person.get(taken.headers["Location"]).json()
    assert done["id"] == taken.json()["id"]
    return done


def stored(person: Person) -> dict[tuple[str, str], float]:
    """Return values by device and metric."""
    items = person.get("/v1/me/health/records").json()["items"]
    return {(each["device"], each["metric"]): each["value"] for each in items}


SHARED: Final = ("weight", "heart_rate", "workout_minutes", "distance", "active_energy", "sleep")


def drinks(*rows: str) -> bytes:
    return "\n".join(("metric,value,unit,start,end,device", *rows)).encode()
