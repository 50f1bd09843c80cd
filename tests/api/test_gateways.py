"""Payments at YooKassa, Sberbank and WebMoney over the API, with their simulators."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import Mock

import httpx2
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from adapters.payments.circuit import CircuitGateway
from adapters.payments.sberbank import SberbankGateway
from adapters.payments.webmoney import WebMoneyGateway
from adapters.payments.yookassa import YooKassaGateway
from api.app import build_app
from application.payments.closing import PaymentClosing, PaymentsOpen
from application.payments.gateways import PaymentGateway
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, PaymentId
from domain.money import Region
from domain.payments import events
from domain.payments.events import Gateway
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.api.offers import get, offer, refused, send
from tests.api.paying import CANCELED, PAID, PENDING, enroll, follow, state
from tests.api.workouts import prescribe
from tools.payments.sberbank_simulator import API, SberbankSimulator
from tools.payments.simulator import Sent
from tools.payments.webmoney_simulator import WebMoneySimulator
from tools.payments.yookassa_simulator import YooKassaSimulator

RETURN_URL: Final = "https://kinelog.example/checkout.html"
ROUBLES: Final = {"region": "Russia", "amountMinor": 199900, "currency": "RUB"}
DOLLARS: Final = {"region": "Russia", "amountMinor": 2100, "currency": "USD"}
YOOKASSA: Final = "185.71.76.7"
FAILURES: Final = 3
DAY: Final = timedelta(days=1)


@dataclass
class Russia:
    """The three gateways of Russia, and an API that uses them."""

    yookassa: YooKassaSimulator
    sberbank: SberbankSimulator
    webmoney: WebMoneySimulator
    driver: ApiDriver

    def buy(self, plan_id: str = "squats", **more: Any) -> Any:
        return enroll(self.driver, planId=plan_id, region="Russia", **more)

    def intent(self, written: Any) -> Any:
        return send(self.driver, "GET", f"/v1/payments/{written['paymentId']}/intent")

    def deliver(self, gateway: Gateway, sent: Sent, address: str = YOOKASSA) -> httpx2.Response:
        """Deliver a webhook as the gateway does, through the trusted proxy."""
        path, headers = f"/v1/webhooks/{gateway}", {"X-Forwarded-For": address}
        if sent.method == "GET":
            return self.driver.client.get(f"{path}?{sent.body.decode()}", headers=headers)
        headers["Content-Type"] = sent.media_type
        return self.driver.client.post(path, content=sent.body, headers=headers)

    def payment(self, written: Any) -> Any:
        position = {"position": self.driver.platform.log.head()}
        return get(self.driver, f"/v1/payments/{written['paymentId']}", position)

    def subscription(self, written: Any) -> Any:
        position = {"position": self.driver.platform.log.head()}
        return get(self.driver, f"/v1/subscriptions/{written['subscriptionId']}", position)

    def follow_at(self, at: datetime) -> None:
        """Follow payments and subscriptions at a time."""
        follow(self.driver, at - self.driver.platform.clock())

    def routes(self, written: Any) -> list[tuple[str, str]]:
        stream = f"payment-{written['paymentId']}"
        history = self.driver.platform.log.load(DEFAULT_TENANT, stream)
        facts = [recorded.event for recorded in history]
        return [(fact.gateway, fact.reason) for fact in facts if type(fact) is events.PaymentRouted]


@contextmanager
def open_russia(
    platform: Platform, regions: dict[Region, tuple[Gateway, ...]] | None = None
) -> Generator[Russia]:
    """Open an API with the three gateways, a plan in roubles and one in dollars."""
    with YooKassaSimulator() as shop, SberbankSimulator() as bank, WebMoneySimulator() as purses:
        yookassa = YooKassaGateway(
            shop.shop_id, SecretStr(shop.key), return_url=RETURN_URL, url=f"{shop.url}/v3"
        )
        sberbank = SberbankGateway(
            bank.user,
            SecretStr(bank.password),
            SecretStr(bank.secret),
            return_url=RETURN_URL,
            url=f"{bank.url}{API}",
        )
        webmoney = WebMoneyGateway(
            purses.wmid,
            {"USD": "Z123456789012"},
            SecretStr(purses.secret),
            return_url=RETURN_URL,
            url=purses.url,
        )
        gateways: dict[Gateway, PaymentGateway] = {
            "yookassa": CircuitGateway(yookassa),
            "sberbank": CircuitGateway(sberbank),
            "webmoney": CircuitGateway(webmoney),
        }
        with closing(yookassa), closing(sberbank), closing(webmoney):
            with_gateways = replace(
                platform, gateways=gateways, regions={**platform.regions, **(regions or {})}
            )
            app = build_app(with_gateways, web=WEB)
            client = TestClient(app, raise_server_exceptions=False, client=("127.0.0.1", 50000))
            with client:
                driver = ApiDriver(client, with_gateways)
                prescribe(driver)
                offer(driver, prices=[ROUBLES])
                offer(driver, "dollars", prices=[DOLLARS])
                yield Russia(shop, bank, purses, driver)


@pytest.fixture
def russia(platform: Platform) -> Iterator[Russia]:
    with open_russia(platform) as opened:
        yield opened


def browse(url: str, choice: str) -> str:
    """Choose on a page of a gateway, and return where the browser goes."""
    with httpx2.Client(trust_env=False, timeout=60) as browser:
        assert "<button" in browser.get(url).text
        return browser.post(url, data={"choice": choice}).headers["location"]


def test_a_plan_is_bought_at_yookassa_with_3d_secure(russia: Russia) -> None:
    """R-PAY-02, R-PAY-05, R-PAY-06: by a redirect, and a webhook of its networks."""
    written = russia.buy()
    intent = russia.intent(written)
    assert (intent["gateway"], intent["kind"]) == ("yookassa", "redirect")
    assert (intent["clientSecret"], intent["fields"]) == (None, None)
    assert browse(intent["url"], "authenticate").startswith("/confirm/")
    back = browse(intent["url"], "pass")
    assert back == f"{RETURN_URL}?payment={written['paymentId']}"
    (sent,) = russia.yookassa.webhooks
    forged = russia.deliver("yookassa", sent, "203.0.113.9")
    assert (forged.status_code, forged.json()["code"]) == (422, "webhook.forged")
    for body in (b"", b"null", b"[" * 50_000):
        odd = russia.deliver("yookassa", replace(sent, body=body))
        assert odd.status_code == 200, "YooKassa need not repeat it"
    assert state(russia.driver, written) == PENDING
    russia.yookassa.faults.append("down")
    assert russia.deliver("yookassa", sent).status_code == 503
    assert russia.deliver("yookassa", sent).status_code == 200
    assert state(russia.driver, written) == PAID
    completed = russia.driver.platform.log.head()
    assert russia.deliver("yookassa", sent).status_code == 200
    assert russia.driver.platform.log.head() == completed


@pytest.mark.both_compositions
def test_sberbank_serves_while_yookassa_is_down(russia: Russia) -> None:
    """R-PAY-02, R-PAY-04, R-PAY-06, C-26: the circuit opens, and the reason is shown."""
    russia.yookassa.faults.extend("down" for _ in range(FAILURES))
    for number in range(FAILURES):
        written = russia.buy(userId=f"user{number}")
        assert russia.routes(written) == [("yookassa", "region"), ("sberbank", "timeout")]
    assert not russia.yookassa.faults
    written = russia.buy()
    assert russia.routes(written) == [("yookassa", "region"), ("sberbank", "circuit_open")]
    assert russia.yookassa.payments == {}
    payment = russia.payment(written)
    assert (payment["gateway"], payment["routeReason"]) == ("sberbank", "circuit_open")
    intent = russia.intent(written)
    assert (intent["gateway"], intent["kind"]) == ("sberbank", "redirect")
    assert browse(intent["url"], "succeed") == f"{RETURN_URL}?payment={written['paymentId']}"
    sent = russia.sberbank.webhooks[-1]
    forged = replace(sent, body=sent.body.replace(b"deposited", b"reversed"))
    assert russia.deliver("sberbank", forged).status_code == 422
    assert russia.deliver("sberbank", sent).status_code == 200
    assert state(russia.driver, written) == PAID
    payment = russia.payment(written)
    assert (payment["refundableMinor"], payment["isRefundableInPart"]) == (199900, False)


def test_sberbank_serves_while_yookassa_refuses_our_key(russia: Russia) -> None:
    """R-PAY-04, C-26: the reason is an event."""
    russia.yookassa.key = "another_key"
    written = russia.buy()
    assert russia.routes(written) == [("yookassa", "region"), ("sberbank", "refused")]
    assert russia.intent(written)["gateway"] == "sberbank"
    russia.sberbank.password = "another_password"  # noqa: S105  of the simulator
    waiting = russia.buy(userId="bo")
    assert russia.routes(waiting) == [("yookassa", "region"), ("sberbank", "refused")]
    assert state(russia.driver, waiting) == PENDING, "WebMoney takes no roubles"


def test_a_renewal_whose_payment_page_has_expired_can_be_paid_for_days(russia: Russia) -> None:
    """R-PAY-14: each visit gets a page that works, and the user pays once."""
    written = russia.buy()
    browse(russia.intent(written)["url"], "succeed")
    russia.deliver("yookassa", russia.yookassa.webhooks[-1])
    date = datetime.fromisoformat(russia.subscription(written)["renewsAt"])
    russia.follow_at(date - 7 * DAY)
    renewal = {"paymentId": russia.subscription(written)["renewalPaymentId"]}
    first = russia.intent(renewal)
    russia.yookassa.expire(first["reference"])
    assert russia.deliver("yookassa", russia.yookassa.webhooks[-1]).status_code == 200
    russia.follow_at(date - DAY)
    assert russia.payment(renewal)["status"] == "pending"
    second = russia.intent(renewal)
    assert russia.intent(renewal) == second
    assert second["url"] != first["url"]
    assert russia.routes(renewal) == [("yookassa", "region"), ("yookassa", "expired")]
    browse(second["url"], "succeed")
    for sent in russia.yookassa.webhooks:
        assert russia.deliver("yookassa", sent).status_code == 200
    renewed = russia.subscription(written)
    assert (renewed["status"], renewed["renewalPaymentId"]) == ("active", None)
    assert datetime.fromisoformat(renewed["renewsAt"]) - date >= 28 * DAY


def test_a_declined_card_at_the_end_of_a_trial_is_replaced_by_another_payment(
    russia: Russia,
) -> None:
    """R-PAY-05, R-PAY-11: the trial goes on, and the user pays before its end."""
    send(russia.driver, "POST", "/v1/plans/squats/trial", days=14)
    written = russia.buy(trial=True)
    date = datetime.fromisoformat(russia.subscription(written)["renewsAt"])
    russia.follow_at(date - 2 * DAY)
    first = {"paymentId": russia.subscription(written)["renewalPaymentId"]}
    browse(russia.intent(first)["url"], "decline")
    russia.deliver("yookassa", russia.yookassa.webhooks[-1])
    assert russia.payment(first)["status"] == "failed"
    russia.follow_at(date - 2 * DAY)
    trial = russia.subscription(written)
    assert (trial["isTrial"], trial["renewsAt"]) == (True, date.isoformat().replace("+00:00", "Z"))
    second = {"paymentId": trial["renewalPaymentId"]}
    browse(russia.intent(second)["url"], "succeed")
    russia.deliver("yookassa", russia.yookassa.webhooks[-1])
    russia.follow_at(date + DAY)
    paid = russia.subscription(written)
    assert (paid["status"], paid["isTrial"]) == ("active", False)


def test_a_plan_can_be_chosen_again_at_once_after_its_payment_was_cancelled(
    russia: Russia,
) -> None:
    """R-PAY-12: YooKassa's page of the first payment stays open; what is paid there is returned."""
    first = russia.buy()
    page = russia.intent(first)["url"]
    send(russia.driver, "POST", f"/v1/subscriptions/{first['subscriptionId']}/cancel", atOnce=False)
    assert state(russia.driver, first) == CANCELED
    second = russia.buy()
    browse(russia.intent(second)["url"], "succeed")
    browse(page, "succeed")
    for sent in russia.yookassa.webhooks:
        assert russia.deliver("yookassa", sent).status_code == 200
    assert state(russia.driver, second) == PAID
    assert state(russia.driver, first)[:2] == CANCELED[:2], "both payments share an enrollment"
    paid = russia.yookassa.payments.values()
    assert [each["refunded_amount"]["value"] for each in paid] == ["1999.00", "0.00"]


