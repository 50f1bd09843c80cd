"""Session list: filters, order and visibility."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from application.caller import Caller
from application.kernel.read_models import (
    Between,
    Condition,
    Containing,
    Holding,
    InSubquery,
    Page,
    Where,
    Window,
)
from application.users.resource_access import recordings_owner, sees_tags, tagged_by, visible_to
from domain.values import time_zone, within_calendar
from projections import session_recording
from projections.session_recording import SESSION_RECORDING
from projections.session_summary import SESSION_SUMMARY, VISIBLE_STATES, SessionSummary, line_of

Sort = Literal["started_at", "duration", "repetitions", "form", "score"]

COLUMNS: Final[dict[Sort, str]] = {
    "started_at": "started_at",
    "duration": "duration_ms",
    "repetitions": "repetitions",
    "form": "accuracy",
    "score": "performance_score",
}

ONE_DAY: Final = timedelta(days=1)


MAX_TAG_FILTER: Final = 200
"""Characters of a tag to filter by."""


@dataclass(frozen=True)
class SessionConditions:
    """Filters of a list of sessions; None does not filter.

    `exercise` was performed in it. `since` and `until` are the
    first and the last day on which a session began, by the clocks of `zone`, a time zone of the
    IANA database; with `own_days`, of the athlete at the time (C-52), as in totals. The
    mean form of the repetitions is at least `form_from` and less than `form_below`, both 0..1.
    `recorded`: whether it can be replayed. `completed`: whether it is completed. `tag`: one of its
    tags, in any case.
    """

    athlete: str | None = None
    exercise: str | None = None
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"
    form_from: float | None = None
    form_below: float | None = None
    recorded: bool | None = None
    tag: str | None = None
    own_days: bool = False
    completed: bool | None = None


def list_sessions(
    caller: Caller, filters: SessionConditions, window: Window, *, sort: Sort, ascending: bool
) -> Page[SessionSummary]:
    """Return a page of sessions. Raises InvalidValue for an unknown zone, and CursorInvalid."""
    page = caller.platform.read.page(
        SESSION_SUMMARY,
        caller.tenant_id,
        window=window,
        where=_where(caller, filters),
        order_by=COLUMNS[sort],
        descending=not ascending,
    )
    return page.map(lambda row: as_seen(caller, row))


def as_seen(caller: Caller, row: SessionSummary) -> SessionSummary:
    """Return a session as the caller, who may see it, sees it: analysts without tags of others."""
    return replace(row, tags=()) if row.tags and not sees_tags(caller, row.athlete_id) else row


def _where(caller: Caller, filters: SessionConditions) -> Where:
    conditions: dict[str, Condition] = {
        "status": _status(filters.completed),
        **visible_to(caller, filters.athlete),
    }
    if filters.exercise is not None:
        conditions["exercises"] = Holding(filters.exercise)
    if filters.since is not None or filters.until is not None:
        conditions |= _begun(filters)
    if filters.form_from is not None or filters.form_below is not None:
        conditions["accuracy"] = Between(filters.form_from, filters.form_below)
    if filters.recorded is not None:
        conditions["id"] = _recorded(caller, filters.athlete, is_recorded=filters.recorded)
    if filters.tag is not None:
        conditions["tag_keys"] = Containing(line_of(filters.tag))
        if caller.alone_with("session") is None:
            conditions |= tagged_by(caller, filters.athlete)
    return conditions


def _status(completed: bool | None) -> Condition:  # noqa: FBT001  None is a third value
    if completed is None:
        return VISIBLE_STATES
    return "completed" if completed else "underway"


def _begun(filters: SessionConditions) -> dict[str, Condition]:
    since, until, zone = filters.since, filters.until, ZoneInfo(time_zone(filters.zone))
    first = None if since is None else _midnight(since, zone)
    last = None if until is None else _midnight(until, zone)
    if filters.own_days:
        return {"day": Between(since, until and until + ONE_DAY)}
    begins = first and first.astimezone(UTC)
    return {"started_at": Between(begins, last and (last + ONE_DAY).astimezone(UTC))}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the start of a day, which may have 23 hours or 25. Raises InvalidValue."""
    return within_calendar(datetime.combine(day, time(), zone))


def _recorded(caller: Caller, athlete: str | None, *, is_recorded: bool) -> InSubquery:
    """Require a recording that is visible to the caller and kept, or none."""
    where: dict[str, Condition] = {
        "status": session_recording.VISIBLE_STATES,
        "media_removed_at": None,
    }
    owner = recordings_owner(caller, athlete)
    if owner is not None:
        where["user_id"] = owner
    return InSubquery(SESSION_RECORDING, "session_id", where, is_named=is_recorded)
