"""Renewals of subscriptions: charged before their date, retried, and withdrawn."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.ids import PaymentId, SubscriptionId
from domain.payment_methods import StoredMethod
from domain.subscriptions import commands, events
from domain.subscriptions.states import OUTAGE_PAUSES, RETRY_DAYS, grants_access
from tests.domain.subscriptions import (
    ACTIVATED,
    ACTIVE,
    AT,
    CREATED,
    DAY,
    FEBRUARY,
    MARCH,
    METHOD,
    OTHER,
    STORE_OTHER,
    fail,
    given,
    paid,
    renew,
    renewal,
    unpaid,
)

OTHER_STORED = events.MethodStored(method=OTHER, at=FEBRUARY)
SCHEDULED = events.CancellationScheduled(ends_at=FEBRUARY, at=FEBRUARY - DAY)
CANCEL = commands.CancelSubscription(at_once=False, at=FEBRUARY - DAY)


def started(log: tuple[events.SubscriptionEvent, ...]) -> list[str]:
    return [event.payment_id for event in log if isinstance(event, events.RenewalStarted)]


def test_a_renewal_is_announced_a_week_before_and_charged_a_day_before() -> None:
    """R-PAY-14"""
    active = given(*ACTIVE)
    active.when(renew(FEBRUARY - 8 * DAY)).then_nothing()
    announced = events.RenewalAnnounced(renews_at=FEBRUARY, at=FEBRUARY - 7 * DAY)
    active.when(renew(FEBRUARY - 7 * DAY)).then(announced)
    given(*ACTIVE, announced).when(renew(FEBRUARY - 6 * DAY)).then_nothing()
    begun = renewal(2, FEBRUARY - DAY)
    given(*ACTIVE, announced).when(renew(FEBRUARY - DAY)).then(begun)
    active.when(renew(FEBRUARY)).then(renewal(2, FEBRUARY))


def test_a_period_has_one_renewal_at_a_time() -> None:
    """R-PAY-14: however often it is asked for."""
    log = given(*ACTIVE).log_after([renew(FEBRUARY), renew(FEBRUARY), renew(MARCH)])
    assert started(tuple(log)) == ["s.2"]


def test_users_without_a_stored_method_pay_by_hand_for_a_week() -> None:
    """R-PAY-14"""
    active = given(CREATED, ACTIVATED)
    soon = FEBRUARY - 7 * DAY
    active.when(renew(soon, "yookassa", "sberbank")).then(
        replace(renewal(2, soon), method=None, gateways=("yookassa", "sberbank"))
    )
    active.when(renew(soon)).then_nothing()
    expired = events.SubscriptionEnded(reason="expired", at=FEBRUARY)
    active.when(renew(FEBRUARY)).then(expired)


def test_a_renewal_that_is_paid_after_its_next_date_begins_a_new_period() -> None:
    """R-PAY-14: nobody pays for a time that is over."""
    at = MARCH + DAY
    log = given(*ACTIVE, renewal(2)).log_after([paid_by("s.2", at)])
    assert isinstance(log[-1], events.SubscriptionRenewed)
    assert log[-1].renews_at.date().isoformat() == "2030-05-01"
    log = given(*log).log_after([renew(log[-1].renews_at), paid_by("s.3", log[-1].renews_at)])
    assert isinstance(log[-1], events.SubscriptionRenewed)
    assert log[-1].renews_at.date().isoformat() == "2030-06-01"


def test_a_failed_renewal_is_retried_four_times_and_then_ends() -> None:
    """R-PAY-11: after 2, 5, 7 and 7 days; access stays until the end."""
    log: tuple[events.SubscriptionEvent, ...] = ACTIVE
    at = FEBRUARY
    for number, days in enumerate(RETRY_DAYS, start=1):
        log = fail(log, "s.2" if number == 1 else f"s.2.{number}", at)
        due = log[-1]
        assert isinstance(due, events.SubscriptionPastDue)
        assert (due.failed, due.retry_at - at) == (number, timedelta(days=days))
        given(*log).when(renew(due.retry_at - timedelta(seconds=1))).then_nothing()
        at = due.retry_at
    assert grants_access(given(*log).state)
    log = fail(log, "s.2.5", at)
    assert started(log) == ["s.2", "s.2.2", "s.2.3", "s.2.4", "s.2.5"]
    assert log[-1] == events.SubscriptionEnded(reason="payment_failed", at=at)
    assert not grants_access(given(*log).state)


@pytest.mark.parametrize("at", [FEBRUARY - 7 * DAY, FEBRUARY + DAY])
def test_an_outage_of_all_gateways_takes_no_try_of_a_payment_by_hand(at: datetime) -> None:
    """R-PAY-11, R-PAY-14: another payment is offered soon, before the date and in the grace."""
    log: tuple[events.SubscriptionEvent, ...] = (CREATED, ACTIVATED)
    for number, pause in enumerate((*OUTAGE_PAUSES, *[OUTAGE_PAUSES[-1]] * 5)):
        payment_id = f"s.2.{number + 1}" if number else "s.2"
        unreached = replace(unpaid(payment_id, at), no_gateway=True)
        log = given(*log).log_after([renew(at, "stripe"), unreached])
        at += pause
    log = given(*log).log_after([renew(at, "stripe"), STORE_OTHER])
    assert started(log)[-1] == "s.2.10", "another method is tried at once, as after no failure"
    given(*log).when(unpaid("s.2.10", at)).then(
        events.SubscriptionPastDue(
            payment_id=PaymentId("s.2.10"), failed=1, retry_at=at + 2 * DAY, at=at
        )
    )


def test_a_stored_method_whose_gateway_was_removed_has_its_tries() -> None:
    """R-PAY-11: a gateway that is never set up again does not keep access open forever."""
    given(*ACTIVE, renewal(2)).when(replace(unpaid("s.2"), no_gateway=True)).then(
        events.SubscriptionPastDue(
            payment_id=PaymentId("s.2"), failed=1, retry_at=FEBRUARY + 2 * DAY, at=FEBRUARY
        )
    )


def test_a_failure_counts_once_and_only_of_the_present_renewal() -> None:
    """R-PAY-11"""
    log = fail(ACTIVE, "s.2", FEBRUARY)
    given(*log).when(unpaid("s.2")).then_nothing()
    given(*ACTIVE).when(unpaid("s.2")).then_nothing()
    retried = given(*log).log_after([renew(MARCH)])
    given(*retried).when(unpaid("s.2")).then_nothing()


def test_a_payment_ends_the_retries() -> None:
    log = fail(ACTIVE, "s.2", FEBRUARY)
    log = tuple(given(*log).log_after([renew(MARCH - 5 * DAY), paid_by("s.2.2", MARCH - 5 * DAY)]))
    log = fail(log, "s.3", MARCH)
    assert isinstance(log[-1], events.SubscriptionPastDue)
    assert log[-1].failed == 1


def test_a_cancellation_withdraws_the_renewal() -> None:
    """R-PAY-12: its payment is cancelled, and refunded if it is charged after all."""
    withdrawn = events.RenewalWithdrawn(payment_id=PaymentId("s.2"), at=FEBRUARY - DAY)
    underway = (*ACTIVE, renewal(2, FEBRUARY - DAY))
    given(*underway).when(CANCEL).then(SCHEDULED, withdrawn)
    given(*underway).when(replace(CANCEL, at_once=True)).then(
        withdrawn, events.SubscriptionEnded(reason="cancelled", at=FEBRUARY - DAY)
    )
    given(*underway, SCHEDULED, withdrawn).when(unpaid("s.2")).then_nothing()
    resume = commands.ResumeSubscription(at=FEBRUARY - DAY)
    resumed = given(*underway, SCHEDULED, withdrawn).log_after([resume, renew(FEBRUARY)])
    assert started(tuple(resumed)) == ["s.2", "s.2.2"]


def test_cancelling_while_past_due_stops_the_retries_and_ends_it() -> None:
    """R-PAY-11"""
    log = fail(ACTIVE, "s.2", FEBRUARY)
    ended = events.SubscriptionEnded(reason="cancelled", at=FEBRUARY)
    given(*log).when(replace(CANCEL, at=FEBRUARY)).then(ended)
    given(*log, ended).when(renew(MARCH)).then_nothing()
    early = fail(ACTIVE, "s.2", FEBRUARY - DAY)
    given(*early).when(CANCEL).then(SCHEDULED)
    given(*early, SCHEDULED).when(renew(MARCH)).then_nothing()


def test_the_method_of_a_payment_replaces_only_that_with_which_it_began() -> None:
    """R-PAY-11: a method that the user has stored since then stays."""
    note = commands.NoteMethod(
        subscription_id=SubscriptionId("s"), method=OTHER, began_with=METHOD, at=FEBRUARY
    )
    given(*ACTIVE).when(note).then(OTHER_STORED)
    given(*ACTIVE).when(replace(note, began_with=None)).then_nothing()


def test_another_method_is_tried_at_once_with_what_is_past_due() -> None:
    """R-PAY-11"""
    retry = replace(renewal(2), payment_id=PaymentId("s.2.2"), method=OTHER)
    log = fail(ACTIVE, "s.2", FEBRUARY)
    given(*log).when(STORE_OTHER).then(OTHER_STORED, retry)
    withdrawn = events.RenewalWithdrawn(payment_id=PaymentId("s.2"), at=FEBRUARY)
    given(*ACTIVE, renewal(2)).when(STORE_OTHER).then(OTHER_STORED, withdrawn, retry)
    given(*ACTIVE).when(STORE_OTHER).then(OTHER_STORED)
    given(*ACTIVE, OTHER_STORED).when(STORE_OTHER).then_nothing()


def test_a_method_that_is_stored_in_the_week_of_paying_by_hand_is_charged_at_its_time() -> None:
    """R-PAY-11, R-PAY-14: nothing is charged before, and it is announced."""
    soon, charged = FEBRUARY - 7 * DAY, FEBRUARY - DAY
    offered = replace(renewal(2, soon), method=None)
    waiting = given(CREATED, ACTIVATED, offered)
    store = replace(STORE_OTHER, at=soon + DAY)
    stored = (
        replace(OTHER_STORED, at=store.at),
        events.RenewalWithdrawn(payment_id=PaymentId("s.2"), at=store.at),
    )
    waiting.when(store).then(*stored)
    with_method = given(CREATED, ACTIVATED, offered, *stored)
    announced = events.RenewalAnnounced(renews_at=FEBRUARY, at=store.at)
    with_method.when(renew(store.at)).then(announced)
    charge = replace(renewal(2, charged), payment_id=PaymentId("s.2.2"), method=OTHER)
    with_method.when(renew(charged)).then(charge)
    waiting.when(replace(STORE_OTHER, at=charged)).then(
        replace(OTHER_STORED, at=charged),
        events.RenewalWithdrawn(payment_id=PaymentId("s.2"), at=charged),
        charge,
    )
    by_hand = given(CREATED, ACTIVATED)
    failed = by_hand.log_after([renew(soon, "stripe"), unpaid("s.2", soon)])
    retry = replace(charge, at=store.at)
    given(*failed).when(store).then(stored[0], retry)


def test_a_delayed_report_of_a_setup_does_not_bring_a_replaced_method_back() -> None:
    """R-PAY-11: the user has stored a third method since then, and it stays."""
    third = events.MethodStored(method=replace(OTHER, method="third"), at=FEBRUARY)
    delayed = replace(STORE_OTHER, only_new=True, at=MARCH)
    replaced = (*ACTIVE, OTHER_STORED, third)
    given(*replaced).when(delayed).then_nothing()
    past_due = fail(replaced, "s.2", FEBRUARY)
    given(*past_due).when(delayed).then_nothing()
    given(*ACTIVE).when(replace(delayed, at=FEBRUARY)).then(OTHER_STORED)
    given(*replaced).when(replace(delayed, only_new=False)).then(replace(OTHER_STORED, at=MARCH))


@pytest.mark.parametrize("command", [renew(MARCH, "stripe"), STORE_OTHER])
def test_what_has_ended_is_not_renewed(command: commands.SubscriptionCommand) -> None:
    ended = events.SubscriptionEnded(reason="cancelled", at=AT)
    given(*ACTIVE, ended).when(command).then_nothing()
    given(CREATED).when(command).then_nothing()


def paid_by(payment_id: str, at: datetime) -> commands.NotePaid:
    return replace(paid(0, at), payment_id=PaymentId(payment_id))


def test_other_methods_do_not_prolong_access_without_a_payment() -> None:
    """R-PAY-11: each try may wait a day for the user, so only so many are begun after the date."""
    log = list(given(*ACTIVE).log_after([renew(FEBRUARY)]))
    for number in range(20):
        stored = StoredMethod("stripe", "customer", f"method-{number}")
        command = replace(STORE_OTHER, method=stored, at=FEBRUARY + number * DAY)
        log = list(given(*log).log_after([command]))
    tries = started(tuple(log))
    assert tries == ["s.2", *(f"s.2.{number}" for number in range(2, len(RETRY_DAYS) + 2))]
    assert log[-1] == events.MethodStored(method=stored, at=FEBRUARY + 19 * DAY)
    decided = given(*log).log_after([unpaid(tries[-1], FEBRUARY + 19 * DAY)])
    assert isinstance(decided[-1], events.SubscriptionPastDue)
