"""Read the analytics tables and views with the analysts' rights."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any

import psycopg

from application.analytics.windows import TALLIED, Changes, Day, Hour, Minute, Tally


@contextmanager
def as_analyst(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE kinelog_analyst")
        connection.execute("SET timezone TO 'UTC'")
        yield connection


def query_rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with as_analyst(url) as connection:
        return connection.execute(query.encode()).fetchall()


def stored_windows(url: str) -> Changes:
    """Return the rows of the tables behind the views as the changes that the fold produces."""
    tally = ", ".join(TALLIED)
    with psycopg.connect(url) as connection:

        def rows(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query.encode()).fetchall()

        minutes = rows(
            "SELECT tenant_id, minute, stream, repetitions FROM analytics.session_minute"
        )
        hours = rows(
            f"SELECT tenant_id, hour, exercise_id, athlete_id, {tally} FROM analytics.exercise_hour"  # noqa: S608
        )
        days = rows(f"SELECT tenant_id, day, athlete_id, {tally} FROM analytics.training_day")  # noqa: S608
        ends = rows("SELECT tenant_id, day, ends_at FROM analytics.roll_up_due")
    return Changes(
        {Minute(tenant, at.astimezone(UTC), of): count for tenant, at, of, count in minutes},
        {Hour(row[0], row[1].astimezone(UTC), *row[2:4]): Tally(*row[4:]) for row in hours},
        {Day(*row[:3]): Tally(*row[3:]) for row in days},
        {(tenant, day): at.astimezone(UTC) for tenant, day, at in ends},
    )