def test_no_payment_is_begun_while_an_erasure_waits_for_one_that_expires(russia: Russia) -> None:
    """C-24: YooKassa cancels an open payment after an hour. The user gets no other one to pay."""
    send(russia.driver, "POST", "/v1/plans/squats/trial", days=14)
    written = russia.buy(trial=True)
    date = datetime.fromisoformat(russia.subscription(written)["renewsAt"])
    russia.follow_at(date - 2 * DAY)
    payment = {"paymentId": russia.subscription(written)["renewalPaymentId"]}
    (reference,) = russia.yookassa.payments
    platform = russia.driver.platform
    closing = PaymentClosing(platform.payments, platform.read)
    streams = [f"payment-{payment['paymentId']}", f"subscription-{written['subscriptionId']}"]
    with pytest.raises(PaymentsOpen):
        closing.close(DEFAULT_TENANT, streams)
    russia.yookassa.expire(reference)
    russia.deliver("yookassa", russia.yookassa.webhooks[-1])
    russia.follow_at(date - 2 * DAY)
    assert len(russia.yookassa.payments) == 1
    closing.close(DEFAULT_TENANT, streams)
    assert russia.payment(payment)["status"] == "canceled"
    assert russia.subscription(written)["status"] == "canceled"


def test_two_visits_at_once_to_an_expired_page_get_the_same_new_one(russia: Russia) -> None:
    """R-PAY-13, R-PAY-14: the second request has read the payment before the first replaced it."""
    written = russia.buy()
    key = PaymentId(written["paymentId"])
    russia.yookassa.expire(russia.intent(written)["reference"])
    process = russia.driver.platform.payments
    stale = [process.log.load(DEFAULT_TENANT, f"payment-{key}")]
    first = process.payable(DEFAULT_TENANT, key)
    log = Mock(wraps=process.log)
    log.load.side_effect = lambda *of: stale.pop() if stale else process.log.load(*of)
    second = replace(process, log=log)
    assert second.payable(DEFAULT_TENANT, key) == first


