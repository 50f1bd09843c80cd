"""What is somebody else's is, to whoever may not see it, not there at all."""

from collections.abc import Iterable

from api.caller import Caller
from application.sessions.history import SessionNotFound
from application.users.authorization import Act
from domain.ids import RecordingId, SessionId, UserId
from domain.recordings.commands import RecordingNotFound
from domain.users.identities import ConsentPurpose


def authorize_session(caller: Caller, act: Act, session_id: str) -> None:
    """Raise SessionNotFound for a session that is not for them, as for one that does not exist."""
    if caller.claims is None:
        return
    owner = caller.platform.owners.of_session(caller.tenant_id, SessionId(session_id))
    if owner is None or not caller.is_allowed(act, "session", owner):
        raise SessionNotFound


def authorize_recording(caller: Caller, act: Act, recording_id: str) -> UserId:
    """Give who is in a recording; RecordingNotFound for one that is not for them, or not there."""
    owner = caller.platform.owners.of_recording(caller.tenant_id, RecordingId(recording_id))
    if owner is None or not caller.is_allowed(act, "recording", owner):
        raise RecordingNotFound
    return owner


def require_consent(caller: Caller, whose: UserId, purpose: ConsentPurpose) -> None:
    """Raise ConsentMissing where whoever is in the pictures has an account and has not agreed.

    Where nobody has signed in, one person is alone with all that is theirs.
    """
    if caller.claims is not None:
        caller.platform.consents.require(caller.tenant_id, whose, purpose)


def authorize_camera(caller: Caller, session_id: str, *, pictures: bool) -> None:
    """Raise SessionNotFound, Forbidden or ConsentMissing where frames of a session are not taken.

    Only its athlete's consent counts, whoever's device sends the frames. With `pictures` they have
    agreed to those leaving the device, too.
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
    """Say who trains: whoever is named, else who has signed in, else the one there is.

    Raises Forbidden where somebody else is named (C-35).
    """
    own = otherwise if caller.claims is None else caller.claims.user_id
    athlete = UserId(own if named is None else named)
    caller.require("write", "session", athlete)
    return athlete


def visible_to(caller: Caller, athlete: str | None) -> dict[str, str | tuple[str, ...]]:
    """Give the condition on `athlete_id` of a list: those asked for whom they see."""
    alone = caller.alone_with("session")
    if alone is None:
        return {} if athlete is None else {"athlete_id": athlete}
    return {"athlete_id": alone if athlete in {None, alone} else ()}


def log_access(caller: Caller, athletes: Iterable[UserId]) -> None:
    """Write down whose sessions are in a list that somebody else is given."""
    for athlete in set(athletes):
        caller.sees("session", athlete)
