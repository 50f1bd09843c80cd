from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.coaching.preferences import CuePreferences
from domain.ids import ExerciseId, UserId
from domain.kernel import Projection
from domain.personal import Erased, Personal
from domain.recordings import events as recordings
from domain.sessions import events
from domain.users import events as users
from domain.workouts import events as workouts
from projections.athlete_day import ATHLETE_DAY
from projections.recording_chunk import RECORDING_CHUNK
from projections.registry import ALL
from projections.session_recording import SESSION_RECORDING
from projections.user_profile import USER_PROFILE
from projections.workout_prescription import WORKOUT_PRESCRIPTION
from tests.projections.histories import (
    ADA,
    AT,
    ListLog,
    completed,
    frames_appended,
    recording_started,
    row_after,
    rows_after,
    started,
)

RECORDING = "recording-r1"


def test_a_recording_has_the_named_fields_while_it_runs() -> None:
    """R-RPL-07, R-DAT-04, C-14, C-45: `created_at` is the log's time; the row has its status."""
    row = row_after(
        SESSION_RECORDING,
        RECORDING,
        recording_started("s9"),
        frames_appended(0),
        frames_appended(15),
    )
    assert (row.id, row.name, row.description) == ("r1", "Morning squats", "garage")
    assert (row.created_at, row.user_id, row.session_id) == (AT, "ada", "s9")
    assert (row.status, row.frame_count, row.video_file_path) == ("recording", 30, None)
    assert (row.duration_ms, row.duration, row.aspect_ratio) == (990, 1, 16 / 9)


def test_a_completed_recording_has_its_video_and_whole_seconds() -> None:
    """R-RPL-07, C-15, C-33"""
    row = row_after(
        SESSION_RECORDING,
        RECORDING,
        recording_started(),
        recordings.VideoAttached(digest="ab" * 32, media_type="video/mp4"),
        recordings.RecordingCompleted(duration_ms=61_499, frame_count=1845, at=AT),
    )
    assert (row.status, row.frame_count, row.duration) == ("completed", 1845, 61)
    assert (row.video_file_path, row.video_media_type) == ("ab" * 32, "video/mp4")


def test_a_recording_that_failed_in_an_earlier_version_can_be_completed() -> None:
    """R-EVT-18"""
    failed = recordings.RecordingFailed(reason="No video.", at=AT)
    stopped = recordings.RecordingCompleted(duration_ms=990, frame_count=30, at=AT)
    history = (recording_started(), frames_appended(0), failed)
    row = row_after(SESSION_RECORDING, RECORDING, *history)
    assert (row.status, row.video_status, row.video_problem) == (
        "failed", "failed", "video.unwritable",
    )  # fmt: skip
    row = row_after(SESSION_RECORDING, RECORDING, *history, stopped)
    assert (row.status, row.video_status, row.video_problem) == ("completed", "none", None)
    requested = recordings.VideoRequested(at=AT)
    row = row_after(SESSION_RECORDING, RECORDING, *history, stopped, requested)
    assert (row.status, row.video_status) == ("completed", "pending")


def test_a_recording_says_that_its_media_were_removed() -> None:
    """R-TEN-12, R-RPL-13"""
    history = (
        recording_started(),
        frames_appended(0),
        recordings.VideoAttached(digest="ab" * 32, media_type="video/mp4"),
    )
    removed = recordings.RecordingMediaRemoved(at=AT)
    kept = row_after(SESSION_RECORDING, RECORDING, *history)
    assert (kept.status, kept.frame_count, kept.media_removed_at) == ("recording", 15, None)
    row = row_after(SESSION_RECORDING, RECORDING, *history, removed)
    assert (row.status, row.frame_count, row.media_removed_at) == ("completed", 0, AT)
    assert (row.video_status, row.video_file_path, row.name) == ("none", None, "Morning squats")
    deleted = recordings.RecordingDeleted(at=AT)
    row = row_after(SESSION_RECORDING, RECORDING, *history, deleted, removed)
    assert (row.status, row.status_before, row.media_removed_at) == ("deleted", "completed", AT)


def test_facts_about_a_recording_that_never_started_make_no_row() -> None:
    done = recordings.RecordingCompleted(duration_ms=1, frame_count=1, at=AT)
    video = recordings.VideoAttached(digest="", media_type="video/mp4")
    assert rows_after(SESSION_RECORDING, RECORDING, frames_appended(0), video, done) == {}


def test_a_recording_contains_its_chunks_in_order() -> None:
    """R-RPL-09, C-29"""
    rows = rows_after(RECORDING_CHUNK, RECORDING, *(frames_appended(n * 15) for n in range(12)))
    assert list(rows) == sorted(rows)
    last = list(rows.values())[-1]
    assert (last.recording_id, last.first_frame, last.frames) == ("r1", 165, 15)
    assert (last.start_ms, last.end_ms, last.digest) == (5445, 5940, f"{165:064x}")


def test_a_day_adds_up_its_sessions() -> None:
    """R-WKT-05, R-WKT-06, C-16: accuracy is weighted by repetitions."""
    row = row_after(
        ATHLETE_DAY,
        "session-s1",
        completed(repetitions=10, accuracy=0.9),
        completed(repetitions=30, accuracy=0.5),
        completed(repetitions=7, accuracy=None),
    )
    assert (row.sessions, row.sets, row.repetitions) == (3, 6, 47)
    assert (row.duration_ms, row.calories_kcal) == (180_000, 37.5)
    assert row.accuracy_weight / row.accuracy_repetitions == pytest.approx(0.6)


