"""Deletion of a health profile, with the sessions of the pose coach that depend on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from application.kernel.command_handler import CommandHandler, Request
from application.kernel.ports import AppendResult, Clock, EventLog
from application.kernel.read_models import PAGE_LIMIT, ReadModels, Window
from domain.health.choices import HEALTH, DeleteProfile, ProfileNotFound
from domain.ids import PoseSessionId, TenantId, UserId
from domain.kernel import Origin
from domain.pose_coach.commands import DeletePoseSession
from domain.pose_coach.pose_session import POSE_SESSION as POSE_SESSIONS
from projections.pose_session import POSE_SESSION
from projections.user_health_profile import USER_HEALTH_PROFILE


@dataclass(frozen=True)
class HealthProfileDeletion:
    """Deletes health profiles of callers who are authorized. `read` sees all rows."""

    log: EventLog
    commands: CommandHandler
    read: ReadModels
    clock: Clock

    def delete(self, user_id: UserId, *, origin: Origin, command_id: UUID) -> AppendResult:
        """Delete the sessions page by page, then the profile. Raises ProfileNotFound.

        A repeated command deletes nothing that came after its end. One that was interrupted goes
        on with the sessions that are left.
        """
        tenant_id = origin.tenant_id
        if done := self.log.done(tenant_id, command_id):
            return done
        found = self.read.get(USER_HEALTH_PROFILE, tenant_id, user_id) is not None
        for sessions in self._sessions(tenant_id, user_id):
            found = True
            deletions = [
                Request(POSE_SESSIONS, session_id, [DeletePoseSession(at=self.clock())])
                for session_id in sessions
            ]
            self.commands.execute(
                *deletions, origin=origin, command_id=uuid5(command_id, sessions[0])
            )
        if not found:
            raise ProfileNotFound
        request = Request(HEALTH, user_id, [DeleteProfile(user_id=user_id, at=self.clock())])
        return self.commands.execute(request, origin=origin, command_id=command_id)

    def _sessions(self, tenant_id: TenantId, user_id: UserId) -> Iterator[Sequence[PoseSessionId]]:
        after, more = None, True
        while more:
            page = self.read.page(
                POSE_SESSION,
                tenant_id,
                window=Window(first=PAGE_LIMIT, after=after),
                where={"user_id": user_id},
                order_by="ended_at",
            )
            if page.edges:
                yield [edge.row.id for edge in page.edges]
                after = page.edges[-1].cursor
            more = page.has_next
