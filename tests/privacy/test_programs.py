"""Export and erasure of training programs."""

from uuid import uuid4

from application.platform import Platform
from domain.ids import DEFAULT_TENANT, ProgramId, UserId
from domain.kernel import Origin
from domain.personal import Erased
from domain.programs.commands import CreateProgram
from domain.programs.events import About
from domain.programs.planning import PlanRequest, plan_weeks
from domain.programs.progression import NO_RULE
from tests.privacy.person import settle
from tests.privacy.test_assigned_workouts import exported
from tests.privacy.test_supervising import erased

PROGRAM = ProgramId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6095")
ABOUT = About("After the knee", "return_from_injury", spared=("knee",))


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
    """C-24, R-PRG-01: with the name, the goal and what hurts."""
    person = settle(platform)
    create(platform, person.id)
    lines = exported(platform, person.id, "events.jsonl")
    (fact,) = (each for each in lines if each["name"] == "program.created")
    assert fact["event"]["about"]["name"] == "After the knee"
    assert fact["event"]["about"]["spared"] == ["knee"]


def test_an_erased_person_has_no_goals_and_injuries(platform: Platform, origin: Origin) -> None:
    """C-24, R-PRG-01: they disappear with the key."""
    person = settle(platform)
    create(platform, person.id)
    assert erased(platform, person.id, origin)
    state = platform.programs.state(DEFAULT_TENANT, person.id)
    assert [each.about.value for each in state.current] == [Erased()]
