"""Coupons, by given, when and then."""

import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.coupons import commands, events
from domain.coupons.coupon import COUPON, Offered, reduced
from domain.coupons.events import CouponTerms
from domain.ids import PaymentId, PlanId, UserId
from domain.money import FULL_SHARE, Money
from domain.values import InvalidValue
from tests.specification import specification

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
COACH = UserId("coach")
PRICE = Money(1999, "EUR")
MANY = 4096
QUARTER = CouponTerms(basis_points=2500)
given = specification(COUPON)


def created(terms: CouponTerms = QUARTER) -> events.CouponCreated:
    return events.CouponCreated(user_id=COACH, terms=terms, at=AT)


def redeem(payment: str = "p1", user: str = "ada", at: datetime = AT) -> commands.RedeemCoupon:
    return commands.RedeemCoupon(
        user_id=UserId(user),
        payment_id=PaymentId(payment),
        plan_id=PlanId("squats"),
        price=PRICE,
        at=at,
    )


def redeemed(payment: str = "p1", user: str = "ada") -> events.CouponRedeemed:
    return events.CouponRedeemed(
        user_id=UserId(user), payment_id=PaymentId(payment), plan_id=PlanId("squats"), at=AT
    )


def test_uses_are_limited_in_all_and_per_user() -> None:
    twice = CouponTerms(basis_points=2500, max_uses=2)
    given(created(twice)).when(redeem()).then(redeemed())
    used = given(created(twice), redeemed())
    used.when(redeem("p2")).then_rejected(commands.CouponUsedByYou)
    used.when(redeem("p2", "bo")).then(redeemed("p2", "bo"))
    full = given(created(twice), redeemed(), redeemed("p2", "bo"))
    full.when(redeem("p3", "cy")).then_rejected(commands.CouponUsedUp)


def test_a_failed_payment_gives_its_use_back_once() -> None:
    """R-PAY-12"""
    once = CouponTerms(basis_points=2500, max_uses=1)
    release = commands.ReleaseCoupon(payment_id=PaymentId("p1"), at=AT)
    released = events.CouponReleased(payment_id=PaymentId("p1"), at=AT)
    given(created(once), redeemed()).when(release).then(released)
    given(created(once), redeemed(), released).when(release).then_nothing()
    given(created(once), redeemed(), released).when(redeem("p2", "bo")).then(redeemed("p2", "bo"))


@for_all(st.lists(st.sampled_from(["p1", "p2", "p3", "p4", "p5"]), max_size=40))
def test_a_coupon_has_the_uses_of_payments_that_were_not_released(payments: list[str]) -> None:
    """R-PAY-12: each payment of the list uses the coupon, or gives its use back."""
    history: list[events.CouponEvent] = [created()]
    using: set[str] = set()
    for payment in payments:
        if payment in using:
            history.append(events.CouponReleased(payment_id=PaymentId(payment), at=AT))
        else:
            history.append(redeemed(payment, f"user of {payment}"))
        using ^= {payment}
    coupon = COUPON.fold(history)
    assert isinstance(coupon, Offered)
    assert coupon.uses.by_payment() == {each: f"user of {each}" for each in using}


def test_the_memory_of_all_states_does_not_grow_with_the_square_of_the_uses() -> None:
    """A state shares most of its uses with the state before it: nothing is copied per event."""
    history: list[events.CouponEvent] = [created()]
    history.extend(redeemed(f"p{number}", f"u{number}") for number in range(MANY))
    tracemalloc.start()
    try:
        states = [COUPON.initial]
        for event in history:
            states.append(COUPON.evolve(states[-1], event))
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(states) == MANY + 2
    assert used < 1000 * MANY


def test_a_coupon_is_over_when_it_has_expired_or_was_ended() -> None:
    tomorrow = AT + timedelta(days=1)
    expiring = created(CouponTerms(basis_points=2500, expires_at=tomorrow))
    given(expiring).when(redeem(at=tomorrow)).then_rejected(commands.CouponOver)
    given(expiring).when(redeem()).then(redeemed())
    end, ended = commands.EndCoupon(at=AT), events.CouponEnded(at=AT)
    given(created()).when(end).then(ended)
    given(created(), ended).when(end).then_nothing()
    given(created(), ended).when(redeem()).then_rejected(commands.CouponOver)
    given().when(end).then_rejected(commands.CouponNotFound)


@pytest.mark.parametrize(
    "terms",
    [
        CouponTerms(),
        CouponTerms(basis_points=1, amount=PRICE),
        CouponTerms(basis_points=FULL_SHARE),
        CouponTerms(amount=Money(0, "EUR")),
        CouponTerms(basis_points=1, max_uses=0),
        CouponTerms(basis_points=1, max_uses_per_user=0),
        CouponTerms(basis_points=1, expires_at=AT),
        CouponTerms(basis_points=1, expires_at=AT.replace(year=9999)),
    ],
)
def test_terms_without_sense_are_refused(terms: CouponTerms) -> None:
    with pytest.raises(InvalidValue):
        commands.CreateCoupon(user_id=COACH, terms=terms, at=AT)


@for_all(st.integers(1, 10**9), st.integers(1, FULL_SHARE - 1))
def test_something_is_left_to_pay_or_the_coupon_is_refused(minor: int, share: int) -> None:
    price = Money(minor, "EUR")
    try:
        left = reduced(price, CouponTerms(basis_points=share))
    except commands.CouponNotValid:
        assert price.share(share, FULL_SHARE) == price
    else:
        assert 0 < left.minor <= price.minor
