"""The view `retention` counts the athletes of each cohort who trained in each month."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.read_models.projection_store import SqlProjectionStore
from application.kernel.projection_runner import build_missing
from domain.ids import UserId
from domain.sessions import events
from projections.athlete_day import ATHLETE_DAY
from tests.projections.histories import AT, completed
from tests.projections.stores import Store

ROWS = "SELECT cohort, month, athletes FROM retention WHERE tenant_id = 'default' ORDER BY 1, 2"
MONTHS = {number: datetime(2030, number, 3, 12, tzinfo=UTC) for number in (1, 2, 3)}


def trains(store: Store, athlete: str, *months: int, tenant: str = "default") -> str:
    stream = ""
    for month in months:
        for later in (0, 2):  # two days of a month are one athlete
            stream = f"session-{len(store.log.recorded)}"
            done = completed(at=MONTHS[month] + timedelta(days=later), athlete=athlete)
            store.log.add(stream, done, tenant=tenant)
    return stream


def shown(store: Store) -> list[tuple[str, str, int]]:
    store.follow()
    return rows(store)


def rows(store: Store) -> list[tuple[str, str, int]]:
    with store.database.read() as connection:
        found = connection.exec_driver_sql(ROWS).all()
    return [(str(cohort)[:7], str(month)[:7], athletes) for cohort, month, athletes in found]


def test_athletes_of_a_cohort_are_counted_in_each_month(store: Store) -> None:
    """R-PRG-08: once a month, by the month of their first session, and not those of others."""
    trains(store, "ada", 1, 2, 3)
    trains(store, "bob", 1, 3)
    trains(store, "eve", 2)
    trains(store, "ada", 1, tenant="other")
    assert shown(store) == [
        ("2030-01", "2030-01", 2),
        ("2030-01", "2030-02", 1),
        ("2030-01", "2030-03", 2),
        ("2030-02", "2030-02", 1),
    ]


def test_deleted_training_does_not_count_and_a_new_version_keeps_the_view(store: Store) -> None:
    """R-PRG-08, C-05: whoever deletes all sessions of a month did not train in it."""
    trains(store, "ada", 1)
    at = MONTHS[2]
    store.log.add("session-last", completed(at=at, athlete="ada"))
    trained = events.Trained(
        athlete_id=UserId("ada"), started_at=at, time_zone="UTC", sets=2, repetitions=10,
        duration_ms=60_000, calories_kcal=12.5, accuracy=0.9, exercises=(),
    )  # fmt: skip
    assert len(shown(store)) == 2
    store.log.add("session-last", events.SessionDeleted(at=AT, trained=trained))
    newer = replace(ATHLETE_DAY, version=ATHLETE_DAY.version + 1)
    assert shown(store) == [("2030-01", "2030-01", 1)]
    build_missing(store.log, SqlProjectionStore(store.database), [newer])
    assert rows(store) == [("2030-01", "2030-01", 1)]