def test_a_plan_in_dollars_is_bought_at_webmoney_by_a_form(russia: Russia) -> None:
    """R-PAY-02, R-PAY-04, R-PAY-06: the others take roubles only."""
    written = russia.buy("dollars")
    assert russia.routes(written) == [("webmoney", "region")]
    intent = russia.intent(written)
    assert intent["kind"] == "form"
    form = {field["name"]: field["value"] for field in intent["fields"]}
    assert form["LMI_PAYMENT_AMOUNT"] == "21.00"
    answers: list[str] = []

    def ask(question: Sent) -> str:
        answers.append(russia.deliver("webmoney", question).text)
        return answers[-1]

    russia.webmoney.ask = ask
    with pytest.raises(ValueError, match="forged"):
        russia.webmoney.act(form | {"LMI_PAYMENT_AMOUNT": "0.01"}, "succeed")
    russia.webmoney.act(form, "succeed")
    assert answers[1:] == ["YES"]
    (sent,) = russia.webmoney.webhooks
    forged = replace(sent, body=sent.body.replace(b"21.00", b"21.01"))
    assert russia.deliver("webmoney", forged).status_code == 422
    assert russia.deliver("webmoney", sent).text == "OK"
    assert state(russia.driver, written) == PAID
    payment = russia.payment(written)
    assert (payment["refundableMinor"], payment["isRefundableInPart"]) == (0, False)
    assert not russia.subscription(written)["canStoreMethod"]
    head = russia.driver.platform.log.head()
    refund = f"/v1/payments/{written['paymentId']}/refund"
    by_hand = refused(russia.driver, "POST", refund, reason="goodwill")
    assert by_hand == (409, "payment.refund_by_hand")
    setup = f"/v1/subscriptions/{written['subscriptionId']}/method-setup"
    assert refused(russia.driver, "GET", setup) == (409, "payment.method_not_stored")
    assert russia.driver.platform.log.head() == head


