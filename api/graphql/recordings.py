"""Recordings in GraphQL. Their `id` is their own, as in R-RPL-07, and that of their session."""

import enum
from datetime import date, datetime
from typing import Annotated, Any, Final

import strawberry
from strawberry.scalars import JSON

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert
from api.graphql.fields import field
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, Edge, connection, connection_of
from api.views.recording_commands import RecordingWritten
from api.views.recordings import as_seen
from application.caller import Caller
from application.kernel.pagination import window
from application.recordings.frame_pages import FRAMES, cursor, frame_page
from application.recordings.queries import (
    RecordingConditions,
    Sort,
    current_recording,
    list_recordings,
    sees_recording,
    storage_used,
)
from domain.recordings.commands import RecordingNotKept
from projections.session_frame import SessionFrame as FrameRow
from projections.session_recording import SESSION_RECORDING
from projections.session_recording import SessionRecording as RecordingRow


@strawberry.enum
class RecordingStatus(enum.Enum):
    """Status of a recording."""

    RECORDING = "recording"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"


@strawberry.enum
class VideoStatus(enum.Enum):
    """Whether a recording has a video; while it is pending, the recording can be replayed."""

    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@strawberry.type(
    description="A frame (R-RPL-08), `timestamp` seconds after the session began; "
    "`poseData` is null if nobody is detected."
)
class SessionFrame:
    """One frame of a recording, with its landmarks."""

    id: strawberry.ID
    session_id: strawberry.ID
    timestamp: float
    frame_number: int
    pose_data: JSON | None
    image_path: str | None

    @classmethod
    def of(cls, row: FrameRow) -> "SessionFrame":
        """Render a frame."""
        return cls(
            id=strawberry.ID(str(row.id)),
            session_id=strawberry.ID(row.session_id),
            timestamp=row.timestamp,
            frame_number=row.frame_number,
            pose_data=None if row.pose_data is None else JSON(row.pose_data),
            image_path=row.image_path,
        )


@strawberry.type(description="The recording of a session (R-RPL-07).")
class Recording:
    """A recording."""

    id: strawberry.ID
    session_id: strawberry.ID
    user_id: strawberry.ID
    name: str
    description: str
    created_at: datetime
    duration: int
    duration_ms: int
    frame_count: int
    image_count: int
    status: RecordingStatus
    aspect_ratio: float
    video_file_path: str | None
    video_media_type: str | None
    video_url: str | None
    video_status: VideoStatus
    video_problem: str | None = strawberry.field(
        description="Code of the reason why the video failed."
    )
    media_removed_at: datetime | None = strawberry.field(
        description="When frames, pictures and video were removed for good; null while kept."
    )

    @classmethod
    def of(cls, row: RecordingRow) -> "Recording":
        """Render a row of the read model, with the address of its video, if it has one."""
        filmed = row.video_file_path is not None
        return convert(cls, row, video_url=f"/v1/recordings/{row.id}/video" if filmed else None)

    @classmethod
    def seen(cls, caller: Caller, row: RecordingRow) -> "Recording | None":
        """Render a row that the caller may see."""
        return cls.of(as_seen(caller, row)) if sees_recording(caller, row) else None

    @field("Recorded landmarks, in order; at most 1000 frames a page.")
    def frames(
        self, info: Info, first: int = FRAMES, after: str | None = None
    ) -> Connection[SessionFrame]:
        """Decode frames from their chunks. Raises RecordingNotKept once they are removed."""
        if self.media_removed_at is not None:
            raise RecordingNotKept
        context = info.context
        chunks = context.loaders.chunks.of(self.id)
        page = frame_page(
            context.platform.archive, context.tenant_id, chunks, first=first, after=after
        )
        edges = [Edge(cursor=cursor(row), node=SessionFrame.of(row)) for row in page.frames]
        return connection_of(edges, has_next=page.has_next, has_previous=page.has_previous)


@strawberry.enum
class RecordingSort(enum.Enum):
    """What recordings are ordered by."""

    CREATED_AT = "created_at"
    NAME = "name"
    DURATION = "duration"


SORTS: Final[dict[RecordingSort, Sort]] = {
    RecordingSort.CREATED_AT: "created_at",
    RecordingSort.NAME: "name",
    RecordingSort.DURATION: "duration",
}


@strawberry.type(description="Storage used by your recordings.")
class RecordingStorage:
    """`bytes` of landmarks, images and videos, including deleted recordings until their removal."""

    recordings: int
    bytes: float


@strawberry.type
class RecordingQueries:
    """Queries of recordings."""

    @reading("List recordings, newest first by default; at most 100 a page.")
    def recordings(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        since: Annotated[
            date | None, strawberry.argument(description="Recorded on this day or later, UTC.")
        ] = None,
        until: Annotated[
            date | None, strawberry.argument(description="On this day or earlier, UTC.")
        ] = None,
        exercise_id: strawberry.ID | None = None,
        sort: RecordingSort = RecordingSort.CREATED_AT,
        ascending: bool = False,
    ) -> Connection[Recording]:
        """List a page."""
        context = info.context
        page = list_recordings(
            context.caller,
            RecordingConditions(since, until, exercise_id),
            window(first, after, last, before),
            SORTS[sort],
            descending=not ascending,
        )
        return connection(page, Recording.of)

    @reading("Get the storage used by your recordings.")
    def recording_storage(self, info: Info) -> RecordingStorage:
        """Sum up the media store."""
        info.context.may_keep = False  # media change without the read models
        count, size = storage_used(info.context.caller)
        return RecordingStorage(recordings=count, bytes=size)

    @reading("One recording, by its id.")
    def recording(self, info: Info, id: strawberry.ID) -> Recording | None:  # noqa: A002  Relay's
        """Find a recording."""
        context = info.context
        row = context.platform.read.get(SESSION_RECORDING, context.tenant_id, id)
        return None if row is None else Recording.seen(context.caller, row)


@strawberry.type
class RecordingPayload(MutationPayload):
    """The recording after the change; null if it is deleted."""

    recording: Recording | None

    @classmethod
    def of(cls, context: Context, written: RecordingWritten, **common: Any) -> "RecordingPayload":
        """Return the payload of a command."""
        row = current_recording(context.caller, written.recording_id)
        return cls(recording=Recording.seen(context.caller, row), **common)
