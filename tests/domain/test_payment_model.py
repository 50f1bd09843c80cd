"""Every interleaving of a payment's steps with faults, users and webhooks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.payments import commands, events
from domain.payments.payment import PAYMENT
from domain.payments.states import Started
from tests.domain.payment_model import AT, LATER, Decide, Model, ViolationError

DEPTH = 8


@pytest.mark.parametrize("off_session", [False, True])
def test_every_interleaving_ends_with_one_charge_or_none(off_session: bool) -> None:  # noqa: FBT001
    """R-PAY-11, R-PAY-12, R-EVT-17, C-26: and access is granted exactly if money was taken."""
    states = Model(off_session=off_session).explore(DEPTH)
    print(f"{states} states, {off_session=}")  # noqa: T201  `pytest -s` shows it
    assert states > 100


def _switching_after_a_reference(command: Any, payment: Any) -> tuple[Any, ...]:
    """Try the next gateway although the user can pay the present intent."""
    match command, payment:
        case commands.CancelPayment(), Started(attempts=(first,)) if first.state == "open":
            routed = events.PaymentRouted(attempt=2, gateway="yookassa", reason="timeout", at=AT)
            return (routed,)
        case _:
            return PAYMENT.decide(command, payment)


def _replacing_an_intent_that_can_be_paid(command: Any, payment: Any) -> tuple[Any, ...]:
    """Begin another attempt although the user can pay the present intent."""
    match command, payment:
        case commands.ReplaceIntent(attempt=1), Started(attempts=(first,)) if first.state == "open":
            routed = events.PaymentRouted(attempt=2, gateway="stripe", reason="expired", at=AT)
            return (routed,)
        case _:
            return PAYMENT.decide(command, payment)


def _without(*dropped: type) -> Decide:
    """Return the process without some of its events."""

    def decide(command: Any, payment: Any) -> tuple[Any, ...]:
        return tuple(
            event for event in PAYMENT.decide(command, payment) if not isinstance(event, dropped)
        )

    return decide


def _switching_off_session(command: Any, payment: Any) -> tuple[Any, ...]:
    """Try the next gateway although the stored method may be charged at the first one."""
    match command, payment:
        case commands.NoteObstacle(attempt=1), Started(attempts=(first,)) if (
            first.state == "submitted"
        ):
            return (events.PaymentRouted(attempt=2, gateway="yookassa", reason="timeout", at=AT),)
        case commands.NoteObstacle(attempt=2), _:
            return ()
        case _:
            return PAYMENT.decide(command, payment)


def _trusting_that_no_charge_is_in_flight(command: Any, payment: Any) -> tuple[Any, ...]:
    """Fail as soon as no charge is found, although a process may be about to make it."""
    if isinstance(command, commands.NoteNoCharge):
        return PAYMENT.decide(replace(command, at=LATER), payment)
    return PAYMENT.decide(command, payment)


def _forgetting_that_it_was_cancelled(command: Any, payment: Any) -> tuple[Any, ...]:
    """Fail at once although the user can still pay the intent, and ignore the charge."""
    match command, payment:
        case commands.CancelPayment(at=at), Started(status="pending"):
            return (events.PaymentFailed(reason="cancelled", at=at),)
        case commands.NoteOutcome(outcome=commands.Charged()), Started(status="failed"):
            return ()
        case _:
            return PAYMENT.decide(command, payment)


@pytest.mark.parametrize(
    ("decide", "off_session"),
    [
        (_switching_after_a_reference, False),
        (_switching_off_session, True),
        (_replacing_an_intent_that_can_be_paid, False),
        (_forgetting_that_it_was_cancelled, False),
        (_trusting_that_no_charge_is_in_flight, True),
        (_without(events.RefundRequested), False),
        (_without(events.PaymentRefunded), False),
        (_without(events.VoidRequested), False),
        (_without(events.PaymentFailed), True),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
def test_a_defect_is_found(decide: Callable[..., Any], off_session: bool) -> None:  # noqa: FBT001
    with pytest.raises(ViolationError):
        Model(decide, off_session).explore(DEPTH)
