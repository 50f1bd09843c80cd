"""Billing details decider: the name and country of a user on new invoices."""

import re
from datetime import datetime
from typing import Final

from domain.ids import UserId
from domain.invoices.events import BillingDetailsChanged
from domain.kernel import Decider, command, value
from domain.personal import Personal
from domain.values import InvalidValue, within

MAX_NAME_LENGTH: Final = 200
COUNTRY: Final = re.compile(r"[A-Z]{2}")


@command
class ChangeBillingDetails:
    """Change what new invoices of a user show."""

    user_id: UserId
    name: str
    country: str
    at: datetime

    def __post_init__(self) -> None:
        within("length of the name", len(self.name.strip()), 1, MAX_NAME_LENGTH)
        if not COUNTRY.fullmatch(self.country):
            raise InvalidValue("A country is a code of ISO 3166 with two letters, such as `DE`.")


@value
class BillingDetails:
    """Current details of a user. Before the first ones there are none."""

    name: Personal[str] | None = None
    country: Personal[str] | None = None


def decide(
    command: ChangeBillingDetails, details: BillingDetails
) -> tuple[BillingDetailsChanged, ...]:
    """Return a change, or nothing if the details are the same."""
    name = Personal(command.user_id, command.name.strip())
    country = Personal(command.user_id, command.country)
    if details == BillingDetails(name, country):
        return ()
    return (BillingDetailsChanged(name=name, country=country, at=command.at),)


def evolve(details: BillingDetails, event: BillingDetailsChanged) -> BillingDetails:
    """Apply one event."""
    del details
    return BillingDetails(event.name, event.country)


BILLING_DETAILS = Decider[ChangeBillingDetails, BillingDetailsChanged, BillingDetails](
    "billing", initial=BillingDetails(), decide=decide, evolve=evolve
)
