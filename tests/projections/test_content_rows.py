"""Rows of content items: the newest version, and what is offered."""

from dataclasses import replace
from typing import Any

import pytest

from domain.content import events
from domain.content.item import CONTENT, Item
from domain.ids import PlanId
from projections.content_item import CONTENT_ITEM, ContentItem
from projections.content_quarantine import CONTENT_QUARANTINE
from projections.published_content import PUBLISHED_CONTENT
from tests.domain.content_items import AT, LIVE, PASSED, QUARANTINED, REMOVED, REPLACEMENT, UPLOADED
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
        ((*LIVE, REPLACEMENT, UPLOADED, TAKEN_DOWN, PASSED), "rejected", "taken_down"),
        ((*LIVE, REPLACEMENT, WITHDRAWN, *SECOND), "draft", "unpublished"),
        ((*LIVE, REPLACEMENT, WITHDRAWN, ENDED), "failed", "unpublished"),
        ((*LIVE, REPLACEMENT, ENDED), "failed", "published"),
        ((*LIVE, WITHDRAWN, events.ContentRepublished(at=AT)), "ready", "published"),
    ],
)
def test_the_progress_of_a_version_does_not_change_what_is_offered(
    history: tuple[Any, ...], status: str, offer: str
) -> None:
    """R-CON-06, C-45: what was withdrawn stays so while a new version is processed."""
    item = row(*history)
    assert (item.status, item.offer) == (status, offer)


def test_a_version_that_ended_uses_no_quota() -> None:
    """R-CON-01."""
    live = row(*LIVE).held_bytes
    assert row(*LIVE, REPLACEMENT).held_bytes == 2 * live
    assert row(*LIVE, REPLACEMENT, ENDED, WITHDRAWN).held_bytes == live


def test_rejected_files_are_counted_until_they_are_removed() -> None:
    """R-CON-01: also those of earlier versions, and of a deleted video."""
    rejected = (*LIVE[:1], UPLOADED, QUARANTINED)
    second = (REPLACEMENT, replace(UPLOADED, number=2, size=7), replace(QUARANTINED, number=2))
    deleted = events.ContentDeleted(at=AT)

    def held(*history: Any) -> int:
        return row_after(CONTENT_QUARANTINE, "content-squats", *history).held_bytes

    assert held(*LIVE, REPLACEMENT) == 0
    assert held(*rejected) == held(*rejected, deleted) == UPLOADED.size
    assert held(*rejected, *second) == UPLOADED.size + 7
    assert held(*rejected, *second, deleted, REMOVED) == 7
    assert row(*rejected, *second, REMOVED).quarantined


@pytest.mark.parametrize(
    ("history", "is_listed"),
    [
        (LIVE[:-1], False),
        (LIVE, True),
        ((*LIVE, REPLACEMENT, UPLOADED), True),
        ((*LIVE, WITHDRAWN), False),
        ((*LIVE, REPLACEMENT, WITHDRAWN, *SECOND), False),
        ((*LIVE, WITHDRAWN, events.ContentRepublished(at=AT)), True),
        ((*LIVE, TAKEN_DOWN), False),
    ],
)
def test_only_what_is_offered_is_listed(history: tuple[Any, ...], *, is_listed: bool) -> None:
    """R-CON-06."""
    published = row_after(PUBLISHED_CONTENT, "content-squats", *history)
    assert (published.listed_at is not None) is is_listed


def test_a_published_video_has_its_newest_texts_captions_and_audience() -> None:
    """R-CON-06."""
    audience = events.AudienceChanged(
        audience=events.Audience(is_free=True, plans=(PlanId("legs"),)), at=AT
    )
    captions = [events.CaptionsAdded(language=each, digest="ab" * 32, at=AT) for each in "fe"]
    removed = events.CaptionsRemoved(language="f", at=AT)
    published = row_after(PUBLISHED_CONTENT, "content-squats", *LIVE, audience, *captions, removed)
    assert (published.title, published.number, published.duration_ms) == ("Squats", 1, 60_000)
    assert (published.is_free, published.plans, published.captions) == (True, ("legs",), ("e",))


def test_revisions_are_those_of_the_decider() -> None:
    """R-CON-01, R-CON-06: a page that sends the revision of a row is not refused."""
    described = events.ContentDescribed(title=LIVE[0].title, description=LIVE[0].title, at=AT)
    added = events.CaptionsAdded(language="de", digest="ab" * 32, at=AT)
    removed = events.CaptionsRemoved(language="de", at=AT)
    offered = events.AudienceChanged(audience=events.Audience(is_free=True), at=AT)
    for number in range(5):
        history = (*LIVE, described, added, removed, offered)[: len(LIVE) + number]
        item, state = row(*history), CONTENT.fold(history)
        assert isinstance(state, Item)
        assert item.revision == state.revision
        assert item.captions_revision == state.captions_revision
