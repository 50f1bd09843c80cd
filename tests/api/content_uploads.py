"""Uploads of a trainer's video in parts."""

from hashlib import sha256
from typing import Any

from application.content.upload_store import MIN_PART_BYTES
from tests.api.driver import ApiDriver

VIDEO = b"kinelog!" * (MIN_PART_BYTES // 8) + b"the end"
DECLARED = {"mediaType": "video/mp4", "bytes": len(VIDEO), "sha256": sha256(VIDEO).hexdigest()}


def begin(driver: ApiDriver, **changes: Any) -> Any:
    return driver.client.post("/v1/content", json={"title": "Squats", **DECLARED, **changes})


def send(driver: ApiDriver, part: dict[str, Any], content: bytes | None = None) -> int:
    start = int(part["offset"])
    own = VIDEO[start : start + part["bytes"]]
    return driver.client.put(part["url"], content=own if content is None else content).status_code


def state(driver: ApiDriver, content_id: str) -> Any:
    position = {"After-Position": str(driver.platform.log.head())}
    return driver.client.get(f"/v1/content/{content_id}", headers=position).json()


def progress(driver: ApiDriver, content_id: str) -> Any:
    return driver.client.get(f"/v1/content/{content_id}/upload").json()
