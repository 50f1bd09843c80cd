"""Authorization of resources. Resources the caller may not see return 404."""

from collections.abc import Iterable
from uuid import UUID

from application.caller import Caller, checked_id
from application.users.authorization import Act, Forbidden
from domain.catalog.commands import PlanNotFound
from domain.catalog.plan import PLAN
from domain.entitlements.access import is_visible
from domain.ids import PlanId, RecordingId, SessionId, UserId, WorkoutId
from domain.recordings.commands import RecordingNotFound
from domain.sessions.commands import SessionNotFound
from domain.users.identities import ConsentPurpose


def authorize_session(caller: Caller, act: Act, session_id: str) -> None:
    """Raise SessionNotFound unless the caller may act on the session.

    A deleted one can be changed, as by restoring it, and not read.
    """
    key = caller.tenant_id, SessionId(session_id)
    if act == "read" and caller.platform.sessions.is_deleted(*key):
        raise SessionNotFound
    if caller.claims is None:
        return
    owner = caller.platform.owners.of_session(*key)
    if owner is None or not caller.is_allowed(act, "session", owner):
        raise SessionNotFound


def authorize_recording(caller: Caller, act: Act, recording_id: str) -> UserId:
    """Return the athlete of a recording. Raises RecordingNotThere unless the caller may act."""
    owner = caller.platform.owners.of_recording(caller.tenant_id, RecordingId(recording_id))
    if owner is None or not caller.is_allowed(act, "recording", owner):
        raise RecordingNotFound
    return owner


def authorize_plan(caller: Caller, plan_id: str) -> UserId:
    """Return the trainer of a plan that the caller may change.

    Raises IdInvalid, PlanNotFound, also for a plan that the caller may not see, and Forbidden.
    """
    trainer = caller.platform.owners.of_plan(caller.tenant_id, PlanId(checked_id(plan_id)))
    if trainer is None:
        raise PlanNotFound
    if caller.claims is None or caller.is_allowed("write", "plan", trainer):
        return trainer
    history = caller.platform.log.load(caller.tenant_id, f"{PLAN.category}-{plan_id}")
    raise Forbidden if is_visible(history, caller.claims.user_id) else PlanNotFound


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


def require_workout(
    caller: Caller, athlete: UserId, workout_id: WorkoutId, command_id: UUID
) -> None:
    """Raise AccessRequired unless the athlete may perform the workout.

    A workout of a paid plan needs access to the plan; its author and staff need none, and for one
    that does not exist there is none. A command that was executed before is not judged again.
    """
    if caller.is_executed(command_id):
        return
    author = caller.platform.owners.of_workout(caller.tenant_id, workout_id)
    if author is None:
        return
    if caller.claims is not None and (
        caller.is_allowed("write", "workout", author) or caller.is_allowed("write", "plan", None)
    ):
        return
    caller.platform.entitlements.require_workout(caller.tenant_id, athlete, workout_id, author)


def visible_to(caller: Caller, athlete: str | None) -> dict[str, str | tuple[str, ...]]:
    """Return the filter on `athlete_id` that limits a list to the athletes the caller may see."""
    alone = caller.alone_with("session")
    if alone is None:
        return {} if athlete is None else {"athlete_id": athlete}
    if athlete is not None and athlete != alone and caller.sees("session", UserId(athlete)):
        return {"athlete_id": athlete}  # one of the caller's, who is a trainer
    return {"athlete_id": alone if athlete in {None, alone} else ()}


def sees_tags(caller: Caller, athlete: UserId) -> bool:
    """Return whether the caller, who sees an athlete's sessions, also sees their tags.

    Analysts do not: they see figures of sessions, and tags are texts.
    """
    claims = caller.claims
    if claims is None or athlete == claims.user_id or caller.alone_with("session") is not None:
        return True
    return caller.sees_as_trainer("session", athlete)


def tagged_by(caller: Caller, athlete: str | None) -> dict[str, str | tuple[str, ...]]:
    """Return the filter on `athlete_id` that limits a search for a tag to tags the caller sees."""
    alone = None if caller.claims is None else caller.claims.user_id
    searched = alone if athlete is None else UserId(athlete)
    if searched is None:
        return {}
    return {"athlete_id": searched if sees_tags(caller, searched) else ()}


def recordings_owner(caller: Caller, athlete: str | None) -> UserId | None:
    """Return the only user whose recordings the caller sees in a list, or None for all users.

    It is the named athlete if the caller may see their recordings, as their trainer.
    """
    alone = caller.alone_with("recording")
    if alone is None or athlete in {None, alone}:
        return alone
    named = UserId(str(athlete))
    return named if caller.sees("recording", named) else alone


def log_access(caller: Caller, athletes: Iterable[UserId]) -> None:
    """Write to the access log that the caller read sessions of these athletes."""
    for athlete in set(athletes):
        caller.sees("session", athlete)
