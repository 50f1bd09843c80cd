"""Lessons: who may read and correct the exercises of a video, and who gets the trainer's poses."""

from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from application.content.manifest import media_prefix
from application.content.pose_track import piece_of_bytes, piece_to_bytes
from application.kernel.command_handler import Request
from application.platform import Platform
from domain.content import commands as content
from domain.content import lesson_commands as commands
from domain.content.events import Audience
from domain.content.lesson import LESSON
from domain.content.lesson_commands import LessonCommand
from domain.content.lesson_events import LessonExercise, Targets
from domain.ids import DEFAULT_TENANT, ExerciseId, UserId
from domain.kernel import Origin
from domain.motion.landmarks import PoseChunk
from domain.values import Span, Tempo
from tests.api import published
from tests.api.people import Person, Town
from tests.api.published import AT
from tests.domain.motion.figure import squats

FREE = Audience(is_free=True)
SQUATS = LessonExercise(
    ExerciseId("squat"),
    Span(1000, 4000),
    3,
    targets=Targets(Tempo(2.0, 0.5, 1.0, 0.5), 98.0, 2.0),
)
PLANK = LessonExercise(ExerciseId("plank"), Span(6000, 9000), None, held_s=3.0)
PATH = f"/v1/content/{published.LESSON}/lesson"
LUNGES = {"exerciseId": "lunge", "startMs": 4500, "endMs": 5500, "repetitions": 1}
PHASES = ("eccentricS", "bottomPauseS", "concentricS", "topPauseS")
READ = """query($id: ID!) { contentLesson(contentId: $id) {
  contentId number revision status problem confirmed workouts pieceS poseUrls
  segments { number exerciseId startMs endMs repetitions heldS rangeOfMotionDeg rangeSpreadDeg
    corrected tempo { eccentricS bottomPauseS concentricS topPauseS } } } }"""
CHANGE = """mutation($id: ID!) { changeLessonSegment(input: {contentId: $id, revision: 2,
  segment: 1, exerciseId: "squat", startMs: 1000, endMs: 4000, repetitions: 4}) {
  ... on ContentPayload { contentItem { contentId } } ... on Problem { code } } }"""


@pytest.fixture
def trainer(town: Town) -> Person:
    return town.staff("trainer", "coach@example.org")


def execute(platform: Platform, trainer: str, *wanted: LessonCommand, number: int = 1) -> None:
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=trainer, correlation_id=uuid4())
    request = Request(LESSON, f"{published.LESSON}.{number}", wanted)
    platform.commands.execute(request, origin=origin, command_id=uuid4())


def poses() -> PoseChunk:
    return squats(1)


def begin(platform: Platform, trainer: str) -> None:
    published.publish(platform, UserId(trainer), FREE)
    begin_version(platform, trainer, 1)


def begin_version(platform: Platform, trainer: str, number: int) -> None:
    content_id = published.LESSON
    begun = commands.BeginAnalysis(content_id=content_id, number=number, model="m 1.0", at=AT)
    execute(platform, trainer, begun, number=number)


def analyze(platform: Platform, trainer: str) -> None:
    """Publish a video with squats and a plank, for everybody."""
    published.publish(platform, UserId(trainer), FREE)
    analyze_version(platform, trainer, 1)


def analyze_version(platform: Platform, trainer: str, number: int) -> None:
    begin_version(platform, trainer, number)
    digest = platform.media.put(
        DEFAULT_TENANT,
        piece_to_bytes(poses()),
        prefix=media_prefix(published.LESSON, number),
        subject=UserId(trainer),
    )
    execute(
        platform,
        trainer,
        commands.NotePiece(beginning=1, piece=0, digest=digest, at=AT),
        commands.CompleteAnalysis(beginning=1, segments=(SQUATS, PLANK), at=AT),
        number=number,
    )


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def shown(person: Person) -> list[tuple[Any, ...]]:
    return [
        (each["number"], each["exerciseId"], each["repetitions"], each["corrected"])
        for each in person.get(PATH).json()["segments"]
    ]


def test_an_athlete_who_may_watch_reads_segments_and_targets(town: Town, trainer: Person) -> None:
    analyze(town.platform, trainer.id)
    ada = town.citizen("ada@example.org")
    answer = ada.get(PATH)
    assert answer.headers["Cache-Control"] == "private, no-store"
    body = answer.json()
    assert (body["number"], body["revision"], body["status"]) == (1, 2, "complete")
    squat, plank = body["segments"]
    assert (squat["exerciseId"], squat["startMs"], squat["endMs"]) == ("squat", 1000, 4000)
    assert (squat["repetitions"], squat["heldS"], squat["rangeOfMotionDeg"]) == (3, None, 98.0)
    assert squat["tempo"]["eccentricS"] == 2.0
    assert (plank["repetitions"], plank["heldS"], plank["tempo"]) == (None, 3.0, None)


