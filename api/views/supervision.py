"""Supervision: trainers who see an athlete's training, the athletes of a trainer, invitations."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from pydantic import Field

from api.views.base import Body, StrictBody, write
from api.views.owned_rows import find_visible, newest_page
from api.views.session_commands import ATHLETE
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.ports import AppendResult
from application.kernel.read_models import Page, Window
from application.supervision.adherence import Adherence, adherence_of
from domain.ids import AthleteInvitationId, EnrollmentId, UserId
from domain.supervision import commands
from domain.supervision.invitation import Invited, NotInvited
from projections.athlete_invitation import ATHLETE_INVITATION
from projections.athlete_invitation import AthleteInvitation as InvitationRow
from projections.session_summary import SESSION_SUMMARY, VISIBLE_STATES
from projections.supervision import Supervision as Row
from projections.trainer import TRAINER

LIVE_FOR: Final = timedelta(hours=3)
"""A session that began longer ago and is still under way was abandoned, rather than performed."""

InvitationState = Literal["open", "accepted", "withdrawn", "expired"]


def own_id(caller: Caller) -> UserId:
    """Return the id of the caller, or that of the only person without sign-in."""
    return UserId(ATHLETE if caller.claims is None else caller.claims.user_id)


class OwnTrainer(Body):
    """A trainer who sees your training, because you let them."""

    trainer_id: str
    name: str | None
    video: bool = Field(description="Whether they see videos, not only figures and poses.")
    assign: bool = Field(description="Whether they may assign workouts to you.")
    allowed_at: datetime


def own_trainers(caller: Caller) -> list[OwnTrainer]:
    """Return the trainers who see the caller's training, oldest first."""
    athlete = own_id(caller)
    rows = caller.platform.supervision.current_trainers(caller.tenant_id, athlete)
    names = trainer_names(caller, [row.trainer_id for row in rows])
    return [
        OwnTrainer(
            trainer_id=row.trainer_id,
            name=names.get(row.trainer_id),
            video=row.video,
            assign=row.assign,
            allowed_at=row.created_at,
        )
        for row in sorted(rows, key=lambda row: row.created_at)
    ]


def trainer_names(caller: Caller, trainers: Collection[UserId]) -> dict[UserId, str | None]:
    """Return names of trainers: of public profiles, else of accounts."""
    profiles = caller.platform.read.get_many(TRAINER, caller.tenant_id, trainers)
    return {
        each: profiles[each].name if each in profiles else _user_name(caller, each)
        for each in trainers
    }


def _user_name(caller: Caller, user_id: UserId) -> str | None:
    user = caller.platform.accounts().accounts.find(caller.tenant_id, user_id)
    return None if user is None else user.username


class LastSession(Body):
    """The latest session of an athlete."""

    session_id: str
    started_at: datetime
    repetitions: int
    accuracy: float | None = Field(description="Mean form, 0 to 1.")
    live: bool = Field(
        description="Whether it is under way, and began in the last three hours. Follow it by its"
        " events, and its poses by `/ws/pose?watch=`."
    )


class PlanAdherence(Body):
    """How far an athlete has followed the trainer's plans, over all of them."""

    sessions: int = Field(description="Workouts of all weeks.")
    performed: int
    missed: int = Field(description="Workouts that were missed, each once.")


class Athlete(Body):
    """An athlete who lets you see their training."""

    athlete_id: str
    name: str | None
    video: bool = Field(description="Whether you see videos, not only figures and poses.")
    assign: bool = Field(description="Whether you may assign workouts to them.")
    allowed_at: datetime
    last_session: LastSession | None
    adherence: PlanAdherence | None = Field(description="Null without an enrollment in your plans.")


def athlete_page(caller: Caller, wanted: Window) -> Page[Row]:
    """Return a page of the athletes who let the caller see their training, newest first."""
    return caller.platform.supervision.roster(caller.tenant_id, own_id(caller), wanted)


def to_athletes(caller: Caller, rows: Iterable[Row]) -> dict[str, Athlete]:
    """Return the athletes in these rows who still let the caller see their training, by id."""
    current = [row for row in rows if caller.sees_as_trainer("session", row.user_id)]
    adherence = adherence_of(
        caller.platform.supervision.read,
        caller.platform.log,
        caller.tenant_id,
        own_id(caller),
        [row.user_id for row in current],
        caller.platform.clock(),
    )
    return {row.user_id: _athlete(caller, row, adherence.get(row.user_id)) for row in current}


def find_athletes(caller: Caller, keys: Collection[str]) -> dict[str, Athlete]:
    """Return athletes who let the caller see their training, by id."""
    rows = caller.platform.supervision.rows(
        caller.tenant_id, own_id(caller), [UserId(key) for key in keys]
    )
    return to_athletes(caller, rows)


def _athlete(caller: Caller, row: Row, adherence: Adherence | None) -> Athlete:
    latest = caller.platform.read.page(
        SESSION_SUMMARY,
        caller.tenant_id,
        window=Window(first=1),
        where={"athlete_id": row.user_id, "status": VISIBLE_STATES},
        order_by="started_at",
        descending=True,
    ).edges
    return Athlete(
        athlete_id=row.user_id,
        name=_user_name(caller, row.user_id),
        video=row.video,
        assign=row.assign,
        allowed_at=row.created_at,
        last_session=LastSession(
            session_id=latest[0].row.id,
            started_at=latest[0].row.started_at,
            repetitions=latest[0].row.repetitions,
            accuracy=latest[0].row.accuracy,
            live=latest[0].row.status == "underway"
            and caller.platform.clock() - latest[0].row.started_at < LIVE_FOR,
        )
        if latest
        else None,
        adherence=None if adherence is None else PlanAdherence.model_validate(adherence),
    )


