"""Content item decider: nothing is published that was not checked and encoded."""

from collections.abc import Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import Literal

from domain.content import commands, events
from domain.content.caption_draft import CaptionDraft, decide_draft, evolve_draft
from domain.content.events import Audience, Encoding
from domain.content.file_version import (
    UNDERWAY,
    FileVersion,
    decide_processing,
    decide_upload,
    evolve_version,
    require_version,
)
from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal

Offer = Literal["none", "published", "unpublished", "taken_down"]
"""`none` until the first version is published."""


@value
class NoContent:
    """No content item exists with this id."""


@value
class Live:
    """The version that viewers get."""

    number: int
    encoding: Encoding


@value
class Item:
    """A content item. `captions` has a digest by language.

    `revision` rises with each change of the texts or of the audience, `captions_revision` with each
    of the captions.
    `quarantined` are the earlier versions that were rejected, and are kept for the audit.
    `draft` is the draft of captions of the published version.
    """

    trainer_id: UserId
    title: Personal[str]
    description: Personal[str]
    newest: FileVersion
    offer: Offer = "none"
    live: Live | None = None
    audience: Audience = Audience()
    captions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    quarantined: frozenset[int] = frozenset()
    draft: CaptionDraft | None = None
    revision: int = 1
    captions_revision: int = 1


@value
class Deleted:
    """The trainer deleted the item. It does not come back."""

    newest: FileVersion
    quarantined: frozenset[int] = frozenset()


ContentItem = NoContent | Item | Deleted


