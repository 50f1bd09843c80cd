"""Copies of a session in the pose coach's stores, as each store has it now."""

from pydantic import Field

from api.views.base import Body
from api.views.pose_coach import own_key
from application.caller import Caller, checked_id
from application.kernel.ports import StorageUnavailable
from application.pose_coach.stores import SessionRecord, SessionStore, StoreName, document_path
from domain.pose_coach import commands
from projections.pose_session import POSE_SESSION


class PoseCopyContent(Body):
    """A session as a store has it."""

    user_id: str
    exercise: str
    reps: int
    accuracy: float = Field(description="0 to 1, with four decimals.")
    timestamp: str = Field(description="ISO 8601, UTC, in milliseconds.")
    duration: int = Field(description="Seconds.")
    feedback_points: tuple[str, ...]


class PoseCopy(Body):
    """The copy of a session in one store. `content` is null if the store does not have it."""

    store: StoreName
    is_available: bool = Field(description="Whether the store can be read now.")
    path: str | None = Field(description="Of the document; null for a row.")
    content: PoseCopyContent | None


class PoseCopies(Body):
    """The copies of a session. Empty where no stores are configured."""

    session_id: str
    copies: tuple[PoseCopy, ...]


def get_copies(caller: Caller, session_id: str) -> PoseCopies:
    """Return the copies of a session of the caller. Raises PoseSessionNotFound."""
    row = caller.platform.read.get(POSE_SESSION, caller.tenant_id, checked_id(session_id))
    if row is None or not caller.is_allowed("read", "pose_coach_session", row.user_id):
        raise commands.PoseSessionNotFound
    uid = own_key(caller).uid
    stores = caller.platform.pose_stores
    return PoseCopies(
        session_id=row.id, copies=tuple(_copy(caller, store, uid, row.id) for store in stores)
    )


def _copy(caller: Caller, store: SessionStore, uid: str, session_id: str) -> PoseCopy:
    """Return the copy of a session in a store, under the key of its user."""
    record: SessionRecord | None = None
    is_available = True
    try:
        record = store.get(caller.tenant_id, uid, session_id)
    except StorageUnavailable:
        is_available = False
    has_path = store.name == "document" and record is not None
    return PoseCopy(
        store=store.name,
        is_available=is_available,
        path=document_path(uid, session_id) if has_path else None,
        content=None if record is None else PoseCopyContent.model_validate(record),
    )
