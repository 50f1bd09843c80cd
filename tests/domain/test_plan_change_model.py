"""Every interleaving of changes of plan with renewals, pauses, trials and cancellations."""

from typing import Any

import pytest

from domain.subscriptions import commands, events
from domain.subscriptions.subscription import SUBSCRIPTION
from tests.domain.payment_model import ViolationError
from tests.domain.plan_change_model import Model

DEPTH = 6


@pytest.mark.parametrize(("trial", "depth"), [(False, DEPTH), (True, DEPTH + 1)])
def test_every_interleaving_pays_for_the_plan_that_is_open(
    trial: bool,  # noqa: FBT001
    depth: int,
) -> None:
    """R-PAY-12, R-PAY-14: each payment is worth the price of its plan, and one is open at most."""
    states = Model(trial=trial).explore(depth)
    print(f"{states} states, {trial=}")  # noqa: T201  `pytest -s` shows it
    assert states > 350


def _without(*dropped: type) -> Any:
    def decide(command: Any, state: Any) -> tuple[Any, ...]:
        happened = SUBSCRIPTION.decide(command, state)
        return tuple(event for event in happened if not isinstance(event, dropped))

    return decide


def _renewing_beside_a_change(command: Any, state: Any) -> tuple[Any, ...]:
    """Keep the renewal for the present plan when a change begins."""
    happened = SUBSCRIPTION.decide(command, state)
    if isinstance(command, commands.ChangePlan):
        return tuple(each for each in happened if not isinstance(each, events.RenewalWithdrawn))
    return happened


def _never_at_the_end(command: Any, state: Any) -> tuple[Any, ...]:
    """Forget scheduled changes."""
    happened = SUBSCRIPTION.decide(command, state)
    if isinstance(command, commands.EndPeriod):
        return tuple(each for each in happened if not isinstance(each, events.PlanChanged))
    return happened


def _renewed_by_the_payment_of_a_change(command: Any, state: Any) -> tuple[Any, ...]:
    """Treat the payment of a change as one of the present plan."""
    happened = SUBSCRIPTION.decide(command, state)
    return tuple(
        events.SubscriptionRenewed(payment_id=each.payment_id, renews_at=each.renews_at, at=each.at)
        if isinstance(each, events.PlanChanged) and each.payment_id
        else each
        for each in happened
    )


@pytest.mark.parametrize(
    "decide",
    [
        _renewing_beside_a_change,
        _never_at_the_end,
        _renewed_by_the_payment_of_a_change,
        _without(events.PlanChangeFailed),
        _without(events.PlanChangeWithdrawn),
    ],
)
def test_a_defect_is_found(decide: Any) -> None:
    with pytest.raises(ViolationError):
        Model(decide).explore(DEPTH)
