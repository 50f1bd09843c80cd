"""What may be asked of an execution, as JSON."""

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from api.caller import Id
from api.views.base import Body
from domain.sessions.prescription_events import HealthKitObstacle
from domain.values import CountSource

STRICT: Final = ConfigDict(extra="forbid")
AtMs = Annotated[
    int | None, Field(description="Since the session began; without it, the server's now.")
]


class Beginning(Body):
    """Which prescription is performed, and by whom; without `at` it begins now."""

    model_config = STRICT

    workout_id: Id
    session_id: Id | None = None
    athlete_id: Id | None = None
    at: AwareDatetime | None = None
    time_zone: str = "UTC"


class NextSet(Body):
    """Who counts the next set. `exerciseId` is performed in place of the one prescribed.

    With `set` it is the set of this number or none: told twice it begins once, and whoever does not
    know that another device went on is refused.
    """

    model_config = STRICT

    set: int | None = None
    source: CountSource = "manual"
    model: str = Field("hand", description="What makes the landmarks; `hand` without a camera.")
    exercise_id: Id | None = None
    load_kg: float | None = None
    at_ms: AtMs = None


class Repetitions(Body):
    """So many more were done, says the athlete."""

    model_config = STRICT

    set: int
    repetitions: int = 1
    at_ms: AtMs = None


class Duration(Body):
    """So long was held, says the athlete; `atMs` is its end."""

    model_config = STRICT

    set: int
    duration_ms: int = Field(ge=0, le=86_400_000)
    at_ms: AtMs = None


class Undo(Body):
    """The last repetition of this set was none."""

    model_config = STRICT

    set: int


class Overruling(Body):
    """Whether a movement was a repetition: by its `number`, or by `startMs` where it has none."""

    model_config = STRICT

    set: int
    accepted: bool
    number: int | None = None
    start_ms: int | None = None


class SetEnd(Body):
    """The set is over; it began when it was said to, unless `startMs` says otherwise."""

    model_config = STRICT

    set: int
    start_ms: int | None = None
    end_ms: AtMs = None


class Skipping(Body):
    """What comes next is left out: one set, or all that are left of its exercise."""

    model_config = STRICT

    what: Literal["set", "exercise"]


class Resting(Body):
    """A rest after the last set; sent again, it is to last `plannedS` in all."""

    model_config = STRICT

    planned_s: int | None = Field(None, description="Without it, as prescribed.")
    at_ms: AtMs = None


class RestEnd(Body):
    """The rest is over."""

    model_config = STRICT

    at_ms: AtMs = None


class Ending(Body):
    """What only the client knows; without a mass, that of the profile or a reference person's."""

    model_config = STRICT

    at: AwareDatetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float | None = None


class Confirmation(Body):
    """What became of writing the workout to HealthKit; `reason` where it failed."""

    model_config = STRICT

    status: Literal["synced", "failed"]
    reason: HealthKitObstacle | None = None
    at: AwareDatetime | None = None
