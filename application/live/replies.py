"""Replies of workers to chunks; every API process receives every reply."""

from dataclasses import replace
from typing import Self

from application.live.chunk import FrameChunk, SessionChunk, SessionKey
from application.live.chunk_result import Cue, StreamProgress, to_cues, to_progress
from application.live.server_landmarks import ServerLandmarks
from application.live.tracker import Feedback, TrackResult
from domain.kernel import Rejected, value


@value
class LiveReply:
    """The reply to chunk `sequence` of a session, with the progress of its chunks.

    From a worker: feedback, cues, and the landmarks `found` in images; or `refused`, why the chunk
    was dead-lettered ("code: sentence"). With neither it is from an API process: the chunk is
    stored, and no worker replied in time. `found` is sent once, because the images of a duplicate
    are not analyzed again.
    """

    session: SessionKey
    sequence: int
    standing: StreamProgress
    feedback: Feedback | None = None
    cues: tuple[Cue, ...] = ()
    refused: str | None = None
    found: ServerLandmarks | None = None

    @classmethod
    def processed(
        cls, sent: SessionChunk, result: TrackResult, landmarks: ServerLandmarks | None = None
    ) -> Self:
        """Return a worker's reply to a chunk that it processed."""
        state = result.session
        return cls(
            session=sent.session,
            sequence=sent.sequence,
            standing=to_progress(state),
            feedback=state.feedback,
            cues=to_cues(result.detections, state.watching.set),
            found=landmarks,
        )

    @classmethod
    def rejected(cls, key: SessionKey, message: FrameChunk, error: Exception) -> Self:
        """Return a worker's reply to a chunk that it could not process."""
        why = f"{error.code}: {error.detail}" if isinstance(error, Rejected) else repr(error)
        progress = replace(after(None, message), over=False)  # the chunk did not end its set
        return cls(session=key, sequence=message.sequence, standing=progress, refused=why)

    @property
    def is_from_worker(self) -> bool:
        """Whether a worker processed or rejected the chunk."""
        return self.feedback is not None or self.refused is not None


def after(progress: StreamProgress | None, message: FrameChunk) -> StreamProgress:
    """Return the progress of a session after one more chunk."""
    times = message.chunk.times_s
    seen_to_s = None if progress is None else progress.seen_to_s
    return StreamProgress(
        set=message.set,
        sequence=message.sequence,
        exercise=message.exercise,
        over=message.last,
        seen_to_s=float(times[-1]) if len(times) else seen_to_s,
    )
