"""Consents and leaderboard membership (C-41).

Membership requires the consent `leaderboards` and a pseudonym. Withdrawing the consent ends the
membership, on every transport.
"""

from dataclasses import replace

from domain.kernel import value
from domain.personal import Personal, text_of
from domain.users import commands, events
from domain.users.identities import Consent, ConsentPurpose
from domain.users.pseudonyms import reveals


@value
class Consents:
    """Consents of a user. `pseudonym` is None without leaderboard membership."""

    consents: tuple[Consent, ...] = ()
    pseudonym: Personal[str] | None = None

    def to(self, purpose: ConsentPurpose) -> Consent | None:
        """Return the consent for a purpose, or None."""
        return next((given for given in self.consents if given.purpose == purpose), None)

    @property
    def pseudonym_text(self) -> str:
        """The pseudonym, "" without one."""
        return "" if self.pseudonym is None else text_of(self.pseudonym)

    def beside(self, purpose: ConsentPurpose) -> tuple[Consent, ...]:
        """Return the consents for other purposes."""
        return tuple(given for given in self.consents if given.purpose != purpose)


Names = tuple[Personal[str] | None, ...]
"""Names of a user, which the pseudonym must not reveal."""


def decide(
    command: commands.AgreementCommand, agreements: Consents, names: Names
) -> tuple[events.AgreementEvent, ...]:
    """Return the events of a command in this state, or raise its refusal."""
    match command:
        case commands.GiveConsent(purpose=purpose, version=version, at=at, source=source):
            is_given = agreements.to(purpose) == Consent(purpose, version)
            given = events.ConsentGiven(purpose=purpose, version=version, at=at, source=source)
            return () if is_given else (given,)
        case commands.WithdrawConsent(purpose=purpose, at=at, source=source):
            _require_pseudonym(command.expected_pseudonym, agreements)
            if agreements.to(purpose) is None:
                return ()
            withdrawn = events.ConsentWithdrawn(purpose=purpose, at=at, source=source)
            if purpose != "leaderboards" or agreements.pseudonym is None:
                return (withdrawn,)
            return withdrawn, events.LeaderboardsLeft(at=at)
        case commands.JoinLeaderboards(pseudonym=pseudonym, at=at):
            _require_pseudonym(command.expected_pseudonym, agreements)
            _require_joinable(pseudonym, agreements, names)
            joined = events.LeaderboardsJoined(pseudonym=pseudonym, at=at)
            return () if pseudonym == agreements.pseudonym else (joined,)


def _require_pseudonym(expected: str | None, agreements: Consents) -> None:
    if expected not in {None, agreements.pseudonym_text}:
        raise commands.MembershipMoved


def _require_joinable(pseudonym: Personal[str], agreements: Consents, names: Names) -> None:
    if agreements.to("leaderboards") is None:
        raise commands.LeaderboardsNotAgreed
    text = pseudonym.value
    personal_names = [name.value for name in names if name is not None]
    if isinstance(text, str) and any(
        reveals(text, each) for each in personal_names if isinstance(each, str)
    ):
        raise commands.PseudonymTellsName


def evolve(agreements: Consents, event: events.AgreementEvent) -> Consents:
    """Apply an event."""
    match event:
        case events.ConsentGiven(purpose=purpose, version=version):
            consents = (*agreements.beside(purpose), Consent(purpose, version))
            return replace(agreements, consents=consents)
        case events.ConsentWithdrawn(purpose=purpose):
            return replace(agreements, consents=agreements.beside(purpose))
        case events.LeaderboardsJoined(pseudonym=pseudonym):
            return replace(agreements, pseudonym=pseudonym)
        case events.LeaderboardsLeft():
            return replace(agreements, pseudonym=None)
