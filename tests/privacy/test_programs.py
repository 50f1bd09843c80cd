"""Export and erasure of training programs."""

from uuid import uuid4

from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, ExerciseId, ProgramId, UserId
from domain.kernel import Origin
from domain.personal import Erased
from domain.programs.commands import CreateProgram
from domain.programs.events import About, ExerciseNote
from domain.programs.planning import PlanRequest, plan_weeks
from domain.programs.progression import NO_RULE
from tests.privacy.erasing import erase
from tests.privacy.exported import exported
from tests.privacy.person import settle

PROGRAM = ProgramId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6095")
NOTE = ExerciseNote(ExerciseId("push_up"), "Not on the sore wrist.")
ABOUT = About("After the knee", "return_from_injury", spared=("knee",), notes=(NOTE,))


def create(platform: Platform, athlete: UserId) -> None:
    """Create a program of an athlete."""
    command = CreateProgram(
        program_id=PROGRAM,
        athlete_id=athlete,
        about=ABOUT,
        weeks=plan_weeks(PlanRequest(ABOUT.goal, 1, 1, spared=ABOUT.spared)),
        rule=NO_RULE,
        at=platform.clock(),
    )
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=athlete, correlation_id=uuid4())
    platform.programs.execute(athlete, command, origin=origin, command_id=uuid4())


def test_an_export_has_the_programs_of_a_person(platform: Platform) -> None:
    """C-24, R-PRG-01: with the name, the goal, what hurts and notes."""
    person = settle(platform)
    create(platform, person.id)
    lines = exported(platform, person.id, "events.jsonl")
    (fact,) = (each for each in lines if each["name"] == "program.created")
    assert fact["event"]["about"]["name"] == "After the knee"
    assert fact["event"]["about"]["spared"] == ["knee"]
    assert fact["event"]["about"]["notes"][0]["text"] == "Not on the sore wrist."


def test_notes_to_exercises_are_encrypted(platform: Platform, settings: Settings) -> None:
    """C-24, R-TEN-09"""
    create(platform, settle(platform).id)
    log = b"".join(path.read_bytes() for path in settings.home.glob("log.sqlite3*"))
    assert b"program.created" in log
    assert b"sore wrist" not in log


def test_an_erased_person_has_no_goals_and_injuries(platform: Platform, origin: Origin) -> None:
    """C-24, R-PRG-01: they disappear with the key."""
    person = settle(platform)
    create(platform, person.id)
    assert erase(platform, person.id, origin)
    state = platform.programs.state(DEFAULT_TENANT, person.id)
    assert [each.about.value for each in state.current] == [Erased()]
