"""Write-back: completed workouts go to linked clouds, each once, and never come back."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any, Final

import pytest

from application.health.pauses import FIRST_PAUSE
from application.kernel.command_handler import Request
from application.platform import Platform
from application.sessions.exercise_specs import exercise_specs
from bootstrap.settings import Settings
from bootstrap.wiring.health_clouds import build_completion_runner
from domain.health.events import CloudSource
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId
from domain.kernel import Origin
from domain.sessions import commands
from domain.sessions.correction_commands import CorrectExercise
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.adapters.health.fit_messages import fit_messages
from tests.api.clouds import ada, clouds, due, integration, link, records, settings, sync
from tests.api.people import Person
from tests.waiting import wait_until
from tools.health.cloud_simulator import Tokens
from tools.health.clouds import Clouds
from tools.payments.simulator import Call, Reply

__all__ = ["ada", "clouds", "settings"]

BOTH: Final[tuple[CloudSource, ...]] = ("google_health", "strava")

READ_ONLY = "https://www.googleapis.com/auth/googlehealth.activity_and_fitness.readonly"


def complete(
    platform: Platform, person: Person, *, ended: datetime | None = None, zone: str = "UTC"
) -> str:
    """Complete a workout of two sets of ten minutes; return its session."""
    end = ended or platform.clock()
    session = str(platform.new_id())
    sent: list[Any] = [
        commands.StartSession(
            athlete_id=UserId(person.id), at=end - timedelta(minutes=10), time_zone=zone
        ),
    ]
    for number, repetitions in ((1, 12), (2, 10)):
        began = 60_000 * number
        sent += [
            commands.StartSet(
                set=number,
                exercise_id=ExerciseId("squat"),
                counted_by=CountedBy("manual", "", 1),
                load_kg=60.0,
                at_ms=began,
            ),
            commands.LogRepetitions(set=number, repetitions=repetitions, at=began + 1000),
            commands.CompleteSet(set=number, span=Span(began, began + 30_000)),
        ]
    sent.append(commands.CompleteSession(at=end, specs=exercise_specs()))
    execute(platform, session, *sent)
    return session


def execute(platform: Platform, session: str, *sent: Any) -> None:
    platform.commands.execute(
        Request(SESSION, session, sent),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor="test", correlation_id=platform.new_id()),
        command_id=platform.new_id(),
    )


def correct(platform: Platform, session: str, replacement: str, exercise: str) -> None:
    """Replace a session by one that counts the same movement as another exercise."""
    corrected = CorrectExercise(
        exercise_id=ExerciseId(exercise),
        replacement_id=SessionId(replacement),
        at=platform.clock(),
    )
    execute(platform, session, corrected)


def workouts(person: Person, source: str) -> list[tuple[str, str, str | None]]:
    items = integration(person, source)["workouts"]
    return [(each["sessionId"], each["state"], each["reason"]) for each in items]


def sync_due(platform: Platform, person: Person, *sources: str) -> None:
    for source in sources:
        due(platform, person, source)
    assert sync(platform) == len(sources)


@pytest.mark.both_compositions
def test_a_workout_goes_to_each_cloud_and_never_comes_back(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-13: with its sets in the best form that each can hold; the rest is named."""
    for source in BOTH:
        link(ada, source)
    sync(platform)
    session = complete(platform, ada)
    sync_due(platform, ada, "google_health", "strava")
    assert workouts(ada, "google_health") == [(session, "written", None)]
    assert workouts(ada, "strava") == [(session, "processing", None)]
    (exercise,) = clouds.google.exercises.values()
    assert exercise["exerciseType"] == "STRENGTH_TRAINING"
    assert exercise["notes"] == "Squat: 12 x 60 kg, 10 x 60 kg"
    assert exercise["activeDuration"] == "600.000s"
    left = integration(ada, "google_health")["workouts"][0]["left"]
    assert left == ["form", "set_times", "sets_as_data"]

    sync_due(platform, ada, "strava")
    assert workouts(ada, "strava") == [(session, "written", None)]
    (form,) = clouds.strava.uploads
    assert form["description"] == b"Squat: 12 x 60 kg, 10 x 60 kg"
    assert [
        (each["repetitions"], each["weight"], each["category"], each["set_type"])
        for each in fit_messages(form["file"], "set")
    ] == [(12, 60.0, "squat", "active"), (10, 60.0, "squat", "active")]

    for _ in range(2):
        sync_due(platform, ada, "google_health", "strava")
    assert records(ada) == [], "what we wrote is not fetched"
    assert (len(clouds.strava.uploads), len(clouds.google.exercises)) == (1, 1)


