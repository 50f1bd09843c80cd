"""Events and commands of a pause of a subscription."""

from datetime import datetime

from domain.ids import PaymentId
from domain.subscriptions import commands, events
from tests.domain.subscriptions import AT, DAY, FEBRUARY

PAUSE = commands.PauseSubscription(days=30, at=AT)
BACK = FEBRUARY + 30 * DAY
SCHEDULED = events.PauseScheduled(pauses_at=FEBRUARY, resumes_at=BACK, at=AT)


def end_period(at: datetime) -> commands.EndPeriod:
    return commands.EndPeriod(at=at)


def paid(payment_id: str, at: datetime) -> commands.NotePaid:
    return commands.NotePaid(payment_id=PaymentId(payment_id), at=at)
