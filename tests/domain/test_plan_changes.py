"""Changes of plan: the credit, its payment or date, and what they exclude."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain.ids import PaymentId, PlanId, SubscriptionId
from domain.money import Money, Price
from domain.subscriptions import commands, events
from domain.subscriptions.plan_changes import (
    ChangePreview,
    counted_payments,
    preview_change,
    worth_of,
)
from domain.subscriptions.states import Active, ScheduledChange, add_months, plan_paid_by
from tests.domain.pauses import PAUSE, SCHEDULED, end_period, paid
from tests.domain.plan_changes import (
    CHANGE,
    CHEAP,
    CHOICE,
    HALF,
    changed,
    credited,
    scheduled,
    started,
)
from tests.domain.subscriptions import (
    ACTIVE,
    AT,
    CREATED,
    DAY,
    FEBRUARY,
    PRICE,
    fail,
    given,
    renew,
    renewal,
    unpaid,
)

FIRST = (commands.PaidAmount(PaymentId("1"), PRICE.amount),)


def preview(
    history: tuple[events.SubscriptionEvent, ...], choice: events.PlanChoice, at: datetime
) -> ChangePreview:
    return preview_change(given(*history).state, choice, FIRST, at)


def change(terms: ChangePreview, at: datetime, **more: Any) -> commands.ChangePlan:
    command = commands.ChangePlan(
        subscription_id=SubscriptionId("s"), choice=terms.choice, paid=FIRST, token=terms.token,
        gateways=("stripe",), session_key="key", at=at,
    )  # fmt: skip
    return replace(command, **more)


@pytest.mark.parametrize(
    ("passed", "credit"),
    [(0 * DAY, 1999), (DAY / 9, 1928), (DAY, 1928), (14 * DAY, 1000), (28 * DAY - DAY / 9, 0)],
)
def test_the_credit_is_the_share_of_the_whole_days_left(passed: Any, credit: int) -> None:
    """R-PAY-14: of 28 days, rounded half up; a day that has begun is not credited."""
    terms = preview(ACTIVE, CHOICE, AT + passed)
    assert terms == ChangePreview(
        CHOICE, Money(credit, "EUR"), Money(5000 - credit, "EUR"), None, CHOICE.price.amount,
        credited(credit),
    )  # fmt: skip


def test_a_dearer_plan_begins_with_the_payment_of_the_difference() -> None:
    """R-PAY-14: and its period with it."""
    terms = preview(ACTIVE, CHOICE, HALF)
    given(*ACTIVE).when(change(terms, HALF)).then(started(HALF, 1000))
    underway = (*ACTIVE, started(HALF, 1000))
    given(*underway).when(renew(FEBRUARY - DAY)).then_nothing()
    given(*underway).when(paid(CHANGE, HALF + DAY)).then(changed(CHOICE, HALF + DAY))
    done = (*underway, changed(CHOICE, HALF + DAY))
    given(*done).when(paid(CHANGE, HALF + DAY)).then_nothing()
    state = given(*done).state
    assert isinstance(state, Active)
    assert (state.plan_id, state.price, state.change) == ("more", CHOICE.price, None)
    assert plan_paid_by(state, PaymentId("1")) == ("plan", 1900)
    assert plan_paid_by(state, CHANGE) == ("more", 1900)
    due = add_months(HALF + DAY, 1) - DAY
    given(*done).when(renew(due)).then(
        replace(renewal(3, due), amount=CHOICE.price.amount, payment_id=PaymentId("s.3"))
    )


def test_a_failed_payment_leaves_the_plan_as_it_was() -> None:
    """R-PAY-11, R-PAY-14"""
    underway = (*ACTIVE, started(HALF, 1000))
    failed = events.PlanChangeFailed(payment_id=CHANGE, at=HALF)
    given(*underway).when(unpaid(CHANGE, HALF)).then(failed)
    active, state = given(*ACTIVE).state, given(*underway, failed).state
    assert isinstance(active, Active)
    assert state == replace(active, changes_started=1)
    again = given(*underway, failed)
    again.when(unpaid(CHANGE, HALF)).then_nothing()
    terms = preview((*underway, failed), CHOICE, HALF)
    second = replace(started(HALF, 1000), payment_id=PaymentId("s.plan.2"))
    again.when(change(terms, HALF)).then(second)


def test_a_cheaper_plan_follows_at_the_end_of_the_paid_period() -> None:
    """R-PAY-14: nothing is charged before, and the renewal costs its price."""
    terms = preview(ACTIVE, CHEAP, HALF)
    assert (terms.amount.minor, terms.credit.minor, terms.changes_at) == (0, 0, FEBRUARY)
    given(*ACTIVE).when(change(terms, HALF)).then(scheduled())
    waiting = (*ACTIVE, scheduled())
    given(*waiting).when(end_period(FEBRUARY - DAY)).then_nothing()
    cheap = replace(renewal(2, FEBRUARY - DAY), amount=CHEAP.price.amount)
    given(*waiting).when(renew(FEBRUARY - DAY)).then(cheap)
    march = add_months(FEBRUARY, 1)
    renewed = events.SubscriptionRenewed(
        payment_id=PaymentId("s.2"), renews_at=march, at=FEBRUARY - DAY
    )
    given(*waiting, cheap).when(paid("s.2", FEBRUARY - DAY)).then(renewed)
    ahead = given(*waiting, cheap, renewed)
    assert isinstance(ahead.state, Active)
    assert ahead.state.plan_id == "plan"
    assert plan_paid_by(ahead.state, PaymentId("s.2")) == ("less", 700)
    ahead.when(commands.WithdrawPlanChange(at=FEBRUARY)).then_rejected(commands.ChangePaid)
    ahead.when(change(terms, FEBRUARY - DAY)).then_rejected(commands.ChangePaid)
    switch = changed(CHEAP, FEBRUARY, payment_id=None, renews_at=march)
    ahead.when(end_period(FEBRUARY)).then(switch)
    done = given(*waiting, cheap, renewed, switch)
    done.when(end_period(march)).then_nothing()
    assert plan_paid_by(done.state, PaymentId("1")) == ("plan", 1900)  # type: ignore[arg-type]
    assert plan_paid_by(done.state, PaymentId("s.2")) == ("less", 700)  # type: ignore[arg-type]
    due = march - DAY
    done.when(renew(due)).then(replace(renewal(3, due), amount=CHEAP.price.amount))


def test_a_scheduled_change_takes_effect_although_its_renewal_is_unpaid() -> None:
    """R-PAY-11: retries cost the new price."""
    waiting: tuple[events.SubscriptionEvent, ...] = (*ACTIVE, scheduled())
    log = fail(waiting, "s.2", FEBRUARY - DAY)
    switch = changed(CHEAP, FEBRUARY, payment_id=None, renews_at=FEBRUARY)
    given(*log).when(end_period(FEBRUARY)).then(switch)
    retry = replace(renewal(2, FEBRUARY + DAY), amount=CHEAP.price.amount)
    again = replace(retry, payment_id=PaymentId("s.2.2"))
    given(*log, switch).when(renew(FEBRUARY + DAY)).then(again)
    march = add_months(FEBRUARY, 1)
    given(*log, switch, again).when(paid("s.2.2", FEBRUARY + DAY)).then(
        events.SubscriptionRenewed(
            payment_id=PaymentId("s.2.2"), renews_at=march, at=FEBRUARY + DAY
        )
    )


def test_a_change_can_be_withdrawn_before_it_happens() -> None:
    """R-PAY-11: with its payment, and the renewal that is under way."""
    withdraw = commands.WithdrawPlanChange(at=HALF)
    given(*ACTIVE).when(withdraw).then_nothing()
    dropped = events.PlanChangeWithdrawn(payment_id=CHANGE, at=HALF)
    given(*ACTIVE, started(HALF, 1000)).when(withdraw).then(dropped)
    renewing = replace(renewal(2, HALF), amount=CHEAP.price.amount)
    given(*ACTIVE, scheduled(), renewing).when(withdraw).then(
        events.RenewalWithdrawn(payment_id=PaymentId("s.2"), at=HALF),
        replace(dropped, payment_id=None),
    )
    given(*ACTIVE, scheduled(), replace(dropped, payment_id=None)).when(renew(FEBRUARY - DAY)).then(
        renewal(2, FEBRUARY - DAY)
    )


def test_a_cancellation_withdraws_a_change() -> None:
    cancel = commands.CancelSubscription(at_once=False, at=HALF)
    dropped = events.PlanChangeWithdrawn(payment_id=CHANGE, at=HALF)
    underway = given(*ACTIVE, started(HALF, 1000))
    underway.when(cancel).then(
        events.CancellationScheduled(ends_at=FEBRUARY, at=HALF), dropped
    )  # fmt: skip
    underway.when(replace(cancel, at_once=True)).then(
        dropped, events.SubscriptionEnded(reason="cancelled", at=HALF)
    )


def returned(payment_id: str, at: datetime = HALF) -> commands.NoteRefunded:
    return commands.NoteRefunded(payment_id=PaymentId(payment_id), at=at)


def test_access_ends_when_a_payment_is_lost_whose_credit_pays_the_period() -> None:
    """R-PAY-12, R-PAY-14: a dispute returns all of it; a renewal pays another period."""
    ended = events.SubscriptionEnded(reason="refunded", at=HALF)
    log = (*ACTIVE, started(HALF, 1000), changed(CHOICE, HALF))
    for payment_id in ("1", CHANGE):
        given(*log).when(returned(payment_id)).then(ended)
    again = replace(started(HALF, 900), payment_id=PaymentId("s.plan.2"), credited=(
        events.CreditedPayment(CHANGE, Money(900, "EUR")),
    ))  # fmt: skip
    twice = (*log, again, changed(CHEAP, HALF, payment_id=PaymentId("s.plan.2")))
    given(*twice).when(returned("1")).then(ended)
    renewed = events.SubscriptionRenewed(
        payment_id=PaymentId("s.3"), renews_at=add_months(HALF, 2), at=HALF
    )
    given(*log, renewed).when(returned("1")).then_nothing()


def test_a_credit_is_worth_what_is_left_of_its_payment_over_two_changes() -> None:
    """R-PAY-12, R-PAY-14: the credit of a change is in that of the next one."""
    again = replace(started(HALF, 900), payment_id=PaymentId("s.plan.2"), credited=(
        events.CreditedPayment(CHANGE, Money(4500, "EUR")),
    ))  # fmt: skip
    twice = changed(CHEAP, HALF, payment_id=PaymentId("s.plan.2"))
    active = given(*ACTIVE, started(HALF, 1000), changed(CHOICE, HALF), again, twice).state
    assert isinstance(active, Active)
    assert counted_payments(active, HALF) == ("s.plan.2", CHANGE, "1")

    def worth(first: int, second: int) -> Money:
        left = {"1": first, CHANGE: second, "s.plan.2": 200}
        amounts = {PaymentId(each): Money(minor, "EUR") for each, minor in left.items()}
        return worth_of(PaymentId("s.plan.2"), amounts, active.credited)

    assert worth(1999, 4000) == Money(4700, "EUR")
    assert worth(600, 4000) == Money(4700, "EUR")
    assert worth(300, 4000) == Money(4500, "EUR")
    assert worth(0, 0) == Money(200, "EUR")


def test_a_change_is_taken_back_when_a_payment_is_lost_that_it_credits() -> None:
    """R-PAY-12: its price is not reduced by money that was returned."""
    at = FEBRUARY - DAY
    early = (*ACTIVE, *given(*ACTIVE, renewal(2, at)).log_after([paid("s.2", at)])[-1:])
    given(*early, started(at, 1000)).when(returned("1", at)).then(
        events.PlanChangeWithdrawn(payment_id=CHANGE, at=at)
    )
    given(*early).when(returned("1", at)).then_nothing()
    part = commands.NotePartReturned(payment_id=PaymentId("1"), at=at)
    given(*early, started(at, 1000)).when(part).then(
        events.PlanChangeWithdrawn(payment_id=CHANGE, at=at)
    )
    given(*early).when(part).then_nothing()


def test_a_change_is_taken_back_when_money_is_returned_that_an_earlier_change_credited() -> None:
    """R-PAY-12, R-PAY-14: the credit of the first change is in that of the second."""
    second = replace(started(HALF, 1000), payment_id=PaymentId("s.plan.2"), credited=(
        events.CreditedPayment(CHANGE, Money(4500, "EUR")),
    ))  # fmt: skip
    log = (*ACTIVE, started(HALF, 1000), changed(CHOICE, HALF))
    dropped = events.PlanChangeWithdrawn(payment_id=PaymentId("s.plan.2"), at=HALF)
    part = commands.NotePartReturned(payment_id=PaymentId("1"), at=HALF)
    given(*log, second).when(part).then(dropped)
    given(*log).when(part).then_nothing()


CANCELLED = events.CancellationScheduled(ends_at=FEBRUARY, at=AT)
TRIAL = events.TrialStarted(ends_at=FEBRUARY, at=AT)


@pytest.mark.parametrize(
    ("history", "at", "refusal"),
    [
        ((CREATED,), AT, commands.SubscriptionNotActive),
        ((CREATED, TRIAL), AT, commands.NotPaidYet),
        ((*ACTIVE, CANCELLED), AT, commands.SubscriptionCancelled),
        ((*ACTIVE, SCHEDULED), AT, commands.AlreadyPaused),
        (fail(ACTIVE, "s.2", FEBRUARY - DAY), FEBRUARY - DAY, commands.RenewalUnpaid),
        (ACTIVE, FEBRUARY, commands.RenewalUnpaid),
        ((*ACTIVE, started(AT, 0)), AT, commands.ChangePending),
        ((*ACTIVE, scheduled()), AT, commands.ChangePending),
    ],
)
def test_a_change_is_refused_beside_something_else_that_ends_the_period(
    history: tuple[events.SubscriptionEvent, ...], at: datetime, refusal: Any
) -> None:
    given(*history).when(change(preview(ACTIVE, CHOICE, AT), at)).then_rejected(refusal)


def test_a_pending_change_excludes_a_pause() -> None:
    given(*ACTIVE, scheduled()).when(PAUSE).then_rejected(commands.ChangePending)


def test_only_the_terms_that_were_shown_are_accepted() -> None:
    """R-PAY-14: after a day, with another price, or after a renewal they are others."""
    terms, active = preview(ACTIVE, CHOICE, HALF), given(*ACTIVE)
    refused = commands.PreviewOutdated
    active.when(change(terms, HALF + DAY)).then_rejected(refused)
    dearer = replace(CHOICE, price=Price("EU", Money(5001, "EUR"), 1900))
    active.when(change(terms, HALF, choice=dearer)).then_rejected(refused)
    active.when(change(terms, HALF, paid=())).then_rejected(refused)
    same = replace(CHOICE, plan_id=PlanId("plan"))
    active.when(change(terms, HALF, choice=same)).then_rejected(commands.PlanUnchanged)


def test_a_period_that_was_renewed_early_is_credited_as_well() -> None:
    """R-PAY-14: the rest of the present period, and all of the next one."""
    at = FEBRUARY - DAY
    log = (*ACTIVE, *given(*ACTIVE, renewal(2, at)).log_after([paid("s.2", at)])[-1:])
    both = (*FIRST, commands.PaidAmount(PaymentId("s.2"), PRICE.amount))
    terms = preview_change(given(*log).state, CHOICE, both, at)
    assert terms.credit == Money(71 + 1999, "EUR")
    cheaper = preview_change(given(*log).state, CHEAP, both, at)
    assert cheaper.changes_at == add_months(AT, 2)


def test_the_state_names_a_scheduled_change() -> None:
    state = given(*ACTIVE, scheduled()).state
    assert isinstance(state, Active)
    assert state.change == ScheduledChange(CHEAP, "key", FEBRUARY)