class AthleteInvitation(Body):
    """An invitation of a trainer to let them see your training."""

    invitation_id: str
    trainer_id: str
    trainer_name: str | None
    state: InvitationState
    expires_at: datetime


def find_invitations(caller: Caller, keys: Collection[str]) -> dict[str, AthleteInvitation]:
    """Return invitations that the caller has made, by id."""
    rows = find_visible(caller, ATHLETE_INVITATION, keys)
    return {key: invitation_of(caller, row) for key, row in rows.items()}


def invitation_page(caller: Caller, wanted: Window) -> Page[InvitationRow]:
    """Return a page of the caller's invitations, newest first."""
    return newest_page(caller, ATHLETE_INVITATION, wanted)


def invitation_of(caller: Caller, row: InvitationRow) -> AthleteInvitation:
    """Convert a row of the read model."""
    invited = Invited(row.user_id, row.expires_at, row.accepted_by, row.withdrawn)
    current = caller.platform.supervision.as_of_now(caller.tenant_id, invited, row.first_position)
    return _invitation(caller, row.id, current)


def get_invitation(caller: Caller, invitation_id: str) -> AthleteInvitation:
    """Return an invitation; its id is the secret of the link. Raises AthleteInvitationNotFound."""
    key = AthleteInvitationId(checked_id(invitation_id))
    invitation = caller.platform.supervision.invitation(caller.tenant_id, key)
    if isinstance(invitation, NotInvited):
        raise commands.AthleteInvitationNotFound
    return _invitation(caller, key, invitation)


def _invitation(caller: Caller, key: str, invitation: Invited) -> AthleteInvitation:
    trainer = invitation.trainer_id
    return AthleteInvitation(
        invitation_id=key,
        trainer_id=trainer,
        trainer_name=trainer_names(caller, [trainer])[trainer],
        state=_state(caller, invitation),
        expires_at=invitation.expires_at,
    )


def _state(caller: Caller, invitation: Invited) -> InvitationState:
    if invitation.accepted_by is not None:
        return "accepted"
    if invitation.withdrawn:
        return "withdrawn"
    return "open" if caller.platform.clock() < invitation.expires_at else "expired"


@dataclass(frozen=True, slots=True)
class SupervisionWritten:
    """Result of a command: the log has it up to `position`."""

    trainer_id: str
    position: int
    repeated: bool


class AllowTrainer(StrictBody):
    """What the trainer may do, and the occasion: an enrollment in their plan, or an invitation.

    A change for a trainer who sees your training already needs no occasion.
    """

    video: bool | None = Field(
        None,
        description="Whether they see videos, not only figures and poses. Left out: unchanged,"
        " and false at first.",
    )
    assign: bool | None = Field(
        None,
        description="Whether they may assign workouts to you. Left out: unchanged, and false at"
        " first.",
    )
    enrollment_id: str | None = None
    invitation_id: str | None = None


@write
def allow_trainer(
    caller: Caller, trainer_id: str, body: AllowTrainer, command_id: UUID
) -> SupervisionWritten:
    """Let a trainer see your sessions, form, replays and live poses, until you withdraw it."""
    athlete, trainer = own_id(caller), UserId(checked_id(trainer_id))
    caller.require("write", "supervision", athlete)
    enrollment, invitation = body.enrollment_id, body.invitation_id
    appended = caller.platform.supervision.allow(
        athlete,
        trainer,
        video=body.video,
        assign=body.assign,
        enrollment_id=None if enrollment is None else EnrollmentId(checked_id(enrollment)),
        invitation_id=None if invitation is None else AthleteInvitationId(checked_id(invitation)),
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return SupervisionWritten(trainer, appended.position, appended.repeated)


@write
def disallow_trainer(caller: Caller, trainer_id: str, command_id: UUID) -> SupervisionWritten:
    """Withdraw a trainer's access to your training. It ends at once, also on open pages."""
    athlete, trainer = own_id(caller), UserId(checked_id(trainer_id))
    caller.require("write", "supervision", athlete)
    appended = caller.platform.supervision.disallow(
        athlete, trainer, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return SupervisionWritten(trainer, appended.position, appended.repeated)


@dataclass(frozen=True, slots=True)
class AthleteInvitationWritten:
    """Result of a command: the log has it up to `position`."""

    invitation_id: str
    position: int
    repeated: bool

    @classmethod
    def of(cls, invitation_id: str, appended: AppendResult) -> "AthleteInvitationWritten":
        """Return the result of an append."""
        return cls(invitation_id, appended.position, appended.repeated)


@write
def create_athlete_invitation(caller: Caller, command_id: UUID) -> AthleteInvitationWritten:
    """Invite an athlete to let you see their training. Send them a link with the invitation's id.

    The first athlete who accepts within 14 days is yours.
    """
    trainer = own_id(caller)
    caller.require("write", "athlete_invitation", trainer)
    invitation_id, appended = caller.platform.supervision.invite(
        trainer, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return AthleteInvitationWritten.of(invitation_id, appended)


@write
def withdraw_athlete_invitation(
    caller: Caller, invitation_id: str, command_id: UUID
) -> AthleteInvitationWritten:
    """Withdraw an invitation that nobody has accepted. Athletes who accepted one stay."""
    key = AthleteInvitationId(checked_id(invitation_id))
    owner = caller.platform.owners.of_athlete_invitation(caller.tenant_id, key)
    if owner is None or not caller.is_allowed("write", "athlete_invitation", owner):
        raise commands.AthleteInvitationNotFound
    appended = caller.platform.supervision.withdraw_invitation(
        key, origin=caller.origin(ANONYMOUS), command_id=command_id
    )
    return AthleteInvitationWritten.of(key, appended)
