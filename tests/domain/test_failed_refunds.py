"""Refunds that have failed after they were made: what the user is owed, and how it is repaid."""

from dataclasses import replace

from application.invoices.issuing import billed_amount
from application.payments.emails import EVENTS
from application.payments.policy import when_payment_changes_then_subscription
from domain.ids import PaymentId
from domain.money import Money
from domain.payments import commands, events
from domain.payments.states import Started, is_open, next_steps
from tests.domain.disputes import DISPUTE, OPENED, reported
from tests.domain.payments import AT, COMPLETED, OPEN, PRICE, given, note

PAID = (*OPEN, COMPLETED)
PART, REST = Money(50_000, "RUB"), Money(149_900, "RUB")
ONE = Money(100, "RUB")
RETURNED = events.PaymentRefunded(attempt=1, amount=PRICE, completed=True, at=AT)
PARTLY = events.PartiallyRefunded(attempt=1, amount=PART, returned=PART, at=AT)
FAILED = events.RefundFailed(attempt=1, refund="re_1", amount=PRICE, at=AT)
PART_FAILED = replace(FAILED, amount=PART)
REPAID = events.FailedRefundRepaid(attempt=1, amount=PRICE, at=AT)
REPORT = commands.NoteFailedRefund(
    attempt=1, reference="r1", refund=commands.FailedRefund("re_1", PRICE), at=AT
)
BY_HAND = commands.NoteManualRefund(at=AT)


def failed(
    amount: Money, *others: tuple[int | None, Money], refund: str = "re_1"
) -> commands.NoteFailedRefund:
    made = tuple(commands.MadeRefund(number, each) for number, each in others)
    return replace(REPORT, refund=commands.FailedRefund(refund, amount, made))


def owed(*history: events.PaymentEvent) -> Money | None:
    payment = given(*history).state
    assert isinstance(payment, Started)
    return payment.attempt(1).owed


def test_a_failed_refund_is_noted_once_and_changes_neither_access_nor_documents() -> None:
    """R-PAY-12"""
    given(*PAID, RETURNED).when(REPORT).then(FAILED)
    after = given(*PAID, RETURNED, FAILED)
    after.when(REPORT).then_nothing()
    after.when(failed(PRICE, refund="re_0")).then_nothing()
    assert isinstance(after.state, Started)
    assert (after.state.status, owed(*PAID, RETURNED, FAILED)) == ("refunded", PRICE)
    assert next_steps(after.state) == ()
    assert not is_open(after.state)
    for event in (FAILED, REPAID):
        assert billed_amount(after.state, event) is None
        assert when_payment_changes_then_subscription(PaymentId("s.1"), after.state, event) is None
        assert not isinstance(event, EVENTS), "the e-mail about the refund was sent before"
    after.when(replace(REPORT, reference="r9")).then_rejected(commands.IntentUnknown)


def test_outdated_reports_of_the_charge_are_ignored_after_a_failed_refund() -> None:
    """R-PAY-07"""
    after = given(*PAID, RETURNED, FAILED)
    for outcome in (commands.Charged(PRICE), commands.Charged(PRICE, ONE), commands.Refunded()):
        after.when(note(outcome)).then_nothing()


def test_a_failed_refund_that_does_not_count_as_returned_is_ignored() -> None:
    """R-PAY-12: it is made again, or we never heard of it."""
    given(*OPEN).when(REPORT).then_nothing()
    given(*PAID).when(REPORT).then_nothing()
    requested = events.RefundRequested(attempt=1, amount=PRICE, reason="requested", at=AT)
    given(*PAID, requested).when(REPORT).then_nothing()
    again = failed(PRICE, (1, PRICE))
    given(*PAID, requested, RETURNED).when(again).then_nothing()
    given(*PAID, PARTLY).when(failed(PART, (None, PART))).then_nothing()


def test_a_failed_part_is_noted_while_another_part_is_under_way() -> None:
    """R-PAY-12: the gateway has made that one already, and its reply was lost."""
    first = events.PartialRefundRequested(
        attempt=1, number=1, amount=PART, reason="requested", at=AT
    )
    second = replace(first, number=2, amount=ONE)
    history = (*PAID, first, PARTLY, second)
    given(*history).when(failed(PART, (2, ONE))).then(PART_FAILED)
    given(*history).when(failed(ONE, (1, PART), refund="re_2")).then_nothing()


