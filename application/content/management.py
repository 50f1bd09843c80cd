"""Use cases of existing content: describe, unpublish, take down, captions, delete."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from application.content.captions import check_captions
from application.content.items import content_stream, quarantined_versions, require_item
from application.content.manifest import captions_prefix, media_prefix
from application.content.upload_store import UploadKey, UploadStore
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog, MediaStore
from domain.content import commands
from domain.content.commands import ContentCommand
from domain.content.events import ReplacementRequested, TakeDownReason
from domain.content.item import CONTENT
from domain.ids import ContentId, TenantId
from domain.kernel import Origin


@dataclass(frozen=True)
class ContentFiles:
    """Files of a content item: uploads, what was encoded of them, and captions."""

    log: EventLog
    media: MediaStore
    uploads: UploadStore

    def versions(self, tenant_id: TenantId, content_id: ContentId) -> list[UploadKey]:
        """Return the places of all versions that were requested."""
        history = self.log.load(tenant_id, content_stream(content_id))
        found = [each.event for each in history]
        numbers = [each.number for each in found if isinstance(each, ReplacementRequested)]
        return [UploadKey(tenant_id, content_id, number) for number in (1, *numbers)]

    def remove(
        self, tenant_id: TenantId, content_id: ContentId, kept: Collection[int] = ()
    ) -> None:
        """Remove all files but the uploads of some versions. Repeating it changes nothing."""
        for key in self.versions(tenant_id, content_id):
            if key.number not in kept:
                self.uploads.remove(key)
            self.media.clear(tenant_id, media_prefix(content_id, key.number))
        self.media.clear(tenant_id, captions_prefix(content_id))


@dataclass(frozen=True)
class ContentManagement:
    """Changes of what trainers have uploaded. Raises what the decider does."""

    log: EventLog
    commands: CommandHandler
    files: ContentFiles
    clock: Clock

    def describe(
        self,
        content_id: ContentId,
        title: str,
        description: str,
        origin: Origin,
        key: UUID,
        *,
        revision: int | None = None,
    ) -> AppendResult:
        """Change title and description. Raises ContentChanged if `revision` is an earlier one."""
        command = commands.DescribeContent(
            title=title, description=description, revision=revision, at=self.clock()
        )
        return self._execute(content_id, command, origin, key)

    def unpublish(self, content_id: ContentId, origin: Origin, key: UUID) -> AppendResult:
        """Withdraw what is published, until it is offered again."""
        return self._execute(content_id, commands.UnpublishContent(at=self.clock()), origin, key)

    def republish(self, content_id: ContentId, origin: Origin, key: UUID) -> AppendResult:
        """Offer again what was withdrawn. Raises TakenDown and NotPublished."""
        return self._execute(content_id, commands.RepublishContent(at=self.clock()), origin, key)

    def take_down(
        self, content_id: ContentId, reason: TakeDownReason, origin: Origin, key: UUID
    ) -> AppendResult:
        """Withdraw content for good, for a reason that its trainer gets by e-mail."""
        command = commands.TakeDownContent(reason=reason, at=self.clock())
        return self._execute(content_id, command, origin, key)

    def add_captions(
        self,
        content_id: ContentId,
        language: str,
        text: str,
        origin: Origin,
        key: UUID,
        *,
        revision: int | None = None,
    ) -> AppendResult:
        """Check and store captions; they replace those of the language.

        Raises CaptionsInvalid, and ContentChanged if `revision` is an earlier one.
        """
        item = require_item(self.log, origin.tenant_id, content_id)
        commands.check_language(language)
        length_s = None if item.live is None else item.live.encoding.duration_ms / 1000
        captions = check_captions(text.encode(), length_s)
        digest = self.files.media.put(
            origin.tenant_id,
            captions.encode(),
            prefix=captions_prefix(content_id),
            subject=item.trainer_id,
        )
        command = commands.AddCaptions(
            language=language, digest=digest, revision=revision, at=self.clock()
        )
        try:
            return self._execute(content_id, command, origin, key)
        except commands.ContentNotFound:  # it was deleted while the captions were stored
            self.files.media.clear(origin.tenant_id, captions_prefix(content_id))
            raise

    def remove_captions(
        self,
        content_id: ContentId,
        language: str,
        origin: Origin,
        key: UUID,
        *,
        revision: int | None = None,
    ) -> AppendResult:
        """Remove captions. Raises ContentChanged if `revision` is an earlier one."""
        command = commands.RemoveCaptions(language=language, revision=revision, at=self.clock())
        return self._execute(content_id, command, origin, key)

    def delete(self, content_id: ContentId, origin: Origin, key: UUID) -> AppendResult:
        """Delete content and its files. Files in quarantine stay for the audit."""
        appended = self._execute(content_id, commands.DeleteContent(at=self.clock()), origin, key)
        history = self.log.load(origin.tenant_id, content_stream(content_id))
        self.files.remove(origin.tenant_id, content_id, quarantined_versions(history))
        return appended

    def _execute(
        self, content_id: ContentId, command: ContentCommand, origin: Origin, key: UUID
    ) -> AppendResult:
        request = Request(CONTENT, content_id, [command])
        return self.commands.execute(request, origin=origin, command_id=key)
