"""Drafts of captions: requested by trainers, and read until they are saved as captions."""

from dataclasses import dataclass
from uuid import UUID

from application.content.items import content_stream, newest_draft_request, require_item
from application.content.jobs import ContentJob, ContentJobStore
from application.content.manifest import media_prefix
from application.content.speech_recognition import SpeechRecognitionOff
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import (
    AppendResult,
    Clock,
    EventLog,
    MediaStore,
    RefundableRateLimiter,
)
from domain.content import commands
from domain.content.caption_draft import CaptionDraft
from domain.content.item import CONTENT
from domain.ids import ContentId, TenantId
from domain.kernel import LimitReached, Origin, Rejected


class TooManyCaptionDrafts(LimitReached):
    """You requested many drafts of captions. Wait before you request another one."""

    code = "content.too_many_caption_drafts"


@dataclass(frozen=True)
class DraftState:
    """A draft with the share of the work that is done, 0 to 1, and its WebVTT once complete."""

    draft: CaptionDraft
    progress: float
    text: str | None


@dataclass(frozen=True)
class CaptionDrafts:
    """Requests and reads drafts of captions. `is_on`: speech recognition is set up."""

    log: EventLog
    commands: CommandHandler
    media: MediaStore
    jobs: ContentJobStore
    clock: Clock
    is_on: bool
    limit: RefundableRateLimiter | None = None

    def request(
        self, content_id: ContentId, language: str, origin: Origin, key: UUID
    ) -> AppendResult:
        """Request a draft of the published version; only requests that begin one are counted.

        Raises SpeechRecognitionOff, TooManyCaptionDrafts, InvalidValue, and what the decider does.
        """
        if not self.is_on:
            raise SpeechRecognitionOff
        tenant_id = origin.tenant_id
        command = commands.RequestCaptionDraft(language=language, at=self.clock())
        request = Request(CONTENT, content_id, [command])
        is_repeated = self.log.done(tenant_id, key) is not None
        if is_repeated or _is_underway(require_item(self.log, tenant_id, content_id).draft):
            return self.commands.execute(request, origin=origin, command_id=key)
        whose = f"{tenant_id}/{origin.actor}"
        if self.limit is not None and not (left := self.limit.consume(whose)).granted:
            raise TooManyCaptionDrafts(left.resets_in_s)
        try:
            appended = self.commands.execute(request, origin=origin, command_id=key)
        except Rejected:
            self._give_back(whose)
            raise
        if appended.repeated or not appended.event_ids:  # another request was faster
            self._give_back(whose)
        return appended

    def discard(self, content_id: ContentId, origin: Origin, key: UUID) -> AppendResult:
        """Discard the draft; one that is underway ends. Its files are removed as orphans."""
        request = Request(CONTENT, content_id, [commands.DiscardCaptionDraft(at=self.clock())])
        return self.commands.execute(request, origin=origin, command_id=key)

    def find(self, tenant_id: TenantId, content_id: ContentId) -> DraftState:
        """Return the newest draft. Raises ContentNotFound and CaptionDraftNotFound."""
        draft = require_item(self.log, tenant_id, content_id).draft
        if draft is None:
            raise commands.CaptionDraftNotFound
        progress = 1.0
        if draft.stage == "underway":
            job = self._job(tenant_id, content_id)
            progress = 0.0 if job is None else job.progress
        return DraftState(draft, progress, self._text(tenant_id, content_id, draft))

    def _text(self, tenant_id: TenantId, content_id: ContentId, draft: CaptionDraft) -> str | None:
        if draft.digest is None:
            return None
        prefix = media_prefix(content_id, draft.number)
        return self.media.get(tenant_id, draft.digest, prefix=prefix).decode()

    def _job(self, tenant_id: TenantId, content_id: ContentId) -> ContentJob | None:
        """Return the job of the newest request; None if none was added yet."""
        request = newest_draft_request(self.log.load(tenant_id, content_stream(content_id)))
        return None if request is None else self.jobs.find(tenant_id, request)

    def _give_back(self, whose: str) -> None:
        if self.limit is not None:
            self.limit.give_back(whose)


def _is_underway(draft: CaptionDraft | None) -> bool:
    return draft is not None and draft.stage == "underway"
