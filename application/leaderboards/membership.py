"""Leaderboard membership: joining and leaving, from every transport (C-41)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
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
    WithdrawConsent,
)
from domain.users.identities import ConsentSource
from domain.users.pseudonyms import folded
from domain.users.user import USER, Registered, User

Decide = Callable[[Registered], Sequence[UserCommand]]
Allowed = Callable[[Registered], object]
"""Precondition on the account to be changed; raises if it does not hold."""


def anyhow(_: Registered) -> None:
    """Accept any account."""


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
        allowed: Allowed = anyhow,
    ) -> AppendResult:
        """Record the consent and the pseudonym together, or neither.

        Raises ConsentOutdated, InvalidValue, PseudonymTellsName, PseudonymTaken, SignInEnded if the
        account is gone, and what `allowed` raises.
        """
        if request.consent_version != TEXTS["leaderboards"].version:
            raise ConsentOutdated
        now, pseudonym = self.clock(), Personal(user_id, request.pseudonym)
        requested = (
            GiveConsent(
                purpose="leaderboards", version=request.consent_version, at=now, source=source
            ),
            JoinLeaderboards(pseudonym=pseudonym, at=now),
        )

        def decide(user: Registered) -> Sequence[UserCommand]:
            allowed(user)
            _require_acceptable(user, requested)  # before the pseudonym is claimed
            self._keep(origin.tenant_id, request.pseudonym, user_id)
            return requested

        return self._carry_out(user_id, decide, origin, command_id)

    def leave(
        self,
        user_id: UserId,
        *,
        source: ConsentSource,
        origin: Origin,
        command_id: UUID,
        allowed: Allowed = anyhow,
    ) -> AppendResult:
        """Withdraw the consent, and with it the pseudonym. Raises SignInEnded, as `join` does."""
        withdrawn = WithdrawConsent(purpose="leaderboards", at=self.clock(), source=source)

        def decide(user: Registered) -> Sequence[UserCommand]:
            allowed(user)
            return [withdrawn]

        return self._carry_out(user_id, decide, origin, command_id)

    def _keep(self, tenant_id: TenantId, pseudonym: str, user_id: UserId) -> None:
        """Claim a pseudonym for a user.

        The index alone lacks pseudonyms that are older than the index.
        """
        if self.leaderboards.is_taken(tenant_id, pseudonym, user_id):
            raise PseudonymTaken
        owner = self.identities.claim(tenant_id, "pseudonym", folded(pseudonym), user_id)
        if owner != user_id:
            raise PseudonymTaken

    def _carry_out(
        self, user_id: UserId, decide: Decide, origin: Origin, command_id: UUID
    ) -> AppendResult:
        def of_history(history: Sequence[Any]) -> Sequence[UserCommand]:
            user = USER.fold(history)
            if not isinstance(user, Registered):
                raise SignInEnded
            return decide(user)

        request = Request(USER, user_id, of_history)
        return self.accounts.commands.execute(request, origin=origin, command_id=command_id)


def _require_acceptable(user: Registered, requested: Sequence[UserCommand]) -> None:
    """Raise the rejection that the commands would get, if any."""
    state: User = user
    for each in requested:
        state = USER.fold(USER.decide(each, state), state)
