"""Smoke test of a deployment: it counts the repetitions in a video of a sample athlete.

`python -m deploy.smoke_test URL` renders a video, uploads it to the API at the URL as any client
would, and compares the session with the performance in the video. It prints the session's id.
`--session ID` only checks that the session is still there and unchanged.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

from adapters.sample_athlete.performance import Performance
from tools.film_studio.video import render_video

PERFORMANCE = Performance(exercise="squat", repetitions=3, azimuth_deg=60.0)
TIMEOUT_S = 600.0
"""Seconds that an analysis and its read models may take on a slow machine."""
POLL_INTERVAL_S = 1.0


class SmokeTestFailed(RuntimeError):  # noqa: N818  the name states the obstacle
    """The deployment does not work. The message is one sentence."""


def render_and_analyze(api: httpx2.Client) -> str:
    """Render a video, have it analyzed, and return the session's id."""
    with tempfile.TemporaryDirectory(prefix="kinelog-") as folder:
        video = Path(folder) / "acceptance.mp4"
        render_video(PERFORMANCE, video)
        return analyze(api, video)


def analyze(api: httpx2.Client, video: Path) -> str:
    """Upload a video, wait for its analysis, and return the session's id."""
    with video.open("rb") as content:
        response = api.post(
            "/v1/sessions:analyze",
            files={"video": (video.name, content, "video/mp4")},
            data={"exercise": PERFORMANCE.exercise, "name": "acceptance"},
        )
    job = _body(response, 202)
    deadline = time.monotonic() + TIMEOUT_S
    while job["state"] not in {"succeeded", "failed"}:
        _pause_until(deadline, f"The analysis is still {job['state']}, {job['progress']:.0%}.")
        job = _body(api.get(f"/v1/jobs/{job['id']}"), 200)
    if job["state"] == "failed":
        raise SmokeTestFailed(f"The analysis failed: {job['problem']}")
    return str(job["sessionId"])


def completed_session(api: httpx2.Client, session_id: str) -> dict[str, Any]:
    """Return a session once the read models have all of it."""
    deadline = time.monotonic() + TIMEOUT_S
    while True:
        response = api.get(f"/v1/sessions/{session_id}")
        if response.status_code == 200 and response.json()["status"] == "completed":
            return _body(response, 200)
        _pause_until(deadline, f"The read models do not have the session: {response.text}")


def _body(response: httpx2.Response, expected: int) -> dict[str, Any]:
    if response.status_code != expected:
        raise SmokeTestFailed(
            f"{response.request.url} returned {response.status_code}: {response.text}"
        )
    body: dict[str, Any] = response.json()
    return body


def _pause_until(deadline: float, failure: str) -> None:
    if time.monotonic() > deadline:
        raise SmokeTestFailed(failure)
    time.sleep(POLL_INTERVAL_S)


def compare(session: dict[str, Any]) -> None:
    """Raise SmokeTestFailed if a session differs from the performance."""
    numbers = [repetition["number"] for repetition in session["repetitions"]]
    if numbers != list(range(1, PERFORMANCE.repetitions + 1)):
        raise SmokeTestFailed(
            f"The video has {PERFORMANCE.repetitions} repetitions; the session has {numbers}."
        )


def main(url: str, session_id: str | None) -> None:
    """Render, upload, wait, compare. Raises SmokeTestFailed."""
    with httpx2.Client(base_url=url, timeout=60.0) as api:
        if session_id is None:
            session_id = render_and_analyze(api)
        compare(completed_session(api, session_id))
        _body(api.get("/readyz"), 200)
    sys.stdout.write(f"{session_id}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="smoke_test", description=__doc__)
    parser.add_argument("url", help="the API, for example http://127.0.0.1:8765")
    parser.add_argument("--session", metavar="ID", help="a session of an earlier smoke test")
    options = parser.parse_args()
    try:
        main(options.url, options.session)
    except (SmokeTestFailed, httpx2.HTTPError) as failed:
        sys.exit(f"kinelog: {failed}")
