"""Leaderboard rankings on SQL, computed from the rows of all members.

Both tables are read with the platform's rights, for one tenant; results contain no ids.
"""

import base64
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from adapters.read_models.database import Database
from adapters.read_models.keyset_pagination import Text
from adapters.read_models.mean_form import mean_form
from adapters.read_models.row_guard import Reader
from adapters.read_models.tables import live_view
from application.kernel.read_models import CursorInvalid, Window
from application.leaderboards.rankings import (
    BESIDE,
    Board,
    Compared,
    Measure,
    OwnMonth,
    Quartiles,
    RankedEntry,
    RankingQuery,
)
from domain.ids import TenantId, UserId
from projections.leaderboards import LEADERBOARDS
from projections.participant import PARTICIPANT

Query = sa.Select[*tuple[Any, ...]]

ENTRIES: Final = live_view(LEADERBOARDS)
PEOPLE: Final = live_view(PARTICIPANT)


class SqlBoards:
    """Implements `RankingReader` on SQL. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def board(self, tenant_id: TenantId, query: RankingQuery) -> Board:
        window = Window(first=query.first, after=query.after)
        beyond = None if query.after is None else _place_of(query.after, query)
        members = _members(query)
        with self._database.guarded(ENTRIES, Reader(tenant_id, None)) as connection:
            one = connection.execute_over(PEOPLE, members, lambda all_: _first(query, all_)).first()
            me = one if one is not None and one.athlete_id == query.viewer else None
            begin = _begin(query, me)
            rows: Sequence[Any] = ()
            if begin is not None:
                rows = connection.execute_over(
                    PEOPLE, members, lambda all_: _page(query, all_, beyond, begin)
                ).all()
        more = len(rows) > window.size
        rows = rows[: window.size]
        return Board(
            rows=tuple(_to_entry(row, query) for row in rows),
            has_next=more,
            has_previous=rows[0].place > 1 if rows else query.after is not None,
            entries=0 if one is None else one.entries,
            me=None if me is None else _to_entry(me, query),
        )

    def is_taken(self, tenant_id: TenantId, looks_like: str, viewer: UserId) -> bool:
        people = PEOPLE.table.c
        query = sa.select(people.user_id).where(
            people.folded == looks_like, people.user_id != viewer
        )
        with self._database.guarded(PEOPLE, Reader(tenant_id, None)) as connection:
            return connection.execute(query.limit(1)).first() is not None

    def own(self, tenant_id: TenantId, month: date, viewer: UserId) -> OwnMonth:
        entries = ENTRIES.table.c
        query = sa.select(
            sa.func.sum(entries.repetitions).label("repetitions"),
            mean_form(entries.form_weight, entries.form_repetitions, entries.form_hold_ms).label(
                "form"
            ),
        ).where(entries.month == month, entries.shown.is_(True), entries.athlete_id == viewer)
        with self._database.guarded(ENTRIES, Reader(tenant_id, (viewer,))) as connection:
            found = connection.execute(query).one()
        return OwnMonth(int(found.repetitions or 0), found.form)

    def quartiles(
        self, tenant_id: TenantId, month: date, of: Compared, fewest: int
    ) -> Quartiles | None:
        entries, people = ENTRIES.table.c, PEOPLE.table.c
        compared = sa.select(
            entries.athlete_id,
            entries.repetitions,
            entries.form_weight,
            entries.form_repetitions,
            entries.form_hold_ms,
        ).where(
            entries.month == month,
            entries.shown.is_(True),
            people.user_id == entries.athlete_id,
            people.compared.is_(True),
            people.suspended.is_(False),
        )
        with self._database.guarded(ENTRIES, Reader(tenant_id, None)) as connection:
            row = connection.execute_over(
                PEOPLE, compared, lambda all_: _quartiles(of, all_, fewest)
            ).first()
        return None if row is None else Quartiles(*(float(row[quarter]) for quarter in range(3)))


def _members(query: RankingQuery) -> Query:
    """Select the values that count on a board, of its members."""
    entries, people = ENTRIES.table.c, PEOPLE.table.c
    wanted = [] if query.exercise is None else [entries.exercise_id == query.exercise]
    return sa.select(
        entries.athlete_id,
        people.pseudonym,
        entries.session_id,
        entries.repetitions,
        entries.best_form,
        entries.day_number,
    ).where(
        entries[query.stretch] == query.start,
        entries.shown.is_(True),
        people.user_id == entries.athlete_id,
        people.pseudonym.is_not(None),
        people.suspended.is_(False),
        *wanted,
    )


def _first(query: RankingQuery, found: sa.Subquery) -> Query:
    """Select the viewer's row or, if they have none, any."""
    ranked = _placed(query.measure, found)
    is_mine = ranked.c.athlete_id == query.viewer
    return sa.select(ranked).order_by(is_mine.desc(), ranked.c.place).limit(1)


