"""Pauses of subscriptions: from the end of the paid period until the next payment."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from domain.ids import PaymentId
from domain.subscriptions import commands, events
from domain.subscriptions.commands import MAX_PAUSE_DAYS, MIN_PAUSE_DAYS
from domain.subscriptions.states import Active, add_months, grants_access
from domain.values import InvalidValue
from tests.domain.pauses import BACK, PAUSE, SCHEDULED, end_period, paid
from tests.domain.subscriptions import (
    ACTIVATED,
    ACTIVE,
    AT,
    CREATED,
    DAY,
    ENDED,
    FEBRUARY,
    STORE_OTHER,
    fail,
    given,
    renew,
    renewal,
)
from tests.specification import is_refused

RESUME = commands.ResumeSubscription(at=AT)
PAUSED = events.SubscriptionPaused(resumes_at=BACK, at=FEBRUARY)
WITHDRAWN = events.RenewalWithdrawn(payment_id=PaymentId("s.2"), at=FEBRUARY - DAY)


def test_a_pause_begins_with_the_end_of_the_paid_period() -> None:
    """R-PAY-14: what was paid for stays, and then nothing is charged."""
    given(*ACTIVE).when(PAUSE).then(SCHEDULED)
    scheduled = given(*ACTIVE, SCHEDULED)
    scheduled.when(PAUSE).then_nothing()
    scheduled.when(renew(FEBRUARY - DAY)).then_nothing()
    scheduled.when(end_period(FEBRUARY - DAY)).then_nothing()
    assert grants_access(scheduled.state)
    scheduled.when(end_period(FEBRUARY)).then(PAUSED)
    paused = given(*ACTIVE, SCHEDULED, PAUSED)
    assert not grants_access(paused.state)
    paused.when(renew(BACK - 8 * DAY)).then_nothing()
    paused.when(end_period(BACK)).then_nothing()


def test_the_end_of_a_pause_is_announced_and_its_payment_gives_access_back() -> None:
    """R-PAY-14: a new period begins with the payment."""
    paused = (*ACTIVE, SCHEDULED, PAUSED)
    announced = events.RenewalAnnounced(renews_at=BACK, at=BACK - 7 * DAY)
    given(*paused).when(renew(BACK - 7 * DAY)).then(announced)
    given(*paused, announced).when(renew(BACK - DAY)).then_nothing()
    given(*paused, announced).when(renew(BACK)).then(renewal(2, BACK))
    underway = (*paused, announced, renewal(2, BACK))
    assert not grants_access(given(*underway).state)
    given(*underway).when(paid("s.2", BACK)).then(
        events.SubscriptionRenewed(
            payment_id=PaymentId("s.2"), renews_at=add_months(BACK, 1), at=BACK
        ),
        events.PauseEnded(at=BACK),
    )
    resumed = given(*given(*underway).log_after([paid("s.2", BACK)]))
    assert grants_access(resumed.state)
    assert isinstance(resumed.state, Active)
    resumed.when(renew(add_months(BACK, 1) - DAY)).then(renewal(3, add_months(BACK, 1) - DAY))


def test_a_payment_that_fails_after_a_pause_is_retried_without_access() -> None:
    """R-PAY-11: and ends the subscription after the last retry."""
    log: tuple[events.SubscriptionEvent, ...] = (*ACTIVE, SCHEDULED, PAUSED)
    at = BACK
    for days, number in ((2, ""), (5, ".2"), (7, ".3"), (7, ".4")):
        log = fail(log, f"s.2{number}", at)
        assert not grants_access(given(*log).state)
        at += timedelta(days=days)
    log = fail(log, "s.2.5", at)
    assert log[-1] == events.SubscriptionEnded(reason="payment_failed", at=at)


def test_a_pause_is_taken_back_or_ended_early() -> None:
    resumed = events.SubscriptionResumed(at=AT)
    given(*ACTIVE, SCHEDULED).when(RESUME).then(resumed)
    given(*ACTIVE, SCHEDULED, resumed).when(renew(FEBRUARY - DAY)).then(renewal(2, FEBRUARY - DAY))
    early = FEBRUARY + 3 * DAY
    resume = commands.ResumeSubscription(at=early)
    given(*ACTIVE, SCHEDULED, PAUSED).when(resume).then(events.SubscriptionResumed(at=early))
    back = (*ACTIVE, SCHEDULED, PAUSED, events.SubscriptionResumed(at=early))
    given(*back).when(resume).then_nothing()
    given(*back).when(renew(early)).then(renewal(2, early))
    assert not grants_access(given(*back).state), "it is paid first"


def test_resuming_after_a_failed_payment_tries_again_at_once() -> None:
    """R-PAY-11: the user need not wait for the next retry, and the failures still count."""
    failed = fail((*ACTIVE, SCHEDULED, PAUSED), "s.2", BACK)
    resume = commands.ResumeSubscription(at=BACK + DAY)
    given(*failed).when(renew(BACK + DAY)).then_nothing()
    given(*failed).when(resume).then(events.SubscriptionResumed(at=BACK + DAY))
    retried = fail(tuple(given(*failed).log_after([resume])), "s.2.2", BACK + DAY)
    assert isinstance(retried[-1], events.SubscriptionPastDue)
    assert retried[-1].failed == 2
    underway = given(*given(*failed).log_after([resume, renew(BACK + DAY)]))
    underway.when(resume).then_nothing()
    due = commands.ResumeSubscription(at=BACK + 2 * DAY)
    given(*failed).when(due).then_nothing()


def test_a_renewal_under_way_is_withdrawn() -> None:
    """R-PAY-12: if it is charged after all, it is refunded."""
    pause = commands.PauseSubscription(days=30, at=FEBRUARY - DAY)
    given(*ACTIVE, renewal(2, FEBRUARY - DAY)).when(pause).then(
        events.PauseScheduled(pauses_at=FEBRUARY, resumes_at=BACK, at=FEBRUARY - DAY), WITHDRAWN
    )


def test_a_cancellation_replaces_a_pause() -> None:
    cancel = commands.CancelSubscription(at_once=False, at=AT)
    cancelled = events.CancellationScheduled(ends_at=FEBRUARY, at=AT)
    given(*ACTIVE, SCHEDULED).when(cancel).then(cancelled)
    given(*ACTIVE, SCHEDULED, cancelled).when(end_period(FEBRUARY)).then(
        events.SubscriptionEnded(reason="cancelled", at=FEBRUARY)
    )
    during = commands.CancelSubscription(at_once=False, at=FEBRUARY + DAY)
    given(*ACTIVE, SCHEDULED, PAUSED).when(during).then(
        events.SubscriptionEnded(reason="cancelled", at=FEBRUARY + DAY)
    )


def test_another_method_is_not_charged_while_paused() -> None:
    given(*ACTIVE, SCHEDULED, PAUSED).when(STORE_OTHER).then(
        events.MethodStored(method=STORE_OTHER.method, at=FEBRUARY)
    )


def test_a_pause_is_refused_clearly() -> None:
    """The text of each refusal says what to do."""
    given().when(PAUSE).then_rejected(commands.SubscriptionNotFound)
    given(CREATED).when(PAUSE).then_rejected(commands.SubscriptionNotActive)
    given(CREATED, ACTIVATED, ENDED).when(PAUSE).then_rejected(commands.SubscriptionNotActive)
    cancelled = events.CancellationScheduled(ends_at=FEBRUARY, at=AT)
    given(*ACTIVE, cancelled).when(PAUSE).then_rejected(commands.SubscriptionCancelled)
    given(*ACTIVE, SCHEDULED, PAUSED).when(PAUSE).then_rejected(commands.AlreadyPaused)
    unpaid = fail(ACTIVE, "s.2", FEBRUARY)
    given(*unpaid).when(PAUSE).then_rejected(commands.RenewalUnpaid)


@pytest.mark.parametrize("days", [0, MIN_PAUSE_DAYS - 1, MAX_PAUSE_DAYS + 1])
def test_a_pause_has_a_shortest_and_a_longest_time(days: int) -> None:
    is_refused(InvalidValue, lambda: commands.PauseSubscription(days=days, at=AT))


def test_a_year_has_two_pauses() -> None:
    """Pauses that were taken back before they began do not count."""
    log = given(*ACTIVE).log_after([PAUSE, RESUME])
    for number in (2, 3):
        active = given(*log).state
        assert isinstance(active, Active)
        begins, ends = active.renews_at, active.renews_at + 7 * DAY
        pause = commands.PauseSubscription(days=7, at=active.renews_at - 10 * DAY)
        log = given(*log).log_after(
            [pause, end_period(begins), renew(ends), paid(f"s.{number}", ends)]
        )
    third = commands.PauseSubscription(days=7, at=AT + 90 * DAY)
    given(*log).when(third).then_rejected(commands.TooManyPauses)
    paid_on = [paid(f"s.{number}", AT + 30 * number * DAY) for number in range(4, 15)]
    later = given(*given(*log).log_after(paid_on))
    later.when(commands.PauseSubscription(days=7, at=AT + 400 * DAY))._decided()


def test_access_equals_money_in_every_order_of_commands() -> None:
    """R-PAY-12: access ends with the paid time and the grace; while paused it needs a payment."""
    times = [AT + DAY, FEBRUARY - DAY, FEBRUARY, BACK]
    states = 0
    for order in product(range(6), repeat=len(times)):
        log: tuple[events.SubscriptionEvent, ...] = ACTIVE
        for choice, at in zip(order, times, strict=True):
            state = given(*log).state
            renewing = state.renewing if isinstance(state, Active) else None
            wanted: list[commands.SubscriptionCommand] = [end_period(at), renew(at)]
            if choice == 1:
                wanted = [commands.PauseSubscription(days=30, at=at)]
            elif choice == 2:
                wanted = [commands.ResumeSubscription(at=at)]
            elif choice == 3 and renewing is not None:
                wanted = [paid(renewing, at)]
            elif choice == 4 and renewing is not None:
                wanted = [commands.NoteUnpaid(payment_id=renewing, at=at)]
            elif choice == 5:
                wanted = [commands.CancelSubscription(at_once=False, at=at), end_period(at)]
            log = given(*log).log_after(wanted)
            states += 1
            check(log)
    assert states == 4 * 6**4


def check(log: tuple[events.SubscriptionEvent, ...]) -> None:
    """Assert that a pause has no access and no charge before its end, and access was paid."""
    resumes_at: datetime | None = None
    for event in log:
        match event:
            case events.SubscriptionPaused(resumes_at=resumes_at):
                pass
            case events.SubscriptionResumed(at=at) if resumes_at is not None:
                resumes_at = at
            case events.PauseEnded() | events.SubscriptionEnded():
                resumes_at = None
            case events.RenewalStarted(at=at):
                assert resumes_at is None or at >= resumes_at, log
            case _:
                continue
    state = given(*log).state
    is_open = not isinstance(log[-1], events.SubscriptionEnded) and resumes_at is None
    assert grants_access(state) == (isinstance(state, Active) and is_open), log


def test_a_pause_after_the_date_does_not_withdraw_the_payment_that_is_due() -> None:
    """R-PAY-11: to pause and resume again and again would give access without a payment."""
    overdue = replace(PAUSE, at=FEBRUARY)
    given(*ACTIVE, renewal(2)).when(overdue).then_rejected(commands.RenewalUnpaid)
    given(*ACTIVE).when(overdue).then_rejected(commands.RenewalUnpaid)
