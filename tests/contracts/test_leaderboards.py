"""Contract of leaderboards: content and privacy."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa

from adapters.jobs.sql import SCHEMA
from adapters.published_figures.sql import SqlPublishedFigures
from adapters.read_models.leaderboards import SqlBoards
from adapters.read_models.row_guard import Reader, UnguardedError
from adapters.read_models.tables import live_view
from adapters.sql.engines import open_engine
from application.kernel.read_models import CursorInvalid, PageInvalid
from application.leaderboards.rankings import (
    AroundAndAfter,
    Board,
    Leaderboards,
    Measure,
    RankingQuery,
    first_day,
    last_day,
)
from domain.ids import DEFAULT_TENANT, UserId
from domain.personal import Personal
from domain.users import events as users
from projections.leaderboards import LEADERBOARDS
from projections.participant import PARTICIPANT
from projections.session_summary import SESSION_SUMMARY
from tests.contracts.ranked_accounts import (
    JANUARY,
    LUNGE,
    MONDAY,
    OTHER,
    SQUAT,
    delete,
    settle,
    train,
)
from tests.projections.histories import AT
from tests.projections.stores import Store


@pytest.fixture
def leaderboards(store: Store, tmp_path: Path) -> Iterator[Leaderboards]:
    engine = open_engine(f"sqlite:///{tmp_path / 'published.db'}", schema=SCHEMA)
    yield Leaderboards(SqlBoards(store.database), SqlPublishedFigures(engine))
    engine.dispose()


def board(store: Store, measure: Measure = "repetitions", **more: Any) -> Board:
    usual: dict[str, Any] = {
        "stretch": "week", "start": MONDAY.date(), "exercise": None, "viewer": UserId("ada"),
        "first": 20, "tenant": DEFAULT_TENANT,
    }  # fmt: skip
    arguments = {**usual, **more}
    tenant = arguments.pop("tenant")
    store.follow()
    return SqlBoards(store.database).board(tenant, RankingQuery(measure=measure, **arguments))


def figures(shown: Board) -> list[tuple[int, str, float]]:
    return [(row.rank, row.pseudonym, row.figure) for row in shown.rows]


def test_equal_scores_share_a_rank_and_the_next_rank_is_skipped(store: Store) -> None:
    """R-PRG-04: standard competition ranking, 1224."""
    for who, repetitions in [("ada", 8), ("bob", 12), ("cyd", 8), ("dan", 5), ("eve", 0)]:
        settle(store, who)
        train(store, who, {SQUAT: repetitions})
    shown = board(store)
    assert figures(shown) == [(1, "Bob", 12), (2, "Ada", 8), (2, "Cyd", 8), (4, "Dan", 5)]
    assert (shown.entries, shown.has_next, shown.has_previous) == (4, False, False)
    assert [row.mine for row in shown.rows] == [False, True, False, False]
    assert shown.me == shown.rows[1]


def test_each_measure_is_of_one_exercise_or_of_all(store: Store) -> None:
    """R-PRG-03, R-PRG-04: a streak is days in a row, and each session counts once."""
    settle(store, "ada")
    train(store, "ada", {SQUAT: 8, LUNGE: 4}, form=0.7)
    train(store, "ada", {LUNGE: 4}, day=1, form=0.9)
    train(store, "ada", {SQUAT: 3}, day=1, form=None)
    train(store, "ada", {SQUAT: 3}, day=3)
    found = {
        (measure, exercise): figures(board(store, measure, exercise=exercise))[0][2]
        for measure in get_args(Measure)
        for exercise in (None, SQUAT, LUNGE)
    }
    assert found == {
        ("repetitions", None): 22, ("repetitions", SQUAT): 14, ("repetitions", LUNGE): 8,
        ("sessions", None): 4, ("sessions", SQUAT): 3, ("sessions", LUNGE): 2,
        ("form", None): 0.9, ("form", SQUAT): 0.7, ("form", LUNGE): 0.9,
        ("streak", None): 2, ("streak", SQUAT): 2, ("streak", LUNGE): 2,
    }  # fmt: skip


def test_a_period_has_its_own_days_and_no_others(store: Store) -> None:
    """C-52"""
    settle(store, "ada")
    for day, repetitions in [(-8, 1), (-1, 2), (0, 4), (6, 8), (7, 16), (30, 32)]:
        train(store, "ada", {SQUAT: repetitions}, day=day)
    assert figures(board(store)) == [(1, "Ada", 12)]
    assert figures(board(store, stretch="day")) == [(1, "Ada", 4)]
    assert figures(board(store, stretch="month", start=JANUARY)) == [(1, "Ada", 30)]
    assert figures(board(store, stretch="month", start=date(2030, 2, 1))) == [(1, "Ada", 32)]
    assert figures(board(store, start=date(2031, 1, 6))) == []


def test_deleted_sessions_do_not_count(store: Store) -> None:
    """R-PRG-04"""
    settle(store, "ada")
    train(store, "ada", {SQUAT: 5})
    delete(store, train(store, "ada", {SQUAT: 50}), "ada", SQUAT)
    assert figures(board(store)) == [(1, "Ada", 5)]


def test_only_current_members_are_listed(store: Store) -> None:
    """C-41, R-TEN-12"""
    name = Personal(UserId("x"), "Somebody")
    joined = users.LeaderboardsJoined(pseudonym=name, at=AT)
    counted = users.ConsentGiven(purpose="population_insights", version="1", at=AT, source="rest")
    settle(store, "ada")
    settle(store, "bob", counted)
    settle(store, "cyd", joined, users.LeaderboardsLeft(at=AT))
    settle(store, "dan", joined, users.UserSuspended(at=AT))
    settle(store, "eve", joined, users.UserErased(at=AT))
    for who in ("ada", "bob", "cyd", "dan", "eve", "nobody"):
        train(store, who, {SQUAT: 5})
    assert figures(board(store)) == [(1, "Ada", 5)]
    outsider = board(store, viewer=UserId("bob"))
    assert outsider.me is None
    assert not any(row.mine for row in outsider.rows)


def test_athletes_of_another_tenant_are_not_listed(
    store: Store, leaderboards: Leaderboards
) -> None:
    """C-41, R-TEN-03: the same ids and pseudonyms exist in both."""
    for tenant, repetitions in [(DEFAULT_TENANT, 5), (OTHER, 7)]:
        settle(store, "ada", tenant=tenant)
        train(store, "ada", {SQUAT: repetitions}, tenant=tenant)
    settle(store, "bob", tenant=OTHER)
    train(store, "bob", {SQUAT: 9}, tenant=OTHER)
    train(store, "bob", {SQUAT: 9})
    assert figures(board(store)) == [(1, "Ada", 5)]
    assert figures(board(store, tenant=OTHER)) == [(1, "Bob", 9), (2, "Ada", 7)]
    assert leaderboards.is_taken(OTHER, "BOB", UserId("ada"))
    assert not leaderboards.is_taken(DEFAULT_TENANT, "bob", UserId("ada"))


def crowd(store: Store, count: int) -> list[str]:
    """Create members, three per score; return their pseudonyms in the order of their ranks."""
    names = [f"a{number:02}" for number in range(count)]
    for number, who in enumerate(names):
        settle(store, who)
        train(store, who, {SQUAT: 100 - number // 3})
    return [name.capitalize() for name in names]


def test_pages_follow_each_other_without_gap_or_repetition(store: Store) -> None:
    """R-PRG-04"""
    names = crowd(store, 11)
    seen: list[str] = []
    after: str | None = None
    for page in range(3):
        shown = board(store, first=4, after=after)
        seen += [row.pseudonym for row in shown.rows]
        assert (shown.has_previous, shown.has_next) == (page > 0, page < 2)
        assert shown.entries == 11
        after = shown.rows[-1].cursor
    assert seen == names
    empty = board(store, first=4, after=after)
    assert (empty.rows, empty.has_next, empty.has_previous) == ((), False, True)


def test_a_cursor_reveals_no_id_and_belongs_to_its_board(store: Store) -> None:
    """C-41"""
    settle(store, "the-id-of-ada")
    store.log.add("user-the-id-of-bob", *(each.event for each in store.log.recorded[-2:-1]))
    joined = users.LeaderboardsJoined(pseudonym=Personal(UserId("x"), "Otter"), at=AT)
    store.log.add("user-the-id-of-bob", joined)
    train(store, "the-id-of-bob", {SQUAT: 5})
    (row,) = board(store).rows
    assert "the-id" not in repr(row)
    with pytest.raises(CursorInvalid):
        board(store, "sessions", after=row.cursor)
    with pytest.raises(CursorInvalid):
        board(store, after="no cursor")
    with pytest.raises(PageInvalid):
        board(store, first=-1)


def test_a_member_sees_the_neighboring_ranks(store: Store, leaderboards: Leaderboards) -> None:
    """R-PRG-04"""
    names = crowd(store, 11)
    middle = board(store, first=5, around=True, viewer=UserId("a06"))
    assert [row.pseudonym for row in middle.rows] == names[4:9]
    assert (middle.has_previous, middle.has_next, middle.entries) == (True, True, 11)
    assert middle.rows[2] == middle.me
    top = board(store, first=5, around=True, viewer=UserId("a00"))
    assert [row.pseudonym for row in top.rows] == names[:5]
    last = board(store, first=5, around=True, viewer=UserId("a10"))
    assert [row.pseudonym for row in last.rows] == names[8:]
    assert not last.has_next
    outside = board(store, first=5, around=True, viewer=UserId("nobody"))
    assert (outside.rows, outside.me, outside.entries) == ((), None, 11)
    with pytest.raises(AroundAndAfter):
        leaderboards.board(
            DEFAULT_TENANT,
            RankingQuery("form", "week", JANUARY, None, UserId("ada"), 5, "anything", around=True),
        )


def test_periods_begin_and_end_where_the_calendar_says() -> None:
    """C-52"""
    day = date(2024, 2, 29)
    assert [first_day(each, day) for each in ("day", "week", "month")] == [
        day, date(2024, 2, 26), date(2024, 2, 1),
    ]  # fmt: skip
    assert [last_day(each, day) for each in ("day", "week", "month")] == [
        day, date(2024, 3, 3), day,
    ]  # fmt: skip
    assert last_day("month", date(2024, 12, 31)) == date(2024, 12, 31)


def test_an_unknown_join_is_refused_by_the_guard(store: Store) -> None:
    """R-TEN-04: every query of rows goes through the guard."""
    entries, people = live_view(LEADERBOARDS), live_view(PARTICIPANT)
    other = live_view(SESSION_SUMMARY).table
    both = sa.select(entries.key).where(people.table.c.user_id == entries.table.c.athlete_id)
    third = both.where(other.c.athlete_id == people.table.c.user_id)
    reader = Reader(DEFAULT_TENANT, None)
    with store.database.guarded(entries, reader) as connection:
        connection.execute_over(people, both, lambda found: sa.select(found.c.key)).all()
        for query, parameters in [
            (third, lambda found: sa.select(found.c.key)),
            (sa.select(entries.key), lambda found: sa.select(found.c.key)),
            (both, lambda found: sa.select(found.c.key, other.c.key.label("its"))),
            (
                both,
                lambda found: sa.select(found.c.key).where(found.c.key.in_(sa.select(other.c.key))),
            ),
        ]:
            with pytest.raises(UnguardedError):
                connection.execute_over(people, query, parameters)
