"""Encoding and publishing of uploaded videos (R-CON-04 to R-CON-06): the jobs of `encode_video`.

A video that passed its checks is encoded unit by unit. The log says which units are done, so after
a crash only the unit in progress is done again. When all are done, one append says that the video
is encoded and ready: viewers get all of it or nothing.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Any, Protocol

import structlog

from application.content.encoding import (
    SETTINGS_VERSION,
    ContentEncoder,
    EncodingFailed,
    EncodingUnit,
    Report,
    SourceVideo,
    plan_units,
)
from application.content.items import find_item
from application.content.jobs import ContentJob, may_succeed_later, waiting_item
from application.content.manifest import pictures_to_bytes, track_to_bytes
from application.content.packaging import Packaging
from application.content.rejections import FileChanged, rejection_of
from application.content.upload_store import UploadKey
from application.kernel.command_handler import CommandHandler, Request
from application.kernel.leased_jobs import NotNeeded, Progress
from application.kernel.outages import is_transient
from application.kernel.ports import Clock, EventLog, MediaStore
from domain.content import commands, events
from domain.content.commands import ContentCommand
from domain.content.encoding import (
    CONTENT_ENCODING,
    BeginEncoding,
    Begun,
    EncodingBegunAgain,
    NoteUnit,
    SourceFacts,
)
from domain.content.item import CONTENT
from domain.kernel import Rejected

logger: Any = structlog.get_logger()


class UploadedVideos(Protocol):
    """Store of uploaded files."""

    def local(self, key: UploadKey) -> AbstractContextManager[Path]:
        """Return the path of the complete file, for reading by this process.

        Child processes get its descriptor: the file may have no name. Raises MediaMissing.
        """
        ...


@dataclass(frozen=True)
class ContentPublisher:
    """Encodes and publishes the videos that passed their checks."""

    log: EventLog
    commands: CommandHandler
    media: MediaStore
    uploads: UploadedVideos
    encoder: ContentEncoder
    clock: Clock

    def encode_video(self, job: ContentJob, progress: Progress) -> None:
        """Encode and publish the video of a job.

        What prevents it for good rejects the video. Raises what `progress` does, and what a later
        attempt may avoid, such as StorageUnavailable.
        """
        item = waiting_item(self.log, job)
        if item is None:
            raise NotNeeded
        try:
            encoding = self._encode(job, item.newest.file.digest, progress)
        except Rejected as refusal:
            if may_succeed_later(refusal, progress):
                raise
            self._reject(job, refusal)
        else:
            self._publish(job, encoding)

    def give_up(self, job: ContentJob) -> None:
        """Reject a video whose encoding never finished."""
        self._reject(job, EncodingFailed())

    def abandon(self, job: ContentJob) -> None:
        """Remove what was encoded of a video that was deleted meanwhile."""
        if find_item(self.log, job.tenant_id, job.content_id) is None:
            self.media.clear(job.tenant_id, job.prefix)

    def _encode(self, job: ContentJob, digest: str, progress: Progress) -> events.Encoding:
        with self.uploads.local(job.upload) as video:
            _require_checked(video, digest)
            begun = self._begun(job, video)
            source = to_video(begun.source)
            units = plan_units(source)
            work = [unit.pixels for unit in units]
            for index, unit in enumerate(units):
                done = sum(work[:index]) / sum(work)
                progress(done)
                if unit.name not in self._continued(job, begun).done:
                    report = partial(_report, progress, done, work[index] / sum(work))
                    if self._do(job, begun, video, unit, report):
                        progress.advance()
        return Packaging(self.media, job.tenant_id, job.prefix, job.trainer_id).package(
            units, self._continued(job, begun).done, source.duration_s
        )

    def _begun(self, job: ContentJob, video: Path) -> Begun:
        """Return the encoding with the video as it was inspected once."""
        state = self._state(job)
        if state is not None and state.settings == SETTINGS_VERSION:
            return state
        source = self.encoder.inspect(video)
        facts = SourceFacts(
            width=source.width,
            height=source.height,
            rate_numerator=source.rate.numerator,
            rate_denominator=source.rate.denominator,
            duration_ms=round(source.duration_s * 1000),
            has_audio=source.has_audio,
        )
        begin = BeginEncoding(
            content_id=job.content_id,
            number=job.number,
            source=facts,
            settings=SETTINGS_VERSION,
            at=self.clock(),
        )
        self._note(job, begin, f"begin.{SETTINGS_VERSION}", 0 if state is None else state.beginning)
        begun = self._state(job)
        if begun is None or begun.settings != SETTINGS_VERSION:
            raise EncodingBegunAgain
        return begun

    def _continued(self, job: ContentJob, begun: Begun) -> Begun:
        """Return an encoding with all units that are done. Raises EncodingBegunAgain."""
        state = self._state(job)
        if state is None or state.beginning != begun.beginning:
            raise EncodingBegunAgain
        return state

    def _do(
        self, job: ContentJob, begun: Begun, video: Path, unit: EncodingUnit, report: Report
    ) -> bool:
        """Do a unit, store what it gives, and then note it; return whether the log lacked it."""
        work = self._make_pictures if unit.kind == "pictures" else self._encode_track
        digest, index, size = work(job, video, to_video(begun.source), unit, report)
        note = NoteUnit(
            beginning=begun.beginning,
            unit=unit.name,
            digest=digest,
            index=index,
            size=size,
            at=self.clock(),
        )
        is_new = self._note(job, note, f"{unit.name}.{SETTINGS_VERSION}", begun.beginning)
        logger.info("content.unit_done", content=job.content_id, unit=unit.name)
        return is_new

    def _encode_track(
        self, job: ContentJob, video: Path, _source: SourceVideo, unit: EncodingUnit, report: Report
    ) -> tuple[str, str, int]:
        with self.encoder.encode_track(video, unit, report) as (file, track):
            digest = self.media.put_stream(
                job.tenant_id, file, prefix=job.prefix, subject=job.trainer_id
            )
        last = track.segments[-1]
        return digest, self._put(job, track_to_bytes(track)), last.offset + last.size

    def _make_pictures(
        self, job: ContentJob, video: Path, source: SourceVideo, _unit: EncodingUnit, report: Report
    ) -> tuple[str, str, int]:
        digests: dict[str, str] = {}
        with self.encoder.make_pictures(video, source, report) as (file, pictures):
            for name, (start, size) in pictures.files.items():
                file.seek(start)
                digests[name] = self._put(job, file.read(size))
        index = self._put(job, pictures_to_bytes(pictures, digests))
        return index, index, sum(size for _, size in pictures.files.values())

    def _put(self, job: ContentJob, content: bytes) -> str:
        return self.media.put(job.tenant_id, content, prefix=job.prefix, subject=job.trainer_id)

    def _publish(self, job: ContentJob, encoding: events.Encoding) -> None:
        encoded = commands.NoteEncoded(number=job.number, encoding=encoding, at=self.clock())
        publish = commands.PublishContent(number=job.number, at=self.clock())
        try:
            self._execute(job, [encoded, publish], "publish")
        except commands.TakenDown:
            self._execute(job, [encoded], "encoded")
        except Rejected as refusal:
            if is_transient(refusal):
                raise
            self._drop(job, refusal)
        else:
            logger.info("content.published", content=job.content_id, number=job.number)

    def _reject(self, job: ContentJob, refusal: Rejected) -> None:
        reject = commands.RejectFile(
            number=job.number, reason=rejection_of(refusal), at=self.clock()
        )
        logger.warning("content.not_encoded", content=job.content_id, code=refusal.code)
        try:
            self._execute(job, [reject], "reject")
        except Rejected as gone:
            if is_transient(gone):
                raise
            self._drop(job, gone)

    def _drop(self, job: ContentJob, refusal: Rejected) -> None:
        """Remove what was encoded of an item that was deleted in the last moment."""
        logger.info("content.not_needed", content=job.content_id, code=refusal.code)
        self.abandon(job)

    def _execute(self, job: ContentJob, wanted: list[ContentCommand], purpose: str) -> None:
        self.commands.execute(
            Request(CONTENT, job.content_id, wanted),
            origin=job.origin,
            command_id=job.command_id(purpose),
        )

    def _note(
        self, job: ContentJob, note: BeginEncoding | NoteUnit, purpose: str, beginning: int
    ) -> bool:
        """Note once for each time that encoding begins; return whether it was not repeated."""
        appended = self.commands.execute(
            Request(CONTENT_ENCODING, job.encoding_id, [note]),
            origin=job.origin,
            command_id=job.command_id(f"{purpose}.{beginning}"),
        )
        return not appended.repeated

    def _state(self, job: ContentJob) -> Begun | None:
        stream = f"{CONTENT_ENCODING.category}-{job.encoding_id}"
        history = self.log.load(job.tenant_id, stream)
        state = CONTENT_ENCODING.fold(recorded.event for recorded in history)
        return state if isinstance(state, Begun) else None


def _report(progress: Progress, done: float, part: float, share: float) -> None:
    """Report the share of a unit as that of the whole video."""
    progress(done + part * share)


def _require_checked(video: Path, digest: str) -> None:
    """Require that nothing replaced the file after its checks. Raises FileChanged."""
    with video.open("rb") as file:
        if file_digest(file, "sha256").hexdigest() != digest:
            raise FileChanged


def to_video(facts: SourceFacts) -> SourceVideo:
    """Return a video from the facts of its inspection."""
    return SourceVideo(
        width=facts.width,
        height=facts.height,
        rate=Fraction(facts.rate_numerator, facts.rate_denominator),
        duration_s=facts.duration_ms / 1000,
        has_audio=facts.has_audio,
    )