def decide(command: commands.ContentCommand, item: ContentItem) -> tuple[events.ContentEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    match command, item:
        case commands.RequestUpload(), NoContent():
            return (_requested(command),)
        case commands.RequestUpload(), _:
            raise commands.ContentAlreadyRequested
        case commands.DeleteContent(), Deleted():
            return ()
        case commands.RemoveQuarantined(), Item() | Deleted():
            return _quarantine_removed(command, item)
        case _, NoContent() | Deleted():
            raise commands.ContentNotFound
        case _, Item():
            return _decide(command, item)


def _decide(command: commands.ContentCommand, item: Item) -> tuple[events.ContentEvent, ...]:
    match command:
        case commands.RequestUpload():
            raise commands.ContentAlreadyRequested
        case commands.ReplaceFile():
            return _replacement(command, item)
        case commands.DescribeContent():
            return _described(command, item)
        case commands.UnpublishContent() | commands.RepublishContent() | commands.TakeDownContent():
            return _offered(command, item)
        case commands.ChangeAudience():
            return _for_audience(command, item)
        case (
            commands.AddCaptions()
            | commands.RemoveCaptions()
            | commands.RequestCaptionDraft()
            | commands.NoteCaptionPart()
            | commands.CompleteCaptionDraft()
            | commands.FailCaptionDraft()
            | commands.DiscardCaptionDraft()
        ):
            return _captioned(command, item)
        case commands.DeleteContent(at=at):
            return (events.ContentDeleted(at=at),)
        case commands.RemoveQuarantined():
            return _quarantine_removed(command, item)
        case commands.PublishContent(number=number):
            return _published(command, item, require_version(item.newest, number))
        case commands.EndUpload(number=number) | commands.NoteUploaded(number=number):
            return decide_upload(command, require_version(item.newest, number))
        case (
            commands.PassChecks(number=number)
            | commands.RejectFile(number=number)
            | commands.NoteEncoded(number=number)
        ):
            return decide_processing(command, require_version(item.newest, number))


def _requested(command: commands.RequestUpload) -> events.UploadRequested:
    return events.UploadRequested(
        trainer_id=command.trainer_id,
        title=Personal(command.trainer_id, command.title),
        description=Personal(command.trainer_id, command.description),
        file=command.file,
        at=command.at,
    )


def _replacement(command: commands.ReplaceFile, item: Item) -> tuple[events.ContentEvent, ...]:
    if item.offer == "taken_down":
        raise commands.TakenDown
    if item.newest.stage in UNDERWAY:
        raise commands.VersionUnderway
    number = item.newest.number + 1
    return (events.ReplacementRequested(number=number, file=command.file, at=command.at),)


def _described(command: commands.DescribeContent, item: Item) -> tuple[events.ContentEvent, ...]:
    title = Personal(item.trainer_id, command.title)
    description = Personal(item.trainer_id, command.description)
    if (item.title, item.description) == (title, description):
        return ()
    _require_current(command.revision, item.revision)
    return (events.ContentDescribed(title=title, description=description, at=command.at),)


def _for_audience(command: commands.ChangeAudience, item: Item) -> tuple[events.ContentEvent, ...]:
    if command.audience == item.audience:
        return ()
    _require_current(command.revision, item.revision)
    return (events.AudienceChanged(audience=command.audience, at=command.at),)


def _require_current(read: int | None, revision: int) -> None:
    """Require the revision that the trainer read to be the current one. Raises ContentChanged."""
    if read is not None and read != revision:
        raise commands.ContentChanged


def _published(
    command: commands.PublishContent, item: Item, version: FileVersion
) -> tuple[events.ContentEvent, ...]:
    if version.stage == "published":
        return ()
    if version.stage != "encoded" or version.encoding is None:
        raise commands.NotEncoded
    if item.offer == "taken_down":
        raise commands.TakenDown
    encoding = version.encoding
    return (
        events.ContentReady(
            number=version.number,
            duration_ms=encoding.duration_ms,
            bitrates=tuple(rendition.bitrate for rendition in encoding.renditions),
            at=command.at,
        ),
    )


def _quarantine_removed(
    command: commands.RemoveQuarantined, item: Item | Deleted
) -> tuple[events.ContentEvent, ...]:
    if command.number not in item.quarantined:
        version = require_version(item.newest, command.number)
        if version.stage != "rejected":
            raise commands.NotQuarantined
        if not version.quarantined:
            return ()
    return (events.QuarantineRemoved(number=command.number, at=command.at),)


def _offered(command: commands.OfferCommand, item: Item) -> tuple[events.ContentEvent, ...]:
    match command:
        case commands.TakeDownContent(reason=reason, at=at):
            if item.offer == "taken_down":
                return ()
            return (events.ContentTakenDown(reason=reason, at=at),)
        case commands.UnpublishContent(at=at):
            return (events.ContentUnpublished(at=at),) if item.offer == "published" else ()
        case commands.RepublishContent(at=at):
            if item.offer == "taken_down":
                raise commands.TakenDown
            if item.live is None:
                raise commands.NotPublished
            return (events.ContentRepublished(at=at),) if item.offer == "unpublished" else ()


def _captioned(
    command: commands.CaptionCommand | commands.DraftCommand, item: Item
) -> tuple[events.ContentEvent, ...]:
    match command:
        case commands.AddCaptions(language=language, digest=digest, at=at):
            if item.captions.get(language) == digest:
                return ()
            _require_current(command.revision, item.captions_revision)
            if language not in item.captions and len(item.captions) >= commands.MAX_CAPTIONS:
                raise commands.TooManyCaptions
            return (events.CaptionsAdded(language=language, digest=digest, at=at),)
        case commands.RemoveCaptions(language=language, at=at):
            if language not in item.captions:
                return ()
            _require_current(command.revision, item.captions_revision)
            return (events.CaptionsRemoved(language=language, at=at),)
        case _:
            return _drafted(command, item)


def _drafted(command: commands.DraftCommand, item: Item) -> tuple[events.ContentEvent, ...]:
    if item.offer == "taken_down" and isinstance(command, commands.RequestCaptionDraft):
        raise commands.TakenDown
    return decide_draft(command, item.draft, None if item.live is None else item.live.number)


def evolve(item: ContentItem, event: events.ContentEvent) -> ContentItem:
    """Apply one event. History is never refused."""
    match event, item:
        case events.UploadRequested(), _:
            version = FileVersion(1, event.file)
            return Item(event.trainer_id, event.title, event.description, version)
        case events.QuarantineRemoved(number=number), Item() | Deleted():
            return _evolve_removed(item, number)
        case events.ContentDeleted(), Item(newest=newest, quarantined=quarantined):
            return Deleted(newest, quarantined)
        case _, Item():
            return _evolve(item, event)
        case _, NoContent() | Deleted():
            return item


def _evolve_removed(item: Item | Deleted, number: int) -> Item | Deleted:
    if number == item.newest.number:
        return replace(item, newest=replace(item.newest, quarantined=False))
    return replace(item, quarantined=item.quarantined - {number})


def _evolve(item: Item, event: events.ContentEvent) -> Item:
    match event:
        case events.ReplacementRequested(number=number, file=file):
            newest = item.newest
            kept = {newest.number} if newest.quarantined else set[int]()
            version = FileVersion(number, file)
            return replace(item, newest=version, quarantined=item.quarantined | kept)
        case events.ContentDescribed(title=title, description=description):
            return replace(item, title=title, description=description, revision=item.revision + 1)
        case events.AudienceChanged(audience=audience):
            return replace(item, audience=audience, revision=item.revision + 1)
        case events.CaptionsAdded(language=language, digest=digest):
            return _with_captions(item, {**item.captions, language: digest})
        case events.CaptionsRemoved(language=language):
            left = {key: each for key, each in item.captions.items() if key != language}
            return _with_captions(item, left)
        case (
            events.CaptionDraftRequested()
            | events.CaptionPartRecognized()
            | events.CaptionsDrafted()
            | events.CaptionDraftFailed()
            | events.CaptionDraftDiscarded()
        ):
            return replace(item, draft=evolve_draft(item.draft, event))
        case events.ContentUnpublished() | events.ContentRepublished() | events.ContentTakenDown():
            return replace(item, offer=_offer_after(event))
        case events.ContentReady(number=number):
            return _evolve_ready(item, number)
        case _:
            return replace(item, newest=evolve_version(item.newest, event))


def _with_captions(item: Item, captions: Mapping[str, str]) -> Item:
    return replace(
        item,
        captions=MappingProxyType(captions),
        captions_revision=item.captions_revision + 1,
    )


def _offer_after(
    event: events.ContentUnpublished | events.ContentRepublished | events.ContentTakenDown,
) -> Offer:
    match event:
        case events.ContentUnpublished():
            return "unpublished"
        case events.ContentRepublished():
            return "published"
        case events.ContentTakenDown():
            return "taken_down"


def _evolve_ready(item: Item, number: int) -> Item:
    encoding = item.newest.encoding
    live = item.live if encoding is None else Live(number, encoding)
    newest = replace(item.newest, stage="published")
    offer: Offer = "unpublished" if item.offer == "unpublished" else "published"
    return replace(item, newest=newest, offer=offer, live=live, draft=None)


CONTENT = Decider[commands.ContentCommand, events.ContentEvent, ContentItem](
    "content", initial=NoContent(), decide=decide, evolve=evolve
)
