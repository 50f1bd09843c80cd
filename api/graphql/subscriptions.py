"""Sessions in GraphQL while they go: how one goes, and what the athlete is told.

Each result carries a `cursor`; whoever subscribes again after it misses nothing.
"""

import enum
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any, Final, cast

import strawberry
import structlog
from starlette.requests import HTTPConnection

from api.caller import Caller, checked_id
from api.feed_access import FeedAccess
from api.graphql.fields import Resolver
from api.graphql.healthkit import HealthKitStatus
from api.graphql.pagination import key_of
from api.graphql.source_counts import RepetitionsRevised
from application.live import feed_events as told
from application.live.feed import BEGINNING, Entry, FeedPosition
from application.users.errors import SignInRequired
from domain.kernel import Rejected

log = structlog.get_logger()


class Unforeseen(Rejected):
    """Something of ours broke. It is in our log under this correlation id."""

    code = "internal"
    kind = "unavailable"


@dataclass
class Subscriber:
    """Who listens over a connection: known at once, or when a socket has said its first word.

    `connection_params` is what that word holds.
    """

    connection: HTTPConnection
    caller: Caller | None = None
    token: str | None = None
    connection_params: dict[str, Any] | None = None

    def following(self) -> FeedAccess:
        """Let them follow. Raises SignInRequired."""
        if self.caller is None:
            raise SignInRequired
        return FeedAccess(self.caller, self.token, self.connection.app.state.streams)


Info = strawberry.Info[Subscriber, None]


def subscription(description: str) -> Callable[[Resolver], Resolver]:
    """Declare a subscription. Type checkers, blind to what Strawberry makes of it, see a method."""
    return cast("Callable[[Resolver], Resolver]", strawberry.subscription(description=description))


@strawberry.enum(description="Who counts: the platform, or a provisional count.")
class ProgressMode(enum.Enum):
    """Who counts."""

    SERVER = "server"
    DEGRADED = "degraded"


@strawberry.type(description="The session began.")
class SessionStarted:
    """A beginning."""

    at: datetime


@strawberry.type(description="A set began; target and load are null where none was announced.")
class SetStarted:
    """A beginning."""

    set: int
    exercise_id: str
    target_repetitions: int | None
    load_kg: float | None


@strawberry.type(description="A repetition counted. Times are ms since the session began.")
class RepetitionCounted:
    """One more."""

    set: int
    number: int
    started_ms: int
    ended_ms: int
    range_of_motion_deg: float | None
    faults: list[str]


@strawberry.type(description="A movement that did not become a repetition, and why.")
class RepetitionRejected:
    """Not one more."""

    set: int
    started_ms: int
    ended_ms: int
    reason: str


@strawberry.type(description="A position was held. Times are ms since the session began.")
class HoldMeasured:
    """A hold."""

    set: int
    started_ms: int
    ended_ms: int
    faults: list[str]


@strawberry.type(description="Form, 0..1, of a repetition; of a hold, where that is null.")
class FormMeasured:
    """How well."""

    set: int
    repetition: int | None
    form: float