def test_both_transports_show_the_same_lesson(town: Town, trainer: Person) -> None:
    analyze(town.platform, trainer.id)
    rest = trainer.get(PATH).json()
    graph = trainer.graph(READ, id=published.LESSON)["data"]["contentLesson"]
    for each in (rest, graph):
        del each["poseUrls"]
    graph["status"] = graph["status"].lower()  # an enumeration
    assert graph == {key: rest[key] for key in graph}


def test_a_signed_link_leads_to_the_trainers_poses(town: Town, trainer: Person) -> None:
    analyze(town.platform, trainer.id)
    (url,) = town.citizen("ada@example.org").get(PATH).json()["poseUrls"]
    answer = town.client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    track, original = piece_of_bytes(answer.content), poses()
    assert track.world is not None
    assert original.world is not None
    np.testing.assert_allclose(track.image, original.image, atol=1e-4)
    np.testing.assert_allclose(track.world, original.world, atol=1e-4)
    assert town.client.get(url.replace("poses.0", "poses.1")).status_code == 404
    published.execute(town.platform, UserId(trainer.id), content.UnpublishContent(at=AT))
    assert code(town.client.get(url)) == (403, "playback.not_offered")


def test_only_those_who_may_watch_get_the_lesson(town: Town, trainer: Person) -> None:
    analyze(town.platform, trainer.id)
    nobody = content.ChangeAudience(audience=Audience(), at=AT)
    published.execute(town.platform, UserId(trainer.id), nobody)
    ada = town.citizen("ada@example.org")
    assert code(ada.get(PATH)) == (403, "access.content_required")
    assert trainer.get(PATH).status_code == 200
    assert town.client.get(PATH).status_code == 401


def test_only_its_trainer_corrects_a_lesson(town: Town, trainer: Person) -> None:
    analyze(town.platform, trainer.id)
    body = {"revision": 2, **LUNGES}
    for person in (town.citizen("ada@example.org"), town.staff("trainer", "other@example.org")):
        assert code(person.post(f"{PATH}/segments", json=body)) == (404, "content.unknown")
    assert trainer.post(f"{PATH}/segments", json=body).status_code == 200
    assert shown(trainer) == [
        (1, "squat", 3, False),
        (3, "lunge", 1, True),
        (2, "plank", None, False),
    ]


def test_a_trainer_corrects_removes_and_confirms(town: Town, trainer: Person) -> None:
    analyze(town.platform, trainer.id)
    assert trainer.graph(CHANGE, id=published.LESSON)["data"]["changeLessonSegment"] == {
        "contentItem": {"contentId": published.LESSON}
    }
    assert shown(trainer)[0] == (1, "squat", 4, True)
    removal = {"revision": 3, "segment": 2}
    assert trainer.post(f"{PATH}/segments/remove", json=removal).status_code == 200
    assert trainer.post(f"{PATH}/confirm", json={"revision": 4}).status_code == 200
    body = trainer.get(PATH).json()
    assert (len(body["segments"]), body["confirmed"], body["revision"]) == (1, True, 5)


def test_a_correction_is_refused_when_the_lesson_has_changed(town: Town, trainer: Person) -> None:
    analyze(town.platform, trainer.id)
    body = {"revision": 1, **LUNGES}
    assert code(trainer.post(f"{PATH}/segments", json=body)) == (412, "lesson.changed")
    assert trainer.graph(CHANGE.replace("revision: 2", "revision: 1"), id=published.LESSON)["data"][
        "changeLessonSegment"
    ] == {"code": "lesson.changed"}


def test_a_change_of_a_version_is_refused_after_the_next_one_is_published(
    town: Town, trainer: Person
) -> None:
    """Both lessons have revision 2 and a segment 1, so only `number` tells them apart."""
    analyze(town.platform, trainer.id)
    read = {"number": 1, "revision": 2}
    published.replace(town.platform, UserId(trainer.id))
    analyze_version(town.platform, trainer.id, 2)
    for method, path, body in (
        ("POST", "/segments", LUNGES),
        ("PUT", "/segments", {"segment": 1, **LUNGES}),
        ("POST", "/segments/remove", {"segment": 1}),
        ("POST", "/confirm", {}),
        ("POST", "/workout", {"name": "Legs"}),
    ):
        refused = trainer.ask(method, PATH + path, json=read | body)
        assert code(refused) == (412, "lesson.changed"), path
        assert (trainer.get(PATH).json()["number"], trainer.get(PATH).json()["revision"]) == (2, 2)
    confirmed = trainer.post(f"{PATH}/confirm", json={"number": 2, "revision": 2})
    assert confirmed.status_code == 200


