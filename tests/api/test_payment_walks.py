"""Random walks of two users' subscriptions: at the end, our books agree with the gateway's."""

from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from adapters.payments.stripe import StripeGateway
from api.app import build_app
from application.platform import Platform
from tests.api.coupons import coupon
from tests.api.driver import ApiDriver
from tests.api.offers import EU, offer, send
from tests.api.paying import KEY, SECRET, WEB
from tests.api.payment_walks import Clock, PaymentWalk
from tests.api.workouts import prescribe
from tools.payments.stripe_simulator import StripeSimulator

STEPS = 100
SEEDS = [*range(5), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(5, 30))]


@pytest.mark.parametrize("seed", SEEDS)
def test_books_agree_with_the_gateway(
    platform: Platform, stripe: StripeSimulator, seed: int
) -> None:
    """R-PAY-07, R-PAY-12: whatever users, banks and networks do, nothing is charged twice."""
    clock = Clock()
    with closing(
        StripeGateway(KEY, [SECRET], publishable_key="pk_test_1", url=stripe.url)
    ) as gateway:
        moved = replace(platform, gateways={"stripe": gateway}, clock=clock)
        app = build_app(moved, web=WEB)
        with TestClient(app, raise_server_exceptions=False) as client:
            driver = ApiDriver(client, moved)
            _offer_plans(driver)
            walk = PaymentWalk(driver, stripe, clock, seed)
            walk.run(STEPS)
            walk.finish()
            _check(walk)


def _offer_plans(driver: ApiDriver) -> None:
    prescribe(driver)
    offer(driver, prices=[EU])
    offer(driver, "more", title="More", prices=[{**EU, "amountMinor": 5000}])
    offer(driver, "less", title="Less", prices=[{**EU, "amountMinor": 500}])
    offer(driver, "year", title="A year", billingMonths=12, prices=[{**EU, "amountMinor": 9900}])
    coupon(driver)
    for plan in ("squats", "more"):
        send(driver, "POST", f"/v1/plans/{plan}/trial", days=14)


def _check(walk: PaymentWalk) -> None:
    steps = "\n".join(walk.steps)
    assert walk.differences() == (), steps
    net_charges = walk.net_charges()
    payments = walk.list_all("payments", "paymentId")
    charged = Counter(walk.payment_of(reference) for reference in net_charges)
    assert set(charged.values()) <= {1}, steps
    assert {payments[each]["status"] for each in charged} <= {"succeeded"}, steps
    assert {payments[each]["status"] for each in walk.payable()} <= {
        "pending",
        "requires_action",
    }, steps
    invoices = walk.list_all("invoices", "invoiceId").values()
    signs = {"invoice": 1, "credit_note": -1}
    billed = sum(signs[each["kind"]] * each["amountMinor"] for each in invoices)
    retained = sum(
        each["amountMinor"] - each["returnedMinor"]
        for each in payments.values()
        if each["status"] in {"succeeded", "refunded"}
    )
    assert billed == retained == sum(net_charges.values()), steps
