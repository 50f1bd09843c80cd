"""REST: every path responds, and lists are paginated by cursor."""

from uuid import UUID, uuid4

import pytest

from tests.api.driver import ApiDriver
from tests.api.stage import video_content

pytestmark = pytest.mark.both_compositions


def test_liveness_is_reported(driver: ApiDriver) -> None:
    assert driver.client.get("/healthz").json() == {"status": "ok"}


def test_readiness_tells_how_far_the_read_models_are(driver: ApiDriver) -> None:
    driver.train(1)
    while (ready := driver.client.get("/readyz")).status_code != 200:
        pass  # a check may time out on a busy machine
    assert ready.json()["position"] > 0
    assert set(ready.json()["lag"].values()) == {0}


def test_an_uploaded_video_becomes_a_session(driver: ApiDriver) -> None:
    """R-API-02."""
    sent = driver.upload(video_content("squat", 4), name="Morning squats.mp4", athlete="ada")
    assert sent.status_code == 202
    job = sent.json()
    assert sent.headers["Location"] == f"/v1/jobs/{job['id']}"
    assert (job["name"], job["exercise"], job["problem"]) == ("Morning squats.mp4", None, None)
    done = driver.over(job["id"])
    assert (done["state"], done["progress"]) == ("succeeded", 1.0)
    session = driver.client.get(f"/v1/sessions/{done['sessionId']}").json()
    assert (session["athleteId"], session["exerciseId"]) == ("ada", "squat")
    assert session["repetitionCount"] == len(session["repetitions"]) == 4


def test_a_video_that_cannot_be_analyzed_leaves_a_failed_job_with_the_reason(
    driver: ApiDriver,
) -> None:
    job = driver.over(driver.upload(b"no video at all").json()["id"])
    assert job["state"] == "failed"
    assert job["problem"]["code"] == "video.unreadable"
    assert job["sessionId"] is None


def test_sessions_are_listed_newest_first_and_read_on_by_link(driver: ApiDriver) -> None:
    keys = [driver.train(number) for number in range(5)]
    path: str | None = "/v1/sessions?first=2"
    seen: list[str] = []
    while path:
        answer = driver.client.get(path)
        page = answer.json()
        seen.extend(session["id"] for session in page["items"])
        assert page["pageInfo"]["hasNextPage"] == ("next" in answer.links)
        path = answer.links.get("next", {}).get("url")
    assert seen == keys[::-1]


def test_sessions_are_listed_by_athlete_and_exercise(driver: ApiDriver) -> None:
    mine = driver.train(1, athlete="ada")
    driver.train(2, athlete="grace")

    def listed(query: str) -> list[str]:
        items = driver.client.get(f"/v1/sessions?{query}").json()["items"]
        return [session["id"] for session in items]

    assert listed("athlete=ada") == [mine]
    assert len(listed("exercise=squat")) == 2
    assert listed("exercise=plank") == []


def test_the_link_to_the_next_page_keeps_the_filter(driver: ApiDriver) -> None:
    driver.train(0, athlete="grace")
    for number in range(1, 4):
        driver.train(number, athlete="ada")
    first = driver.client.get("/v1/sessions?athlete=ada&first=2")
    second = driver.client.get(first.links["next"]["url"]).json()
    assert [session["athleteId"] for session in second["items"]] == ["ada"]


def test_a_session_has_a_curve_of_its_movement(driver: ApiDriver) -> None:
    key = driver.analyzed(exercise="squat")
    trace = driver.client.get(f"/v1/sessions/{key}/trace").json()
    samples = trace["samples"]
    assert (trace["sessionId"], trace["exercise"], trace["unit"]) == (key, "squat", "deg")
    assert len({len(column) for column in samples.values()}) == 1
    assert samples["timeS"] == sorted(samples["timeS"])
    assert {"rest", "eccentric", "concentric"} <= set(samples["phase"])


def test_a_session_tells_what_its_movement_looks_like(driver: ApiDriver) -> None:
    """R-POS-02: with confidence and alternatives, also if the exercise was named wrong."""
    key = driver.analyzed(exercise="sit_up")
    seen = driver.client.get(f"/v1/sessions/{key}/recognition").json()
    assert (seen["sessionId"], seen["exerciseId"]) == (key, "squat")
    assert 0.85 <= seen["confidence"] <= 1
    scores = [each["score"] for each in seen["alternatives"]]
    assert seen["alternatives"][0]["exerciseId"] == "squat"
    assert scores == sorted(scores, reverse=True)


