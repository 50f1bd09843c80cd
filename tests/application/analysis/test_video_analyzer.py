import os
from pathlib import Path

import numpy as np
import pytest

from adapters.sample_athlete.athlete import landmarks, truth
from adapters.sample_athlete.performance import Performance
from application.analysis.video_analyzer import (
    AnalysisRequest,
    ExerciseNotRecognised,
)
from application.analysis.what_if import replay_with
from application.kernel.ports import Change
from application.kernel.video import NoPersonInVideo, SeveralPeopleInVideo, VideoFrame, VideoMissing
from domain.event_text import TextNotAllowed
from domain.ids import DEFAULT_TENANT, UserId
from domain.motion.exercises.library import get_exercise
from domain.motion.exercises.recognition import Recognition
from domain.recordings.events import FramesAppended, RecordingCompleted, VideoAttached
from domain.sessions.commands import AthleteMissing
from domain.sessions.events import SessionCompleted, SessionStarted, SetCompleted
from domain.sessions.scoring import REFERENCE_BODY_MASS_KG, calories_kcal
from domain.users import commands as users
from domain.users.user import USER
from domain.values import UnknownExercise
from tests.application.conftest import NOW, AnalysisFixture, origin
from tests.domain.motion import scenes
from tests.domain.motion.scenes import then

STREAMS = ("session", "recording")


def stored(analysis: AnalysisFixture) -> int:
    return analysis.log.head()


def test_a_video_becomes_a_session_and_its_recording(analysis: AnalysisFixture) -> None:
    """R-POS-05, R-POS-12: landmarks in, repetitions and form out."""
    report = analysis.analyze(analysis.video(repetitions=4)).report
    assert (report.exercise, report.repetitions, report.completed) == ("squat", 4, True)
    assert report.frames == report.frames_with_pose > 0
    assert report.model == "sample-athlete"
    assert all(rep.form is not None and 0 <= rep.form <= 1 for rep in report.reps)
    events = [
        recorded.event
        for recorded in analysis.log.load(DEFAULT_TENANT, f"recording-{report.session_id}")
    ]
    assert sum(e.frames for e in events if isinstance(e, FramesAppended)) == report.frames
    assert any(isinstance(event, VideoAttached) for event in events)
    assert isinstance(events[-1], RecordingCompleted)


def test_repetitions_have_their_times(analysis: AnalysisFixture) -> None:
    """R-POS-02: repetitions, tempo and range of motion."""
    performed = truth(Performance(exercise="squat", repetitions=3)).repetitions
    report = analysis.analyze(analysis.video(repetitions=3)).report.reps
    for rep, true in zip(report, performed, strict=True):
        assert rep.start_s == pytest.approx(true.start_s, abs=0.35)
        assert rep.end_s == pytest.approx(true.end_s, abs=0.35)
        assert rep.range_of_motion_deg == pytest.approx(true.range_of_motion_deg, abs=12)


def test_the_landmarks_can_be_read_back_as_they_were(analysis: AnalysisFixture) -> None:
    """C-29, R-LIV-03: frames are kept in chunks of half a second, complete and in order."""
    report = analysis.analyze(analysis.video()).report
    chunks = analysis.history.poses(DEFAULT_TENANT, report.session_id)
    assert all(0.4 < chunk.times_s[-1] - chunk.times_s[0] <= 0.5 for chunk in chunks[:-1])
    assert analysis.stage.shown is not None
    assert np.array_equal(np.concatenate([c.image for c in chunks]), analysis.stage.shown.image)
    assert np.array_equal(np.concatenate([c.times_s for c in chunks]), analysis.stage.shown.times_s)


def test_the_same_analysis_is_the_same_session(analysis: AnalysisFixture) -> None:
    """R-EVT-16: a repeated request is answered from the log."""
    first = analysis.analyze(analysis.video())
    head = stored(analysis)
    second = analysis.analyze(analysis.video())
    assert (second.report, second.repeated, stored(analysis)) == (first.report, True, head)


@pytest.mark.parametrize(("athlete", "key"), [("bob", ""), ("ada", "evening")])
def test_another_athlete_or_key_is_another_session(
    analysis: AnalysisFixture, athlete: str, key: str
) -> None:
    first = analysis.analyze(analysis.video())
    second = analysis.analyze(analysis.video(), athlete=athlete, key=key)
    assert second.report.session_id != first.report.session_id
    assert not second.repeated


def test_the_exercise_is_recognised_where_it_is_not_named(analysis: AnalysisFixture) -> None:
    assert analysis.analyze(analysis.video("squat"), exercise=None).report.exercise == "squat"


def test_completion_counts_only_against_a_target(analysis: AnalysisFixture) -> None:
    """C-16: the performance score keeps its inputs."""
    without = analysis.analyze(analysis.video()).report.session_id
    half = analysis.analyze(analysis.video(), key="half", target=6).report.session_id
    completions = {
        session_id: event.performance.completion
        for session_id in (without, half)
        for event in analysis.history.events(DEFAULT_TENANT, session_id)
        if isinstance(event, SessionCompleted) and event.performance is not None
    }
    assert completions == {without: None, half: 0.5}


