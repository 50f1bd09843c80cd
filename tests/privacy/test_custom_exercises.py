"""Export and erasure of custom exercises."""

from uuid import uuid4

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, UserId
from domain.kernel import Origin
from tests.privacy.erasing import erase
from tests.privacy.exported import exported
from tests.privacy.person import settle

NAME = "Grandmother's kick"


def record(platform: Platform, athlete: UserId) -> str:
    """Record a custom exercise."""
    example = landmarks(Performance(exercise="front_raise", repetitions=3))
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=athlete, correlation_id=uuid4())
    key, _ = platform.custom_exercises.record(
        athlete, NAME, example, 3, origin=origin, command_id=uuid4()
    )
    return key


def test_an_export_has_the_custom_exercises_of_a_person(platform: Platform) -> None:
    """C-24, R-WKT-02"""
    person = settle(platform)
    key = record(platform, person.id)
    lines = exported(platform, person.id, "events.jsonl")
    (fact,) = (each for each in lines if each["name"] == "custom_exercise.recorded")
    assert (fact["event"]["exercise_id"], fact["event"]["name"]) == (key, NAME)
    assert "signals" in fact["event"]["definition"]


def test_name_and_movement_are_encrypted(platform: Platform, settings: Settings) -> None:
    """C-24, R-TEN-09"""
    record(platform, settle(platform).id)
    log = b"".join(path.read_bytes() for path in settings.home.glob("log.sqlite3*"))
    assert b"custom_exercise.recorded" in log
    assert NAME.encode() not in log
    assert b"wrist_height" not in log


def test_an_erased_person_has_no_custom_exercises(platform: Platform, origin: Origin) -> None:
    """C-24: they disappear with the key."""
    person = settle(platform)
    record(platform, person.id)
    assert erase(platform, person.id, origin)
    assert platform.custom_exercises.lookup.of(DEFAULT_TENANT, person.id) == ()
