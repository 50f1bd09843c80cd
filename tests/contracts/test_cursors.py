"""Cursors of the read models: one that was not given out for a list is refused."""

import base64
import json

import pytest

from application.kernel.read_models import CursorInvalid, Window
from domain.ids import DEFAULT_TENANT
from projections.session_summary import SESSION_SUMMARY
from tests.projections.stores import Store, sessions


def encoded(place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "§",
        "not a cursor",
        encoded([]),
        encoded(["started_at", None, "s1"]),
        encoded(["started_at", 7, "s1"]),
        encoded(["started_at", "2030-01-01T00:00:00", "s1"]),
        encoded(["started_at", "2030-01-01T00:00:00Z", 1]),
        encoded(["-started_at", "2030-01-01T00:00:00Z", "s1"]),
        encoded(["day", "2030-01-01", "s1"]),
        encoded(["started_at", "0001-01-01T00:00:00+14:00", "s1"]),
        encoded(["started_at", "9999-12-31T23:59:59-14:00", "s1"]),
        encoded(["started_at", "2030-01-01T00:00:00Z", "s\0"]),
    ],
)
def test_a_cursor_that_was_not_given_out_for_this_list_is_refused(
    store: Store, cursor: str
) -> None:
    for window in (Window(first=1, after=cursor), Window(last=1, before=cursor)):
        with pytest.raises(CursorInvalid):
            store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=window, order_by="started_at")


@pytest.mark.parametrize(
    ("column", "value"),
    [("repetitions", 2**63), ("repetitions", -(2**63) - 1), ("status", "under\0way")],
)
def test_a_cursor_with_a_value_that_no_row_can_have_is_refused(
    store: Store, column: str, value: object
) -> None:
    window = Window(first=1, after=encoded([column, value, "s1"]))
    with pytest.raises(CursorInvalid):
        store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=window, order_by=column)


@pytest.mark.parametrize(
    ("repetitions", "is_empty"), [(2**63 - 1, True), (2**31, True), (-(2**63), False)]
)
def test_a_cursor_with_a_number_beyond_all_rows_is_read(
    store: Store, repetitions: int, *, is_empty: bool
) -> None:
    sessions(store, 2)
    window = Window(first=1, after=encoded(["repetitions", repetitions, "s1"]))
    page = store.read.page(SESSION_SUMMARY, DEFAULT_TENANT, window=window, order_by="repetitions")
    assert (not page.edges) == is_empty
