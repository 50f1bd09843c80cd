"""Checks of a trainer's file after it arrived (R-CON-01): the second check, before encoding.

The size, the checksum, a virus scan, the format and the decoding, in this order. A file that fails
is rejected with a reason and stays in quarantine. The outcome is one append, so a check that is
interrupted or repeated leaves one outcome.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final

import structlog

from application.content.encoding import ContentEncoder
from application.content.file_format import (
    HEAD_BYTES,
    find_fault,
    is_mp4,
    is_same_container,
    sniff_media_type,
)
from application.content.jobs import ContentJob, may_succeed_later, waiting_item
from application.content.matroska import find_element_fault
from application.content.publishing import UploadedVideos
from application.content.rejections import rejection_of
from application.content.upload_store import UploadKey
from application.content.virus_scanner import VirusScanner
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.leased_jobs import NotNeeded, Progress
from application.kernel.outages import is_transient
from application.kernel.ports import Clock, EventLog, MediaMissing
from domain.content import commands, events
from domain.content.commands import ContentCommand
from domain.content.events import DeclaredFile, RejectionDetails
from domain.content.item import CONTENT
from domain.kernel import Rejected

READ_BYTES: Final = 2**20
MAX_FINDING: Final = 64
NO_DETAILS: Final = RejectionDetails()

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class Passed:
    """What the checks found out about a file."""

    media_type: str
    duration_ms: int


@dataclass(frozen=True)
class Failed:
    """The first check that a file failed."""

    reason: events.Rejection
    details: RejectionDetails = NO_DETAILS


@dataclass(frozen=True)
class ContentChecker:
    """Checks the files that arrived."""

    log: EventLog
    commands: CommandHandler
    uploads: UploadedVideos
    scanner: VirusScanner
    encoder: ContentEncoder
    clock: Clock

    def check_file(self, job: ContentJob, progress: Progress) -> None:
        """Check the file of a job.

        Raises what `progress` does, and what a later attempt may avoid, such as ScannerUnavailable.
        """
        item = waiting_item(self.log, job)
        if item is None:
            raise NotNeeded
        self.scanner.require_ready()
        self._settle(job, self._outcome(job.upload, item.newest.file, progress))

    def give_up(self, job: ContentJob) -> None:
        """Reject a file whose check never finished."""
        self._settle(job, Failed("not_encodable"))

    def abandon(self, job: ContentJob) -> None:
        """Remove nothing: a check leaves nothing behind."""

    def _settle(self, job: ContentJob, outcome: Passed | Failed) -> None:
        request = Request(CONTENT, job.content_id, [self._command(job.number, outcome)])
        try:
            self.commands.execute(request, origin=job.origin, command_id=job.command_id("check"))
        except Rejected as refusal:
            if is_transient(refusal):
                raise
            # The item was deleted meanwhile.
            logger.info("content.not_needed", content=job.content_id, code=refusal.code)
        else:
            logger.info("content.checked", content=job.content_id, outcome=type(outcome).__name__)

    def _outcome(self, key: UploadKey, file: DeclaredFile, progress: Progress) -> Passed | Failed:
        try:
            with self.uploads.local(key) as video:
                return self._checked(video, file, progress)
        except MediaMissing:
            return Failed("size_differs", RejectionDetails(size=0))

    def _checked(self, video: Path, declared: DeclaredFile, progress: Progress) -> Passed | Failed:
        proceed = partial(progress, 0.0)
        size = video.stat().st_size
        if size != declared.size:
            return Failed("size_differs", RejectionDetails(size=size))
        with video.open("rb") as file:
            if _digest(file, proceed) != declared.digest:
                return Failed("checksum_differs")
            file.seek(0)
            finding = self.scanner.scan(file, proceed)
            if finding is not None:
                return Failed("malware_found", RejectionDetails(finding=_to_key(finding)))
            file.seek(0)
            media_type = sniff_media_type(file.read(HEAD_BYTES))
            if media_type is None:
                return Failed("format_not_supported")
            if not is_same_container(media_type, declared.media_type):
                return Failed("format_differs", RejectionDetails(media_type=media_type))
            find = find_fault if is_mp4(media_type) else find_element_fault
            fault = find(file, size, proceed)
        if fault is not None:
            return Failed(fault)
        return self._decoded(video, media_type, progress)

    def _decoded(self, video: Path, media_type: str, progress: Progress) -> Passed | Failed:
        """Decode the whole video in a process with limited memory, time and files."""
        try:
            source = self.encoder.inspect(video)
        except Rejected as refusal:
            if may_succeed_later(refusal, progress):
                raise
            return Failed(rejection_of(refusal))
        return Passed(media_type, round(source.duration_s * 1000))

    def _command(self, number: int, outcome: Passed | Failed) -> ContentCommand:
        match outcome:
            case Passed(media_type=media_type, duration_ms=duration):
                return commands.PassChecks(
                    number=number, media_type=media_type, duration_ms=duration, at=self.clock()
                )
            case Failed(reason=reason, details=details):
                return commands.RejectFile(
                    number=number, reason=reason, details=details, at=self.clock()
                )


def _digest(file: BinaryIO, proceed: Callable[[], None]) -> str:
    digest = sha256()
    while chunk := file.read(READ_BYTES):
        proceed()
        digest.update(chunk)
    return digest.hexdigest()


def _to_key(finding: str) -> str:
    """Return a scanner's name of malware in the format of `domain.event_text`."""
    key = re.sub(r"[^A-Za-z0-9_.-]+", "-", finding).lstrip("_.-")[:MAX_FINDING]
    return key or "unnamed"
