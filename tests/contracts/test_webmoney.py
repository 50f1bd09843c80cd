"""WebMoney: payments under way, numbers that another payment has, and moved digits."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

import httpx2
import pytest

from adapters.payments.http import decimal_money
from application.payments.gateways import Form, GatewayAnswerError, Notice, Webhook, WebhookForged
from application.payments.process import PaymentProcess
from application.payments.webhooks import allows_charge
from domain.money import Money
from domain.payments import commands
from tests.contracts.payment_processes import payable, process, receive, started
from tests.contracts.payment_rigs import FIRST, RIGS, SECOND, WebMoneyRig
from tools.payments.simulator import Sent

__all__ = ["process"]


@pytest.fixture
def rig() -> Iterator[WebMoneyRig]:
    with RIGS["webmoney"]() as running:
        assert isinstance(running, WebMoneyRig)
        yield running


def test_a_payment_that_is_under_way_is_not_voided(rig: WebMoneyRig) -> None:
    """R-PAY-12: WebMoney had our consent before the user cancelled."""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    number = reference.partition("-")[0]
    rig.simulator.underway.add(number)
    assert rig.gateway.void(reference).outcome == commands.Paying()
    rig.simulator.underway.clear()
    assert rig.gateway.void(reference).outcome == commands.Voided()


def test_a_payment_of_another_with_the_same_number_does_not_pay_this_one(rig: WebMoneyRig) -> None:
    """R-PAY-06: numbers have 31 bits; the purpose tells payments apart."""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "succeed")
    (paid,) = rig.simulator.paid.values()
    other = rig.gateway.create_intent(SECOND, rig.price).reference
    rig.simulator.paid[other.partition("-")[0]] = paid
    assert rig.gateway.look_up(other).outcome == commands.Voided()
    assert rig.gateway.void(other).outcome == commands.Voided()
    assert rig.gateway.look_up(reference).outcome == commands.Charged(rig.price)


def allow(process: PaymentProcess, rig: WebMoneyRig) -> None:
    """Answer WebMoney's questions as the API does."""

    def answer(question: Sent) -> str:
        webhook = Webhook(question.body, {})
        return "YES" if allows_charge(process, "webmoney", webhook) else "NO"

    rig.simulator.ask = answer


def test_a_number_that_another_payment_has_is_refused_before_money_moves(
    process: PaymentProcess, rig: WebMoneyRig
) -> None:
    """R-PAY-12: the user comes back, and pays under another number."""
    allow(process, rig)
    first = payable(process)
    assert isinstance(first.pay_by, Form)
    form = dict(first.pay_by.fields)
    rig.simulator.paid[form["LMI_PAYMENT_NO"]] = form | {
        "LMI_PAYMENT_DESC": "of another program", "LMI_SYS_TRANS_NO": "7"
    }  # fmt: skip
    with pytest.raises(ValueError, match="NO"):
        rig.simulator.act(form, "succeed")
    assert rig.webhooks() == 0
    second = payable(process)
    assert isinstance(second.pay_by, Form)
    other = dict(second.pay_by.fields)
    assert other["LMI_PAYMENT_NO"] != form["LMI_PAYMENT_NO"]
    rig.simulator.act(other, "succeed")
    receive(process, "webmoney", rig.webhook())
    assert started(process).status == "completed"


def test_a_form_is_paid_once_although_its_notification_was_lost(
    process: PaymentProcess, rig: WebMoneyRig
) -> None:
    """R-PAY-12: such as in two tabs of a browser."""
    allow(process, rig)
    intent = payable(process)
    assert isinstance(intent.pay_by, Form)
    form = dict(intent.pay_by.fields)
    rig.simulator.act(form, "succeed")
    with pytest.raises(ValueError, match="NO"):
        rig.simulator.act(form, "succeed")
    assert rig.webhooks() == 1


@pytest.mark.parametrize("moved", [1, 3])
def test_digits_moved_between_amount_and_number_pay_nothing(rig: WebMoneyRig, moved: int) -> None:
    """R-PAY-06: the hash of a notification has no separators between its fields."""
    price = Money(11900, "USD")
    intent = rig.gateway.create_intent(FIRST, price)
    assert isinstance(intent.pay_by, Form)
    ours = dict(intent.pay_by.fields)
    amount, number = ours["LMI_PAYMENT_AMOUNT"], ours["LMI_PAYMENT_NO"]
    written = amount[:-moved]
    cheap = ours | {"LMI_PAYMENT_AMOUNT": written[:1], "LMI_PAYMENT_NO": written[1:] + number}
    rig.simulator.act(cheap, "succeed")
    paid = dict(parse_qsl(rig.webhook().body.decode()))
    forged = paid | {"LMI_PAYMENT_AMOUNT": written, "LMI_PAYMENT_NO": number}
    assert rig.simulator.hash_of(forged) == paid["LMI_HASH"]
    with pytest.raises(WebhookForged):
        rig.gateway.read_webhook(Webhook(urlencode(forged).encode(), {}))


def test_a_notification_of_a_payment_that_webmoney_does_not_have_pays_nothing(
    rig: WebMoneyRig,
) -> None:
    """R-PAY-06: the amount is the one that WebMoney has."""
    reference = rig.gateway.create_intent(FIRST, rig.price).reference
    rig.act(reference, "succeed")
    rig.simulator.paid.clear()
    notice = rig.gateway.read_webhook(rig.webhook())
    assert isinstance(notice, Notice)
    assert notice.outcome == commands.Paying()


@pytest.mark.parametrize("text", ["1e2", "+119", "-1", " 119", "119.", "1_0", "1.999", "", "NaN"])
def test_an_amount_of_another_form_is_not_read(text: str) -> None:
    """C-26"""
    with pytest.raises(GatewayAnswerError):
        decimal_money(text, "USD")
    assert decimal_money("119.00", "USD") == Money(11900, "USD")


def test_a_browsers_request_for_an_icon_is_not_a_question(rig: WebMoneyRig) -> None:
    assert httpx2.get(f"{rig.simulator.url}/favicon.ico", timeout=60).status_code == 404