def _begin(query: RankingQuery, me: Any) -> int | None:
    """Return the number of rows before a page; None if there is no row to center it on."""
    if not query.around:
        return 0
    return None if me is None else max(0, me.place - 1 - query.first // 2)


def _page(
    query: RankingQuery, found: sa.Subquery, beyond: tuple[float, str] | None, begin: int
) -> Query:
    """Select a page, and one more row to see whether there is a next page."""
    ranked = _placed(query.measure, found)
    part = sa.select(ranked).order_by(ranked.c.place).limit(query.first + 1)
    if beyond is None:
        return part.where(ranked.c.place > begin)
    figure, pseudonym = beyond
    equal = sa.and_(ranked.c.figure == figure, ranked.c.pseudonym > pseudonym)
    return part.where(sa.or_(ranked.c.figure < figure, equal))


def _placed(measure: Measure, found: sa.Subquery) -> sa.Subquery:
    """Rank the members by their values; those without a value are not on the board."""
    figures = _longest_runs(found) if measure == "streak" else _sums(measure, found)
    each = figures.c
    best = each.figure.desc()
    return (
        sa.select(
            each.athlete_id,
            each.pseudonym,
            each.figure,
            sa.func.rank().over(order_by=best).label("rank"),
            sa.func.row_number()
            .over(order_by=(best, each.pseudonym, each.athlete_id))
            .label("place"),
            sa.func.count().over().label("entries"),
        )
        .where(each.figure > 0)
        .subquery()
    )


def _sums(measure: Measure, found: sa.Subquery) -> sa.Subquery:
    reckoned: dict[Measure, sa.ColumnElement[Any]] = {
        "repetitions": sa.func.sum(found.c.repetitions),
        "sessions": sa.func.count(found.c.session_id.distinct()),
        "form": sa.func.max(found.c.best_form),
    }
    figure = sa.cast(reckoned[measure], sa.Double).label("figure")
    who = (found.c.athlete_id, found.c.pseudonym)
    return sa.select(*who, figure).group_by(*who).subquery()


def _longest_runs(found: sa.Subquery) -> sa.Subquery:
    """Count days in a row: within a run, the number of the day minus its rank is constant."""
    days = sa.select(found.c.athlete_id, found.c.pseudonym, found.c.day_number).distinct()
    day = days.subquery().c
    place = sa.func.row_number().over(partition_by=day.athlete_id, order_by=day.day_number)
    run = sa.select(
        day.athlete_id, day.pseudonym, (day.day_number - place).label("began")
    ).subquery()
    who = (run.c.athlete_id, run.c.pseudonym)
    length = sa.select(*who, sa.func.count().label("days")).group_by(*who, run.c.began).subquery()
    longest = sa.cast(sa.func.max(length.c.days), sa.Double).label("figure")
    who = (length.c.athlete_id, length.c.pseudonym)
    return sa.select(*who, longest).group_by(*who).subquery()


def _to_entry(row: Any, query: RankingQuery) -> RankedEntry:
    return RankedEntry(
        cursor=_cursor(row, query),
        rank=row.rank,
        pseudonym=row.pseudonym,
        figure=row.figure,
        mine=row.athlete_id == query.viewer,
    )


def _label(query: RankingQuery) -> str:
    return f"{query.measure} {query.stretch} {query.start} {query.exercise or ''}"


def _cursor(row: Any, query: RankingQuery) -> str:
    """Encode a place by its public values."""
    place = msgspec.json.encode((_label(query), row.figure, row.pseudonym))
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _place_of(cursor: str, query: RankingQuery) -> tuple[float, str]:
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        place = base64.b64decode(padded, altchars=b"-_", validate=True)
        label, figure, pseudonym = msgspec.json.decode(place, type=tuple[str, float, Text])
    except ValueError as unreadable:
        raise CursorInvalid from unreadable
    if label != _label(query):
        raise CursorInvalid
    return figure, pseudonym


def _of_each(of: Compared, found: sa.Subquery) -> sa.Subquery:
    """Select each athlete's value of the month; athletes without one are left out."""
    figure = (
        sa.cast(sa.func.sum(found.c.repetitions), sa.Double)
        if of == "repetitions"
        else mean_form(found.c.form_weight, found.c.form_repetitions, found.c.form_hold_ms)
    )
    each = sa.select(found.c.athlete_id, figure.label("figure")).group_by(found.c.athlete_id)
    return each.having(figure > 0).subquery()


def _quartiles(of: Compared, found: sa.Subquery, fewest: int) -> Query:
    """Select the quartiles, each the mean of the athletes around its nearest rank, if any."""
    each = _of_each(of, found).c
    ordered = sa.select(
        each.figure,
        sa.func.row_number().over(order_by=each.figure).label("place"),
        sa.func.count().over().label("athletes"),
    ).subquery()
    quartiles = [
        sa.func.avg(
            sa.case((ordered.c.place.between(place - BESIDE, place + BESIDE), ordered.c.figure))
        )
        for quarter in (1, 2, 3)
        for place in ((ordered.c.athletes * quarter + 3) // 4,)
    ]
    return sa.select(*quartiles).where(ordered.c.athletes >= fewest).group_by(ordered.c.athletes)
