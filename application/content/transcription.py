"""Transcription of published videos: their speech becomes a draft of captions.

The sound is extracted in a child process, and recognized in parts. The phrases of each part are
stored, so that an attempt goes on after the parts of an earlier one. Phrases and draft are
encrypted with the key of the trainer.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import structlog

from application.content.captions import CaptionsInvalid, check_captions
from application.content.items import find_item
from application.content.jobs import ContentJob, may_succeed_later, waiting_item
from application.content.manifest import AUDIO_TYPE, Manifest
from application.content.recognized_parts import phrases_of_bytes, phrases_to_bytes
from application.content.speech_recognition import (
    RecognitionUnreadable,
    SoundTooLong,
    SoundUnreadable,
    SpeechRecognition,
    SpeechRecognitionUnavailable,
)
from application.content.speech_sound import SoundExtractor, SoundPart
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.leased_jobs import NotNeeded, Progress
from application.kernel.ports import Clock, EventLog, MediaStore
from domain.content import commands
from domain.content.caption_cues import Phrase, to_cues, to_webvtt
from domain.content.caption_draft import CaptionDraft
from domain.content.commands import DraftCommand
from domain.content.events import DraftProblem
from domain.content.item import CONTENT, Live
from domain.kernel import Rejected

PATIENCE: Final = timedelta(hours=1)
"""Time after its request for which a draft waits for a service that is unavailable."""

EXTRACTION: Final = 0.1
"""Share of the work that extracting the sound is."""

logger: Any = structlog.get_logger()


class _Failed(Exception):  # noqa: N818  never leaves this module
    """The draft cannot be made."""

    def __init__(self, problem: DraftProblem) -> None:
        super().__init__(problem)
        self.problem: DraftProblem = problem


@dataclass(frozen=True)
class Transcriber:
    """Drafts the captions that trainers requested. `recognition` is None if none is set up."""

    log: EventLog
    commands: CommandHandler
    media: MediaStore
    sounds: SoundExtractor
    recognition: SpeechRecognition | None
    clock: Clock

    def draft_captions(self, job: ContentJob, progress: Progress) -> None:
        """Recognize the speech of a job's video, and store the draft.

        Raises what `progress` does, and what a later attempt may avoid, such as
        SpeechRecognitionUnavailable.
        """
        item = waiting_item(self.log, job)
        if item is None or item.live is None or item.draft is None:
            raise NotNeeded
        try:
            text = self._draft(job, item.live, item.draft, progress)
        except _Failed as failed:
            logger.warning("captions.not_drafted", content=job.content_id, problem=failed.problem)
            self._fail(job, item.draft, failed.problem)
        else:
            self._complete(job, item.draft, text)
        self.abandon(job)  # if it was deleted in the last moment

    def give_up(self, job: ContentJob) -> None:
        """Note that the draft was never finished."""
        item = waiting_item(self.log, job)
        if item is not None and item.draft is not None:
            self._fail(job, item.draft, "failed")

    def abandon(self, job: ContentJob) -> None:
        """Remove what was stored of a video that was deleted meanwhile."""
        if find_item(self.log, job.tenant_id, job.content_id) is None:
            self.media.clear(job.tenant_id, job.prefix)

    def _draft(self, job: ContentJob, live: Live, draft: CaptionDraft, progress: Progress) -> str:
        """Return the draft as WebVTT. Raises _Failed."""
        if self.recognition is None:
            raise _Failed("off")
        recognition, language = self.recognition, draft.language

        def recognize(sound: bytes) -> tuple[Phrase, ...]:
            try:
                return tuple(recognition.recognize(sound, language))
            except SpeechRecognitionUnavailable as away:
                if self.clock() - draft.requested_at < PATIENCE:
                    raise
                raise _Failed("unavailable") from away
            except SoundTooLong as refusal:
                raise _Failed("too_long") from refusal
            except SoundUnreadable as refusal:
                raise _Failed("not_readable") from refusal
            except RecognitionUnreadable as refusal:
                raise _Failed("failed") from refusal

        duration_ms = live.encoding.duration_ms
        phrases = self._phrases(job, live, draft, recognize, progress)
        cues = to_cues(phrases, duration_ms)
        if not cues:
            raise _Failed("no_speech")
        try:
            return check_captions(to_webvtt(cues).encode(), duration_ms / 1000)
        except CaptionsInvalid as invalid:  # longer than captions may be
            raise _Failed("failed") from invalid

    def _phrases(
        self,
        job: ContentJob,
        live: Live,
        draft: CaptionDraft,
        recognize: Callable[[bytes], tuple[Phrase, ...]],
        progress: Progress,
    ) -> list[Phrase]:
        """Return the phrases of the whole video. Raises _Failed."""
        stored = self.media.get(job.tenant_id, live.encoding.digest, prefix=job.prefix)
        files = Manifest.of_bytes(stored).files.values()
        digest = next((each.digest for each in files if each.media_type == AUDIO_TYPE), None)
        if digest is None:
            raise _Failed("no_sound")
        duration_s = live.encoding.duration_ms / 1000
        phrases: list[Phrase] = []
        try:
            with (
                self.media.local(job.tenant_id, digest, prefix=job.prefix) as sound,
                self.sounds.extract(
                    sound, duration_s, lambda share: progress(EXTRACTION * share)
                ) as parts,
            ):
                for done, part in enumerate(parts):
                    progress(EXTRACTION + (1 - EXTRACTION) * done / len(parts))
                    found = self._kept(job, draft, done, part)
                    if found is None:
                        found = recognize(part.content)
                        self._keep(job, draft, done, part, found)
                        progress.advance()
                    phrases += _moved(found, part)
        except Rejected as refusal:
            if may_succeed_later(refusal, progress):
                raise
            raise _Failed("not_readable") from refusal
        return phrases

    def _kept(
        self, job: ContentJob, draft: CaptionDraft, number: int, part: SoundPart
    ) -> tuple[Phrase, ...] | None:
        """Return the phrases of a part that an earlier attempt recognized."""
        if number >= len(draft.parts):
            return None
        stored = self.media.get(job.tenant_id, draft.parts[number], prefix=job.prefix)
        return phrases_of_bytes(stored, part.content)

    def _keep(
        self,
        job: ContentJob,
        draft: CaptionDraft,
        number: int,
        part: SoundPart,
        phrases: Sequence[Phrase],
    ) -> None:
        digest = self.media.put(
            job.tenant_id,
            phrases_to_bytes(part.content, phrases),
            prefix=job.prefix,
            subject=job.trainer_id,
        )
        note = commands.NoteCaptionPart(
            number=job.number,
            requested_at=draft.requested_at,
            part=number,
            digest=digest,
            at=self.clock(),
        )
        self._execute(job, note, f"part.{number}")

    def _complete(self, job: ContentJob, draft: CaptionDraft, text: str) -> None:
        digest = self.media.put(
            job.tenant_id, text.encode(), prefix=job.prefix, subject=job.trainer_id
        )
        complete = commands.CompleteCaptionDraft(
            number=job.number,
            requested_at=draft.requested_at,
            digest=digest,
            at=self.clock(),
        )
        self._execute(job, complete, "complete")
        logger.info("captions.drafted", content=job.content_id)

    def _fail(self, job: ContentJob, draft: CaptionDraft, problem: DraftProblem) -> None:
        fail = commands.FailCaptionDraft(
            number=job.number,
            requested_at=draft.requested_at,
            problem=problem,
            at=self.clock(),
        )
        self._execute(job, fail, "fail")

    def _execute(self, job: ContentJob, command: DraftCommand, purpose: str) -> None:
        request = Request(CONTENT, job.content_id, [command])
        try:
            self.commands.execute(request, origin=job.origin, command_id=job.command_id(purpose))
        except commands.ContentNotFound:
            logger.info("captions.not_needed", content=job.content_id)


def _moved(phrases: Sequence[Phrase], part: SoundPart) -> Iterator[Phrase]:
    """Yield the phrases of a part at their times in the video, none beyond the part."""
    for each in phrases:
        yield replace(
            each,
            start_s=min(part.start_s + each.start_s, part.end_s),
            end_s=min(part.start_s + each.end_s, part.end_s),
        )