def test_webmoney_takes_no_money_for_a_cancelled_payment(russia: Russia) -> None:
    """R-PAY-12: the form in the browser cannot be taken back, but it is refused."""
    written = russia.buy("dollars")
    form = {field["name"]: field["value"] for field in russia.intent(written)["fields"]}
    send(russia.driver, "DELETE", f"/v1/enrollments/{written['enrollmentId']}")
    assert state(russia.driver, written) == CANCELED
    russia.webmoney.ask = lambda question: russia.deliver("webmoney", question).text
    with pytest.raises(ValueError, match="over"):
        russia.webmoney.act(form, "succeed")
    assert russia.webmoney.webhooks == []


def test_a_preference_chooses_among_the_gateways_of_the_region(russia: Russia) -> None:
    """R-PAY-02, C-51"""
    written = russia.buy(gateway="sberbank")
    assert russia.routes(written) == [("sberbank", "preference")]
    begins = f"{russia.driver.platform.clock():%F}"
    wrong = {"userId": "bo", "planId": "squats", "startOn": begins, "region": "Russia"}
    unavailable = refused(russia.driver, "POST", "/v1/enrollments", **wrong, gateway="stripe")
    assert unavailable == (503, "payment.unavailable")
    unavailable = refused(russia.driver, "POST", "/v1/enrollments", **wrong, gateway="webmoney")
    assert unavailable == (503, "payment.unavailable"), "it takes no roubles"


def test_the_order_of_gateways_is_configured(platform: Platform) -> None:
    """R-PAY-04, C-51"""
    with open_russia(platform, {"Russia": ("sberbank", "yookassa")}) as russia:
        written = russia.buy()
        assert russia.routes(written) == [("sberbank", "region")]


def test_only_the_payer_learns_how_to_pay(russia: Russia) -> None:
    """R-PAY-05: neither facts nor lists hold the address of the page."""
    written = russia.buy()
    url = russia.intent(written)["url"]
    assert url not in repr(russia.driver.platform.log.scan(after=0, limit=1000))
    assert url not in repr(russia.payment(written))
