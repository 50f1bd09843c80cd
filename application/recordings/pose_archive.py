"""Archive of recorded landmarks: chunks in the media store, named by events."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from application.kernel.ports import MediaStore
from application.sessions.fact_mapping import milliseconds
from domain.ids import SessionId, TenantId, UserId
from domain.kernel import Recorded
from domain.motion.landmarks import PoseChunk
from domain.recordings import commands, events


@dataclass(frozen=True)
class PoseArchive:
    """Archive of the landmarks of recordings.

    `encode` and `decode` convert a chunk to bytes and back without loss; `decode` raises
    MediaCorrupt for other bytes.
    """

    media: MediaStore
    encode: Callable[[PoseChunk], bytes]
    decode: Callable[[bytes], PoseChunk]

    def store(
        self,
        tenant_id: TenantId,
        session_id: SessionId,
        chunks: Sequence[PoseChunk],
        subject: UserId,
    ) -> list[commands.AppendFrames]:
        """Store the chunks of a person's session; returns the commands that append them."""
        entered: list[commands.AppendFrames] = []
        first_frame = 0
        for chunk in chunks:
            entered.append(
                commands.AppendFrames(
                    first_frame=first_frame,
                    frames=len(chunk),
                    start_ms=milliseconds(float(chunk.times_s[0])),
                    end_ms=milliseconds(float(chunk.times_s[-1])),
                    digest=self.media.put(
                        tenant_id, self.encode(chunk), prefix=session_id, subject=subject
                    ),
                )
            )
            first_frame += len(chunk)
        return entered

    def read(self, tenant_id: TenantId, session_id: SessionId, digest: str) -> PoseChunk:
        """Read one stored chunk. Raises MediaMissing or MediaCorrupt."""
        return self.decode(self.media.get(tenant_id, digest, prefix=session_id))

    def pictures(
        self, tenant_id: TenantId, session_id: SessionId, digest: str
    ) -> tuple[str | None, ...]:
        """Return the image digest of each frame of a chunk, None for frames without.

        Raises MediaMissing or MediaCorrupt.
        """
        listed = json.loads(self.media.get(tenant_id, digest, prefix=session_id))
        return tuple(cast("list[str | None]", listed))

    def replay(
        self, tenant_id: TenantId, session_id: SessionId, history: Sequence[Recorded[Any]]
    ) -> Iterator[PoseChunk]:
        """Yield all chunks of a session's recording, in order."""
        for recorded in history:
            if isinstance(recorded.event, events.FramesAppended):
                yield self.read(tenant_id, session_id, recorded.event.digest)
