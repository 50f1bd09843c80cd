"""Consents: texts, status, enforcement."""

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
"""Path of the endpoint for consents."""


class ConsentMissing(Rejected):
    """This requires your consent. You can give it under /v1/me/consents."""

    code = "consent.missing"
    kind = "forbidden"

    def __init__(self, purpose: ConsentPurpose) -> None:
        super().__init__(
            f"This requires the consent {purpose} ({TEXTS[purpose].words!r})."
            f" Give it under {GIVEN_AT}."
        )
        self.purpose = purpose


class ConsentOutdated(Rejected):
    """The consent text has changed. Read the current version and agree to that one."""

    code = "consent.outdated"


@value
class Text:
    """The text of a consent. A different wording is a different version."""

    version: str
    words: str


TEXTS: Final[Mapping[ConsentPurpose, Text]] = MappingProxyType(
    {
        "camera_processing": Text(
            "2026-12", "My camera images are analyzed to detect body landmarks and count movements."
        ),
        "movement_recording": Text(
            "2026-12", "My body landmarks are kept with my sessions, so that I can replay them."
        ),
        "images_leave_device": Text(
            "2026-12", "Videos of me leave my device, are analyzed and stored with my sessions."
        ),
        "research": Text(
            "2026-12-2",
            "My training data, without my name, is used to train and test movement analysis.",
        ),
        "health_data": Text(
            "2026-12", "My health data is fetched, stored and related to my training."
        ),
        "leaderboards": Text(
            "2026-12", "Others in my organization see my results under a pseudonym."
        ),
        "population_insights": Text(
            "2026-12", "My results are included in statistics of twenty or more people."
        ),
        "marketing": Text("2026-12", "I receive messages about offers."),
    }
)
"""Current text of each purpose."""


@dataclass(frozen=True, slots=True)
class ConsentStatus:
    """Status of a purpose: given or not, the agreed version, and the last change."""

    purpose: ConsentPurpose
    given: bool
    version: str | None
    at: datetime | None
    source: ConsentSource | None


@dataclass(frozen=True)
class ConsentService:
    """Consents of users. `on_change` is called before `record` returns."""

    log: EventLog
    accounts: Callable[[], Accounts]
    clock: Clock
    on_change: Callable[[TenantId, UserId], object]

    def of(self, tenant_id: TenantId, user_id: UserId) -> list[ConsentStatus]:
        """Return the status of every purpose."""
        status = {purpose: ConsentStatus(purpose, False, None, None, None) for purpose in TEXTS}
        for recorded in self.log.load(tenant_id, f"{USER.category}-{user_id}"):
            match recorded.event:
                case ConsentGiven(purpose=purpose, version=version, at=at, source=source):
                    status[purpose] = ConsentStatus(purpose, True, version, at, source)
                case ConsentWithdrawn(purpose=purpose, at=at, source=source):
                    status[purpose] = ConsentStatus(purpose, False, None, at, source)
                case _:
                    continue
        return list(status.values())

    def record(
        self,
        user_id: UserId,
        purpose: ConsentPurpose,
        version: str | None,
        *,
        source: ConsentSource,
        origin: Origin,
        command_id: UUID,
    ) -> None:
        """Record the consent to a version of a text, or with None its withdrawal.

        Raises ConsentOutdated.
        """
        now = self.clock()
        if version is not None and version != TEXTS[purpose].version:
            raise ConsentOutdated
        command = (
            WithdrawConsent(purpose=purpose, at=now, source=source)
            if version is None
            else GiveConsent(purpose=purpose, version=version, at=now, source=source)
        )
        self.accounts().execute(user_id, [command], origin=origin, command_id=command_id)
        self.on_change(origin.tenant_id, user_id)