def test_a_person_repays_a_failed_refund_at_once_or_in_parts() -> None:
    """R-PAY-12: more than is owed is refused, and nothing is returned twice."""
    owing = (*PAID, RETURNED, FAILED)
    given(*owing).when(BY_HAND).then(REPAID)
    too_much = replace(BY_HAND, amount=PRICE.plus(ONE))
    given(*owing).when(too_much).then_rejected(commands.RefundTooLarge)
    part = replace(REPAID, amount=PART)
    given(*owing).when(replace(BY_HAND, amount=PART)).then(part)
    assert owed(*owing, part) == REST
    given(*owing, part).when(BY_HAND).then(replace(REPAID, amount=REST))
    assert owed(*owing, REPAID) is None
    given(*owing, REPAID).when(BY_HAND).then_rejected(commands.RefundTooLarge)
    given(*owing, REPAID).when(REPORT).then_nothing()


def test_what_a_person_must_return_comes_before_what_is_owed() -> None:
    """R-PAY-12: a refund that the gateway refuses."""
    requested = events.RefundRequested(attempt=1, amount=REST, reason="requested", at=AT)
    needed = events.AttentionNeeded(attempt=1, reason="refused", at=AT)
    history = (*PAID, PARTLY, PART_FAILED, requested, needed)
    rest = replace(RETURNED, amount=REST)
    given(*history).when(BY_HAND).then(rest)
    given(*history, rest).when(BY_HAND).then(replace(REPAID, amount=PART))


def test_only_replies_are_trusted_about_other_parts_after_a_failed_one() -> None:
    """R-PAY-12: the gateway may report less than before, or a person has made it again there."""
    requested = events.PartialRefundRequested(
        attempt=1, number=2, amount=ONE, reason="requested", at=AT
    )
    returned = events.PartiallyRefunded(attempt=1, amount=ONE, returned=PART.plus(ONE), at=AT)
    history = (*PAID, PARTLY, PART_FAILED)
    for total in (ONE, PART.plus(ONE)):
        report = note(commands.Charged(PRICE, returned=total))
        given(*history).when(report).then_nothing()
        given(*history, requested).when(report).then_nothing()
        reply = replace(report, source="reply")
        given(*history, requested).when(reply).then(returned)
        given(*history, requested, returned).when(report).then_nothing()


def test_a_lost_dispute_repays_what_it_takes_beyond_what_was_left() -> None:
    """R-PAY-12: the bank has returned the money, so that nobody returns it again."""
    lost = events.DisputeLost(
        attempt=1, dispute="du_1", amount=Money(0, "RUB"), returned=PRICE, settled=True,
        completed=False, at=AT,
    )  # fmt: skip
    disputed = (*PAID, RETURNED, FAILED, OPENED)
    given(*disputed).when(BY_HAND).then_rejected(commands.PaymentDisputed)
    decided = replace(DISPUTE, stage="lost")
    given(*disputed).when(reported(decided)).then(lost, REPAID)
    part = replace(decided, amount=PART)
    given(*disputed).when(reported(part)).then(lost, replace(REPAID, amount=PART))
    partly = (*PAID, PARTLY, PART_FAILED, OPENED)
    rest = replace(lost, amount=REST, completed=True)
    given(*partly).when(reported(decided)).then(rest, replace(REPAID, amount=PART))
    given(*partly).when(reported(replace(decided, amount=REST))).then(rest)


def test_a_refund_that_fails_after_a_lost_dispute_is_repaid_by_what_the_bank_took_beyond() -> None:
    """R-PAY-12: the user has got that money, so that nobody returns it again."""
    lost = events.DisputeLost(
        attempt=1, dispute="du_1", amount=REST, returned=PRICE, settled=True, completed=True, at=AT
    )
    part_repaid = replace(REPAID, amount=PART)
    given(*PAID, PARTLY, OPENED, lost).when(failed(PART)).then(PART_FAILED, part_repaid)
    given(*PAID, PARTLY, replace(OPENED, amount=REST), lost).when(failed(PART)).then(PART_FAILED)


def test_what_two_lost_disputes_took_beyond_a_charge_repays_each_failed_refund_once() -> None:
    """R-PAY-12: a part was refunded before, in two refunds, and both fail later."""
    half = Money(PART.minor // 2, "RUB")
    first = replace(OPENED, amount=REST.minus(half))
    second = replace(OPENED, dispute="du_2", amount=PART)
    lost = events.DisputeLost(
        attempt=1, dispute="du_1", amount=first.amount, returned=PRICE.minus(half), settled=False,
        completed=False, at=AT,
    )  # fmt: skip
    last = replace(lost, dispute="du_2", amount=half, returned=PRICE, settled=True, completed=True)
    history = (*PAID, PARTLY, first, lost, second, last)
    one = events.RefundFailed(attempt=1, refund="re_1", amount=half, at=AT)
    repaid = replace(REPAID, amount=half)
    given(*history).when(failed(half, (None, half))).then(one, repaid)
    two = replace(one, refund="re_2")
    given(*history, one, repaid).when(failed(half, refund="re_2")).then(two)
    assert owed(*history, one, repaid, two) == half
