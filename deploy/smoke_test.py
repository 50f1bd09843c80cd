"""A Kinelog that was just deployed counts what a sample athlete did.

`python -m deploy.smoke_test URL` films the athlete, sends the film to the API at the URL as any
client would, and compares what the API then tells of the session with what happened. It prints the
session's id. `--session ID` only looks whether that session is still told in the same way.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

from adapters.sample_athlete.film import film
from adapters.sample_athlete.performance import Performance

PERFORMED = Performance(exercise="squat", repetitions=3, azimuth_deg=60.0)
PATIENCE_S = 600.0
"""Seconds that an analysis and its read models may take on a slow machine."""
ASK_EVERY_S = 1.0


class NotAccepted(RuntimeError):  # noqa: N818  the name states the obstacle
    """The platform did not do what it is for. The text is one sentence."""


def filmed_and_analyzed(api: httpx2.Client) -> str:
    """Film the sample athlete, have the film analyzed, and return the session's id."""
    with tempfile.TemporaryDirectory(prefix="kinelog-") as folder:
        video = Path(folder) / "acceptance.mp4"
        film(PERFORMED, video)
        return analyzed(api, video)


def analyzed(api: httpx2.Client, video: Path) -> str:
    """Have a film analyzed and return the session's id."""
    with video.open("rb") as content:
        asked = api.post(
            "/v1/sessions:analyze",
            files={"video": (video.name, content, "video/mp4")},
            data={"exercise": PERFORMED.exercise, "name": "acceptance"},
        )
    job = _body(asked, 202)
    deadline = time.monotonic() + PATIENCE_S
    while job["state"] not in {"succeeded", "failed"}:
        _pause_until(deadline, f"The analysis is still {job['state']}, {job['progress']:.0%}.")
        job = _body(api.get(f"/v1/jobs/{job['id']}"), 200)
    if job["state"] == "failed":
        raise NotAccepted(f"The analysis failed: {job['problem']}")
    return str(job["sessionId"])


def told(api: httpx2.Client, session_id: str) -> dict[str, Any]:
    """Return what the read models tell of a session once they have all of it."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer = api.get(f"/v1/sessions/{session_id}")
        if answer.status_code == 200 and answer.json()["status"] == "completed":
            return _body(answer, 200)
        _pause_until(deadline, f"The read models do not have the session: {answer.text}")


def _body(answer: httpx2.Response, expected: int) -> dict[str, Any]:
    if answer.status_code != expected:
        raise NotAccepted(f"{answer.request.url} answered {answer.status_code}: {answer.text}")
    body: dict[str, Any] = answer.json()
    return body


def _pause_until(deadline: float, otherwise: str) -> None:
    if time.monotonic() > deadline:
        raise NotAccepted(otherwise)
    time.sleep(ASK_EVERY_S)


def compare(session: dict[str, Any]) -> None:
    """Raise NotAccepted where a session differs from what was performed."""
    numbers = [repetition["number"] for repetition in session["repetitions"]]
    if numbers != list(range(1, PERFORMED.repetitions + 1)):
        raise NotAccepted(f"{PERFORMED.repetitions} repetitions were told as {numbers}.")


def main(url: str, session_id: str | None) -> None:
    """Film, send, wait, compare. Raises NotAccepted."""
    with httpx2.Client(base_url=url, timeout=60.0) as api:
        if session_id is None:
            session_id = filmed_and_analyzed(api)
        compare(told(api, session_id))
        _body(api.get("/readyz"), 200)
    sys.stdout.write(f"{session_id}\n")


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="acceptance", description=__doc__)
    options.add_argument("url", help="where the API is, for example http://127.0.0.1:8765")
    options.add_argument("--session", metavar="ID", help="a session of an earlier acceptance")
    given = options.parse_args()
    try:
        main(given.url, given.session)
    except (NotAccepted, httpx2.HTTPError) as failed:
        sys.exit(f"kinelog: {failed}")
