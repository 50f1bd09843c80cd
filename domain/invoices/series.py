"""Invoice series decider: numbers without gaps for the documents of a seller in one year.

The number is assigned in the append that stores the document, so none is lost or used twice. The
stream has the year as its id; the seller is the tenant.
"""

from datetime import datetime

from domain.ids import PaymentId
from domain.invoices.events import NumberAssigned
from domain.kernel import Decider, command, value


@command
class AssignNumber:
    """Give a document about a payment the next number."""

    payment_id: PaymentId
    at: datetime


@value
class Series:
    """A series with the last number that was assigned."""

    last: int = 0


def decide(command: AssignNumber, series: Series) -> tuple[NumberAssigned, ...]:
    """Assign the next number."""
    return (NumberAssigned(number=series.last + 1, payment_id=command.payment_id, at=command.at),)


def evolve(series: Series, event: NumberAssigned) -> Series:
    """Apply one event."""
    del series
    return Series(event.number)


INVOICE_SERIES = Decider[AssignNumber, NumberAssigned, Series](
    "invoice_series", initial=Series(), decide=decide, evolve=evolve
)
