"""A recording of images, and its video."""

from application.platform import Platform
from domain.ids import DEFAULT_TENANT
from domain.recordings import events
from domain.recordings.recording import RECORDING
from tests.api.driver import ApiDriver
from tests.api.pose_messages import START, frames, say

VIDEO = """
query($id: ID!) { recording(id: $id) { status videoStatus videoProblem videoUrl } }"""


def record(driver: ApiDriver) -> str:
    """Record six images, and stop."""
    with driver.client.websocket_connect("/ws/pose") as line:
        created = say(line, START)
        say(line, frames(0, 30, picture_each=5))
        done = say(line, {"type": "stop"})
    assert (done["type"], done["status"]) == ("recording_finalised", "completed")
    return str(created["id"])


def video_of(driver: ApiDriver, recording: str) -> tuple[str, str | None]:
    """Return the status and the problem of the video, which REST and GraphQL agree on."""
    row = driver.client.get(f"/v1/recordings/{recording}").json()
    shown = driver.ask(VIDEO, id=recording)["recording"]
    assert (row["status"], shown["status"]) == ("completed", "COMPLETED")
    assert shown["videoStatus"] == row["video_status"].upper()
    assert shown["videoProblem"] == row["video_problem"]
    assert (shown["videoUrl"] is None) == (row["video_file_path"] is None)
    return row["video_status"], row["video_problem"]


def attached(platform: Platform, recording: str) -> list[events.VideoAttached]:
    history = platform.log.load(DEFAULT_TENANT, f"{RECORDING.category}-{recording}")
    return [each.event for each in history if isinstance(each.event, events.VideoAttached)]
