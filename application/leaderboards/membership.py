"""Leaderboard membership: joining and leaving, from every transport (C-41)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from application.kernel.command_handler import Request
from application.kernel.ports import AppendResult, Clock
from application.leaderboards.rankings import Leaderboards
from application.privacy.consents import TEXTS, ConsentOutdated
from application.users.accounts import Accounts
from application.users.errors import SignInEnded
from application.users.ports import IdentityIndex
from domain.ids import TenantId, UserId
from domain.kernel import Origin
from domain.personal import Personal
from domain.users.commands import (
    GiveConsent,
    JoinLeaderboards,
    PseudonymTaken,
    UserCommand,
    UserUnknown,
    WithdrawConsent,
)
from domain.users.identities import ConsentSource
from domain.users.pseudonyms import folded
from domain.users.user import USER, Registered, User


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """A pseudonym, and the version of the consent text that the user read."""

    pseudonym: str
    consent_version: str


@dataclass(frozen=True)
class LeaderboardMembers:
    """Joins and leaves leaderboards. A pseudonym belongs to its first user until erasure.

    Two users who request the same one at the same time cannot both get it, and nobody can
    impersonate a former member. Pseudonyms that look alike count as equal.
    """

    accounts: Accounts
    identities: IdentityIndex
    leaderboards: Leaderboards
    clock: Clock

    def join(
        self,
        user_id: UserId,
        request: JoinRequest,
        *,
        source: ConsentSource,
        origin: Origin,
        command_id: UUID,
        expected_pseudonym: str | None = None,
    ) -> AppendResult:
        """Record the consent and the pseudonym together, or neither.

        Raises ConsentOutdated, InvalidValue, MembershipMoved, PseudonymTellsName, PseudonymTaken,
        and SignInEnded if the account is gone.
        """
        if request.consent_version != TEXTS["leaderboards"].version:
            raise ConsentOutdated
        now, pseudonym = self.clock(), Personal(user_id, request.pseudonym)
        commands = (
            GiveConsent(
                purpose="leaderboards", version=request.consent_version, at=now, source=source
            ),
            JoinLeaderboards(pseudonym=pseudonym, at=now, expected_pseudonym=expected_pseudonym),
        )
        if not self.accounts.is_executed(origin.tenant_id, command_id):
            self._require_acceptable(origin.tenant_id, user_id, commands)  # before it is claimed
            self._keep(origin.tenant_id, request.pseudonym, user_id)
        return self._execute(user_id, commands, origin, command_id)

    def leave(
        self,
        user_id: UserId,
        *,
        source: ConsentSource,
        origin: Origin,
        command_id: UUID,
        expected_pseudonym: str | None = None,
    ) -> AppendResult:
        """Withdraw the consent, and with it the pseudonym. Raises SignInEnded, as `join` does."""
        command = WithdrawConsent(
            purpose="leaderboards",
            at=self.clock(),
            source=source,
            expected_pseudonym=expected_pseudonym,
        )
        return self._execute(user_id, [command], origin, command_id)

    def _keep(self, tenant_id: TenantId, pseudonym: str, user_id: UserId) -> None:
        """Claim a pseudonym for a user.

        The index alone lacks pseudonyms that are older than the index.
        """
        if self.leaderboards.is_taken(tenant_id, pseudonym, user_id):
            raise PseudonymTaken
        owner = self.identities.claim(tenant_id, "pseudonym", folded(pseudonym), user_id)
        if owner != user_id:
            raise PseudonymTaken

    def _require_acceptable(
        self, tenant_id: TenantId, user_id: UserId, commands: Sequence[UserCommand]
    ) -> None:
        """Raise the rejection that the commands would get, if any."""
        state: User = self.accounts.user(tenant_id, user_id)
        if not isinstance(state, Registered):
            raise SignInEnded
        for command in commands:
            state = USER.fold(USER.decide(command, state), state)

    def _execute(
        self, user_id: UserId, commands: Sequence[UserCommand], origin: Origin, command_id: UUID
    ) -> AppendResult:
        request = Request(USER, user_id, commands)
        try:
            return self.accounts.commands.execute(request, origin=origin, command_id=command_id)
        except UserUnknown:
            raise SignInEnded from None