def test_a_session_belongs_to_the_day_of_its_athlete(analysis: AnalysisFixture) -> None:
    """C-52: the time zone is that of the athlete's profile at the start."""
    request = users.RegisterUser(time_zone="Asia/Tokyo", locale="ja", at=NOW)
    decided = USER.decide(request, USER.initial)
    change = Change("user-ada", 0, decided)
    analysis.log.append([change], origin=origin(), command_id=origin().correlation_id)
    report = analysis.analyze(analysis.video()).report
    started = analysis.history.events(DEFAULT_TENANT, report.session_id)[0]
    assert isinstance(started, SessionStarted)
    assert started.time_zone == "Asia/Tokyo"


def test_an_unknown_exercise_is_refused_before_decoding(
    analysis: AnalysisFixture,
) -> None:
    with pytest.raises(UnknownExercise):
        analysis.analyze(analysis.folder / "not looked for.mp4", exercise="somersault")
    assert stored(analysis) == 0


def test_a_missing_video_is_refused(analysis: AnalysisFixture) -> None:
    with pytest.raises(VideoMissing):
        analysis.analyze(analysis.folder / "nowhere.mp4")


def test_a_pipe_is_refused(analysis: AnalysisFixture) -> None:
    """It would be read until its writer ends, which may be never, as with a device."""
    pipe = analysis.folder / "camera"
    os.mkfifo(pipe)
    with pytest.raises(VideoMissing, match="is not a file"):
        analysis.analyze(pipe)


def test_an_athlete_without_a_name_is_refused() -> None:
    """R-IDN-16: no session without an owner."""
    with pytest.raises(AthleteMissing):
        AnalysisRequest(video=Path("squat.mp4"), athlete_id=UserId("  "))


def test_an_invalid_athlete_id_is_refused_before_decoding() -> None:
    """It could not be stored after the analysis."""
    with pytest.raises(TextNotAllowed, match=r"athlete_id has 1 to 128 characters"):
        AnalysisRequest(video=Path("squat.mp4"), athlete_id=UserId("ada lovelace"))


def test_a_video_without_a_person_stores_nothing(
    analysis: AnalysisFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.api.stage.Tracker.track", lambda _self, _frame: None)
    with pytest.raises(NoPersonInVideo):
        analysis.analyze(analysis.video())
    assert stored(analysis) == 0
    assert not list(analysis.folder.glob("media/**/*"))


def test_a_video_with_two_people_is_refused(
    analysis: AnalysisFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two(frames: list[VideoFrame]) -> list[int]:
        return [2 for _ in frames]

    monkeypatch.setattr(analysis.stage, "people", two)
    with pytest.raises(SeveralPeopleInVideo):
        analysis.analyze(analysis.video())
    assert stored(analysis) == 0


def test_a_passer_by_is_no_second_athlete(
    analysis: AnalysisFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def passing(frames: list[VideoFrame]) -> list[int]:
        return [2 if number < 2 else 1 for number, _ in enumerate(frames)]

    monkeypatch.setattr(analysis.stage, "people", passing)
    assert analysis.analyze(analysis.video()).report.repetitions == 3


def test_idling_is_not_recognised_as_an_exercise(analysis: AnalysisFixture) -> None:
    with pytest.raises(ExerciseNotRecognised):
        analysis.analyze(analysis.video(repetitions=0), exercise=None)
    assert stored(analysis) == 0


def test_a_count_of_an_exercise_that_was_not_performed_is_no_result(
    analysis: AnalysisFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-POS-02: the athlete is asked instead of being shown "0 of 0"."""
    named = Recognition("pommel_horse", 1.0, (("pommel_horse", 1.0), ("squat", 0.4)))
    monkeypatch.setattr("application.analysis.video_analyzer.recognize", lambda _: named)
    with pytest.raises(ExerciseNotRecognised) as doubt:
        analysis.analyze(analysis.video(repetitions=0), exercise=None)
    assert doubt.value.alternatives == ("pommel_horse", "squat")
    assert "It may be: pommel horse" in doubt.value.detail
    assert stored(analysis) == 0


def test_a_long_video_is_parted_into_its_sets(
    analysis: AnalysisFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-WKT-04: a rest ends a set; each set has its span, count, and share of the target."""
    three, four = (landmarks(Performance(repetitions=n, fps=15)) for n in (3, 4))
    video = then(three, scenes.record(scenes.standing(), 30), four)
    monkeypatch.setattr("tests.api.stage.performed", lambda *_: video)
    report = analysis.analyze(analysis.video(), target=4).report
    assert (report.repetitions, report.completed) == (7, True)
    assert [(rep.set, rep.number) for rep in report.reps] == [
        *((1, n) for n in (1, 2, 3)), *((2, n) for n in (1, 2, 3, 4)),
    ]  # fmt: skip
    history = analysis.history.events(DEFAULT_TENANT, report.session_id)
    first, second = [event for event in history if isinstance(event, SetCompleted)]
    assert (first.repetitions, second.repetitions) == (3, 4)
    assert second.span.start_ms - first.span.end_ms > 20_000
    (completed,) = [event for event in history if isinstance(event, SessionCompleted)]
    assert completed.performance is not None
    assert completed.performance.completion == pytest.approx((3 / 4 + 1) / 2)
    trained_s = sum(each.span.end_ms - each.span.start_ms for each in (first, second)) / 1000
    of_the_sets = calories_kcal(get_exercise("squat").energy.met, REFERENCE_BODY_MASS_KG, trained_s)
    assert completed.calories_kcal == pytest.approx(of_the_sets, rel=0.01)
    again = replay_with(analysis.history, DEFAULT_TENANT, report.session_id, get_exercise("squat"))
    assert again.differences == ()
