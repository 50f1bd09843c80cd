"""Content items, by given, when and then."""

from dataclasses import replace

import pytest
from hypothesis import given as sampled
from hypothesis import strategies

from domain.content import commands, events
from domain.ids import PlanId
from domain.kernel import Rejected
from domain.personal import Personal
from domain.values import InvalidValue
from tests.domain.content_items import (
    ADA,
    AT,
    DIGEST,
    ENCODED,
    ENCODING,
    FILE,
    LIVE,
    PASSED,
    QUARANTINED,
    READY,
    REMOVED,
    REPLACEMENT,
    REQUESTED,
    UPLOADED,
    given,
)

REQUEST = commands.RequestUpload(
    trainer_id=ADA, title="Squats", description="Slowly.", file=FILE, at=AT
)
NOTE_UPLOADED = commands.NoteUploaded(number=1, size=5_000_000, at=AT)
END = commands.EndUpload(number=1, reason="cancelled", at=AT)
PASS = commands.PassChecks(number=1, media_type="video/mp4", duration_ms=60_000, at=AT)
REJECT = commands.RejectFile(number=1, reason="damaged", at=AT)
NOTE_ENCODED = commands.NoteEncoded(number=1, encoding=ENCODING, at=AT)
PUBLISH = commands.PublishContent(number=1, at=AT)
REPLACE = commands.ReplaceFile(file=FILE, at=AT)
TAKE_DOWN = commands.TakeDownContent(reason="copyright", at=AT)
UNPUBLISH = commands.UnpublishContent(at=AT)
REPUBLISH = commands.RepublishContent(at=AT)
DELETE = commands.DeleteContent(at=AT)
REMOVE = commands.RemoveQuarantined(number=1, at=AT)

ENDED = events.UploadEnded(number=1, reason="cancelled", at=AT)
REJECTED = events.ContentRejected(
    number=1, reason="damaged", details=events.RejectionDetails(), at=AT
)


def test_a_file_is_uploaded_checked_encoded_and_published() -> None:
    """R-CON-06, R-CON-08."""
    given().when(REQUEST).then(REQUESTED)
    given(REQUESTED).when(NOTE_UPLOADED).then(UPLOADED)
    given(REQUESTED, UPLOADED).when(PASS).then(PASSED)
    given(REQUESTED, UPLOADED, PASSED).when(NOTE_ENCODED).then(ENCODED)
    given(REQUESTED, UPLOADED, PASSED, ENCODED).when(PUBLISH).then(READY)


@pytest.mark.parametrize("command", [NOTE_UPLOADED, PASS, NOTE_ENCODED, PUBLISH])
def test_a_repeated_step_changes_nothing(command: commands.ContentCommand) -> None:
    """R-CON-06: two completions of one upload are one."""
    given(*LIVE).when(command).then_nothing()


@pytest.mark.parametrize(
    ("history", "command", "refusal"),
    [
        ((REQUESTED,), PASS, commands.NotUploaded),
        ((REQUESTED,), REJECT, commands.NotUploaded),
        ((REQUESTED,), PUBLISH, commands.NotEncoded),
        ((REQUESTED, ENDED), NOTE_UPLOADED, commands.UploadOver),
        ((REQUESTED, UPLOADED), END, commands.UploadComplete),
        ((REQUESTED, UPLOADED), NOTE_ENCODED, commands.NotChecked),
        ((REQUESTED, UPLOADED), PUBLISH, commands.NotEncoded),
        ((REQUESTED, UPLOADED, PASSED), PUBLISH, commands.NotEncoded),
        ((REQUESTED, UPLOADED, REJECTED, QUARANTINED), PASS, commands.NotChecked),
        ((REQUESTED, UPLOADED, REJECTED, QUARANTINED), NOTE_ENCODED, commands.NotChecked),
        ((REQUESTED, UPLOADED, REJECTED, QUARANTINED), PUBLISH, commands.NotEncoded),
        ((), NOTE_UPLOADED, commands.ContentNotFound),
        ((REQUESTED,), REQUEST, commands.ContentAlreadyRequested),
        ((REQUESTED,), replace(PASS, number=2), commands.VersionNotFound),
        ((REQUESTED,), REMOVE, commands.NotQuarantined),
    ],
)
def test_nothing_is_published_that_was_not_checked_and_encoded(
    history: tuple[events.ContentEvent, ...],
    command: commands.ContentCommand,
    refusal: type[Rejected],
) -> None:
    """C-25, R-TEN-15."""
    given(*history).when(command).then_rejected(refusal)


