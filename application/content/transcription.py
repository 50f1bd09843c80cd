"""Transcription of published videos: their speech becomes a draft of captions.

The sound is extracted in a child process, and recognized in parts. Nothing of an attempt that ends
early is kept: the next one begins again. The draft is encrypted with the key of the trainer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import structlog

from application.content.captions import CaptionsInvalid, check_captions
from application.content.items import find_item
from application.content.jobs import ContentJob, NotNeeded, Progress, waiting_item
from application.content.manifest import AUDIO_TYPE, Manifest
from application.content.speech_recognition import (
    RecognitionUnreadable,
    SoundTooLong,
    SoundUnreadable,
    SpeechRecognition,
    SpeechRecognitionUnavailable,
)
from application.content.speech_sound import SoundExtractor
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import Clock, EventLog, MediaStore
from application.kernel.subscription import is_transient
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
            self._fail(job, failed.problem)
        else:
            self._complete(job, text)
        self.abandon(job)  # if it was deleted in the last moment

    def give_up(self, job: ContentJob) -> None:
        """Note that the draft never came to an end."""
        self._fail(job, "failed")

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
        phrases = self._phrases(job, live, recognize, progress)
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
                    phrases += (
                        replace(
                            each,
                            start_s=min(part.start_s + each.start_s, part.end_s),
                            end_s=min(part.start_s + each.end_s, part.end_s),
                        )
                        for each in recognize(part.content)
                    )
        except Rejected as refusal:
            if is_transient(refusal):
                raise
            raise _Failed("not_readable") from refusal
        return phrases

    def _complete(self, job: ContentJob, text: str) -> None:
        digest = self.media.put(
            job.tenant_id, text.encode(), prefix=job.prefix, subject=job.trainer_id
        )
        complete = commands.CompleteCaptionDraft(number=job.number, digest=digest, at=self.clock())
        self._execute(job, complete, "complete")
        logger.info("captions.drafted", content=job.content_id)

    def _fail(self, job: ContentJob, problem: DraftProblem) -> None:
        fail = commands.FailCaptionDraft(number=job.number, problem=problem, at=self.clock())
        self._execute(job, fail, "fail")

    def _execute(self, job: ContentJob, command: DraftCommand, purpose: str) -> None:
        request = Request(CONTENT, job.content_id, [command])
        try:
            self.commands.execute(request, origin=job.origin, command_id=job.command_id(purpose))
        except commands.ContentNotFound:
            logger.info("captions.not_needed", content=job.content_id)