def test_a_recording_has_the_literal_fields(driver: ApiDriver) -> None:
    """R-RPL-07, R-RPL-08."""
    key = driver.analyzed()
    recording = driver.client.get(f"/v1/recordings/{key}").json()
    assert {
        *("id", "name", "description", "created_at", "duration", "frame_count", "user_id"),
        *("video_file_path", "status"),
    } <= recording.keys()
    frames = driver.client.get(f"/v1/recordings/{key}/frames?first=1").json()["items"]
    assert frames[0].keys() == {
        *("id", "session_id", "timestamp", "frame_number", "pose_data", "image_path")
    }
    assert len(frames[0]["pose_data"]["landmarks"]) == 33


def test_frames_are_read_on_by_cursor_without_gap_or_repetition(driver: ApiDriver) -> None:
    key = driver.analyzed()
    total = driver.client.get(f"/v1/recordings/{key}").json()["frame_count"]
    seen: list[int] = []
    query = "first=100"
    while query:
        page = driver.client.get(f"/v1/recordings/{key}/frames?{query}").json()
        seen.extend(frame["frame_number"] for frame in page["items"])
        info = page["pageInfo"]
        query = f"first=100&after={info['endCursor']}" if info["hasNextPage"] else ""
    assert seen == list(range(total))


def test_exercises_are_listed_with_their_faults(driver: ApiDriver) -> None:
    """R-UIX-08: and with what athletes choose them by."""
    exercises = {each["id"]: each for each in driver.client.get("/v1/exercises").json()}
    deadlift = exercises["deadlift"]
    assert (deadlift["category"], deadlift["equipment"]) == ("legs", ["barbell"])
    assert deadlift["muscles"] == ["hamstrings", "glutes", "lower_back"]
    assert all(each["muscles"] for each in exercises.values())
    assert exercises["squat"]["equipment"] == []
    assert exercises["squat"]["kind"] == "repetitions"
    assert exercises["plank"]["kind"] == "hold"
    assert all(fault["cue"] for each in exercises.values() for fault in each["faults"])


def test_a_video_is_given_whole_or_in_part(driver: ApiDriver) -> None:
    content = video_content("squat", 3)
    key = driver.over(driver.upload(content).json()["id"])["sessionId"]
    path = f"/v1/recordings/{key}/video"
    whole = driver.client.get(path)
    assert (whole.status_code, whole.content) == (200, content)
    assert whole.headers["Content-Type"] == "video/mp4"
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = driver.client.get(path, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, content[2:6])
    assert part.headers["Content-Range"] == f"bytes 2-5/{len(content)}"
    beyond = driver.client.get(path, headers={"Range": "bytes=9999-"})
    assert beyond.status_code == 416
    other = driver.client.get(path, headers={"Range": "bytes=2-5", "If-Range": '"another video"'})
    assert (other.status_code, other.content) == (200, content)


def test_no_copy_of_a_video_stays_in_a_cache(driver: ApiDriver) -> None:
    """R-TEN-09: a video must not be shown from a cache after the sign-out."""
    key = driver.analyzed()
    path = f"/v1/recordings/{key}/video"
    first = driver.client.get(path)
    digest = driver.client.get(f"/v1/recordings/{key}").json()["video_file_path"]
    assert first.headers["ETag"] == f'"{digest}"'
    assert first.headers["Cache-Control"] == "private, no-store"
    again = driver.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/sessions/any"])
def test_the_page_is_one_document_and_may_load_only_from_here(driver: ApiDriver, path: str) -> None:
    page = driver.client.get(path)
    assert page.headers["Content-Type"].startswith("text/html")
    assert "<main" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"


def test_the_page_finds_its_parts(driver: ApiDriver) -> None:
    part = driver.client.get("/static/index.html")
    assert (part.status_code, part.headers["Cache-Control"]) == (200, "no-cache")
    assert driver.client.get("/static/../pyproject.toml").status_code == 404


def test_a_request_id_is_echoed_and_leads_to_the_events(driver: ApiDriver) -> None:
    """R-API-04."""
    identity = uuid4()
    sent = driver.upload(headers={"Request-ID": str(identity)})
    assert sent.headers["Request-ID"] == str(identity)
    driver.over(sent.json()["id"])
    recorded = driver.platform.log.scan(after=0, limit=1)
    assert recorded[0].origin.correlation_id == identity


@pytest.mark.parametrize("given", [{}, {"Request-ID": "no uuid"}])
def test_a_request_without_a_usable_id_is_given_one(
    driver: ApiDriver, given: dict[str, str]
) -> None:
    answer = driver.client.get("/healthz", headers=given)
    assert UUID(answer.headers["Request-ID"]).version == 7


def test_the_interface_describes_itself(driver: ApiDriver) -> None:
    """R-API-02."""
    described = driver.client.get("/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "Problem" in described["components"]["schemas"]