def test_a_workout_is_written_with_the_time_zone_in_which_it_was_done(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-10: not with that of the profile."""
    link(ada, "google_health")
    sync(platform)
    complete(platform, ada, zone="Asia/Tokyo")
    sync_due(platform, ada, "google_health")
    (exercise,) = clouds.google.exercises.values()
    assert exercise["interval"]["startUtcOffset"] == "32400s"


def test_a_lost_answer_writes_nothing_twice(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-13: the clouds know the workout by our id."""
    for source in BOTH:
        link(ada, source)
    sync(platform)
    session = complete(platform, ada)
    sync_due(platform, ada, "google_health", "strava")
    sync_due(platform, ada, "strava")
    for source in BOTH:  # as if the process had ended before it noted them
        platform.health_writes.delete(DEFAULT_TENANT, UserId(ada.id), source)
    sync_due(platform, ada, "google_health", "strava")
    sync_due(platform, ada, "strava")
    for source in BOTH:
        assert workouts(ada, source) == [(session, "written", "duplicate")]
    assert len(clouds.google.exercises) == 1
    assert len(clouds.strava.activities) == 1


@pytest.mark.both_compositions
def test_a_workout_whose_exercise_is_corrected_is_not_written_again(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-13: nor when its replacement is corrected; the clouds know it by the first session."""
    for source in BOTH:
        link(ada, source)
    sync(platform)
    ended = platform.clock()
    session = complete(platform, ada, ended=ended)
    sync_due(platform, ada, "google_health", "strava")
    sync_due(platform, ada, "strava")
    for exercise in ("lunge", "deadlift"):
        replacement = complete(platform, ada, ended=ended)
        correct(platform, session, replacement, exercise)
        session = replacement
        sync_due(platform, ada, "google_health", "strava")
        sync_due(platform, ada, "strava")
        for source in BOTH:
            assert (session, "written", "duplicate") in workouts(ada, source)
    assert (len(clouds.google.exercises), len(clouds.strava.activities)) == (1, 1)


def test_an_outage_backs_off_and_a_refusal_ends(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-13, R-EVT-16: one workout that Strava cannot read holds up no other."""
    link(ada, "strava")
    sync(platform)
    first = complete(platform, ada)
    clouds.strava.faults.extend(("none", "down"))  # the list of activities, then the upload
    sync_due(platform, ada, "strava")
    assert workouts(ada, "strava") == [(first, "retrying", "health.cloud_unavailable")]
    waiting = platform.health_links.get(DEFAULT_TENANT, UserId(ada.id), "strava")
    assert waiting is not None
    assert waiting.state == "active"
    assert waiting.due_at - waiting.changed_at >= FIRST_PAUSE
    assert sync(platform) == 0
    second = complete(platform, ada)
    clouds.strava.refused.add(f"kinelog-{first}")
    for _ in range(2):
        due(platform, ada, "strava")
        sync(platform)
    found = {key: (state, reason) for key, state, reason in workouts(ada, "strava")}
    assert found == {first: ("refused", "unreadable_there"), second: ("written", None)}


def test_only_workouts_since_the_link_are_written_with_consent(
    ada: Person, platform: Platform, clouds: Clouds
) -> None:
    """R-HLT-13, R-TEN-12: not without the permission, and not after the link ended."""
    complete(platform, ada, ended=platform.clock() - timedelta(hours=1))
    link(ada, "strava")
    link(ada, "google_health", scopes=READ_ONLY)
    sync(platform)
    complete(platform, ada)
    sync_due(platform, ada, "google_health")
    assert workouts(ada, "google_health") == []
    assert workouts(ada, "strava") == []
    assert ada.ask("DELETE", "/v1/health/integrations/strava").status_code == 200
    complete(platform, ada)
    assert sync(platform) == 0
    assert (clouds.strava.uploads, clouds.google.exercises) == ([], {})


def test_an_access_token_that_ends_while_records_are_fetched_is_renewed(
    ada: Person, platform: Platform, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-13: the link stays, and the workout is written."""
    link(ada, "strava")
    sync(platform)
    session = complete(platform, ada)
    strava, call_api = clouds.strava, clouds.strava.call_api

    def end_after_list(call: Call, tokens: Tokens) -> Reply:
        if call.path.endswith("/activities"):
            tokens.ends_at = strava.clock()
        return call_api(call, tokens)

    monkeypatch.setattr(strava, "call_api", end_after_list)
    sync_due(platform, ada, "strava")
    assert integration(ada, "strava")["state"] == "linked"
    assert workouts(ada, "strava") == [(session, "processing", None)]


def test_polls_of_an_upload_in_process_become_rare(
    ada: Person, platform: Platform, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-13, R-EVT-16: all people share the quota of Strava."""
    link(ada, "strava")
    sync(platform)
    session = SessionId(complete(platform, ada))
    in_process = {"id": 1, "error": None, "activity_id": None}
    monkeypatch.setattr(clouds.strava, "_status", lambda *_: in_process)
    sync_due(platform, ada, "strava")
    owner = (DEFAULT_TENANT, UserId(ada.id), BOTH[1])
    write = platform.health_writes.of_sessions(*owner, [session])[session]
    before = write.at - timedelta(minutes=10)
    platform.health_writes.put(replace(write, at=before))
    sync_due(platform, ada, "strava")
    waiting = platform.health_links.get(*owner)
    assert waiting is not None
    assert waiting.due_at - waiting.changed_at >= timedelta(minutes=19)


def test_an_answer_about_an_upload_without_its_id_holds_up_no_link(
    ada: Person, platform: Platform, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-13, R-EVT-16: the workout is tried again, and the records are synced."""
    link(ada, "strava")
    sync(platform)
    session = complete(platform, ada)
    monkeypatch.setattr(clouds.strava, "_status", lambda *_: {})
    sync_due(platform, ada, "strava")
    assert workouts(ada, "strava") == [(session, "retrying", "health.cloud_answer_unreadable")]
    stored = platform.health_links.get(DEFAULT_TENANT, UserId(ada.id), "strava")
    assert stored is not None
    assert (stored.attempts, stored.reason) == (0, None)


def test_nothing_is_written_or_noted_after_the_link_ends_in_the_middle(
    ada: Person, platform: Platform, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-HLT-13, R-TEN-12: the cloud is slow to revoke the tokens."""
    link(ada, "strava")
    sync(platform)
    for _ in range(2):
        complete(platform, ada)
    strava, call_api = clouds.strava, clouds.strava.call_api

    def end_after_upload(call: Call, tokens: Tokens) -> Reply:
        reply = call_api(call, tokens)
        if call.path.endswith("/uploads"):
            platform.health_links.delete(DEFAULT_TENANT, UserId(ada.id), "strava")
            platform.health_writes.delete(DEFAULT_TENANT, UserId(ada.id), "strava")
        return reply

    monkeypatch.setattr(strava, "call_api", end_after_upload)
    sync_due(platform, ada, "strava")
    assert len(strava.uploads) == 1
    assert platform.health_writes.latest(DEFAULT_TENANT, UserId(ada.id), 10) == []


@pytest.mark.both_compositions
def test_a_completed_workout_makes_the_links_due(
    ada: Person, platform: Platform, settings: Settings, clouds: Clouds
) -> None:
    """R-HLT-13: at once, by the runner of each composition, without the daily sync."""
    link(ada, "google_health")
    sync(platform)
    stop = Event()
    with build_completion_runner(settings, platform) as runner:
        thread = Thread(target=runner.run, args=(stop,))
        thread.start()
        try:
            wait_until(lambda: runner.caught_up)
            assert sync(platform) == 0
            session = complete(platform, ada)
            wait_until(lambda: sync(platform) == 1)
        finally:
            stop.set()
            thread.join(60)
    assert workouts(ada, "google_health") == [(session, "written", None)]
