"""Query parameters of lists of sessions, shared by the list and its export."""

from typing import Annotated, Final

from fastapi import Depends, Query

from api.caller import Id
from api.views.base import IsoDate
from application.sessions.session_list import MAX_TAG_FILTER, SessionConditions, Sort

RENAMED: Final = {
    "zone": "timeZone",
    "own_days": "useSessionTimeZone",
    "form_from": "minForm",
    "form_below": "maxForm",
    "recorded": "hasRecording",
}
"""Query parameters by the fields of the filter whose name differs; also their old names."""


async def _conditions(
    *,
    athlete: Annotated[Id | None, Query(description="Only of this user.")] = None,
    exercise: Annotated[Id | None, Query(description="Only with this exercise.")] = None,
    since: Annotated[IsoDate | None, Query(description="Started on this day or later.")] = None,
    until: Annotated[IsoDate | None, Query(description="Started on this day or earlier.")] = None,
    zone: Annotated[
        str, Query(alias="timeZone", description="IANA time zone of these days.")
    ] = "UTC",
    own_days: Annotated[
        bool,
        Query(alias="useSessionTimeZone", description="Use days of each session's time zone."),
    ] = False,
    form_from: Annotated[
        float | None, Query(alias="minForm", ge=0, le=1, description="Minimum mean form.")
    ] = None,
    form_below: Annotated[
        float | None, Query(alias="maxForm", ge=0, le=1, description="Mean form below this.")
    ] = None,
    recorded: Annotated[
        bool | None, Query(alias="hasRecording", description="Whether it can be replayed.")
    ] = None,
    tag: Annotated[
        str | None, Query(max_length=MAX_TAG_FILTER, description="Only with this tag.")
    ] = None,
    completed: Annotated[bool | None, Query(description="Whether it is completed.")] = None,
) -> SessionConditions:
    return SessionConditions(
        athlete=athlete,
        exercise=exercise,
        since=since,
        until=until,
        zone=zone,
        form_from=form_from,
        form_below=form_below,
        recorded=recorded,
        tag=tag,
        own_days=own_days,
        completed=completed,
    )


SessionConditionsQuery = Annotated[SessionConditions, Depends(_conditions)]
Sorted = Annotated[Sort, Query(description="Sort key.")]
Ascending = Annotated[bool, Query(description="Whether to sort in ascending order.")]
