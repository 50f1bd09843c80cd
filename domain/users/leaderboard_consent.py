"""What somebody agreed to, and the pseudonym under which others see their results (C-41).

Being on leaderboards is a consent of its own and a name to be seen by: neither is anything without
the other. To leave is to take the consent back, by whichever door that is said.
"""

from dataclasses import replace

from domain.kernel import value
from domain.personal import Personal
from domain.users import commands, events
from domain.users.identities import Consent, ConsentPurpose
from domain.users.pseudonyms import tells


@value
class Consents:
    """`pseudonym` is None of whoever is on no leaderboard."""

    consents: tuple[Consent, ...] = ()
    pseudonym: Personal[str] | None = None

    def to(self, purpose: ConsentPurpose) -> Consent | None:
        """Find what was agreed to for a purpose."""
        return next((given for given in self.consents if given.purpose == purpose), None)

    def beside(self, purpose: ConsentPurpose) -> tuple[Consent, ...]:
        """Give what was agreed to for other purposes."""
        return tuple(given for given in self.consents if given.purpose != purpose)


Names = tuple[Personal[str] | None, ...]
"""What somebody is known by, which no pseudonym may tell."""


def decide(
    command: commands.AgreementCommand, agreements: Consents, names: Names
) -> tuple[events.AgreementEvent, ...]:
    """Say what happens when this is asked of somebody who is known by these names."""
    match command:
        case commands.GiveConsent(purpose=purpose, version=version, at=at, source=source):
            known = agreements.to(purpose) == Consent(purpose, version)
            given = events.ConsentGiven(purpose=purpose, version=version, at=at, source=source)
            return () if known else (given,)
        case commands.WithdrawConsent(purpose=purpose, at=at, source=source):
            if agreements.to(purpose) is None:
                return ()
            withdrawn = events.ConsentWithdrawn(purpose=purpose, at=at, source=source)
            if purpose != "leaderboards" or agreements.pseudonym is None:
                return (withdrawn,)
            return withdrawn, events.LeaderboardsLeft(at=at)
        case commands.JoinLeaderboards(pseudonym=pseudonym, at=at):
            _require_joinable(pseudonym, agreements, names)
            joined = events.LeaderboardsJoined(pseudonym=pseudonym, at=at)
            return () if pseudonym == agreements.pseudonym else (joined,)


def _require_joinable(pseudonym: Personal[str], agreements: Consents, names: Names) -> None:
    if agreements.to("leaderboards") is None:
        raise commands.LeaderboardsNotAgreed
    said = pseudonym.value
    known = [name.value for name in names if name is not None]
    if isinstance(said, str) and any(tells(said, each) for each in known if isinstance(each, str)):
        raise commands.PseudonymTellsName


def evolve(agreements: Consents, event: events.AgreementEvent) -> Consents:
    """Say what this fact changes."""
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
