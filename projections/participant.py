"""Participant read model: opt-ins to leaderboards and group comparison, one row per user (C-41)."""

from dataclasses import dataclass
from typing import Any

from domain.ids import UserId
from domain.kernel import Projection, Recorded
from domain.personal import text_of
from domain.users import events
from domain.users.identities import ConsentPurpose
from domain.users.pseudonyms import folded
from projections.kernel import fast_replace, stream_id

AGREED: ConsentPurpose = "population_insights"


@dataclass(frozen=True)
class Participant:
    """Somebody with an account, and what they agreed to that is shown of several people.

    `pseudonym` is how members of leaderboards are called there, None of others; `folded` is what
    it has in common with those that look like it. `compared`: whether their figures count in those
    of all. `suspended`: their account is blocked. Leaderboards and comparisons of a month leave
    them out meanwhile; figures of a population do not.
    """

    user_id: UserId
    pseudonym: str | None = None
    folded: str | None = None
    compared: bool = False
    suspended: bool = False


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by user."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.UserEvent) else ()


def evolve(row: Participant | None, recorded: Recorded[Any]) -> Participant | None:
    """Apply one event; erasure ends all participation."""
    if isinstance(recorded.event, events.UserErased):
        return None
    if row is None:
        is_new = isinstance(recorded.event, events.UserCreated)
        return Participant(UserId(stream_id(recorded))) if is_new else None
    return _changed(row, recorded.event)


def _changed(row: Participant, event: Any) -> Participant:
    match event:
        case events.LeaderboardsJoined(pseudonym=written):
            said = text_of(written) or None  # empty if its key is destroyed
            return fast_replace(row, pseudonym=said, folded=None if said is None else folded(said))
        case events.LeaderboardsLeft():
            return fast_replace(row, pseudonym=None, folded=None)
        case events.ConsentGiven(purpose=purpose) if purpose == AGREED:
            return fast_replace(row, compared=True)
        case events.ConsentWithdrawn(purpose=purpose) if purpose == AGREED:
            return fast_replace(row, compared=False)
        case events.UserSuspended():
            return fast_replace(row, suspended=True)
        case events.UserReactivated():
            return fast_replace(row, suspended=False)
        case _:
            return row


PARTICIPANT = Projection(
    name="participant",
    version=1,
    row=Participant,
    keys=keys,
    evolve=evolve,
    indexes=(("folded",),),
)
