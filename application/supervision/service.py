"""Supervision service: which trainers may see the training of an athlete.

Permissions are read from the log at each use, so a withdrawal takes effect at once. Only the list
of a trainer's athletes comes from a read model, and each of them is checked again.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from application.assignments.requests import end_trainer
from application.capacities.places import Places, take_place
from application.kernel.command_handler import CommandHandler, Request, Snapshot
from application.kernel.ports import AppendResult, Clock, EventLog, NewId
from application.kernel.read_models import Page, ReadModels, Window
from application.supervision.trainers import Trainers
from domain.capacities.commands import TakePlace
from domain.enrollments.enrollment import ENROLLMENT, Ended
from domain.enrollments.events import EnrollmentCreated
from domain.ids import AthleteInvitationId, EnrollmentId, TenantId, UserId
from domain.kernel import Origin, Recorded
from domain.supervision import commands
from domain.supervision.commands import DisallowTrainer
from domain.supervision.events import SupervisionAllowed, SupervisionWithdrawn
from domain.supervision.invitation import (
    ATHLETE_INVITATION,
    AthleteInvitation,
    Invited,
    NotInvited,
)
from domain.supervision.supervision import SUPERVISION, Permission, Supervision
from domain.users.user import USER, Registered
from projections.supervision import SUPERVISION as PERMISSIONS
from projections.supervision import Supervision as Row

VERSION: Final = "2"
"""Version of the text with which an athlete lets a trainer see their training."""


@dataclass(frozen=True)
class SupervisionService:
    """Changes permissions of callers who are authorized, and looks them up.

    `read` shows all rows: those of athletes do not belong to the trainer who asks for them.
    """

    log: EventLog
    commands: CommandHandler
    read: ReadModels
    clock: Clock
    new_id: NewId

    @property
    def trainers(self) -> Trainers:
        """The trainers of a tenant."""
        return Trainers(self.log)

    def state(self, tenant_id: TenantId, athlete_id: UserId) -> Supervision:
        """Return an athlete's current permissions. Raises StorageUnavailable."""
        return SUPERVISION.fold(each.event for each in self._history(tenant_id, athlete_id))

    def _history(self, tenant_id: TenantId, athlete_id: UserId) -> Sequence[Recorded[Any]]:
        return self.log.load(tenant_id, f"{SUPERVISION.category}-{athlete_id}")

    def permission(
        self, tenant_id: TenantId, athlete_id: UserId, trainer_id: UserId
    ) -> Permission | None:
        """Return what a trainer may see of an athlete now; None: nothing.

        The training of athletes who are suspended is withheld: they cannot withdraw a permission.
        """
        permission = self.current(tenant_id, athlete_id, trainer_id)
        if permission is None or not self._is_active(tenant_id, athlete_id):
            return None
        return permission

    def current(
        self, tenant_id: TenantId, athlete_id: UserId, trainer_id: UserId
    ) -> Permission | None:
        """Return the permission of a trainer, unless it ended with their role.

        Trainers have none while the athlete is suspended: see `permission`.
        """
        history = self._history(tenant_id, athlete_id)
        permission = SUPERVISION.fold(recorded.event for recorded in history).find(trainer_id)
        given_at = _given_at(history, trainer_id)
        if permission is None or given_at is None:
            return None
        return permission if self.trainers.holds(tenant_id, trainer_id, given_at) else None

    def current_trainers(self, tenant_id: TenantId, athlete_id: UserId) -> list[Row]:
        """Return the permissions of an athlete's trainers as of the read model."""
        rows = self.read.by(PERMISSIONS, tenant_id, "user_id", [athlete_id])[athlete_id]
        return [
            row
            for row in rows
            if self.trainers.holds(tenant_id, row.trainer_id, row.first_position)
        ]

    def all_trainers(self, tenant_id: TenantId, athlete_id: UserId) -> frozenset[UserId]:
        """Return whom an athlete has let see their training, also those who no longer do."""
        events = [recorded.event for recorded in self._history(tenant_id, athlete_id)]
        allowed = [each for each in events if isinstance(each, SupervisionAllowed)]
        return frozenset(each.trainer_id for each in allowed)

    def _is_active(self, tenant_id: TenantId, user_id: UserId) -> bool:
        """Return whether the user has an account that is not suspended."""
        history = self.log.load(tenant_id, f"{USER.category}-{user_id}")
        user = USER.fold(recorded.event for recorded in history)
        return isinstance(user, Registered) and not user.suspended

    def athletes(self, tenant_id: TenantId, trainer_id: UserId) -> Collection[UserId]:
        """Return the athletes of a trainer as of the read model. Check the permission of each."""
        rows = self.read.by(PERMISSIONS, tenant_id, "trainer_id", [trainer_id])[trainer_id]
        return [row.user_id for row in rows]

    def roster(self, tenant_id: TenantId, trainer_id: UserId, window: Window) -> Page[Row]:
        """Return a page of a trainer's athletes, newest first. Check the permission of each."""
        return self.read.page(
            PERMISSIONS,
            tenant_id,
            window=window,
            where={"trainer_id": trainer_id},
            order_by="created_at",
            descending=True,
        )

    def rows(
        self, tenant_id: TenantId, trainer_id: UserId, athletes: Collection[UserId]
    ) -> list[Row]:
        """Return the rows of some athletes of a trainer. Check the permission of each."""
        keys = [f"{athlete}/{trainer_id}" for athlete in athletes]
        return list(self.read.get_many(PERMISSIONS, tenant_id, keys).values())

    def allow(
        self,
        athlete_id: UserId,
        trainer_id: UserId,
        *,
        video: bool | None = None,
        assign: bool | None = None,
        enrollment_id: EnrollmentId | None,
        invitation_id: AthleteInvitationId | None,
        origin: Origin,
        command_id: UUID,
    ) -> AppendResult:
        """Let a trainer see an athlete's training, and accept the invitation in the same step.

        `video`: whether they see videos. `assign`: whether they may assign workouts; without it,
        those that were not begun are withdrawn in the same step. None: unchanged, False at first.
        A change of a permission that is withdrawn at the same moment is refused.

        Raises OccasionMissing, AthleteInvitationNotFound, AthleteInvitationOver, TooManyTrainers,
        TrainerNotAllowed, TooManyAthletes and InvalidValue.
        """
        at, tenant_id = self.clock(), origin.tenant_id
        current = self.current(tenant_id, athlete_id, trainer_id)
        if self.log.done(tenant_id, command_id) is None:  # else they may have left the plan by now
            self._require_trainer(tenant_id, trainer_id, invitation_id)
            if enrollment_id is not None and not self._is_enrolled(
                tenant_id, enrollment_id, athlete_id, trainer_id
            ):
                raise commands.OccasionMissing
        allow = commands.AllowTrainer(
            athlete_id=athlete_id,
            trainer_id=trainer_id,
            video=video,
            assign=assign,
            enrollment_id=enrollment_id,
            invitation_id=invitation_id,
            is_change=current is not None,
            version=VERSION,
            at=at,
        )
        accept = commands.AcceptAthleteInvitation(
            trainer_id=trainer_id, athlete_id=athlete_id, at=at
        )
        end = self._ended(tenant_id, athlete_id, trainer_id, at)
        requests = [
            _allowing(athlete_id, [*end, allow], end_trainer(athlete_id, trainer_id, at)),
            *(
                ()
                if invitation_id is None
                else (Request(ATHLETE_INVITATION, invitation_id, [accept]),)
            ),
        ]
        if current is not None:
            return self.commands.execute(*requests, origin=origin, command_id=command_id)
        return take_place(
            self.log,
            tenant_id,
            self._places(tenant_id, trainer_id),
            self._place(tenant_id, trainer_id, athlete_id, at),
            lambda place: self.commands.execute(
                *requests, place, origin=origin, command_id=command_id
            ),
        )

    def _ended(
        self, tenant_id: TenantId, athlete_id: UserId, trainer_id: UserId, at: datetime
    ) -> list[DisallowTrainer]:
        """Return the withdrawals of permissions that ended with a role, if they are in the way.

        That of this trainer is, and if no place is left, all are: the athlete does not see them, so
        could not make room.
        """
        permissions = self.state(tenant_id, athlete_id).permissions
        is_full = len(permissions) >= commands.MAX_TRAINERS
        return [
            DisallowTrainer(trainer_id=each.trainer_id, at=at)
            for each in permissions
            if (is_full or each.trainer_id == trainer_id)
            and self.current(tenant_id, athlete_id, each.trainer_id) is None
        ]

    def _require_trainer(
        self, tenant_id: TenantId, trainer_id: UserId, invitation_id: AthleteInvitationId | None
    ) -> None:
        """Raise OccasionMissing or AthleteInvitationOver if the occasion ended with the role."""
        if invitation_id is not None:
            history = self._invitation_history(tenant_id, invitation_id)
            if history and not self.trainers.holds(tenant_id, trainer_id, history[0].position):
                raise commands.AthleteInvitationOver
        elif self.trainers.since(tenant_id, trainer_id) is None:
            raise commands.OccasionMissing

    def _places(self, tenant_id: TenantId, trainer_id: UserId) -> Places:
        """Return the places of a trainer: one for each athlete whose permission still counts."""
        since = self.trainers.since(tenant_id, trainer_id)

        def is_taken(history: Sequence[Recorded[Any]]) -> bool:
            given_at = _given_at(history, trainer_id)
            return given_at is not None and since is not None and since < given_at

        return Places("athletes", SUPERVISION, is_taken, contended=True)

    def _place(
        self, tenant_id: TenantId, trainer_id: UserId, athlete_id: UserId, at: datetime
    ) -> TakePlace:
        """Return the command that takes a place for an athlete, or raises TooManyAthletes."""
        return TakePlace(
            user_id=trainer_id,
            place=athlete_id,
            limit=commands.MAX_ATHLETES,
            refusal=commands.TooManyAthletes,
            before=tuple(self.athletes(tenant_id, trainer_id)),
            at=at,
        )

    def _is_enrolled(
        self,
        tenant_id: TenantId,
        enrollment_id: EnrollmentId,
        athlete_id: UserId,
        trainer_id: UserId,
    ) -> bool:
        """Return whether the athlete is enrolled in a plan of the trainer."""
        history = self.log.load(tenant_id, f"{ENROLLMENT.category}-{enrollment_id}")
        facts = [recorded.event for recorded in history]
        created = next(
            (each for each in reversed(facts) if isinstance(each, EnrollmentCreated)), None
        )
        if created is None or isinstance(ENROLLMENT.fold(facts), Ended):
            return False
        return (created.user_id, created.trainer_id) == (athlete_id, trainer_id)

    def disallow(
        self, athlete_id: UserId, trainer_id: UserId, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Withdraw the permission of a trainer, and their workouts that were not begun.

        Raises TrainerNotAllowed.
        """
        at = self.clock()
        command = commands.DisallowTrainer(trainer_id=trainer_id, at=at)
        return self.commands.execute(
            Request(SUPERVISION, athlete_id, [command]),
            end_trainer(athlete_id, trainer_id, at),
            origin=origin,
            command_id=command_id,
        )

    def end(self, athlete_id: UserId, origin: Origin) -> None:
        """Withdraw the permissions of all trainers. Idempotent."""
        for permission in self.state(origin.tenant_id, athlete_id).permissions:
            trainer = permission.trainer_id
            with suppress(commands.TrainerNotAllowed):  # withdrawn by the athlete meanwhile
                self.disallow(athlete_id, trainer, origin=origin, command_id=self.new_id())

    def invite(
        self, trainer_id: UserId, *, origin: Origin, command_id: UUID
    ) -> tuple[AthleteInvitationId, AppendResult]:
        """Create an invitation, once per `command_id`. Nobody can guess its id."""
        invitation_id = AthleteInvitationId(str(uuid5(command_id, "athlete-invitation")))
        command = commands.CreateAthleteInvitation(trainer_id=trainer_id, at=self.clock())
        request = Request(ATHLETE_INVITATION, invitation_id, [command])
        appended = self.commands.execute(request, origin=origin, command_id=command_id)
        return invitation_id, appended

    def invitation(
        self, tenant_id: TenantId, invitation_id: AthleteInvitationId
    ) -> AthleteInvitation:
        """Return an invitation as of the log. It is withdrawn with the role of its trainer."""
        history = self._invitation_history(tenant_id, invitation_id)
        invitation = ATHLETE_INVITATION.fold(recorded.event for recorded in history)
        if isinstance(invitation, NotInvited):
            return invitation
        return self.as_of_now(tenant_id, invitation, history[0].position)

    def _invitation_history(
        self, tenant_id: TenantId, invitation_id: AthleteInvitationId
    ) -> Sequence[Recorded[Any]]:
        return self.log.load(tenant_id, f"{ATHLETE_INVITATION.category}-{invitation_id}")

    def as_of_now(self, tenant_id: TenantId, invitation: Invited, position: int) -> Invited:
        """Return an invitation made at this position; withdrawn if its trainer is no longer one."""
        if self.trainers.holds(tenant_id, invitation.trainer_id, position):
            return invitation
        return replace(invitation, withdrawn=True)

    def withdraw_invitation(
        self, invitation_id: AthleteInvitationId, *, origin: Origin, command_id: UUID
    ) -> AppendResult:
        """Withdraw an invitation that nobody has accepted. Raises AthleteInvitationNotFound."""
        command = commands.WithdrawAthleteInvitation(at=self.clock())
        request = Request(ATHLETE_INVITATION, invitation_id, [command])
        return self.commands.execute(request, origin=origin, command_id=command_id)


def _allowing(
    athlete_id: UserId, wanted: Sequence[commands.SupervisionCommand], end: Request
) -> Request:
    """Return the request that gives a permission, with the end of workouts that it rules out.

    Workouts go on only if the trainer could assign them before, and still can.
    """

    def following(events: Sequence[Any], _: Supervision) -> Sequence[Request]:
        given = [each for each in events if isinstance(each, SupervisionAllowed)]
        goes_on = could_assign[-1] and len(given) == len(events)
        return () if goes_on and all(each.assign for each in given) else (end,)

    could_assign: list[bool] = []
    trainer_id = wanted[-1].trainer_id

    def note(before: Snapshot) -> None:
        permission = before.state.find(trainer_id)
        could_assign.append(permission is not None and permission.assign)

    return Request(SUPERVISION, athlete_id, wanted, on_load=note, followed_by=following)


def _given_at(history: Iterable[Recorded[Any]], trainer_id: UserId) -> int | None:
    """Return the position at which the permission of a trainer was given; None: they have none."""
    given_at: int | None = None
    for recorded in history:
        match recorded.event:
            case SupervisionAllowed(trainer_id=trainer) if trainer == trainer_id:
                given_at = recorded.position if given_at is None else given_at
            case SupervisionWithdrawn(trainer_id=trainer) if trainer == trainer_id:
                given_at = None
            case _:
                pass
    return given_at