def test_a_repeated_correction_changes_nothing(town: Town, trainer: Person) -> None:
    analyze(town.platform, trainer.id)
    key = {"Idempotency-Key": str(uuid4())}
    for path, body in (
        ("/segments", {"revision": 2, **LUNGES}),
        ("/segments/remove", {"revision": 3, "segment": 3}),
        ("/confirm", {"revision": 4}),
    ):
        key = {"Idempotency-Key": str(uuid4())}
        first, again = (trainer.post(PATH + path, json=body, headers=key) for _ in range(2))
        assert (first.status_code, again.status_code) == (200, 200)
        assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    change = {"revision": 5, "segment": 1, **LUNGES}
    key = {"Idempotency-Key": str(uuid4())}
    first, again = (
        trainer.ask("PUT", f"{PATH}/segments", json=change, headers=key) for _ in range(2)
    )
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"exerciseId": "juggling"}, (404, "motion.unknown_exercise")),
        ({"repetitions": None}, (422, "lesson.segment_ambiguous")),
        ({"endMs": 4500}, (422, "value.invalid")),
        ({"startMs": 11_000, "endMs": 19_000}, (422, "value.invalid")),
        ({"endMs": 6500}, (409, "lesson.segments_overlap")),
        ({"tempo": dict.fromkeys(PHASES, -1)}, (422, "value.invalid")),
        ({"rangeOfMotionDeg": 400}, (422, "value.invalid")),
    ],
)
def test_an_impossible_segment_is_refused(
    town: Town, trainer: Person, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    analyze(town.platform, trainer.id)
    body = {"revision": 2, **LUNGES, **changes}
    assert code(trainer.post(f"{PATH}/segments", json=body)) == expected


def test_a_lesson_that_is_not_analyzed_says_so(town: Town, trainer: Person) -> None:
    published.publish(town.platform, UserId(trainer.id), FREE)
    assert code(trainer.get(PATH)) == (404, "lesson.unknown")
    body = {"revision": 1, **LUNGES}
    assert code(trainer.post(f"{PATH}/segments", json=body)) == (404, "lesson.unknown")


def test_the_trainer_reads_why_an_analysis_failed_and_adds_segments(
    town: Town, trainer: Person
) -> None:
    begin(town.platform, trainer.id)
    body = {"revision": 1, **LUNGES}
    assert trainer.get(PATH).json()["status"] == "underway"
    assert code(trainer.post(f"{PATH}/segments", json=body)) == (409, "lesson.analysis_underway")
    failed = commands.FailAnalysis(beginning=1, problem="nothing_recognized", at=AT)
    execute(town.platform, trainer.id, failed)
    lesson = trainer.get(PATH).json()
    assert (lesson["status"], lesson["problem"]) == ("failed", "nothing_recognized")
    assert lesson["problemDetail"].startswith("No exercise was recognized.")
    assert trainer.post(f"{PATH}/segments", json=body).status_code == 200


def test_a_lesson_is_made_a_workout_in_one_command(town: Town, trainer: Person) -> None:
    analyze(town.platform, trainer.id)
    again = {"revision": 2, **LUNGES, "exerciseId": "squat", "repetitions": 3}
    assert trainer.post(f"{PATH}/segments", json=again).status_code == 200
    key = {"Idempotency-Key": str(uuid4())}
    body = {"revision": 3, "name": "Legs"}
    made, repeated = (trainer.post(f"{PATH}/workout", json=body, headers=key) for _ in range(2))
    assert (made.status_code, repeated.json()["repeated"]) == (201, True)
    workout_id = made.json()["workoutId"]
    assert trainer.get(PATH).json()["workouts"] == [workout_id]
    plan = trainer.get(made.headers["Location"]).json()
    squat, plank = plan["exercises"]
    assert (plan["name"], plan["authorId"]) == ("Legs", trainer.id)
    assert (squat["exerciseId"], squat["sets"], squat["targetRepetitions"]) == ("squat", 2, 3)
    assert (squat["tempo"]["eccentricS"], squat["rangeOfMotionDeg"]) == (2.0, 98.0)
    assert squat["lesson"] == {"contentId": published.LESSON, "number": 1, "segment": 1}
    assert (plank["sets"], plank["targetRepetitions"], plank["targetHoldS"]) == (1, None, 3)


def test_a_repeat_gives_the_workout_after_the_segments_are_removed(
    town: Town, trainer: Person
) -> None:
    """R-API-04"""
    analyze(town.platform, trainer.id)
    key = {"Idempotency-Key": str(uuid4())}
    body = {"revision": 2, "name": "Legs"}
    made = trainer.post(f"{PATH}/workout", json=body, headers=key).json()
    for revision, segment in ((2, 1), (3, 2)):
        removed = {"revision": revision, "segment": segment}
        assert trainer.post(f"{PATH}/segments/remove", json=removed).status_code == 200
    again = trainer.post(f"{PATH}/workout", json=body, headers=key)
    assert again.status_code == 201
    assert again.json() == made | {"repeated": True}


def test_only_its_trainer_makes_a_workout_of_the_current_lesson(
    town: Town, trainer: Person
) -> None:
    analyze(town.platform, trainer.id)
    body = {"revision": 2, "name": "Legs"}
    ada = town.citizen("ada@example.org")
    assert code(ada.post(f"{PATH}/workout", json=body)) == (404, "content.unknown")
    stale = {**body, "revision": 1}
    assert code(trainer.post(f"{PATH}/workout", json=stale)) == (412, "lesson.changed")
    assert trainer.get(PATH).json()["workouts"] == []
