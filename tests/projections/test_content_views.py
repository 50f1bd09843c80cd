"""Rows of views: how often and how far a person watched a video."""

from datetime import timedelta

from projections.content_view import CONTENT_VIEW
from tests.domain.content_views import AT, completed, moved, reached, started
from tests.projections.histories import row_after

STREAM = "content_view-squats.ada"


def test_a_row_counts_views_and_keeps_the_furthest_part() -> None:
    """R-CON-06: watching again does not lower what was reached before."""
    first = (started(), reached(25, 150, 150), completed(590, 600))
    row = row_after(CONTENT_VIEW, STREAM, *first, started(5, 700), moved(60, 760))
    assert (row.content_id, row.user_id, row.started_at) == ("squats", "ada", AT)
    assert (row.views, row.furthest, row.completions) == (2, 100, 1)
    assert (row.position_ms, row.moved_at) == (60_000, AT + timedelta(seconds=760))