@strawberry.type(description="What the athlete is told; `fault` is null for praise and framing.")
class CueGiven:
    """A correction or praise."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int


@strawberry.type(description="A set was begun although the camera did not see what it should.")
class ChecksOverridden:
    """A light was red."""

    set: int
    checks: list[str]
    at_ms: int


@strawberry.type(description="From now on this is who counts.")
class ModeChanged:
    """Another mode."""

    mode: ProgressMode


@strawberry.type(description="A set is over. Times are ms since the session began.")
class SetCompleted:
    """An end."""

    set: int
    repetitions: int
    started_ms: int
    ended_ms: int


@strawberry.type(description="The session is over. `score` is 0..100.")
class SessionCompleted:
    """The end."""

    at: datetime
    duration_ms: int
    sets: int
    repetitions: int
    accuracy: float | None
    score: float | None
    calories_kcal: float


@strawberry.type(description="The athlete does not want to see the session any more.")
class SessionDeleted:
    """It is hidden."""

    at: datetime


@strawberry.type(description="The athlete wants to see the session again.")
class SessionRestored:
    """It is back."""

    at: datetime


@strawberry.type(
    description="The athlete said whether a movement was a repetition; so many of its set stand."
)
class RepetitionOverruled:
    """The last word."""

    set: int
    number: int
    accepted: bool
    repetitions: int
    started_ms: int
    ended_ms: int


@strawberry.type(
    description="What came of an exercise in the session, which is completed with this."
)
class ExercisePerformed:
    """A part of the end."""

    exercise_id: strawberry.ID
    sets: int
    repetitions: int
    held_ms: int


@strawberry.type(description="The session performs a prescription: its lines, and sets in all.")
class PrescriptionTaken:
    """What is to be done."""

    lines: int
    sets: int


@strawberry.type(description="Sets of a line of the prescription, from 1, are left out.")
class SetsSkipped:
    """What is not done."""

    line: int
    sets: int


@strawberry.type(description="The athlete rests after a set, for so long in all.")
class RestPlanned:
    """A rest."""

    after_set: int
    planned_s: int


@strawberry.type(description="The rest is over, after so long.")
class RestEnded:
    """Its end."""

    after_set: int
    rested_ms: int


@strawberry.type(description="Whether the session, which is over, is in HealthKit.")
class HealthKitChanged:
    """What the device said."""

    status: HealthKitStatus
    reason: str | None


Progress = Annotated[
    SessionStarted
    | SetStarted
    | RepetitionCounted
    | RepetitionRejected
    | RepetitionsRevised
    | HoldMeasured
    | FormMeasured
    | CueGiven
    | ChecksOverridden
    | ModeChanged
    | SetCompleted
    | SessionCompleted
    | SessionDeleted
    | SessionRestored
    | RepetitionOverruled
    | ExercisePerformed
    | PrescriptionTaken
    | SetsSkipped
    | RestPlanned
    | RestEnded
    | HealthKitChanged,
    strawberry.union("Progress", description="Something that happened in a session."),
]


@strawberry.type(description="Something that happened in a session, and its place there.")
class SessionProgressed:
    """`cursor` marks its place: what comes after it can be asked for."""

    cursor: str
    progress: Progress


@strawberry.type(description="A cue, and its place in the session.")
class Cued:
    """`cursor` marks its place: what comes after it can be asked for."""

    cursor: str
    cue: CueGiven


KINDS: Final[dict[type[told.FeedEvent], type[Any]]] = {
    told.SessionStarted: SessionStarted,
    told.SetStarted: SetStarted,
    told.RepetitionCounted: RepetitionCounted,
    told.RepetitionRejected: RepetitionRejected,
    told.RepetitionsRevised: RepetitionsRevised,
    told.HoldMeasured: HoldMeasured,
    told.FormMeasured: FormMeasured,
    told.CueGiven: CueGiven,
    told.ChecksOverridden: ChecksOverridden,
    told.ModeChanged: ModeChanged,
    told.SetCompleted: SetCompleted,
    told.SessionCompleted: SessionCompleted,
    told.SessionDeleted: SessionDeleted,
    told.SessionRestored: SessionRestored,
    told.RepetitionOverruled: RepetitionOverruled,
    told.ExercisePerformed: ExercisePerformed,
    told.PrescriptionTaken: PrescriptionTaken,
    told.SetsSkipped: SetsSkipped,
    told.RestPlanned: RestPlanned,
    told.RestEnded: RestEnded,
    told.HealthKitChanged: HealthKitChanged,
}
"""The types of the schema by what they show; their fields have the same names."""


def shown(what: told.FeedEvent) -> Any:
    """Show an entry as a type of the schema."""
    if isinstance(what, told.ModeChanged):
        return ModeChanged(mode=ProgressMode(what.mode))
    if isinstance(what, told.RepetitionsRevised):
        return RepetitionsRevised.of(what)
    if isinstance(what, told.HealthKitChanged):
        return HealthKitChanged(status=HealthKitStatus(what.status), reason=what.reason)
    return KINDS[type(what)](**{each.name: getattr(what, each.name) for each in fields(what)})


async def _followed(info: Info, session_id: str, after: str | None) -> AsyncGenerator[Entry, None]:
    """Tell entries one by one. Raises what following does, and PlaceInvalid, IdInvalid."""
    place = BEGINNING if after is None else FeedPosition.parse(after)
    key = checked_id(key_of("Session", session_id))
    batches = info.context.following().session(key, place)
    async with aclosing(batches):
        try:
            async for entries in batches:
                for entry in entries:
                    yield entry
        except Rejected:
            raise
        except Exception as unforeseen:
            log.exception("graphql.failed", subscription=info.field_name)
            raise Unforeseen from unforeseen


@strawberry.type
class Subscription:
    """What can be followed."""

    @subscription("How a session goes, after a `cursor` or from its beginning, until it is over.")
    async def session_progress(
        self, info: Info, session_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[SessionProgressed, None]:
        """Follow a session."""
        async with aclosing(_followed(info, session_id, after)) as entries:
            async for entry in entries:
                yield SessionProgressed(cursor=str(entry.id), progress=shown(entry.what))

    @subscription("What an athlete is told in a session, after a `cursor` or from its beginning.")
    async def cues(
        self, info: Info, session_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[Cued, None]:
        """Follow the cues of a session."""
        async with aclosing(_followed(info, session_id, after)) as entries:
            async for entry in entries:
                if isinstance(entry.what, told.CueGiven):
                    yield Cued(cursor=str(entry.id), cue=shown(entry.what))
