"""What people are asked to agree to, in which words, and what does not happen without."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from application.kernel.ports import Clock, EventLog
from application.users.accounts import Accounts
from domain.ids import TenantId, UserId
from domain.kernel import Origin, Rejected, value
from domain.users.commands import GiveConsent, WithdrawConsent
from domain.users.events import ConsentGiven, ConsentWithdrawn
from domain.users.identities import ConsentPurpose, ConsentSource
from domain.users.user import USER

GIVEN_AT: Final = "/v1/me/consents"
"""Where people give their consents."""


class ConsentMissing(Rejected):
    """This happens only with the person's consent, which they can give under /v1/me/consents."""

    code = "consent.missing"
    kind = "forbidden"

    def __init__(self, purpose: ConsentPurpose) -> None:
        words = TEXTS[purpose].words[:-1]
        super().__init__(
            f"{words}: that needs the person's consent {purpose}, given under {GIVEN_AT}."
        )
        self.purpose = purpose


class ConsentOutdated(Rejected):
    """The text has changed; read it again and agree to its present version."""

    code = "consent.outdated"


@value
class Text:
    """The words that somebody agrees to. Other words are another version."""

    version: str
    words: str


TEXTS: Final[Mapping[ConsentPurpose, Text]] = MappingProxyType(
    {
        "camera_processing": Text(
            "2026-11", "Landmarks of my body are found in pictures of my camera and counted."
        ),
        "images_leave_device": Text(
            "2026-11", "Films of me leave my device, are analyzed and are kept with my sessions."
        ),
        "research": Text(
            "2026-11", "What I did, without my name, helps to train and to test the counting."
        ),
        "health_data": Text("2026-11", "Data of my health are fetched, kept and related to mine."),
        "leaderboards": Text("2026-11", "Others of my organisation see my results by a pseudonym."),
        "population_insights": Text("2026-11", "My results count in sums over twenty or more."),
        "marketing": Text("2026-11", "I am sent messages about offers."),
    }
)
"""The present text of each purpose."""


@dataclass(frozen=True, slots=True)
class ConsentStatus:
    """A purpose, whether it was agreed to, to which version, when last said so and from where."""

    purpose: ConsentPurpose
    given: bool
    version: str | None
    at: datetime | None
    source: ConsentSource | None


@dataclass(frozen=True)
class Consents:
    """The consents of people. Nothing is agreed to that nobody has agreed to.

    `heard` is told who has just said something, before they are answered.
    """

    log: EventLog
    accounts: Callable[[], Accounts]
    clock: Clock
    heard: Callable[[TenantId, UserId], object]

    def of(self, tenant_id: TenantId, user_id: UserId) -> list[ConsentStatus]:
        """Tell how a person stands to each purpose."""
        known = {purpose: ConsentStatus(purpose, False, None, None, None) for purpose in TEXTS}
        for recorded in self.log.load(tenant_id, f"{USER.category}-{user_id}"):
            match recorded.event:
                case ConsentGiven(purpose=purpose, version=version, at=at, source=source):
                    known[purpose] = ConsentStatus(purpose, True, version, at, source)
                case ConsentWithdrawn(purpose=purpose, at=at, source=source):
                    known[purpose] = ConsentStatus(purpose, False, None, at, source)
                case _:
                    continue
        return list(known.values())

    def say(
        self,
        user_id: UserId,
        purpose: ConsentPurpose,
        version: str | None,
        *,
        source: ConsentSource,
        origin: Origin,
        command_id: UUID,
    ) -> None:
        """Agree to a version of a text, or with None take it back. Raises ConsentOutdated."""
        now = self.clock()
        if version is not None and version != TEXTS[purpose].version:
            raise ConsentOutdated
        said = (
            WithdrawConsent(purpose=purpose, at=now, source=source)
            if version is None
            else GiveConsent(purpose=purpose, version=version, at=now, source=source)
        )
        self.accounts().execute(user_id, [said], origin=origin, command_id=command_id)
        self.heard(origin.tenant_id, user_id)
