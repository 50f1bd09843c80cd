"""Workout executions over REST."""

from typing import Any

import pytest

from application.kernel.command_handler import Request
from domain.ids import ExerciseId
from domain.motion.exercises.library import get_exercise
from domain.sessions import commands
from domain.sessions.scoring import calories_kcal
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.api.driver import ApiDriver
from tests.api.workouts import WorkoutDriver, prescribe

SERVER = CountedBy("server", "blazepose-full", 1)


@pytest.fixture
def workouts(driver: ApiDriver) -> WorkoutDriver:
    prescribe(driver)
    return WorkoutDriver(driver)


def seen(workouts: WorkoutDriver, *changes: commands.SessionCommand) -> None:
    """Write what a worker detected."""
    workouts.driver.write(Request(SESSION, workouts.id, changes))


def counted(number: int, in_set: int = 1) -> commands.CountRepetition:
    span = Span(1000 * number, 1000 * number + 900)
    return commands.CountRepetition(source="server", set=in_set, number=number, span=span, form=0.8)


def test_an_execution_begins_with_its_prescription(workouts: WorkoutDriver) -> None:
    """R-WKT-01, C-17"""
    view = workouts.start()
    assert (view["id"], view["workoutId"], view["athleteId"]) == ("e1", "legs", "ada")
    assert [(line["exerciseId"], line["sets"], line["performed"]) for line in view["lines"]] == [
        ("squat", 2, 0),
        ("plank", 1, 0),
    ]
    assert (view["next"]["exerciseId"], view["next"]["round"], view["sets"]) == ("squat", 1, [])
    assert [line["targetRpe"] for line in view["lines"]] == [8.5, None]
    assert view["next"]["targetRpe"] == 8.5
    again = workouts.driver.client.post(
        "/v1/workouts", json={"workoutId": "legs", "sessionId": "e1"}
    )
    assert (again.status_code, again.json()["code"]) == (409, "session.already_started")
    unknown = workouts.driver.client.post("/v1/workouts", json={"workoutId": "arms"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "workout.unknown")


def test_a_workout_is_gone_through_set_by_set_and_nothing_is_lost_on_reload(
    workouts: WorkoutDriver,
) -> None:
    """R-WKT-02, R-WKT-03, R-WKT-12, C-49"""
    workouts.perform()
    view = workouts.read()
    assert view["next"] is None
    assert view["rest"] is None
    assert [line["over"] for line in view["lines"]] == [True, True]
    first, second, third = view["sets"]
    assert (first["repetitions"], first["loadKg"], first["source"]) == (8, 20.0, "manual")
    assert (first["startMs"], first["endMs"], first["targetRepetitions"]) == (1000, 41_000, 8)
    assert (second["repetitions"], second["rejected"], second["line"]) == (7, 1, 1)
    assert (third["exerciseId"], third["heldMs"], third["targetHoldS"]) == ("plank", 30_000, 30)
    undone = [each for each in second["movements"] if not each["accepted"]]
    assert [(each["number"], each["reason"], each["byHand"]) for each in undone] == [
        (8, "athlete", True)
    ]


def test_one_set_at_a_time(workouts: WorkoutDriver) -> None:
    """R-WKT-03"""
    workouts.start()
    assert workouts.refused("/repetitions", set=1, repetitions=1) == (
        409,
        "session.no_set_underway",
    )
    workouts.ask("/next", 201)
    assert workouts.refused("/next") == (409, "session.set_underway")
    assert workouts.refused("/rest") == (409, "session.set_underway")
    assert workouts.refused("/complete") == (409, "session.set_underway")


def test_a_set_that_is_named_is_begun_once_by_whichever_device(workouts: WorkoutDriver) -> None:
    """R-WKT-03: a device with an outdated set number starts no set."""
    workouts.start()
    workouts.ask("/next", 201, set=1)
    assert len(workouts.ask("/next", 201, set=1)["sets"]) == 1
    workouts.ask("/finish", set=1)
    assert workouts.refused("/next", set=1) == (422, "session.set_out_of_order")
    assert workouts.read()["sets"][0]["status"] == "completed"
    assert len(workouts.ask("/next", 201, set=2)["sets"]) == 2


def test_the_athlete_can_correct_a_set_counted_by_a_camera(
    workouts: WorkoutDriver,
) -> None:
    """C-49, C-02: later detections do not restore a repetition that the athlete removed."""
    workouts.start()
    begun = workouts.ask("/next", 201, source="server", model="blazepose-full", atMs=0)
    assert begun["sets"][0]["source"] == "device", "a client cannot say that we have counted"
    span = Span(9000, 9700)
    seen(workouts, *(counted(number) for number in (1, 2, 3)))
    assert workouts.read()["sets"][0]["source"] == "server"
    seen(workouts, commands.RejectRepetition(set=1, span=span, reason="too_shallow"))
    workouts.ask("/undo", set=1)
    workouts.ask("/overrule", set=1, startMs=9000, accepted=True)
    seen(workouts, counted(3), counted(4))
    reconciled = commands.ReconcileRepetitions(set=1, withdrawn=(3,), counted_by=SERVER)
    seen(workouts, reconciled, commands.CompleteSet(set=1, span=Span(0, 10_000)))
    (view,) = workouts.read()["sets"]
    assert (view["repetitions"], view["rejected"]) == (4, 1)
    assert [(each["number"], each["accepted"]) for each in view["movements"]] == [
        (1, True), (2, True), (3, False), (5, True), (4, True),
    ]  # fmt: skip
    workouts.ask("/overrule", set=1, number=3, accepted=True)
    row = workouts.driver.client.get("/v1/sessions/e1").json()
    assert (row["repetitionCount"], row["rejectedCount"]) == (5, 0)
    assert [each["number"] for each in row["repetitions"]] == [1, 2, 3, 4, 5]
    assert row["sets"][0]["repetitions"] == 5


def test_a_camera_begins_the_set_that_comes_next(workouts: WorkoutDriver) -> None:
    """R-WKT-02: a streaming client knows the exercise, not the prescription."""
    workouts.start()
    begin = commands.StartSet(set=1, exercise_id=ExerciseId("squat"), counted_by=SERVER)
    seen(workouts, begin, counted(1), commands.CompleteSet(set=1, span=Span(0, 5000)))
    view = workouts.read()
    assert (view["sets"][0]["line"], view["sets"][0]["targetRepetitions"]) == (1, 8)
    assert view["lines"][0]["performed"] == 1


def test_skipped_sets_are_no_longer_prescribed(workouts: WorkoutDriver) -> None:
    """R-WKT-03"""
    workouts.start()
    assert workouts.ask("/skip", what="set")["next"]["round"] == 2
    assert workouts.ask("/skip", what="exercise")["next"]["exerciseId"] == "plank"
    assert workouts.ask("/skip", what="exercise")["next"] is None
    assert workouts.refused("/skip", what="set") == (409, "session.nothing_prescribed")
    assert workouts.refused("/next") == (409, "session.nothing_prescribed")
    free = workouts.ask("/next", 201, exerciseId="lunge")
    assert (free["sets"][0]["exerciseId"], free["sets"][0]["line"]) == ("lunge", None)
    workouts.ask("/finish", set=1)
    assert workouts.complete()["skippedCount"] == 3


def test_another_exercise_takes_the_place_of_the_one_prescribed(workouts: WorkoutDriver) -> None:
    workouts.start()
    (view,) = workouts.ask("/next", 201, exerciseId="lunge")["sets"]
    assert (view["exerciseId"], view["line"], view["targetRepetitions"]) == ("lunge", 1, 8)


def test_a_rest_is_as_long_as_prescribed_until_the_athlete_says_otherwise(
    workouts: WorkoutDriver,
) -> None:
    """R-WKT-12"""
    workouts.start()
    assert workouts.refused("/rest") == (409, "session.nothing_to_rest_from")
    workouts.ask("/next", 201, atMs=0)
    workouts.ask("/finish", set=1, endMs=5000)
    resting = {"afterSet": 1, "startedMs": 6000, "plannedS": 90}
    assert workouts.ask("/rest", atMs=6000)["rest"] == resting
    assert workouts.ask("/rest", plannedS=105, atMs=9000)["rest"] == {**resting, "plannedS": 105}
    assert workouts.ask("/rest/end", atMs=50_000)["rest"] is None
    assert workouts.ask("/rest/end")["rest"] is None


def test_repeated_requests_with_one_key_are_executed_once(workouts: WorkoutDriver) -> None:
    workouts.start()
    workouts.ask("/next", 201)
    first = workouts.ask("/repetitions", set=1, repetitions=2, key="a")
    again = workouts.ask("/repetitions", set=1, repetitions=2, key="a")
    assert (first["repeated"], again["repeated"], again["position"]) == (
        False, True, first["position"],
    )  # fmt: skip
    assert again["sets"][0]["repetitions"] == 2
    assert workouts.refused("/repetitions", set=1, repetitions=3, key="a")[0] == 422


def test_the_summary_says_what_each_figure_is_made_of(workouts: WorkoutDriver) -> None:
    """R-WKT-04, R-WKT-10, R-WKT-11, C-15, C-16"""
    workouts.perform()
    view = workouts.complete(frames=10, framesWithPose=9)
    assert (view["durationMs"], view["setCount"], view["repetitionCount"]) == (240_000, 3, 15)
    assert (view["rejectedCount"], view["skippedCount"]) == (1, 0)
    completion = (1.0 + 7 / 8 + 1.0) / 3
    assert view["performance"]["completion"] == pytest.approx(completion)
    assert view["performance"]["form"] is None
    assert view["performance"]["score"] == pytest.approx(100 * completion)
    assert view["points"] == {"completion": 40, "form": 30, "tempo": 10, "rangeOfMotion": 20}
    calories = view["calories"]
    squat, plank = calories["exercises"]
    assert (squat["seconds"], plank["seconds"]) == (81.0, 30.0)
    assert "Compendium" in squat["source"]
    assert (calories["bodyMass"], calories["bodyMassKg"]) == ("default", 70.0)
    expected = sum(
        calories_kcal(get_exercise(name).energy.met, 70.0, lasted)
        for name, lasted in (("squat", 81.0), ("plank", 30.0))
    )
    assert calories["kcal"] == pytest.approx(expected)
    assert view["healthKit"] == {"status": "not_requested", "reason": None, "workout": None}
    again = workouts.complete(bodyMassKg=100.0)
    assert {**again, "position": 0} == {**view, "position": 0}
    summary = workouts.driver.client.get("/v1/workouts/e1/summary").json()
    assert summary == {name: view[name] for name in summary}


def test_the_mass_that_is_given_counts(workouts: WorkoutDriver) -> None:
    """R-WKT-04"""
    workouts.perform()
    view = workouts.complete(bodyMassKg=100.0)["calories"]
    assert (view["bodyMass"], view["bodyMassKg"]) == ("given", None)
    assert view["kcal"] > 0


def test_there_is_no_summary_before_the_end(workouts: WorkoutDriver) -> None:
    workouts.start()
    answer = workouts.driver.client.get("/v1/workouts/e1/summary")
    assert (answer.status_code, answer.json()["code"]) == (409, "session.not_completed")


def test_cues_are_feedback_in_detail_and_in_points(workouts: WorkoutDriver) -> None:
    """C-48"""
    workouts.start()
    workouts.ask("/next", 201, source="server", model="blazepose-full", atMs=0)
    said = [("Knees out.", 1), ("Go deeper.", 2), ("Knees out.", 3)]
    seen(
        workouts,
        *(
            commands.NoteFault(set=1, repetition=number, fault="f", cue=cue, at_ms=number * 1000)
            for cue, number in said
        ),
        commands.CompleteSet(set=1, span=Span(0, 10_000)),
    )
    view = workouts.complete()
    assert [(each["cue"], each["atMs"]) for each in view["feedbackDetails"]] == [
        (cue, number * 1000) for cue, number in said
    ]
    assert view["feedbackPoints"] == ["Knees out.", "Go deeper."]


def progress(driver: ApiDriver, *exercises: str, after: int | None = None) -> Any:
    headers = {} if after is None else {"After-Position": str(after)}
    answer = driver.client.get(
        "/v1/exercise-progress",
        params={"athlete": "ada", "exercise": list(exercises)},
        headers=headers,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_the_next_workout_begins_with_the_last_one_and_the_records(
    driver: ApiDriver, workouts: WorkoutDriver
) -> None:
    """R-WKT-05"""
    assert progress(driver, "squat") == []
    workouts.perform()
    done = workouts.complete()
    (squat, plank) = progress(driver, "squat", "plank", "lunge", after=done["position"])
    assert [(each["repetitions"], each["loadKg"]) for each in squat["lastSets"]] == [
        (8, 20.0),
        (7, 22.5),
    ]
    assert (squat["sessions"], squat["mostRepetitions"]["best"]) == (1, 8)
    assert (squat["heaviestKg"]["best"], squat["bestForm"]) == (22.5, None)
    assert plank["longestHoldMs"]["best"] == 30_000
    later = WorkoutDriver(driver, "e2")
    later.start()
    later.ask("/next", 201, atMs=0, loadKg=30.0)
    later.ask("/repetitions", set=1, repetitions=5, atMs=9000)
    later.ask("/finish", set=1, endMs=10_000)
    view = later.ask("/complete", at="2030-01-31T07:40:00Z")
    (now,) = view["progress"]
    assert (now["sessions"], now["mostRepetitions"]["sessionId"]) == (2, "e1")
    assert (now["heaviestKg"]["best"], now["heaviestKg"]["sessionId"]) == (30.0, "e2")
    (stored,) = progress(driver, "squat", after=view["position"])
    assert stored == now


def test_records_tell_verified_results_from_logged_ones(
    driver: ApiDriver, workouts: WorkoutDriver
) -> None:
    """C-49, R-WKT-05: whoever logs twelve repetitions has still been seen to do two."""
    counted = driver.train(0, repetitions=2)
    workouts.perform()
    (squat,) = progress(driver, "squat", after=workouts.complete()["position"])
    assert (squat["mostRepetitions"]["best"], squat["mostRepetitions"]["sessionId"]) == (8, "e1")
    verified = squat["mostVerifiedRepetitions"]
    assert (verified["best"], verified["sessionId"]) == (2, counted)
    assert (squat["heaviestKg"]["best"], squat["heaviestVerifiedKg"]) == (22.5, None)


def test_times_of_another_clock_are_rejected_and_the_workout_can_end(
    workouts: WorkoutDriver,
) -> None:
    """A device that sends times since 1970, not since the session's start, breaks nothing."""
    workouts.start()
    workouts.ask("/next", 201, atMs=0)
    since_1970 = 1_900_000_000_000
    assert workouts.refused("/finish", set=1, endMs=since_1970) == (422, "value.invalid")
    assert workouts.refused("/duration", set=1, durationMs=1, atMs=since_1970) == (
        422,
        "value.invalid",
    )
    workouts.ask("/finish", set=1, endMs=60_000)
    assert workouts.complete()["setCount"] == 1


def test_a_workout_that_was_forgotten_can_still_be_ended(workouts: WorkoutDriver) -> None:
    """A session lasts at most a day: completed later, it ends with that day."""
    begun = {"workoutId": "legs", "sessionId": "e1", "at": "2020-01-31T07:30:00Z"}
    assert workouts.driver.client.post("/v1/workouts", json=begun).status_code == 201
    workouts.ask("/next", 201)
    workouts.ask("/finish", set=1)
    workouts.ask("/rest")
    view = workouts.ask("/complete")
    assert (view["durationMs"], view["completedAt"]) == (86_400_000, "2020-02-01T07:30:00Z")


def test_a_record_belongs_to_the_first_session_that_reached_it(
    driver: ApiDriver, workouts: WorkoutDriver
) -> None:
    """R-WKT-05: repeating a record is no new record."""
    later = WorkoutDriver(driver, "z9")
    workouts.perform()
    workouts.complete()
    later.perform()
    done = later.ask("/complete", at="2030-01-31T07:50:00Z")
    query = {"athlete": "ada", "exercise": "squat"}
    after = {"After-Position": str(done["position"])}
    answer = driver.client.get("/v1/exercise-progress", params=query, headers=after)
    (listed,) = answer.json()["items"]
    assert listed["lastSessionId"] == "z9"
    assert [listed[name]["sessionId"] for name in ("mostRepetitions", "heaviestKg")] == ["e1"] * 2
    (old, _) = driver.client.get("/v1/workouts/e1/summary", headers=after).json()["progress"]
    assert old["mostRepetitions"]["sessionId"] == "e1"
    assert old["lastSessionId"] == "z9", "a later one, also in the summary of an earlier one"


def test_a_deleted_session_is_no_progress_until_it_is_restored(
    driver: ApiDriver, workouts: WorkoutDriver
) -> None:
    """R-WKT-05: last performances and records ignore deleted sessions."""
    workouts.perform()
    done = workouts.complete()
    before = progress(driver, "squat", "plank", after=done["position"])
    assert driver.client.delete("/v1/sessions/e1").status_code == 204
    assert progress(driver, "squat", "plank") == []
    assert driver.client.post("/v1/sessions/e1:restore").status_code == 204
    assert progress(driver, "squat", "plank") == before
