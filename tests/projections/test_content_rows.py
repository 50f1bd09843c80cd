"""Rows of content items: the newest version, and what is offered."""

from dataclasses import replace
from typing import Any

import pytest

from domain.content import events
from projections.content_item import CONTENT_ITEM, ContentItem
from tests.domain.test_content_item import AT, LIVE, PASSED, REPLACEMENT, UPLOADED
from tests.projections.histories import row_after

TAKEN_DOWN = events.ContentTakenDown(reason="copyright", at=AT)
WITHDRAWN = events.ContentUnpublished(at=AT)
ENDED = events.UploadEnded(number=2, reason="cancelled", at=AT)
SECOND = tuple(replace(each, number=2) for each in LIVE[1:])


def row(*history: Any) -> ContentItem:
    return row_after(CONTENT_ITEM, "content-squats", *history)


@pytest.mark.parametrize(
    ("history", "status", "offer"),
    [
        ((*LIVE, REPLACEMENT, UPLOADED, TAKEN_DOWN, PASSED), "taken_down", "taken_down"),
        ((*LIVE, REPLACEMENT, WITHDRAWN, *SECOND), "unpublished", "unpublished"),
        ((*LIVE, REPLACEMENT, WITHDRAWN, ENDED), "ended", "unpublished"),
        ((*LIVE, REPLACEMENT, ENDED), "ended", "published"),
        ((*LIVE, WITHDRAWN, events.ContentRepublished(at=AT)), "ready", "published"),
    ],
)
def test_the_progress_of_a_version_does_not_change_what_is_offered(
    history: tuple[Any, ...], status: str, offer: str
) -> None:
    """R-CON-06: what was taken down or withdrawn stays so while a new version is processed."""
    item = row(*history)
    assert (item.status, item.offer) == (status, offer)


def test_a_version_that_ended_uses_no_quota() -> None:
    """R-CON-01."""
    live = row(*LIVE).held_bytes
    assert row(*LIVE, REPLACEMENT).held_bytes == 2 * live
    assert row(*LIVE, REPLACEMENT, ENDED, WITHDRAWN).held_bytes == live
