"""Upload of a trainer's video."""

from hashlib import sha256

from tests.api.driver import ApiDriver


def upload(driver: ApiDriver, content: bytes) -> str:
    """Upload a video by signed URLs, and return the id of the item."""
    declared = {"mediaType": "video/mp4", "bytes": len(content)}
    body = {"title": "Squats", **declared, "sha256": sha256(content).hexdigest()}
    key: str = driver.client.post("/v1/content", json=body).json()["contentId"]
    (part,) = driver.client.get(f"/v1/content/{key}/upload").json()["parts"]
    assert driver.client.put(part["url"], content=content).status_code == 204
    assert driver.client.post(f"/v1/content/{key}/upload/complete").status_code == 200
    return key
