"""Sessions in GraphQL: list, one session now or in the past, totals."""

import enum
from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert
from api.graphql.fields import use
from api.graphql.inputs import to_utc
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, connection, key_of
from api.graphql.session_types import Session
from api.views.session_commands import Written
from application.caller import checked_filter
from application.kernel.pagination import window
from application.kernel.read_models import Moment
from application.kernel.read_models import Period as ReadPeriod
from application.sessions.session_list import (
    MAX_TAG_FILTER,
    SessionConditions,
    Sort,
    as_seen,
    list_sessions,
)
from application.sessions.session_parts import PartsAsOf
from application.users.resource_access import log_access
from domain.ids import SessionId, UserId
from projections.session_summary import SESSION_SUMMARY, SessionSummary

T = TypeVar("T")


@strawberry.input(one_of=True, description="A version or a time.")
class AsOf:
    """A version of the session, or a time of recording."""

    version: int | None = strawberry.UNSET
    time: datetime | None = strawberry.UNSET


def _old(name: str) -> Any:
    return strawberry.field(default=None, deprecation_reason=use(name))


def _first(new: T | None, old: T | None) -> T | None:
    return old if new is None else new


@strawberry.input
class SessionFilter:
    """Filters of a list of sessions; omitted ones do not apply.

    `since` and `until` are the first and last day of the start of a session, in `timeZone`, an IANA
    time zone; with `useSessionTimeZone`, in that of the session, as in totals. The mean form of the
    repetitions is at least `minForm` and less than `maxForm`, both 0..1. `hasRecording`: it can be
    replayed. `completed`: it is completed. `tag`: one of the athlete's tags, ignoring case.
    """

    since: date | None = None
    until: date | None = None
    time_zone: str | None = None
    min_form: float | None = None
    max_form: float | None = None
    has_recording: bool | None = None
    tag: str | None = None
    use_session_time_zone: bool | None = None
    completed: bool | None = None
    zone: str | None = _old("timeZone")
    form_from: float | None = _old("minForm")
    form_below: float | None = _old("maxForm")
    recorded: bool | None = _old("hasRecording")
    own_days: bool | None = _old("useSessionTimeZone")

    def conditions(self) -> dict[str, Any]:
        """Return the conditions; each can be sent by its new or its old name.

        Raises FilterTooLong.
        """
        return {
            "since": self.since,
            "until": self.until,
            "zone": self.time_zone or self.zone or "UTC",
            "form_from": _first(self.min_form, self.form_from),
            "form_below": _first(self.max_form, self.form_below),
            "recorded": _first(self.has_recording, self.recorded),
            "tag": checked_filter(self.tag, MAX_TAG_FILTER),
            "own_days": bool(_first(self.use_session_time_zone, self.own_days)),
            "completed": self.completed,
        }


@strawberry.enum
class SessionSort(enum.Enum):
    """Sort key of sessions."""

    STARTED_AT = "started_at"
    DURATION = "duration"
    REPETITIONS = "repetitions"
    FORM = "form"
    SCORE = "score"


SORTS: dict[SessionSort, Sort] = {
    SessionSort.STARTED_AT: "started_at",
    SessionSort.DURATION: "duration",
    SessionSort.REPETITIONS: "repetitions",
    SessionSort.FORM: "form",
    SessionSort.SCORE: "score",
}


