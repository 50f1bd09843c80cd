"""Pauses of a subscription: from the end of the paid period, and until the next one is paid.

A pause begins where the paid period ends, never in the middle of one. So what was paid for is
used in full, there is nothing to credit, and access equals money. While it lasts, nothing is
charged and there is no access. The payment of the next period ends it: access is back with the
money.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.subscriptions import commands, events
from domain.subscriptions.plan_changes import refuse_pending, withdraw_renewal
from domain.subscriptions.states import Active, Pause

MAX_PAUSES: Final = 2
WITHIN: Final = timedelta(days=365)
"""A subscription can begin `MAX_PAUSES` pauses in this time."""

StopEvent = (
    events.CancellationScheduled
    | events.SubscriptionResumed
    | events.PauseScheduled
    | events.SubscriptionPaused
    | events.PauseEnded
)


def schedule_pause(
    command: commands.PauseSubscription, active: Active
) -> Iterator[events.SubscriptionEvent]:
    """Schedule a pause, or change one that is scheduled. A renewal under way is withdrawn.

    Not after the date: pausing and resuming again and again would give access without a payment.
    """
    if active.is_paused:
        raise commands.AlreadyPaused
    if active.ends_at is not None:
        raise commands.SubscriptionCancelled
    if active.unpaid or active.renews_at <= command.at:
        raise commands.RenewalUnpaid
    refuse_pending(active)
    pauses_at = active.renews_at
    recent = [at for at in active.paused_at if at > pauses_at - WITHIN]
    if len(recent) >= MAX_PAUSES:
        raise commands.TooManyPauses
    pause = Pause(pauses_at, pauses_at + timedelta(days=command.days))
    if pause == active.pause:
        return
    yield events.PauseScheduled(
        pauses_at=pause.pauses_at, resumes_at=pause.resumes_at, at=command.at
    )
    yield from withdraw_renewal(active, command.at)


def resume(
    command: commands.ResumeSubscription, active: Active
) -> Iterator[events.SubscriptionResumed]:
    """Take back a cancellation or a scheduled pause, or end a pause that is under way early.

    If the payment at the end of a pause has failed, its next retry is due at once. Raises
    MoneyReturned if the subscription ends because the next period is no longer paid.
    """
    if active.is_next_returned:
        raise commands.MoneyReturned
    pause = active.pause
    is_over = pause is None or (pause.begun and pause.resumes_at <= command.at)
    is_retried = (
        active.is_paused
        and active.renewing is None
        and active.retry_at is not None
        and active.retry_at > command.at
    )
    if active.ends_at is not None or not is_over or is_retried:
        yield events.SubscriptionResumed(at=command.at)


def begin_pause(command: commands.EndPeriod, active: Active) -> Iterator[events.SubscriptionEvent]:
    """Begin a pause whose time has come."""
    pause = active.pause
    if pause is not None and not pause.begun and command.at >= pause.pauses_at:
        yield events.SubscriptionPaused(resumes_at=pause.resumes_at, at=command.at)


def evolve_stop(active: Active, event: StopEvent) -> Active:
    """Apply an event of a cancellation or a pause."""
    match event:
        case events.CancellationScheduled(ends_at=ends_at):
            return replace(active, ends_at=ends_at, pause=None)
        case events.SubscriptionResumed():
            return _resumed(active, event)
        case events.PauseScheduled(pauses_at=pauses_at, resumes_at=resumes_at):
            return replace(active, pause=Pause(pauses_at, resumes_at))
        case events.SubscriptionPaused(resumes_at=resumes_at, at=at):
            return replace(
                active,
                pause=Pause(at, resumes_at, begun=True),
                paused_at=(*active.paused_at, at),
                announced=False,
            )
        case events.PauseEnded():
            return replace(active, pause=None)


def moved(pause: Pause | None, date: datetime) -> Pause | None:
    """Return a scheduled pause as it is after a payment for the time until another date."""
    if pause is None or pause.begun:
        return pause
    return Pause(date, date + (pause.resumes_at - pause.pauses_at))


def _resumed(active: Active, event: events.SubscriptionResumed) -> Active:
    """Return the state without cancellation and scheduled pause.

    A pause under way is over with the payment that is due now, also if that has failed before.
    """
    pause = active.pause
    if pause is not None and pause.begun:
        over = replace(pause, resumes_at=event.at)
        return replace(active, ends_at=None, pause=over, retry_at=None)
    return replace(active, ends_at=None, pause=None)
