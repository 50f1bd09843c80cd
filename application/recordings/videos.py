"""Videos of recordings, made by leased jobs.

Until the video is attached, the recording is replayed without it. After a crash, another process
starts again from the images.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import structlog

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.leased_jobs import JobWorker, NotNeeded, Progress
from application.kernel.outages import is_transient
from application.kernel.ports import Clock, EventLog, MediaStore
from application.kernel.video import VIDEO_TYPE, VideoEncoder
from application.recordings.pose_archive import PoseArchive
from application.recordings.video_jobs import VideoJob, VideoJobStore, without_video
from domain.ids import SessionId
from domain.kernel import Rejected
from domain.recordings import commands as recordings
from domain.recordings import events
from domain.recordings.recording import RECORDING

INTERNAL: Final = "internal"
"""Problem of a video whose job was given up after internal errors, which were logged."""

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class VideoMaker:
    """Makes the videos of recordings."""

    log: EventLog
    commands: CommandHandler
    media: MediaStore
    archive: PoseArchive
    encoder: VideoEncoder
    clock: Clock

    def worker(self, jobs: VideoJobStore) -> JobWorker[VideoJob]:
        """Return a worker of these jobs."""
        return JobWorker(
            name="recording-video",
            claim=jobs.claim,
            jobs=jobs,
            is_needed=self.is_needed,
            work=self.make_video,
            give_up=self.give_up,
            abandon=lambda _job: None,
        )

    def is_needed(self, job: VideoJob) -> bool:
        """Return whether the recording waits for its video."""
        return without_video(self.log, job.tenant_id, job.recording_id) is not None

    def make_video(self, job: VideoJob, progress: Progress) -> None:
        """Make and attach the video. What prevents it for good is stored in the recording.

        Raises NotNeeded if the recording is deleted or gets a video meanwhile (restoring it
        requests one again), and what a later attempt may avoid, such as StorageUnavailable.
        """
        command = self._outcome(job, progress)
        self._execute(job, command)
        logger.info("video.done", recording=job.recording_id, outcome=type(command).__name__)

    def give_up(self, job: VideoJob) -> None:
        """Record that there is no video: every attempt failed."""
        try:
            self._execute(job, recordings.FailVideo(problem=INTERNAL, at=self.clock()))
        except NotNeeded:
            logger.info("video.not_needed", recording=job.recording_id)

    def _execute(
        self, job: VideoJob, command: recordings.AttachVideo | recordings.FailVideo
    ) -> None:
        request = Request(RECORDING, job.recording_id, [command])
        command_id = job.command_id(type(command).__name__)
        try:
            self.commands.execute(request, origin=job.origin, command_id=command_id)
        except Rejected as refusal:
            if is_transient(refusal):
                raise
            raise NotNeeded from refusal

    def _outcome(
        self, job: VideoJob, progress: Progress
    ) -> recordings.AttachVideo | recordings.FailVideo:
        """Make and store the video; return the command that says so, or why there is none."""
        pictures = self._pictures(job, progress)
        try:
            with self.encoder.encode(pictures) as video:
                digest = self.media.put_stream(
                    job.tenant_id, video, prefix=job.recording_id, subject=job.user_id
                )
        except Rejected as refusal:
            if is_transient(refusal):
                raise
            logger.warning("video.failed", recording=job.recording_id, code=refusal.code)
            return recordings.FailVideo(problem=refusal.code, at=self.clock())
        return recordings.AttachVideo(digest=digest, media_type=VIDEO_TYPE)

    def _pictures(self, job: VideoJob, progress: Progress) -> Iterator[tuple[float, bytes]]:
        """Yield each image and its time in seconds."""
        chunks: dict[int, str] = {}
        session_id = SessionId(job.recording_id)
        history = self.log.load(job.tenant_id, job.stream)
        for done, recorded in enumerate(history):
            match recorded.event:
                case events.FramesAppended(first_frame=first, digest=digest):
                    chunks[first] = digest
                case events.ImagesAppended(first_frame=first, digest=digest):
                    chunk = self.archive.read(job.tenant_id, session_id, chunks[first])
                    names = self.archive.pictures(job.tenant_id, session_id, digest)
                    for time_s, name in zip(chunk.times_s.tolist(), names, strict=True):
                        progress(done / len(history))
                        if name is not None:
                            yield (
                                time_s,
                                self.media.get(job.tenant_id, name, prefix=job.recording_id),
                            )
                case _:
                    continue