@strawberry.enum
class Period(enum.Enum):
    """Period of the athlete's calendar; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


READ_PERIODS: dict[Period, ReadPeriod] = {
    Period.DAY: "day",
    Period.WEEK: "week",
    Period.MONTH: "month",
    Period.YEAR: "year",
    Period.ALL: "all",
}


@strawberry.type(description="An athlete's completed sessions in one period.")
class Totals:
    """Sums; `accuracy` is the mean form of verified repetitions and, by seconds, verified holds.

    It is null where no form was measured. `verifiedRepetitions` are those that Kinelog counted
    itself; only these count for leaderboards and awards.
    """

    start: date
    sessions: int
    sets: int
    repetitions: int
    duration_ms: int
    calories_kcal: float
    accuracy: float | None
    measured: float = strawberry.field(
        description="Repetitions and seconds of holds whose form was measured: the weight of"
        " `accuracy` in a mean of several periods."
    )
    verified_repetitions: int


def find_sessions(context: Context, keys: Collection[str]) -> dict[str, Session]:
    """Find sessions by their own ids."""
    summaries = context.platform.read.get_many(SESSION_SUMMARY, context.tenant_id, keys)
    rows = {key: row for key, row in summaries.items() if _is_seen(context, row)}
    context.loaders.expect_sessions(rows)
    return {
        key: Session.of(as_seen(context.caller, row), context.parts(row.id))
        for key, row in rows.items()
    }


@strawberry.type
class SessionPayload(MutationPayload):
    """The session after the change."""

    session: Session | None

    @classmethod
    def of(cls, context: Context, written: Written, **common: Any) -> "SessionPayload":
        """Return the payload of a command."""
        session = find_sessions(context, [written.session_id]).get(written.session_id)
        return cls(session=session, **common)


def _find_session_then(context: Context, key: str, as_of: AsOf) -> Session | None:
    context.may_keep = False  # the log is ahead of the read models
    then = (
        Moment(version=as_of.version)
        if as_of.version is not strawberry.UNSET
        else Moment(at=to_utc(as_of.time or context.platform.clock()))
    )
    log, tenant_id, session_id = context.platform.log, context.tenant_id, SessionId(key)
    now = PartsAsOf(log, tenant_id, session_id, Moment()).summary()
    if now is None or not _is_seen(context, now):
        return None  # a session deleted since then is not shown either
    parts = PartsAsOf(log, tenant_id, session_id, then)
    row = parts.summary()
    if row is None or not _is_seen(context, row):
        return None
    return Session.of(as_seen(context.caller, row), parts)


def _is_seen(context: Context, row: SessionSummary) -> bool:
    return row.status != "deleted" and context.caller.sees("session", row.athlete_id)


@strawberry.type
class SessionQueries:
    """Queries of sessions."""

    @reading("Get a session by either id, optionally as of the past.")
    def session(
        self,
        info: Info,
        id: strawberry.ID,  # noqa: A002  Relay's name
        as_of: AsOf | None = None,
    ) -> Session | None:
        """Find a session."""
        key = key_of("Session", id)
        if as_of is None:
            return find_sessions(info.context, [key]).get(key)
        return _find_session_then(info.context, key, as_of)

    @reading("List sessions, newest first by default; at most 100 a page.")
    def sessions(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        athlete_id: strawberry.ID | None = None,
        exercise_id: strawberry.ID | None = None,
        filter: SessionFilter | None = None,
        only: Annotated[
            SessionFilter | None,
            strawberry.argument(description="Old name.", deprecation_reason=use("filter")),
        ] = None,
        sort: SessionSort = SessionSort.STARTED_AT,
        ascending: bool = False,
    ) -> Connection[Session]:
        """List a page."""
        context = info.context
        athlete = None if athlete_id is None else key_of("User", athlete_id)
        filters = SessionConditions(
            athlete, exercise_id, **(filter or only or SessionFilter()).conditions()
        )
        part = window(first, after, last, before)
        page = list_sessions(context.caller, filters, part, sort=SORTS[sort], ascending=ascending)
        context.loaders.expect_sessions([edge.row.id for edge in page.edges])
        log_access(context.caller, (edge.row.athlete_id for edge in page.edges))

        def node(row: SessionSummary) -> Session:
            return Session.of(row, context.parts(row.id))

        return connection(page, node)

    @reading("Sums by period of the athlete's calendar, oldest first.")
    def totals(
        self,
        info: Info,
        athlete_id: strawberry.ID,
        period: Period,
        start: Annotated[
            date | None, strawberry.argument(name="from", description="First day.")
        ] = None,
        end: Annotated[
            date | None, strawberry.argument(name="to", description="Day after the last one.")
        ] = None,
    ) -> list[Totals]:
        """Return totals."""
        context = info.context
        athlete = UserId(key_of("User", athlete_id))
        if not context.caller.sees("session", athlete):
            return []
        totals = context.platform.read.totals(
            context.tenant_id, athlete, READ_PERIODS[period], start=start, end=end
        )
        return [convert(Totals, total) for total in totals]
