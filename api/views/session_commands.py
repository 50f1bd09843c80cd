"""Inputs of the commands of a session, for REST and GraphQL alike."""

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


class StartSession(Body):
    """Start a session. Without `sessionId` one is made; without `at` it begins now."""

    model_config = STRICT

    session_id: Id | None = None
    athlete_id: Id
    workout_id: Id | None = None
    at: AwareDatetime | None = None
    time_zone: str = "UTC"


class StartSet(Body):
    """Start a set by its number, from 1."""

    model_config = STRICT

    set: int
    exercise_id: str
    model: str = Field(description="Model that finds the landmarks.")
    source: CountSource = "server"
    target_repetitions: int | None = None
    load_kg: float | None = None


class Complete(Body):
    """Data that only the client has. Default mass: that of the profile, else a reference."""

    model_config = STRICT

    at: AwareDatetime | None = None
    frames: int = 0
    frames_with_pose: int = 0
    body_mass_kg: float | None = Field(
        None, description="Without it, that of the profile, or a reference person's."
    )


class StartWorkout(Body):
    """Perform a prescription; without `at` it begins now."""

    model_config = STRICT

    workout_id: Id
    session_id: Id | None = None
    athlete_id: Id | None = None
    at: AwareDatetime | None = None
    time_zone: str = "UTC"


class BeginNextSet(Body):
    """Begin the next set, or one of `exerciseId` in place of the prescribed exercise.

    With `set` only the set of this number begins: a repeated request begins it once, and a device
    that missed a set is refused.
    """

    model_config = STRICT

    set: int | None = None
    source: CountSource = "manual"
    model: str = Field("hand", description="Model that finds the landmarks; `hand` for no camera.")
    exercise_id: Id | None = None
    load_kg: float | None = None
    at_ms: AtMs = None


class LogRepetitions(Body):
    """Add repetitions that the athlete reports."""

    model_config = STRICT

    set: int
    repetitions: int = 1
    at_ms: AtMs = None


class LogDuration(Body):
    """Add a hold that the athlete reports; `atMs` is its end."""

    model_config = STRICT

    set: int
    duration_ms: int = Field(ge=0, le=86_400_000)
    at_ms: AtMs = None


class UndoRepetition(Body):
    """Remove the last repetition of this set."""

    model_config = STRICT

    set: int


class OverruleRepetition(Body):
    """Accept or reject a movement: by its `number`, or by `startMs` where it has none."""

    model_config = STRICT

    set: int
    accepted: bool
    number: int | None = None
    start_ms: int | None = None


class FinishSet(Body):
    """Complete a set; without `startMs` it began when it was started."""

    model_config = STRICT

    set: int
    start_ms: int | None = None
    end_ms: AtMs = None


class SkipSets(Body):
    """Skip the next set, or all sets left of its exercise."""

    model_config = STRICT

    what: Literal["set", "exercise"]


class StartRest(Body):
    """Rest after the last set; again, to change its total length to `plannedS`."""

    model_config = STRICT

    planned_s: int | None = Field(None, description="Without it, as prescribed.")
    at_ms: AtMs = None


class EndRest(Body):
    """End the rest."""

    model_config = STRICT

    at_ms: AtMs = None


class ConfirmHealthKit(Body):
    """Report the result of writing the workout to HealthKit; a failure has a `reason`."""

    model_config = STRICT

    status: Literal["synced", "failed"]
    reason: HealthKitObstacle | None = None
    at: AwareDatetime | None = None


class OverrideChecks(Body):
    """Name the camera checks that failed, and the time in ms since the session began."""

    model_config = STRICT

    set: int
    checks: tuple[str, ...] = Field(description="Of `light`, `body`, `view` and `people`.")
    at_ms: int
