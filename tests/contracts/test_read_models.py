"""Contract of read model stores."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from application.kernel.read_models import (
    Between,
    ColumnUnknown,
    Containing,
    Holding,
    InSubquery,
    PageInvalid,
    ReadModels,
    ReadModelUnavailable,
    Where,
    Window,
)
from domain.ids import DEFAULT_TENANT, ExerciseId, TenantId
from domain.kernel import Projection
from domain.personal import Personal
from domain.recordings.events import RecordingDeleted
from domain.workouts import events as workouts
from projections.registry import ALL
from projections.repetition import REPETITION
from projections.session_recording import SESSION_RECORDING, VISIBLE_STATES
from projections.session_summary import SESSION_SUMMARY, SessionSummary
from projections.workout_prescription import WORKOUT_PRESCRIPTION
from tests.projections.histories import (
    ADA,
    AT,
    recording_started,
    repetition,
    set_started,
    started,
)
from tests.projections.stores import Store, sessions

OTHER = TenantId("other")


def pages(
    read: ReadModels, *, size: int, backward: bool = False, **listed: Any
) -> list[tuple[str, ...]]:
    """Return the keys on all pages of a list, in the order of the pages."""
    turned: list[tuple[str, ...]] = []
    cursor: str | None = None
    while True:
        window = Window(last=size, before=cursor) if backward else Window(first=size, after=cursor)
        page = read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=window, **listed)
        if page.edges:
            turned.append(tuple(edge.key for edge in page.edges))
        if not (page.has_previous if backward else page.has_next):
            return turned
        cursor = page.edges[0 if backward else -1].cursor


def test_a_row_comes_back_as_it_was_made(store: Store) -> None:
    exercise = workouts.PrescribedExercise(ExerciseId("plank"), sets=2, target_hold_s=60)
    written = workouts.WorkoutPrescribed(
        name=Personal(ADA, "Core ✓"), author_id=ADA, exercises=(exercise, exercise), at=AT
    )
    (recorded,) = store.log.add("workout-core", written)
    store.follow()
    row = store.read.get(WORKOUT_PRESCRIPTION, DEFAULT_TENANT, "core")
    assert row == WORKOUT_PRESCRIPTION.evolve(None, recorded)


def test_reading_an_unknown_row_returns_none(store: Store) -> None:
    assert store.read.get(SESSION_SUMMARY, DEFAULT_TENANT, "nobody") is None


def test_instants_keep_their_microseconds_and_come_back_in_utc(store: Store) -> None:
    """C-14"""
    at = datetime(2030, 1, 1, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    store.log.add("session-s1", started(at=at))
    store.follow()
    row = store.read.get(SESSION_SUMMARY, DEFAULT_TENANT, "s1")
    assert row is not None
    assert row.started_at == at
    assert row.started_at.tzinfo is UTC


def test_several_rows_are_read_at_once(store: Store) -> None:
    sessions(store, 4)
    found = store.read.get_many(SESSION_SUMMARY, DEFAULT_TENANT, ["s03", "s01", "nobody"])
    assert set(found) == {"s01", "s03"}
    assert store.read.get_many(SESSION_SUMMARY, DEFAULT_TENANT, []) == {}


def test_more_keys_than_a_statement_holds_are_read_in_parts(store: Store) -> None:
    sessions(store, 2)
    keys = [f"s{number:02}" for number in range(40_000)]
    assert set(store.read.get_many(SESSION_SUMMARY, DEFAULT_TENANT, keys)) == {"s00", "s01"}


def test_rows_of_another_tenant_are_invisible(store: Store) -> None:
    """R-DAT-06: in every method, with the same ids in both tenants."""
    sessions(store, 3)
    sessions(store, 4, tenant=OTHER)
    store.log.add("session-s00", repetition(1), tenant=OTHER)
    store.follow()
    read, nobody = store.read, TenantId("nobody")
    for tenant, count in ((DEFAULT_TENANT, 3), (OTHER, 4), (nobody, 0)):
        assert read.count(SESSION_SUMMARY, tenant) == count
        assert len(read.get_many(SESSION_SUMMARY, tenant, ["s00", "s01", "s02", "s03"])) == count
        page = read.page(SESSION_SUMMARY, tenant, window=Window(first=50))
        assert len(page.edges) == count
        owned = read.by(SESSION_SUMMARY, tenant, "athlete_id", [ADA])
        assert len(owned[ADA]) == count
    assert len(read.by(REPETITION, OTHER, "session_id", ["s00"])["s00"]) == 1
    assert read.by(REPETITION, DEFAULT_TENANT, "session_id", ["s00"]) == {"s00": []}
    assert read.get(SESSION_SUMMARY, nobody, "s00") is None
    assert read.totals(nobody, ADA, "all") == ()
    assert read.totals(OTHER, ADA, "all")[0].sessions == 2
    assert read.totals(DEFAULT_TENANT, ADA, "all")[0].sessions == 1


def test_a_cursor_shows_nothing_of_the_tenant_it_came_from(store: Store) -> None:
    sessions(store, 3)
    sessions(store, 1, tenant=OTHER)
    cursor = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=Window(first=1)).edges[0]
    page = store.read.page(SESSION_SUMMARY, OTHER, window=Window(first=9, after=cursor.cursor))
    assert page.edges == ()


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order_by", ["key", "started_at", "completed_at", "accuracy", "day"])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_paging_returns_every_row_once_in_order(
    store: Store, order_by: str, size: int, *, descending: bool, backward: bool
) -> None:
    """R-API-07: also by columns with nulls and with equal values."""
    sessions(store, 10)
    turned = pages(
        store.read, size=size, backward=backward, order_by=order_by, descending=descending
    )
    if backward:
        turned.reverse()
    keys = [key for page in turned for key in page]
    if order_by in {"completed_at", "accuracy"}:
        waiting = [f"s{number:02}" for number in range(10) if number % 3]
        expected = waiting + [f"s{number:02}" for number in range(0, 10, 3)]
    else:
        expected = [f"s{number:02}" for number in range(10)]
    assert keys == (expected[::-1] if descending else expected)


def test_a_page_stays_where_it_is_when_rows_arrive_before_it(store: Store) -> None:
    sessions(store, 4, first=10)
    newest = {"order_by": "started_at", "descending": True}
    window = Window(first=2)
    first = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=window, **newest)  # type: ignore[arg-type]  # two options in a dict
    sessions(store, 5, first=20)
    after = Window(first=2, after=first.edges[-1].cursor)
    second = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=after, **newest)  # type: ignore[arg-type]  # two options in a dict
    assert [edge.key for edge in first.edges + second.edges] == ["s13", "s12", "s11", "s10"]
    before = Window(last=50, before=first.edges[0].cursor)
    newer = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=before, **newest)  # type: ignore[arg-type]  # two options in a dict
    assert [edge.key for edge in newer.edges] == ["s24", "s23", "s22", "s21", "s20"]


def test_a_page_says_whether_the_list_goes_on_at_both_ends(store: Store) -> None:
    sessions(store, 5)
    whole = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=Window(first=5))
    assert (whole.has_previous, whole.has_next) == (False, False)
    marks = [edge.cursor for edge in whole.edges]
    ends = {
        Window(first=2): (False, True),
        Window(first=2, after=marks[0]): (True, True),
        Window(first=9, after=marks[2]): (True, False),
        Window(first=9, after=marks[4]): (True, False),
        Window(last=2): (True, False),
        Window(last=2, before=marks[3]): (True, True),
        Window(last=2, before=marks[2]): (False, True),
        Window(last=2, before=marks[0]): (False, True),
        Window(first=0): (False, True),
        Window(first=9, after=marks[0], before=marks[3]): (True, False),
        Window(last=1, after=marks[0], before=marks[3]): (True, True),
    }
    for window, (previous, following) in ends.items():
        page = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=window)
        assert (page.has_previous, page.has_next) == (previous, following), window


@pytest.mark.parametrize(
    "window",
    [{}, {"first": 1, "last": 1}, {"first": -1}, {"first": 501}, {"last": 501}],
)
def test_a_page_is_requested_by_its_first_or_last_rows(window: dict[str, Any]) -> None:
    with pytest.raises(PageInvalid):
        Window(**window)


@pytest.mark.parametrize("column", ["nothing", "exercises", "tenant_id", "position"])
def test_rows_are_sorted_and_filtered_by_plain_columns_of_theirs(store: Store, column: str) -> None:
    with pytest.raises(ColumnUnknown):
        store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=Window(first=1), order_by=column)
    with pytest.raises(ColumnUnknown):
        store.read.count(SESSION_SUMMARY, DEFAULT_TENANT, where={column: "x"})


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ({"status": "completed"}, ["s00", "s03"]),
        ({"completed_at": None}, ["s01", "s02", "s04"]),
        ({"id": ("s01", "s04", "nobody")}, ["s01", "s04"]),
        ({"id": ()}, []),
        ({"accuracy": (None, 0.03)}, ["s01", "s02", "s03", "s04"]),
        (
            {"started_at": Between(AT + timedelta(minutes=1), AT + timedelta(minutes=3))},
            ["s01", "s02"],
        ),
        ({"started_at": Between(start=AT + timedelta(minutes=4))}, ["s04"]),
        ({"accuracy": Between(end=0.5)}, ["s00", "s03"]),
        ({"day": date(2030, 1, 1), "status": "underway"}, ["s01", "s02", "s04"]),
        ({"athlete_id": "bob"}, []),
        ({"status": Containing("complete")}, ["s00", "s03"]),
        ({"status": Containing("%")}, []),
        ({"status": Containing("_")}, []),
    ],
)
def test_a_list_holds_the_rows_that_meet_all_conditions(
    store: Store, where: Where, keys: list[str]
) -> None:
    """R-PCH-05, R-PCH-06"""
    sessions(store, 5)
    page = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=Window(first=9), where=where)
    assert [edge.key for edge in page.edges] == keys
    assert store.read.count(SESSION_SUMMARY, DEFAULT_TENANT, where=where) == len(keys)


def test_list_filters_match_whole_entries(store: Store) -> None:
    """R-UIX-03: a session is found by any of its exercises."""
    store.log.add("session-a", started(), set_started(), set_started(2, "push_up"))
    store.log.add("session-b", started(), set_started(1, "push_up"))
    store.log.add("session-c", started(), set_started(1, 'squat"'))
    store.follow()

    def found(word: str) -> list[str]:
        where: Where = {"exercises": Holding(word)}
        page = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=Window(first=9), where=where)
        return [edge.key for edge in page.edges]

    assert found("push_up") == ["a", "b"]
    assert found("squat") == ["a"]
    assert [found(word) for word in ("Squat", "push%up", "up", 'push_up", "squat')] == [[]] * 4
    with pytest.raises(ColumnUnknown):
        store.read.count(SESSION_SUMMARY, DEFAULT_TENANT, where={"status": Holding("completed")})


def test_rows_are_filtered_by_references_from_other_rows(store: Store) -> None:
    """R-UIX-03: sessions with a recording, and those without, in pages of their list."""
    sessions(store, 7)
    sessions(store, 7, tenant=OTHER)
    for number in (0, 1, 3, 4, 6):
        recording = recording_started(f"s{number:02}")
        store.log.add(f"recording-s{number:02}", recording)
    store.log.add("recording-s04", RecordingDeleted(at=AT))
    store.log.add("recording-s02", recording_started("s02"), tenant=OTHER)
    store.follow()

    def listed(size: int, **window: Any) -> list[str]:
        named = InSubquery(SESSION_RECORDING, "session_id", {"status": VISIBLE_STATES}, **window)
        turned = pages(store.read, size=size, where={"id": named, "status": "underway"})
        assert store.read.count(
            SESSION_SUMMARY, DEFAULT_TENANT, where={"id": named, "status": "underway"}
        ) == len([key for page in turned for key in page])
        return [key for page in turned for key in page]

    assert listed(1) == listed(9) == ["s01"]
    assert listed(1, is_named=False) == listed(9, is_named=False) == ["s02", "s04", "s05"]
    with pytest.raises(ColumnUnknown):
        store.read.count(
            SESSION_SUMMARY,
            DEFAULT_TENANT,
            where={"id": InSubquery(SESSION_RECORDING, "nothing", {})},
        )


def test_a_null_value_is_never_referenced(store: Store) -> None:
    """As in conditions that list values: a null matches none of them."""
    sessions(store, 4)
    store.log.add("recording-s00", recording_started("s00"))
    store.follow()
    for is_named, keys in ((True, []), (False, ["s00", "s01", "s02", "s03"])):
        named = InSubquery(SESSION_RECORDING, "session_id", {}, is_named=is_named)
        where: Where = {"exercise_id": named}
        page = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=Window(first=9), where=where)
        assert [edge.key for edge in page.edges] == keys


def test_rows_of_several_owners_are_read_at_once_and_in_order(store: Store) -> None:
    for session in ("a", "b"):
        store.log.add(f"session-{session}", started(), set_started())
        store.log.add(f"session-{session}", *(repetition(number) for number in range(1, 12)))
    store.follow()
    found = store.read.by(REPETITION, DEFAULT_TENANT, "session_id", ["b", "c", "a"])
    assert list(found) == ["b", "c", "a"]
    assert [row.number for row in found["a"]] == list(range(1, 12))
    assert {row.session_id for row in found["b"]} == {"b"}
    assert found["c"] == []
    assert store.read.by(REPETITION, DEFAULT_TENANT, "session_id", []) == {}


def test_a_column_is_summed_over_the_rows_that_match(store: Store) -> None:
    """R-CON-01: as for the quota of videos; of one tenant, and 0 without rows."""
    for session, count in (("a", 2), ("b", 3)):
        store.log.add(f"session-{session}", started(), set_started())
        store.log.add(f"session-{session}", *(repetition(each + 1) for each in range(count)))
    store.follow()
    one = {"session_id": "b"}
    assert store.read.sum_of(REPETITION, DEFAULT_TENANT, "number") == 3 + 6
    assert store.read.sum_of(REPETITION, DEFAULT_TENANT, "number", where=one) == 6
    assert store.read.sum_of(REPETITION, OTHER, "number") == 0


def test_rows_are_counted_by_the_values_of_a_column(store: Store) -> None:
    """R-REC-06: only rows that match and have a value, and of one tenant."""
    for session, count in (("a", 2), ("b", 3)):
        store.log.add(f"session-{session}", started(), set_started())
        store.log.add(f"session-{session}", *(repetition(each + 1) for each in range(count)))
    store.follow()

    def counts(column: str, tenant_id: TenantId = DEFAULT_TENANT, **where: Any) -> dict[Any, int]:
        return store.read.counts(REPETITION, tenant_id, column, where=where)

    assert counts("session_id") == {"a": 2, "b": 3}
    assert counts("number", session_id="b") == {1: 1, 2: 1, 3: 1}
    assert counts("session_id", OTHER) == {}


def test_stamps_count_rows_and_find_the_last_change(store: Store) -> None:
    """R-HLT-05: of several owners at once, and of one tenant."""
    for session, count in (("a", 2), ("b", 11)):
        store.log.add(f"session-{session}", started(), set_started())
        store.log.add(f"session-{session}", *(repetition(each + 1) for each in range(count)))
    store.follow()
    stamps = store.read.stamps(REPETITION, DEFAULT_TENANT, "session_id", ["a", "b", "c"], "number")
    assert stamps == {"a": (2, 2), "b": (11, 11)}
    assert store.read.stamps(REPETITION, OTHER, "session_id", ["a"], "number") == {}


def test_a_recording_is_found_by_its_session(store: Store) -> None:
    """R-RPL-07"""
    store.log.add("recording-r1", recording_started("s7"))
    store.follow()
    (row,) = store.read.by(SESSION_RECORDING, DEFAULT_TENANT, "session_id", ["s7"])["s7"]
    assert row.id == "r1"


def test_the_position_of_a_read_model_is_that_of_the_log(store: Store) -> None:
    sessions(store, 3)
    assert {store.read.position(projection) for projection in ALL} == {store.log.head()}


def test_a_read_model_that_was_never_built_is_unavailable(store: Store) -> None:
    newer = Projection(
        "session_summary",
        SESSION_SUMMARY.version + 1,
        SessionSummary,
        SESSION_SUMMARY.keys,
        SESSION_SUMMARY.evolve,
    )
    with pytest.raises(ReadModelUnavailable):
        store.read.get(newer, DEFAULT_TENANT, "s1")
    with pytest.raises(ReadModelUnavailable):
        store.read.position(newer)
