"""An athlete corrects the exercise of a session: its landmarks are counted again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.clock import new_id
from adapters.media import pose_chunk_codec
from application.analysis.exercise_correction import ExerciseCorrection, ExerciseNotPerformed
from application.kernel.command_handler import CommandHandler, Request, TooManyConflicts
from application.recordings.pose_archive import PoseArchive
from application.sessions.exercise_specs import exercise_specs, to_spec
from application.sessions.history import SessionNotRecorded
from application.sessions.report import build_report
from domain.comments.commands import DeleteComment, WriteComment
from domain.comments.comments import COMMENTS
from domain.comments.events import Place
from domain.custom_exercises.commands import RecordCustomExercise
from domain.custom_exercises.custom_exercises import CUSTOM_EXERCISES
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId
from domain.kernel import Decider
from domain.motion.exercises.custom import CUSTOM_PREFIX, to_text
from domain.motion.exercises.library import get_exercise
from domain.recordings import commands as recordings
from domain.recordings.events import VideoAttached
from domain.recordings.recording import RECORDING
from domain.sessions import commands, prescription_commands
from domain.sessions.commands import SessionMissing
from domain.sessions.correction_commands import (
    EntriesInTheWay,
    ExerciseUnchanged,
    RecordingUnderway,
    SessionCorrected,
    SessionWithoutSet,
    SetsDiffer,
    SeveralExercises,
    VideoNotReady,
)
from domain.sessions.events import (
    ExerciseCorrected,
    SessionCompleted,
    SessionDeleted,
    SessionStarted,
    SetStarted,
)
from domain.sessions.feedback_commands import RateSet
from domain.sessions.scoring import AthleteMass, ExerciseSpecs
from domain.sessions.session import SESSION, Completed
from domain.sessions.tag_commands import ChangeTags
from domain.values import CountedBy, Span, UnknownExercise
from tests.application.conftest import NOW, AnalysisFixture, origin

DEVICE = CountedBy("device", "blazepose-full", 1)
STARTED = NOW - timedelta(hours=1)
LIVE = SessionId("live")


@pytest.fixture
def correction(analysis: AnalysisFixture) -> ExerciseCorrection:
    archive = PoseArchive(analysis.media, pose_chunk_codec.encode, pose_chunk_codec.decode)
    commands = CommandHandler(analysis.log, settled=lambda _: None)
    return ExerciseCorrection(
        analysis.log, commands, analysis.history, archive, analysis.media, lambda: NOW
    )


def test_a_session_is_counted_again_as_the_exercise_that_was_performed(
    analysis: AnalysisFixture, correction: ExerciseCorrection
) -> None:
    """R-POS-02: the correction is a fact, and a new session has the result."""
    wrong = analysis.analyze(analysis.video(), exercise="lunge").report.session_id
    command_id = new_id()
    done = correction.correct(wrong, "squat", origin=origin(), command_id=command_id)
    again = correction.correct(wrong, "squat", origin=origin(), command_id=command_id)
    assert again.session_id == done.session_id
    assert (done.appended.repeated, again.appended.position) == (False, done.appended.position)

    before = analysis.history.events(DEFAULT_TENANT, wrong)
    after = analysis.history.events(DEFAULT_TENANT, done.session_id)
    corrected, deleted = before[-2:]
    assert isinstance(corrected, ExerciseCorrected)
    assert (corrected.exercise_id, corrected.replacement_id) == ("squat", done.session_id)
    assert isinstance(deleted, SessionDeleted)
    report = build_report(done.session_id, after)
    assert (report.exercise, report.repetitions, report.completed) == ("squat", 3, True)
    first, second = (
        next(each for each in events if isinstance(each, SessionStarted))
        for events in (before, after)
    )
    assert (first.at, first.athlete_id) == (second.at, second.athlete_id)
    assert analysis.history.poses(DEFAULT_TENANT, done.session_id)
    recording = analysis.log.load(DEFAULT_TENANT, f"recording-{done.session_id}")
    (video,) = (each.event for each in recording if isinstance(each.event, VideoAttached))
    assert analysis.media.get(DEFAULT_TENANT, video.digest, prefix=done.session_id)


def test_a_correction_that_is_refused_changes_nothing(
    analysis: AnalysisFixture, correction: ExerciseCorrection
) -> None:
    """R-POS-02"""
    session = analysis.analyze(analysis.video()).report.session_id
    before = analysis.history.events(DEFAULT_TENANT, session)
    for exercise, refusal in (
        ("juggling", UnknownExercise),
        ("plank", ExerciseNotPerformed),
        ("squat", ExerciseUnchanged),
    ):
        with pytest.raises(refusal):
            correction.correct(session, exercise, origin=origin(), command_id=new_id())
    assert analysis.history.events(DEFAULT_TENANT, session) == before
    correction.correct(session, "lunge", origin=origin(), command_id=new_id())
    with pytest.raises(SessionMissing):
        correction.correct(session, "squat", origin=origin(), command_id=new_id())


def execute(analysis: AnalysisFixture, decider: Decider[Any, Any, Any], *wanted: Any) -> None:
    """Execute commands of the live session or of its recording."""
    handler = CommandHandler(analysis.log, settled=lambda _: None)
    handler.execute(Request(decider, LIVE, wanted), origin=origin(), command_id=new_id())


def set_of(
    number: int = 1, exercise: str = "lunge", load_kg: float | None = None
) -> list[commands.SessionCommand]:
    """Return the commands of a set with one movement, a repetition that the device claims."""
    start = 1000 * (number - 1)
    span = Span(start, start + 800)
    return [
        commands.StartSet(
            set=number, exercise_id=ExerciseId(exercise), counted_by=DEVICE, load_kg=load_kg
        ),
        commands.CountRepetition(set=number, number=1, span=span, source="device"),
        commands.CompleteSet(set=number, span=span),
    ]


def train(
    analysis: AnalysisFixture,
    within: Sequence[commands.SessionCommand],
    specs: ExerciseSpecs | None = None,
) -> None:
    """Complete a live session with these commands and a body mass of 95 kg."""
    execute(
        analysis,
        SESSION,
        commands.StartSession(athlete_id=UserId("ada"), at=STARTED),
        *within,
        commands.CompleteSession(
            at=STARTED + timedelta(seconds=20),
            body_mass=AthleteMass(95.0, "profile"),
            specs=exercise_specs() if specs is None else specs,
        ),
    )


def record(analysis: AnalysisFixture, *, has_images: bool = False, is_stopped: bool = True) -> None:
    """Record the landmarks of three squats for the live session."""
    filmed = analysis.analyze(analysis.video()).report.session_id
    chunks = analysis.history.poses(DEFAULT_TENANT, filmed)
    stored = analysis.history.archive.store(DEFAULT_TENANT, LIVE, chunks, UserId("ada"))
    execute(
        analysis,
        RECORDING,
        recordings.StartRecording(
            user_id=UserId("ada"), session_id=LIVE, name="Live", aspect_ratio=1.5, at=STARTED
        ),
        *stored,
    )
    if has_images:
        appended = recordings.AppendFrames(
            first_frame=sum(each.frames for each in stored),
            frames=1,
            start_ms=19_000,
            end_ms=19_000,
            digest=stored[-1].digest,
            images=1,
            images_digest="0" * 64,
        )
        execute(analysis, RECORDING, appended)
    if is_stopped:
        execute(analysis, RECORDING, recordings.StopRecording(at=NOW))


def refused(
    analysis: AnalysisFixture, correction: ExerciseCorrection, refusal: type[Exception]
) -> None:
    """Check that the live session cannot be corrected, and stays as it was."""
    before = analysis.history.events(DEFAULT_TENANT, LIVE)
    with pytest.raises(refusal):
        correction.correct(LIVE, "squat", origin=origin(), command_id=new_id())
    assert analysis.history.events(DEFAULT_TENANT, LIVE) == before


def test_a_session_and_its_replacement_are_never_both_visible(
    analysis: AnalysisFixture, correction: ExerciseCorrection
) -> None:
    """R-POS-02: otherwise the same movement would count twice. Undo is another correction."""
    wrong = analysis.analyze(analysis.video(), exercise="lunge").report.session_id
    right = correction.correct(wrong, "squat", origin=origin(), command_id=new_id()).session_id

    def restore(session_id: SessionId) -> None:
        request = Request(SESSION, session_id, [commands.RestoreSession(at=NOW)])
        correction.commands.execute(request, origin=origin(), command_id=new_id())

    with pytest.raises(SessionCorrected):
        restore(wrong)
    back = correction.correct(right, "lunge", origin=origin(), command_id=new_id()).session_id
    for replaced in (wrong, right):
        with pytest.raises(SessionCorrected):
            restore(replaced)
    state = SESSION.fold(analysis.history.events(DEFAULT_TENANT, back))
    assert isinstance(state, Completed)


def test_what_the_athlete_entered_is_taken_over(
    analysis: AnalysisFixture, correction: ExerciseCorrection
) -> None:
    """R-POS-02: load, targets, rating, tags, body mass, and the request to Apple Health."""
    train(analysis, set_of(load_kg=80.0))
    record(analysis)
    execute(analysis, SESSION, RateSet(set=1, rpe=8.5, at=NOW))
    requested = prescription_commands.RequestHealthKit(at=NOW)
    execute(analysis, SESSION, ChangeTags(tags=("leg day",)), requested)
    done = correction.correct(LIVE, "squat", origin=origin(), command_id=new_id())
    happened = analysis.history.events(DEFAULT_TENANT, done.session_id)
    (started,) = (each for each in happened if isinstance(each, SetStarted))
    assert (started.exercise_id, started.load_kg) == ("squat", 80.0)
    state = SESSION.fold(happened)
    assert isinstance(state, Completed)
    assert (state.tags, state.healthkit.status) == (("leg day",), "pending")
    assert [each.rpe for each in state.performed] == [8.5]
    (completed,) = (each for each in happened if isinstance(each, SessionCompleted))
    met = exercise_specs()[ExerciseId("squat")].met
    span_s = 20.0
    assert completed.body_mass == "profile"
    assert completed.calories_kcal == pytest.approx(met * 3.5 * 95.0 / 200.0 * span_s / 60.0)


def test_the_body_mass_of_a_session_of_a_custom_exercise_is_taken_over(
    analysis: AnalysisFixture, correction: ExerciseCorrection
) -> None:
    """R-POS-02, R-WKT-02: by the energy of that exercise, which is not in the library."""
    squat = replace(get_exercise("squat"), id=f"{CUSTOM_PREFIX}squat", faults=(), marks=())
    recorded = RecordCustomExercise(
        exercise_id=ExerciseId(squat.id),
        athlete_id=UserId("ada"),
        name="My squat",
        definition=to_text(squat),
        at=STARTED,
    )
    correction.commands.execute(
        Request(CUSTOM_EXERCISES, "ada", [recorded]), origin=origin(), command_id=new_id()
    )
    train(analysis, set_of(exercise=squat.id), {ExerciseId(squat.id): to_spec(squat)})
    record(analysis)
    done = correction.correct(LIVE, "squat", origin=origin(), command_id=new_id())
    happened = analysis.history.events(DEFAULT_TENANT, done.session_id)
    (completed,) = (each for each in happened if isinstance(each, SessionCompleted))
    assert completed.calories_kcal == pytest.approx(squat.energy.met * 3.5 * 95.0 / 200.0 / 3.0)


def comment(comment_id: str, place: Place) -> WriteComment:
    """Write a comment of a trainer on a session of ada."""
    return WriteComment(
        comment_id=comment_id,
        athlete_id=UserId("ada"),
        trainer_id=UserId("tom"),
        place=place,
        text=f"Chest up ({comment_id}).",
        at=STARTED + timedelta(minutes=len(comment_id)),
    )


def test_comments_of_trainers_are_taken_over(
    analysis: AnalysisFixture, correction: ExerciseCorrection
) -> None:
    """R-POS-02: with author and time, on the moments they were about."""
    train(analysis, [*set_of(1), *set_of(2)])
    record(analysis)
    execute(
        analysis,
        COMMENTS,
        comment("moment", Place(at_ms=400)),
        comment("repetition", Place(set=2, repetition=1)),
        comment("both", Place(set=2, repetition=1, at_ms=1500)),
        comment("deleted", Place(at_ms=1)),
        DeleteComment(comment_id="deleted", trainer_id=UserId("tom"), at=NOW),
    )
    before = COMMENTS.fold(
        each.event for each in analysis.log.load(DEFAULT_TENANT, f"comments-{LIVE}")
    )
    done = correction.correct(LIVE, "squat", origin=origin(), command_id=new_id())
    copied = analysis.log.load(DEFAULT_TENANT, f"comments-{done.session_id}")
    after = COMMENTS.fold(each.event for each in copied)
    assert [each.place.at_ms for each in after.all] == [400, 1000, 1500]
    assert after.all == tuple(
        replace(each, place=Place(at_ms=now.place.at_ms))
        for each, now in zip(before.all, after.all, strict=True)
    )


def test_movements_that_arrive_after_the_completion_do_not_change_the_body_mass(
    analysis: AnalysisFixture, correction: ExerciseCorrection
) -> None:
    """R-POS-02: the energy was estimated without them."""
    start, counted, _ = set_of()
    train(analysis, [start, counted, commands.CompleteSet(set=1, span=Span(0, 18_000))])
    rejected = tuple(
        commands.RejectRepetition(set=1, span=Span(at, at + 500), reason="too_shallow")
        for at in (5000, 10_000, 15_000)
    )
    execute(analysis, SESSION, commands.RecordDetections(detections=rejected))
    record(analysis)
    done = correction.correct(LIVE, "squat", origin=origin(), command_id=new_id())
    happened = analysis.history.events(DEFAULT_TENANT, done.session_id)
    (completed,) = (each for each in happened if isinstance(each, SessionCompleted))
    met = exercise_specs()[ExerciseId("squat")].met
    expected = met * 3.5 * 95.0 / 200.0 * completed.duration_ms / 1000.0 / 60.0
    assert completed.calories_kcal == pytest.approx(expected)


@pytest.mark.parametrize(
    ("within", "refusal"),
    [
        ([], SessionWithoutSet),
        ([*set_of(1), *set_of(2, "push_up")], SeveralExercises),
        ([*set_of(1, load_kg=60.0), *set_of(2, load_kg=80.0)], SetsDiffer),
        ([*set_of(1), *set_of(2), RateSet(set=2, rpe=9, at=NOW)], SetsDiffer),
        (
            [*set_of(), commands.OverruleRepetition(set=1, number=1, accepted=False)],
            EntriesInTheWay,
        ),
        ([*set_of(), commands.LogRepetitions(set=1, repetitions=2, at=900)], EntriesInTheWay),
        ([*set_of(), prescription_commands.StartRest(planned_s=60, at=900)], EntriesInTheWay),
    ],
    ids=["no set", "several exercises", "loads", "ratings", "overruled", "logged", "rest"],
)
def test_a_correction_that_would_lose_a_fact_is_refused(
    analysis: AnalysisFixture,
    correction: ExerciseCorrection,
    within: list[commands.SessionCommand],
    refusal: type[Exception],
) -> None:
    """R-POS-02"""
    train(analysis, within)
    record(analysis)
    refused(analysis, correction, refusal)


def test_a_recording_is_final_before_it_is_counted_again(
    analysis: AnalysisFixture, correction: ExerciseCorrection
) -> None:
    """R-POS-02: a copy would lack the frames, or the video, that are still to come."""
    train(analysis, set_of())
    record(analysis, has_images=True, is_stopped=False)
    refused(analysis, correction, RecordingUnderway)
    execute(analysis, RECORDING, recordings.StopRecording(at=NOW))
    refused(analysis, correction, VideoNotReady)
    failed = recordings.FailVideo(problem="media.missing", at=NOW)
    execute(analysis, RECORDING, failed)
    refused(analysis, correction, VideoNotReady)
    execute(analysis, RECORDING, recordings.DeleteRecording(at=NOW))
    refused(analysis, correction, SessionNotRecorded)


@pytest.mark.parametrize(
    ("decider", "change"),
    [(SESSION, ChangeTags(tags=("leg day",))), (COMMENTS, comment("a", Place(at_ms=1)))],
    ids=["tags", "comment"],
)
def test_a_change_during_a_correction_is_not_lost(
    analysis: AnalysisFixture,
    correction: ExerciseCorrection,
    decider: Decider[Any, Any, Any],
    change: Any,
) -> None:
    """R-POS-02"""
    train(analysis, set_of())
    record(analysis)

    class Changing(PoseArchive):
        """Archive that is slow enough for another request."""

        def store(self, *args: Any, **named: Any) -> list[recordings.AppendFrames]:
            execute(analysis, decider, change)
            return super().store(*args, **named)

    archive = Changing(analysis.media, pose_chunk_codec.encode, pose_chunk_codec.decode)
    interrupted = replace(correction, archive=archive)
    with pytest.raises(TooManyConflicts):
        interrupted.correct(LIVE, "squat", origin=origin(), command_id=new_id())
    assert isinstance(SESSION.fold(analysis.history.events(DEFAULT_TENANT, LIVE)), Completed)
