"""Which sessions a list has, and in which order: what is wished for, by whoever may see them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from api.caller import Caller
from api.ownership import visible_to
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


@dataclass(frozen=True)
class Wished:
    """What a list shall have; None asks for nothing.

    `exercise` is one that was performed in it, among others perhaps. `since` and `until` are the
    first and the last day on which a session began, by the clocks of `zone`, a time zone of the
    IANA database; with `own_days`, by those of the athlete then (C-52), as totals are summed. The
    mean form of the repetitions is at least `form_from` and less than `form_below`, both 0..1.
    `recorded`: whether it can be replayed. `completed`: whether it is over.
    `tag`: one of the athlete's own words for it, in whatever case.
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


def listed(
    caller: Caller, wished: Wished, window: Window, *, sort: Sort, ascending: bool
) -> Page[SessionSummary]:
    """Give a page of sessions. Raises InvalidValue for an unknown zone, and CursorInvalid."""
    return caller.platform.read.page(
        SESSION_SUMMARY,
        caller.tenant_id,
        window=window,
        where=_where(caller, wished),
        order_by=COLUMNS[sort],
        descending=not ascending,
    )


def _where(caller: Caller, wished: Wished) -> Where:
    conditions: dict[str, Condition] = {
        "status": _status(wished.completed),
        **visible_to(caller, wished.athlete),
    }
    if wished.exercise is not None:
        conditions["exercises"] = Holding(wished.exercise)
    if wished.since is not None or wished.until is not None:
        conditions |= _begun(wished)
    if wished.form_from is not None or wished.form_below is not None:
        conditions["accuracy"] = Between(wished.form_from, wished.form_below)
    if wished.recorded is not None:
        conditions["id"] = _recorded(caller, is_recorded=wished.recorded)
    if wished.tag is not None:
        conditions["tag_keys"] = Containing(line_of(wished.tag))
    return conditions


def _status(completed: bool | None) -> Condition:  # noqa: FBT001  None is a third way
    if completed is None:
        return VISIBLE_STATES
    return "completed" if completed else "underway"


def _begun(wished: Wished) -> dict[str, Condition]:
    since, until, zone = wished.since, wished.until, ZoneInfo(time_zone(wished.zone))
    first = None if since is None else _midnight(since, zone)
    last = None if until is None else _midnight(until, zone)
    if wished.own_days:
        return {"day": Between(since, until and until + ONE_DAY)}
    begins = first and first.astimezone(UTC)
    return {"started_at": Between(begins, last and (last + ONE_DAY).astimezone(UTC))}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give the beginning of a day, which may have 23 hours or 25. Raises InvalidValue."""
    return within_calendar(datetime.combine(day, time(), zone))


def _recorded(caller: Caller, *, is_recorded: bool) -> InSubquery:
    """Say that a session has a recording for them to see, or none."""
    where: dict[str, Condition] = {"status": session_recording.VISIBLE_STATES}
    alone = caller.alone_with("recording")
    if alone is not None:
        where["user_id"] = alone
    return InSubquery(SESSION_RECORDING, "session_id", where, is_named=is_recorded)
