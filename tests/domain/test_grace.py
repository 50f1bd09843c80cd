"""Grace after the date of a renewal, and subscriptions without it."""

from dataclasses import replace

from domain.ids import PaymentId
from domain.subscriptions import commands, events
from domain.subscriptions.states import grants_access
from tests.domain.subscriptions import (
    ACTIVATED,
    AT,
    CREATE,
    CREATED,
    DAY,
    FEBRUARY,
    METHOD,
    STORED,
    given,
    renew,
    renewal,
    unpaid,
)

WITHHELD = events.GraceWithheld(at=AT)
STRICT = (CREATED, WITHHELD, ACTIVATED, STORED)
BY_HAND = (CREATED, WITHHELD, ACTIVATED)
ENDED = events.SubscriptionEnded(reason="payment_failed", at=FEBRUARY)


def past_due(payment_id: str, failed: int) -> events.SubscriptionPastDue:
    return events.SubscriptionPastDue(
        payment_id=PaymentId(payment_id), failed=failed, retry_at=FEBRUARY, at=FEBRUARY - DAY
    )


def test_a_checkout_withholds_the_grace() -> None:
    """R-PAY-11"""
    given().when(replace(CREATE, has_grace=False)).then(CREATED, WITHHELD)


def test_without_grace_a_failed_charge_is_tried_again_on_its_date_and_then_ends() -> None:
    """R-PAY-11: with grace it is tried again two days later."""
    at = FEBRUARY - DAY
    failed = past_due("s.2", 1)
    given(*STRICT, renewal(2, at)).when(unpaid("s.2", at)).then(failed)
    again = replace(renewal(2), payment_id=PaymentId("s.2.2"))
    given(*STRICT, renewal(2, at), failed).when(renew(FEBRUARY)).then(again)
    tried = given(*STRICT, renewal(2, at), failed, again)
    assert grants_access(tried.state)
    tried.when(unpaid("s.2.2")).then(ENDED)


def test_without_grace_nobody_pays_by_hand_after_the_date() -> None:
    """R-PAY-11"""
    at = FEBRUARY - DAY
    started = replace(renewal(2, at), method=None)
    given(*BY_HAND).when(renew(at, "stripe")).then(started)
    given(*BY_HAND, started, past_due("s.2", 1)).when(renew(FEBRUARY, "stripe")).then(ENDED)
    given(*BY_HAND, started).when(unpaid("s.2")).then(ENDED)


def test_without_grace_another_payment_by_hand_is_offered_at_once() -> None:
    """R-PAY-11: it could not be paid on the date, as access ends then."""
    at, log = FEBRUARY - 3 * DAY, BY_HAND
    first = replace(renewal(2, at), method=None)
    failed = replace(past_due("s.2", 1), retry_at=at, at=at)
    given(*log, first).when(unpaid("s.2", at)).then(failed)
    again = replace(first, payment_id=PaymentId("s.2.2"))
    given(*log, first, failed).when(renew(at, "stripe")).then(again)


def test_without_grace_access_stays_until_the_date_however_often_a_payment_fails() -> None:
    """R-PAY-11: after five failures, only another method is charged."""
    at = FEBRUARY - 3 * DAY
    log: tuple[events.SubscriptionEvent, ...] = BY_HAND
    for number in range(5):
        payment_id = f"s.2.{number + 1}" if number else "s.2"
        log = given(*log).log_after([renew(at, "stripe"), unpaid(payment_id, at)])
        assert grants_access(given(*log).state)
    given(*log).when(renew(at, "stripe")).then_nothing()
    given(*log).when(renew(FEBRUARY, "stripe")).then(ENDED)
    store = commands.StoreMethod(subscription_id=renew(AT).subscription_id, method=METHOD, at=at)
    declined = given(*log).log_after([store, unpaid("s.2.6", at)])
    assert grants_access(given(*declined).state)
    given(*declined).when(renew(at)).then_nothing()
    given(*declined).when(renew(FEBRUARY)).then(replace(renewal(2), payment_id=PaymentId("s.2.7")))


def test_another_method_does_not_prolong_access_without_grace() -> None:
    """R-PAY-11: the charge that is under way on the date decides."""
    other = replace(METHOD, method="other")
    store = commands.StoreMethod(
        subscription_id=renew(AT).subscription_id, method=other, at=FEBRUARY
    )
    underway = given(*STRICT, renewal(2, FEBRUARY))
    underway.when(store).then(events.MethodStored(method=other, at=FEBRUARY))


def test_a_pause_needs_no_grace() -> None:
    """R-PAY-11, R-PAY-14: there is no access while its payment is tried again."""
    back = FEBRUARY + 30 * DAY
    paused = (
        events.PauseScheduled(pauses_at=FEBRUARY, resumes_at=back, at=AT),
        events.SubscriptionPaused(resumes_at=back, at=FEBRUARY),
    )
    failed = given(*STRICT, *paused, renewal(2, back))
    failed.when(unpaid("s.2", back)).then(
        events.SubscriptionPastDue(
            payment_id=PaymentId("s.2"), failed=1, retry_at=back + 2 * DAY, at=back
        )
    )
