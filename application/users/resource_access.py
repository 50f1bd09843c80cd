"""Authorization of resources. Resources the caller may not see return 404."""

from collections.abc import Iterable

from application.caller import Caller
from application.users.authorization import Act
from domain.ids import RecordingId, SessionId, UserId
from domain.recordings.commands import RecordingNotFound
from domain.sessions.commands import SessionNotFound
from domain.users.identities import ConsentPurpose


def authorize_session(caller: Caller, act: Act, session_id: str) -> None:
    """Raise SessionNotFound unless the caller may act on the session."""
    if caller.claims is None:
        return
    owner = caller.platform.owners.of_session(caller.tenant_id, SessionId(session_id))
    if owner is None or not caller.is_allowed(act, "session", owner):
        raise SessionNotFound


def authorize_recording(caller: Caller, act: Act, recording_id: str) -> UserId:
    """Return the athlete of a recording. Raises RecordingNotThere unless the caller may act."""
    owner = caller.platform.owners.of_recording(caller.tenant_id, RecordingId(recording_id))
    if owner is None or not caller.is_allowed(act, "recording", owner):
        raise RecordingNotFound
    return owner


def require_consent(caller: Caller, athlete: UserId, purpose: ConsentPurpose) -> None:
    """Raise ConsentMissing unless the athlete has given the consent.

    Anonymous callers need none: without sign-in, all data belongs to one person.
    """
    if caller.claims is not None:
        caller.platform.consents.require(caller.tenant_id, athlete, purpose)


def authorize_camera(caller: Caller, session_id: str, *, pictures: bool) -> None:
    """Raise SessionNotFound, Forbidden or ConsentMissing unless frames are accepted.

    Only the consent of the athlete counts, regardless of the sending device. With `pictures`,
    images leave the device, which needs a consent of its own.
    """
    if caller.claims is None:
        return
    authorize_session(caller, "write", session_id)
    athlete = caller.platform.owners.of_session(caller.tenant_id, SessionId(session_id))
    if athlete is not None:
        require_consent(caller, athlete, "camera_processing")
        if pictures:
            require_consent(caller, athlete, "images_leave_device")


def athlete_of(caller: Caller, named: str | None, otherwise: str) -> UserId:
    """Return the athlete of a command: the named one, else the caller, else the only person.

    Raises Forbidden if the caller may not write sessions of that athlete (C-35).
    """
    own = otherwise if caller.claims is None else caller.claims.user_id
    athlete = UserId(own if named is None else named)
    caller.require("write", "session", athlete)
    return athlete


def visible_to(caller: Caller, athlete: str | None) -> dict[str, str | tuple[str, ...]]:
    """Return the filter on `athlete_id` that limits a list to the athletes the caller may see."""
    alone = caller.alone_with("session")
    if alone is None:
        return {} if athlete is None else {"athlete_id": athlete}
    return {"athlete_id": alone if athlete in {None, alone} else ()}


def log_access(caller: Caller, athletes: Iterable[UserId]) -> None:
    """Write to the access log that the caller read sessions of these athletes."""
    for athlete in set(athletes):
        caller.sees("session", athlete)
