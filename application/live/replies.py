"""Workers answer every chunk, and every door hears every answer."""

from dataclasses import replace
from typing import Self

from application.live.chunk import FrameChunk, SessionKey
from application.live.chunk_result import Cue, StreamProgress, to_cues, to_progress
from application.live.server_landmarks import ServerLandmarks
from application.live.tracker import Feedback, TrackResult
from domain.kernel import Rejected, value


@value
class LiveReply:
    """What became of chunk `sequence` of a session, and where its chunks stand with it.

    Of a worker: how the set goes, what is to be said, and what it `found` in pictures; or
    `refused`, why the chunk was put aside ("code: sentence"). Without either it is of a door: the
    chunk is kept, and no worker has said anything of it in time. What was found is told once:
    pictures of a chunk that comes again are not looked at again.
    """

    session: SessionKey
    sequence: int
    standing: StreamProgress
    feedback: Feedback | None = None
    cues: tuple[Cue, ...] = ()
    refused: str | None = None
    found: ServerLandmarks | None = None

    @classmethod
    def worked(
        cls,
        key: SessionKey,
        message: FrameChunk,
        applied: TrackResult,
        found: ServerLandmarks | None = None,
    ) -> Self:
        """Tell what a worker made of a chunk."""
        session = applied.session
        return cls(
            session=key,
            sequence=message.sequence,
            standing=to_progress(session),
            feedback=session.feedback,
            cues=to_cues(applied.told, session.watching.set),
            found=found,
        )

    @classmethod
    def put_aside(cls, key: SessionKey, message: FrameChunk, error: Exception) -> Self:
        """Tell that a worker could not work a chunk."""
        why = f"{error.code}: {error.detail}" if isinstance(error, Rejected) else repr(error)
        standing = replace(after(None, message), over=False)  # nobody ended the set by it
        return cls(session=key, sequence=message.sequence, standing=standing, refused=why)

    @property
    def is_of_a_worker(self) -> bool:
        """Whether this answers a chunk."""
        return self.feedback is not None or self.refused is not None


def after(standing: StreamProgress | None, message: FrameChunk) -> StreamProgress:
    """Give where a session's chunks stand when this one is kept too."""
    times = message.chunk.times_s
    seen_to_s = None if standing is None else standing.seen_to_s
    return StreamProgress(
        set=message.set,
        sequence=message.sequence,
        exercise=message.exercise,
        over=message.last,
        seen_to_s=float(times[-1]) if len(times) else seen_to_s,
    )
