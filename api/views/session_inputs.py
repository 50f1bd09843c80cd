"""Which sessions are wished for, as a query says it: the same for the list and for its export."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from api.caller import Id
from api.session_list import Sort, Wished


def _wished(
    *,
    athlete: Annotated[Id | None, Query(description="Only this user's.")] = None,
    exercise: Annotated[Id | None, Query(description="Only those with this exercise.")] = None,
    since: Annotated[date | None, Query(description="Begun on this day or later.")] = None,
    until: Annotated[date | None, Query(description="Begun on this day or earlier.")] = None,
    zone: Annotated[str, Query(description="Whose days: an IANA time zone.")] = "UTC",
    own_days: Annotated[
        bool, Query(description="Days of each session's own time zone, as totals have them.")
    ] = False,
    form_from: Annotated[float | None, Query(ge=0, le=1, description="Mean form, least.")] = None,
    form_below: Annotated[float | None, Query(ge=0, le=1, description="Less than this.")] = None,
    recorded: Annotated[bool | None, Query(description="Whether it can be replayed.")] = None,
    tag: Annotated[str | None, Query(max_length=200, description="Only with this tag.")] = None,
    completed: Annotated[bool | None, Query(description="Whether it is over.")] = None,
) -> Wished:
    return Wished(
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


WishedSessions = Annotated[Wished, Depends(_wished)]
Sorted = Annotated[Sort, Query(description="What they are ordered by.")]
Ascending = Annotated[bool, Query(description="Whether the least comes first.")]
