"""Contract of payment gateways that store methods: charges without the user, and other methods."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from adapters.payments.stripe import StripeGateway
from application.payments.gateways import (
    ClientSecret,
    GatewayUnavailableError,
    IntentOf,
    MethodNotice,
    MethodRefusedError,
    Notice,
    PaymentGateway,
    SetupOf,
)
from domain.ids import DEFAULT_TENANT, PaymentId
from domain.money import Money
from domain.payment_methods import StoredMethod
from domain.payments import commands
from tests.contracts.described_stripe import DescribedStripe
from tests.contracts.payment_rigs import (
    FIRST,
    KEY,
    PRICE,
    SECRET,
    SUBSCRIPTION_ID,
    delivered,
)
from tools.payments.simulator import Fault
from tools.payments.stripe_objects import Card
from tools.payments.stripe_simulator import StripeSimulator

RENEWAL = IntentOf(DEFAULT_TENANT, PaymentId("renewal"), 1)
PART = Money(500, "EUR")


@pytest.fixture
def simulator() -> Iterator[StripeSimulator]:
    with DescribedStripe(KEY.get_secret_value()) as running:
        yield running


@pytest.fixture
def gateway(simulator: StripeSimulator) -> Iterator[PaymentGateway]:
    stripe = StripeGateway(KEY, [SECRET], publishable_key="pk_test_1", url=simulator.url)
    with closing(stripe):
        yield stripe


@pytest.fixture
def method(gateway: PaymentGateway, simulator: StripeSimulator) -> StoredMethod:
    """Return the method that a first payment has stored."""
    reference = gateway.create_intent(FIRST, PRICE).reference
    simulator.pay(reference, "pm_card_visa")
    stored = gateway.look_up(reference).method
    assert stored is not None
    notice = gateway.read_webhook(delivered(simulator))
    assert isinstance(notice, Notice)
    assert notice.method == stored
    return stored


def test_a_stored_method_is_charged_once_without_the_user(
    gateway: PaymentGateway, simulator: StripeSimulator, method: StoredMethod
) -> None:
    """R-PAY-14"""
    assert gateway.find_charge(RENEWAL, method) is None
    charged = gateway.charge_stored(RENEWAL, PRICE, method)
    assert charged.outcome == commands.Charged(PRICE)
    simulator.forget_keys()
    assert gateway.charge_stored(RENEWAL, PRICE, method).reference == charged.reference
    found = gateway.find_charge(RENEWAL, method)
    assert found is not None
    assert (found.reference, found.outcome) == (charged.reference, charged.outcome)
    assert len(simulator.charges) == 2


def test_an_amount_below_the_minimum_of_the_gateway_is_refused_at_once(
    gateway: PaymentGateway, simulator: StripeSimulator, method: StoredMethod
) -> None:
    """R-PAY-11: it would be refused again and again until the payment expires."""
    with pytest.raises(MethodRefusedError) as refused:
        gateway.charge_stored(RENEWAL, Money(49, "EUR"), method)
    assert refused.value.reason == "declined"
    assert len(simulator.charges) == 1


@pytest.mark.parametrize("fault", ["lost_request", "lost_answer", "down"])
def test_a_charge_that_was_not_answered_is_found_or_repeated(
    gateway: PaymentGateway, simulator: StripeSimulator, method: StoredMethod, fault: Fault
) -> None:
    """R-PAY-12"""
    simulator.faults.extend(["none", fault])
    with pytest.raises(GatewayUnavailableError):
        gateway.charge_stored(RENEWAL, PRICE, method)
    found = gateway.find_charge(RENEWAL, method)
    assert (found is not None) == (fault == "lost_answer")
    assert gateway.charge_stored(RENEWAL, PRICE, method).outcome == commands.Charged(PRICE)
    assert len(simulator.charges) == 2


@pytest.mark.parametrize(
    ("card", "outcome"),
    [
        ("pm_card_visa_chargeDeclined", commands.Declined("declined")),
        (
            "pm_card_visa_chargeDeclinedInsufficientFunds",
            commands.Declined("insufficient_funds"),
        ),
        ("pm_card_threeDSecureRequired", commands.NeedsAction()),
    ],
)
def test_a_charge_without_the_user_can_be_declined(
    gateway: PaymentGateway,
    simulator: StripeSimulator,
    method: StoredMethod,
    card: Card,
    outcome: commands.Outcome,
) -> None:
    """R-PAY-05: the user can pay the same intent if their bank wants them."""
    simulator.cards[method.method] = card
    intent = gateway.charge_stored(RENEWAL, PRICE, method)
    assert intent.outcome == outcome
    assert gateway.charge_stored(RENEWAL, PRICE, method).reference == intent.reference
    simulator.pay(intent.reference, "pm_card_visa")
    assert gateway.look_up(intent.reference).outcome == commands.Charged(PRICE)
    assert len(simulator.intents) == 2


def test_a_method_or_customer_that_was_deleted_is_refused(
    gateway: PaymentGateway, method: StoredMethod
) -> None:
    for gone in (replace(method, method="pm_gone"), replace(method, customer="cus_gone")):
        with pytest.raises(MethodRefusedError):
            gateway.charge_stored(RENEWAL, PRICE, gone)


def test_a_charge_without_the_user_stores_no_method(
    gateway: PaymentGateway, simulator: StripeSimulator, method: StoredMethod
) -> None:
    """R-PAY-14: also if the user pays it in the end, with another method that may not be kept."""
    simulator.cards[method.method] = "pm_card_threeDSecureRequired"
    intent = gateway.charge_stored(RENEWAL, PRICE, method)
    simulator.pay(intent.reference, "pm_card_visa")
    assert gateway.look_up(intent.reference).method is None
    notice = gateway.read_webhook(delivered(simulator))
    assert isinstance(notice, Notice)
    assert (notice.outcome, notice.method) == (commands.Charged(PRICE), None)


def test_a_method_that_pays_once_is_stored_as_the_debit_made_of_it(
    gateway: PaymentGateway, simulator: StripeSimulator
) -> None:
    """R-PAY-14: such as iDEAL and Bancontact."""
    reference = gateway.create_intent(FIRST, PRICE).reference
    debit = simulator.pay_by_ideal(reference)
    stored = StoredMethod("stripe", "cus_1", debit)
    assert gateway.look_up(reference).method == stored
    notice = gateway.read_webhook(delivered(simulator))
    assert isinstance(notice, Notice)
    assert notice.method == stored


def test_a_setup_with_such_a_method_stores_the_debit_made_of_it(
    gateway: PaymentGateway, simulator: StripeSimulator, method: StoredMethod
) -> None:
    """R-PAY-14"""
    setup_of = SetupOf(DEFAULT_TENANT, SUBSCRIPTION_ID, "request-1")
    setup = gateway.begin_setup(setup_of, method.customer)
    assert gateway.look_up_setup(setup.reference).method is None
    stored = replace(method, method=simulator.set_up_by_ideal(setup.reference))
    assert gateway.look_up_setup(setup.reference).method == stored
    notice = gateway.read_webhook(delivered(simulator))
    assert isinstance(notice, MethodNotice)
    assert notice.method == stored


def test_a_forgotten_method_cannot_be_charged(
    gateway: PaymentGateway, simulator: StripeSimulator, method: StoredMethod
) -> None:
    """C-24"""
    for _ in range(2):
        gateway.forget(method)
    assert simulator.deleted == {method.customer}
    with pytest.raises(MethodRefusedError):
        gateway.charge_stored(RENEWAL, PRICE, method)


def test_a_setup_stores_another_method(
    gateway: PaymentGateway, simulator: StripeSimulator, method: StoredMethod
) -> None:
    setup_of = SetupOf(DEFAULT_TENANT, SUBSCRIPTION_ID, "request-1")
    setup = gateway.begin_setup(setup_of, method.customer)
    assert gateway.begin_setup(setup_of, method.customer) == setup
    assert isinstance(setup.pay_by, ClientSecret)
    assert setup.pay_by.secret not in repr(setup)
    assert gateway.look_up_setup(setup.reference).method is None
    other = simulator.set_up(setup.reference, "pm_card_visa")
    stored = StoredMethod("stripe", method.customer, other)
    assert gateway.look_up_setup(setup.reference).method == stored
    notice = gateway.read_webhook(delivered(simulator))
    assert isinstance(notice, MethodNotice)
    assert (notice.subscription_id, notice.method) == (SUBSCRIPTION_ID, stored)
    assert gateway.charge_stored(RENEWAL, PRICE, stored).outcome == commands.Charged(PRICE)
    fresh = gateway.begin_setup(SetupOf(DEFAULT_TENANT, SUBSCRIPTION_ID, "request-2"), None)
    assert fresh.reference != setup.reference


def test_a_setup_gets_another_customer_if_theirs_was_deleted(
    gateway: PaymentGateway, simulator: StripeSimulator, method: StoredMethod
) -> None:
    """R-PAY-11: by hand at Stripe; the same one, however often the request is repeated."""
    gateway.forget(method)
    setup_of = SetupOf(DEFAULT_TENANT, SUBSCRIPTION_ID, "request-1")
    setup = gateway.begin_setup(setup_of, method.customer)
    assert gateway.begin_setup(setup_of, method.customer) == setup
    card = simulator.set_up(setup.reference, "pm_card_visa")
    stored = gateway.look_up_setup(setup.reference).method
    assert stored is not None
    assert stored == StoredMethod("stripe", simulator.customers[-1], card)
    assert stored.customer != method.customer
    assert gateway.charge_stored(RENEWAL, PRICE, stored).outcome == commands.Charged(PRICE)


def test_a_part_of_a_charge_is_returned_once_for_each_number(
    gateway: PaymentGateway, simulator: StripeSimulator
) -> None:
    """R-PAY-12"""
    reference = gateway.create_intent(FIRST, PRICE).reference
    simulator.pay(reference, "pm_card_visa")
    for number, returned in ((1, 500), (1, 500), (2, 1000)):
        simulator.forget_keys()
        outcome = gateway.refund(FIRST, reference, PART, number).outcome
        assert outcome == commands.Charged(PRICE, returned=Money(returned, "EUR"))
    notice = gateway.read_webhook(delivered(simulator))
    assert isinstance(notice, Notice)
    assert notice.outcome == commands.Charged(PRICE, returned=Money(1000, "EUR"))
    simulator.refund(reference)
    assert gateway.refund(FIRST, reference, PART, 3).outcome == commands.Refunded()