def test_a_rejected_file_is_quarantined_and_removed_once() -> None:
    """C-25."""
    given(REQUESTED, UPLOADED).when(REJECT).then(REJECTED, QUARANTINED)
    given(REQUESTED, UPLOADED, PASSED).when(REJECT).then(REJECTED, QUARANTINED)
    kept = (REQUESTED, UPLOADED, REJECTED, QUARANTINED)
    given(*kept).when(REJECT).then_nothing()
    given(*kept).when(REMOVE).then(REMOVED)
    given(*kept, REMOVED).when(REMOVE).then_nothing()
    given(*kept, events.ContentDeleted(at=AT)).when(REMOVE).then(REMOVED)
    for after in ((REPLACEMENT,), (REPLACEMENT, events.ContentDeleted(at=AT))):
        given(*kept, *after).when(REMOVE).then(REMOVED)
        given(*kept, *after, REMOVED).when(REMOVE).then_rejected(commands.VersionNotFound)


def test_an_upload_ends_once() -> None:
    """R-CON-02."""
    given(REQUESTED).when(END).then(ENDED)
    given(REQUESTED, ENDED).when(END).then_nothing()


def test_the_published_version_stays_until_its_replacement_is_ready() -> None:
    """R-CON-06."""
    given(*LIVE).when(REPLACE).then(REPLACEMENT)
    given(*LIVE, REPLACEMENT).when(REPLACE).then_rejected(commands.VersionUnderway)
    state = given(*LIVE, REPLACEMENT).state
    assert state.live is not None  # type: ignore[union-attr]
    assert state.live.number == 1  # type: ignore[union-attr]
    given(*LIVE, REPLACEMENT).when(REJECT).then_rejected(commands.VersionNotFound)


def test_the_trainer_withdraws_and_offers_again_but_not_what_was_taken_down() -> None:
    """R-CON-06."""
    unpublished = events.ContentUnpublished(at=AT)
    taken_down = events.ContentTakenDown(reason="copyright", at=AT)
    given(*LIVE).when(UNPUBLISH).then(unpublished)
    given(*LIVE, unpublished).when(REPUBLISH).then(events.ContentRepublished(at=AT))
    given(*LIVE).when(REPUBLISH).then_nothing()
    given(REQUESTED).when(REPUBLISH).then_rejected(commands.NotPublished)
    given(*LIVE).when(TAKE_DOWN).then(taken_down)
    given(*LIVE, taken_down).when(TAKE_DOWN).then_nothing()
    given(*LIVE, taken_down).when(REPUBLISH).then_rejected(commands.TakenDown)
    given(*LIVE, taken_down).when(REPLACE).then_rejected(commands.TakenDown)
    encoded = (REQUESTED, UPLOADED, PASSED, ENCODED, taken_down)
    given(*encoded).when(PUBLISH).then_rejected(commands.TakenDown)


def test_captions_are_added_replaced_and_removed_by_language() -> None:
    """R-CON-06."""
    add = commands.AddCaptions(language="de", digest=DIGEST, at=AT)
    remove = commands.RemoveCaptions(language="de", at=AT)
    added = events.CaptionsAdded(language="de", digest=DIGEST, at=AT)
    removed = events.CaptionsRemoved(language="de", at=AT)
    given(*LIVE).when(add).then(added)
    given(*LIVE, added).when(add).then_nothing()
    other = replace(add, digest="cd" * 32)
    given(*LIVE, added).when(other).then(replace(added, digest="cd" * 32))
    given(*LIVE, added).when(remove).then(removed)
    given(*LIVE, added, removed).when(remove).then_nothing()
    full = [replace(added, language=f"a{chr(97 + each)}") for each in range(commands.MAX_CAPTIONS)]
    given(*LIVE, *full).when(add).then_rejected(commands.TooManyCaptions)


def test_captions_that_changed_since_they_were_read_are_not_overwritten() -> None:
    """R-CON-06: unless the trainer sends no revision, or what is stored already."""
    add = commands.AddCaptions(language="de", digest=DIGEST, revision=1, at=AT)
    remove = commands.RemoveCaptions(language="de", revision=1, at=AT)
    added = events.CaptionsAdded(language="de", digest=DIGEST, at=AT)
    other = replace(added, digest="cd" * 32)
    given(*LIVE).when(add).then(added)
    given(*LIVE, other).when(add).then_rejected(commands.ContentChanged)
    given(*LIVE, other).when(remove).then_rejected(commands.ContentChanged)
    given(*LIVE, other).when(replace(add, revision=2)).then(added)
    given(*LIVE, added).when(add).then_nothing()
    removed = events.CaptionsRemoved(language="de", at=AT)
    given(*LIVE, other, removed).when(add).then_rejected(commands.ContentChanged)
    given(*LIVE, other, removed).when(replace(add, revision=3)).then(added)
    given(*LIVE, other, removed).when(remove).then_nothing()


