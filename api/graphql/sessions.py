"""Sessions in GraphQL: which there are, one of them now or in the past, and sums over them."""

import enum
from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.mutations import resolve_time
from api.graphql.pagination import Connection, connection, key_of
from api.graphql.session_types import Session
from api.ownership import log_access
from api.pagination import window
from api.session_list import Sort, Wished, listed
from api.session_parts import PartsThen
from application.kernel.read_models import Moment, Total
from application.kernel.read_models import Period as ReadPeriod
from domain.ids import SessionId, UserId
from projections.session_summary import SESSION_SUMMARY, SessionSummary


@strawberry.input(one_of=True, description="A point in the past: either of both.")
class AsOf:
    """After so many of the session's events, or what was recorded by a time."""

    version: int | None = strawberry.UNSET
    time: datetime | None = strawberry.UNSET


@strawberry.input
class SessionFilter:
    """Which sessions a list has; what is left out asks for nothing.

    `since` and `until` are the first and the last day on which a session began, by the clocks of
    `zone`, an IANA time zone; with `ownDays`, by those of the athlete then, as totals are summed.
    The mean form of the repetitions is at least `formFrom` and less than `formBelow`, both 0..1.
    `recorded`: whether it can be replayed. `completed`: whether it is over.
    `tag`: one of the athlete's own words for it, in whatever case.
    """

    since: date | None = None
    until: date | None = None
    zone: str = "UTC"
    form_from: float | None = None
    form_below: float | None = None
    recorded: bool | None = None
    tag: str | None = None
    own_days: bool = False
    completed: bool | None = None


@strawberry.enum
class SessionSort(enum.Enum):
    """What sessions are ordered by."""

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
    """A stretch of the athlete's own calendar; weeks begin on Monday."""

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
    """Sums; `accuracy` is weighted by repetitions, null where no form was measured."""

    start: date
    sessions: int
    sets: int
    repetitions: int
    duration_ms: int
    calories_kcal: float
    accuracy: float | None

    @classmethod
    def of(cls, total: Total) -> "Totals":
        """Tell the sums of a period."""
        return cls(
            start=total.start,
            sessions=total.sessions,
            sets=total.sets,
            repetitions=total.repetitions,
            duration_ms=total.duration_ms,
            calories_kcal=total.calories_kcal,
            accuracy=total.accuracy,
        )


def find_sessions(context: Context, keys: Collection[str]) -> dict[str, Session]:
    """Find sessions by their own ids."""
    found = context.platform.read.get_many(SESSION_SUMMARY, context.tenant_id, keys)
    rows = {key: row for key, row in found.items() if _is_seen(context, row)}
    context.loaders.expect_sessions(rows)
    return {key: Session.of(row, context.parts(row.id)) for key, row in rows.items()}


def _find_session_then(context: Context, key: str, as_of: AsOf) -> Session | None:
    context.may_keep = False  # the log goes on before the read models do
    then = (
        Moment(version=as_of.version)
        if as_of.version is not strawberry.UNSET
        else Moment(at=resolve_time(context, as_of.time))
    )
    log, tenant_id, session_id = context.platform.log, context.tenant_id, SessionId(key)
    now = PartsThen(log, tenant_id, session_id, Moment()).summary()
    if now is None or not _is_seen(context, now):
        return None  # nor is what is deleted by now shown as it was
    parts = PartsThen(log, tenant_id, session_id, then)
    row = parts.summary()
    return None if row is None or not _is_seen(context, row) else Session.of(row, parts)


def _is_seen(context: Context, row: SessionSummary) -> bool:
    return row.status != "deleted" and context.caller.sees("session", row.athlete_id)


@strawberry.type
class SessionQueries:
    """Questions about sessions."""

    @reading("One session, by either id; as it was, if `asOf` says when.")
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

    @reading("Sessions, the newest first unless asked otherwise; at most 100 a page.")
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
        only: SessionFilter | None = None,
        sort: SessionSort = SessionSort.STARTED_AT,
        ascending: bool = False,
    ) -> Connection[Session]:
        """List a page."""
        context = info.context
        athlete = None if athlete_id is None else key_of("User", athlete_id)
        wished = Wished(athlete, exercise_id, **({} if only is None else vars(only)))
        part = window(first, after, last, before)
        page = listed(context.caller, wished, part, sort=SORTS[sort], ascending=ascending)
        context.loaders.expect_sessions([edge.row.id for edge in page.edges])
        log_access(context.caller, (edge.row.athlete_id for edge in page.edges))

        def node(row: SessionSummary) -> Session:
            return Session.of(row, context.parts(row.id))

        return connection(page, node)

    @reading("Sums by period of the athlete's calendar, the oldest first.")
    def totals(
        self,
        info: Info,
        athlete_id: strawberry.ID,
        period: Period,
        start: Annotated[
            date | None, strawberry.argument(name="from", description="The first day.")
        ] = None,
        end: Annotated[
            date | None, strawberry.argument(name="to", description="The day after the last one.")
        ] = None,
    ) -> list[Totals]:
        """Sum up."""
        context = info.context
        athlete = UserId(key_of("User", athlete_id))
        if not context.caller.sees("session", athlete):
            return []
        totals = context.platform.read.totals(
            context.tenant_id, athlete, READ_PERIODS[period], start=start, end=end
        )
        return [Totals.of(total) for total in totals]
