"""Drafts of captions, by given, when and then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.content import commands, events
from domain.content.events import CaptionsAdded
from domain.content.item import Item
from domain.kernel import Rejected
from domain.values import InvalidValue
from tests.domain.content_items import (
    AT,
    DIGEST,
    ENCODED,
    LIVE,
    PASSED,
    REPLACEMENT,
    REQUESTED,
    UPLOADED,
    given,
)

REQUEST = commands.RequestCaptionDraft(language="es", at=AT)
COMPLETE = commands.CompleteCaptionDraft(number=1, requested_at=AT, digest=DIGEST, at=AT)
FAIL = commands.FailCaptionDraft(number=1, requested_at=AT, problem="no_speech", at=AT)
FIRST = commands.NoteCaptionPart(number=1, requested_at=AT, part=0, digest=DIGEST, at=AT)
DISCARD = commands.DiscardCaptionDraft(at=AT)
DRAFT_REQUESTED = events.CaptionDraftRequested(number=1, language="es", at=AT)
DRAFTED = events.CaptionsDrafted(number=1, digest=DIGEST, at=AT)
FAILED = events.CaptionDraftFailed(number=1, problem="no_speech", at=AT)
RECOGNIZED = events.CaptionPartRecognized(number=1, part=0, digest=DIGEST, at=AT)
DISCARDED = events.CaptionDraftDiscarded(number=1, at=AT)
SECOND_READY = events.ContentReady(number=2, duration_ms=60_000, bitrates=(1_400_000,), at=AT)
REPLACED = (
    REPLACEMENT,
    events.ContentUploaded(number=2, size=5_000_000, at=AT),
    events.ChecksPassed(number=2, media_type="video/mp4", duration_ms=60_000, at=AT),
    events.ContentEncoded(number=2, encoding=ENCODED.encoding, at=AT),
    SECOND_READY,
)


def test_a_draft_is_requested_and_completed() -> None:
    """R-UIX-07"""
    given(*LIVE).when(REQUEST).then(DRAFT_REQUESTED)
    given(*LIVE, DRAFT_REQUESTED).when(COMPLETE).then(DRAFTED)
    given(*LIVE, DRAFT_REQUESTED).when(FAIL).then(FAILED)


def test_a_draft_that_is_underway_is_not_requested_again() -> None:
    given(*LIVE, DRAFT_REQUESTED).when(REQUEST).then_nothing()
    other = commands.RequestCaptionDraft(language="en", at=AT)
    given(*LIVE, DRAFT_REQUESTED).when(other).then_rejected(commands.CaptionDraftUnderway)


@pytest.mark.parametrize("over", [DRAFTED, FAILED])
def test_a_draft_that_is_over_can_be_requested_again(over: events.ContentEvent) -> None:
    later = AT + timedelta(hours=1)
    again = commands.RequestCaptionDraft(language="en", at=later)
    requested = events.CaptionDraftRequested(number=1, language="en", at=later)
    given(*LIVE, DRAFT_REQUESTED, over).when(again).then(requested)


def test_parts_are_noted_once_and_in_order() -> None:
    second = replace(FIRST, part=1)
    given(*LIVE, DRAFT_REQUESTED).when(FIRST).then(RECOGNIZED)
    given(*LIVE, DRAFT_REQUESTED).when(second).then_nothing()
    given(*LIVE, DRAFT_REQUESTED, RECOGNIZED).when(FIRST).then_nothing()
    given(*LIVE, DRAFT_REQUESTED, RECOGNIZED).when(second).then(replace(RECOGNIZED, part=1))


@pytest.mark.parametrize("history", [(), (DRAFTED,), (FAILED,)])
def test_a_draft_is_discarded_in_every_state(history: tuple[events.ContentEvent, ...]) -> None:
    """R-UIX-07: captions that were saved stay."""
    given(*LIVE, DRAFT_REQUESTED, *history).when(DISCARD).then(DISCARDED)
    given(*LIVE, DRAFT_REQUESTED, *history, DISCARDED).when(DISCARD).then_nothing()
    item = given(*LIVE, DRAFT_REQUESTED, *history, DISCARDED).state
    assert isinstance(item, Item)
    assert item.draft is None


def test_a_discarded_draft_gets_no_result_nor_does_the_next_one() -> None:
    later = replace(DRAFT_REQUESTED, at=AT + timedelta(seconds=1))
    for command in (FIRST, COMPLETE, FAIL):
        given(*LIVE, DRAFT_REQUESTED, DISCARDED).when(command).then_nothing()
        given(*LIVE, DRAFT_REQUESTED, DISCARDED, later).when(command).then_nothing()


@pytest.mark.parametrize("command", [FIRST, COMPLETE, FAIL])
@pytest.mark.parametrize(
    "history", [(), (DRAFT_REQUESTED, DRAFTED), (DRAFT_REQUESTED, FAILED), REPLACED]
)
def test_results_of_an_ended_draft_change_nothing(
    history: tuple[events.ContentEvent, ...], command: commands.ContentCommand
) -> None:
    given(*LIVE, *history).when(command).then_nothing()


def test_a_draft_ends_when_the_file_is_replaced() -> None:
    given(*LIVE, DRAFT_REQUESTED, *REPLACED).when(COMPLETE).then_nothing()
    requested = events.CaptionDraftRequested(number=2, language="es", at=AT)
    given(*LIVE, DRAFT_REQUESTED, DRAFTED, *REPLACED).when(REQUEST).then(requested)


@pytest.mark.parametrize(
    ("history", "refusal"),
    [
        ((), commands.ContentNotFound),
        ((REQUESTED, UPLOADED, PASSED), commands.NotPublished),
        ((*LIVE, events.ContentTakenDown(reason="privacy", at=AT)), commands.TakenDown),
        ((*LIVE, events.ContentDeleted(at=AT)), commands.ContentNotFound),
    ],
)
def test_only_published_videos_get_a_draft(
    history: tuple[events.ContentEvent, ...], refusal: type[Rejected]
) -> None:
    given(*history).when(REQUEST).then_rejected(refusal)


def test_captions_are_added_beside_a_draft() -> None:
    added = CaptionsAdded(language="es", digest=DIGEST, at=AT)
    command = commands.AddCaptions(language="es", digest=DIGEST, at=AT)
    given(*LIVE, DRAFT_REQUESTED, DRAFTED).when(command).then(added)


def test_drafts_are_in_the_languages_of_the_pages() -> None:
    with pytest.raises(InvalidValue, match="en, es, ru"):
        commands.RequestCaptionDraft(language="de", at=AT)