def test_texts_that_changed_since_they_were_read_are_not_overwritten() -> None:
    """R-CON-01: captions do not count, the audience does."""
    audience = events.Audience(is_free=True)
    describe = commands.DescribeContent(title="Lunges", description="", revision=1, at=AT)
    described = events.ContentDescribed(
        title=Personal(ADA, "Lunges"), description=Personal(ADA, ""), at=AT
    )
    other = replace(described, title=Personal(ADA, "Planks"))
    added = events.CaptionsAdded(language="de", digest=DIGEST, at=AT)
    given(*LIVE, added).when(describe).then(described)
    given(*LIVE, other).when(describe).then_rejected(commands.ContentChanged)
    given(*LIVE, other).when(replace(describe, revision=2)).then(described)
    given(*LIVE, described).when(describe).then_nothing()
    offer = commands.ChangeAudience(audience=audience, revision=1, at=AT)
    offered = events.AudienceChanged(audience=audience, at=AT)
    given(*LIVE, offered).when(describe).then_rejected(commands.ContentChanged)
    given(*LIVE, described).when(offer).then_rejected(commands.ContentChanged)
    given(*LIVE, described).when(replace(offer, revision=2)).then(offered)
    given(*LIVE, described, offered).when(offer).then_nothing()


def test_a_description_is_changed_once_and_a_deleted_item_not_at_all() -> None:
    """R-CON-01."""
    describe = commands.DescribeContent(title="Lunges", description="", at=AT)
    described = events.ContentDescribed(
        title=Personal(ADA, "Lunges"), description=Personal(ADA, ""), at=AT
    )
    given(REQUESTED).when(describe).then(described)
    given(REQUESTED, described).when(describe).then_nothing()
    deleted = events.ContentDeleted(at=AT)
    given(REQUESTED).when(DELETE).then(deleted)
    given(REQUESTED, deleted).when(DELETE).then_nothing()
    given(REQUESTED, deleted).when(describe).then_rejected(commands.ContentNotFound)
    given(REQUESTED, deleted).when(REQUEST).then_rejected(commands.ContentAlreadyRequested)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "Squats\x00"},
        {"title": "Squats\nLunges"},
        {"title": "x" * 201},
        {"description": "x" * 4001},
        {"file": replace(FILE, size=0)},
        {"file": replace(FILE, digest="ab")},
    ],
)
def test_a_request_with_invalid_values_is_refused(wrong: dict[str, object]) -> None:
    """R-CON-01: a name with control characters, an empty file, or no checksum."""
    with pytest.raises(InvalidValue):
        replace(REQUEST, **wrong)  # type: ignore[arg-type]


@sampled(
    strategies.lists(
        strategies.sampled_from(
            [NOTE_UPLOADED, END, PASS, REJECT, NOTE_ENCODED, PUBLISH, REPLACE, TAKE_DOWN,
             UNPUBLISH, REPUBLISH, DELETE]
        ),
        max_size=20,
    )
)  # fmt: skip
def test_every_order_of_commands_publishes_only_checked_versions(
    attempts: list[commands.ContentCommand],
) -> None:
    """C-25: whatever the order, each published version was uploaded, checked and encoded."""
    log = given(REQUESTED).log_after(attempts)
    for position, event in enumerate(log):
        if isinstance(event, events.ContentReady):
            before = [each for each in log[:position] if getattr(each, "number", 0) == event.number]
            steps = {type(each) for each in before}
            assert {events.ContentUploaded, events.ChecksPassed, events.ContentEncoded} <= steps
            assert events.ContentRejected not in steps


def test_a_new_version_of_what_the_trainer_withdrew_stays_withdrawn() -> None:
    """R-CON-06: also when they withdrew it while the version was encoded."""
    second = (replace(each, number=2) for each in (UPLOADED, PASSED, ENCODED, READY))
    history = (*LIVE, REPLACEMENT, events.ContentUnpublished(at=AT), *second)
    given(*history).when(UNPUBLISH).then_nothing()
    given(*history).when(REPUBLISH).then(events.ContentRepublished(at=AT))


def test_an_audience_is_recorded_when_it_changes() -> None:
    """R-CON-06: without one, no athlete may watch."""
    audience = events.Audience(plans=(PlanId("legs"),))
    change = commands.ChangeAudience(audience=audience, at=AT)
    changed = events.AudienceChanged(audience=audience, at=AT)
    given(*LIVE).when(change).then(changed)
    given(*LIVE, changed).when(change).then()
    with pytest.raises(InvalidValue, match="twice"):
        commands.ChangeAudience(audience=events.Audience(plans=(PlanId("legs"),) * 2), at=AT)