def test_a_day_tells_verified_repetitions_from_logged_ones() -> None:
    """C-49, R-WKT-06: all of a session that did not record them, as for leaderboards."""
    mixed = replace(completed(repetitions=10), verified_repetitions=7)
    of_old = completed(repetitions=5)
    row = row_after(ATHLETE_DAY, "session-s1", mixed, of_old)
    assert (row.repetitions, row.verified_repetitions) == (15, 12)
    trained = events.Trained(
        athlete_id=ADA, started_at=AT, time_zone="UTC", sets=2, repetitions=10,
        duration_ms=60_000, calories_kcal=12.5, accuracy=0.9, verified_repetitions=7,
    )  # fmt: skip
    gone = events.SessionDeleted(at=AT, trained=trained)
    row = row_after(ATHLETE_DAY, "session-s1", mixed, of_old, gone)
    assert (row.repetitions, row.verified_repetitions) == (5, 5)
    back = events.SessionRestored(at=AT, trained=trained)
    row = row_after(ATHLETE_DAY, "session-s1", mixed, of_old, gone, back)
    assert (row.repetitions, row.verified_repetitions) == (15, 12)


@pytest.mark.parametrize(
    ("began", "zone", "day", "week", "month"),
    [
        ("2030-03-31T23:30Z", "UTC", "2030-03-31", "2030-03-25", "2030-03-01"),
        ("2030-03-31T23:30Z", "Asia/Tokyo", "2030-04-01", "2030-04-01", "2030-04-01"),
        ("2030-01-01T03:00Z", "America/New_York", "2029-12-31", "2029-12-31", "2029-12-01"),
        ("2030-01-06T12:00Z", "Pacific/Kiritimati", "2030-01-07", "2030-01-07", "2030-01-01"),
    ],
)
def test_a_day_is_the_athletes_and_a_week_begins_on_monday(
    began: str, zone: str, day: str, week: str, month: str
) -> None:
    """C-52, R-PCH-06"""
    at = datetime.fromisoformat(began)
    rows = rows_after(ATHLETE_DAY, "session-s1", started(), completed(at=at, zone=zone))
    assert list(rows) == [f"ada/{day}"]
    row = rows[f"ada/{day}"]
    assert row.day == date.fromisoformat(day)
    assert (row.week, row.month) == (date.fromisoformat(week), date.fromisoformat(month))


def test_a_profile_changes_with_the_user() -> None:
    """C-52: the time zone of the profile."""
    created = users.UserCreated(time_zone="UTC", locale="en", at=AT)
    changed = users.ProfileChanged(time_zone="Europe/Berlin", locale="de")
    quiet = CuePreferences("seldom", muted=("hurried",))
    coached = users.CuePreferencesChanged(preferences=quiet)
    assert row_after(USER_PROFILE, "user-ada", created).cue_preferences == CuePreferences()
    row = row_after(USER_PROFILE, "user-ada", created, changed, coached)
    assert row.cue_preferences == quiet
    assert (row.id, row.time_zone, row.locale) == (ADA, "Europe/Berlin", "de")
    assert row.registered_at == AT
    assert rows_after(USER_PROFILE, "user-bob", changed) == {}


def test_a_profile_has_the_units_and_keeps_no_name() -> None:
    """R-IDN-17, R-TEN-09: a name in a row could not be erased with the key."""
    created = users.UserCreated(time_zone="UTC", locale="en", at=AT)
    reported = users.DetailsChanged(
        username=Personal(ADA, "Lovelace"), birth_date=None, units="imperial"
    )
    row = row_after(USER_PROFILE, "user-ada", created, reported)
    assert row.units == "imperial"
    assert "Lovelace" not in repr(row)


def test_a_prescription_is_the_latest_revision() -> None:
    squats = workouts.PrescribedExercise(
        ExerciseId("squat"), sets=3, target_repetitions=10, target_rpe=7.5
    )
    planks = workouts.PrescribedExercise(ExerciseId("plank"), sets=1, target_hold_s=60)
    later, coach = AT + timedelta(days=1), UserId("coach")
    written = workouts.WorkoutPrescribed(
        name=Personal(coach, "Legs"), author_id=coach, exercises=(squats,), at=AT
    )
    revised = workouts.WorkoutRevised(
        name=Personal(coach, "Legs and core"),
        exercises=(squats, planks),
        notes=Personal(coach, ("Slowly.", "")),
        at=later,
    )
    row = row_after(WORKOUT_PRESCRIPTION, "workout-legs", written, revised)
    assert (row.id, row.name, row.author_id) == ("legs", "Legs and core", "coach")
    assert (row.exercises, row.notes) == ((squats, planks), ("Slowly.", ""))
    unknown = replace(revised, notes=Personal(coach, Erased()))
    assert row_after(WORKOUT_PRESCRIPTION, "workout-legs", written, unknown).notes == ()
    assert (row.prescribed_at, row.revised_at) == (AT, later)
    deleted = row_after(
        WORKOUT_PRESCRIPTION, "workout-legs", written, workouts.WorkoutDeleted(at=later)
    )
    assert (deleted.listed, deleted.deleted_at) == (False, later)
    restored = workouts.WorkoutRestored(at=later)
    again = row_after(
        WORKOUT_PRESCRIPTION, "workout-legs", written, workouts.WorkoutDeleted(at=later), restored
    )
    assert (again.listed, again.deleted_at) == (True, None)
    assert rows_after(WORKOUT_PRESCRIPTION, "workout-arms", revised) == {}


def test_every_projection_has_a_name_of_its_own() -> None:
    names = [projection.name for projection in ALL]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("projection", ALL, ids=lambda projection: projection.name)
def test_unrelated_events_change_no_row(projection: Projection[Any]) -> None:
    class Unheard:
        """An event of a context that this build does not know."""

    (recorded,) = ListLog().add("unheard-1", Unheard())
    kept = object()
    assert projection.keys(recorded) == ()
    assert projection.evolve(kept, recorded) is kept
