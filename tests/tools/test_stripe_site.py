"""The simulators of gateways around a command, as `make run` starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tools.local_services.ports import Port
from tools.payments.sample_plans import PLANS, TRAINER, offer_sample_plans

KINELOG = Path(sys.executable).with_name("kinelog")
PATIENCE_S = 120.0


def eventually(read: Callable[[], Any]) -> Any:
    """Return what is read once it is true."""
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        try:
            found = read()
        except httpx2.HTTPError:
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it never came")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An API that was started by the simulator, without settings of its own.

    It takes seconds to start, so the tests share it: each of them has its own user.
    """
    home = tmp_path_factory.mktemp("home")
    port = Port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("KINELOG_")}
    env = {**own, "KINELOG_HOME": str(home), "KINELOG_PORT": str(port.number)}
    command = [sys.executable, "-m", "tools.payments", str(KINELOG), "serve"]
    with subprocess.Popen(command, env=env) as process:
        yield f"http://127.0.0.1:{port.number}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0, "the command ends, and its status is passed on"
    port.release()


@pytest.mark.slow
def test_a_new_user_can_buy_a_sample_plan_with_a_test_card(
    api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-PAY-05: nothing but `make run` is needed."""
    plans = eventually(
        lambda: len(httpx2.get(f"{api}/v1/plans", timeout=60).json()["items"]) == len(PLANS)
    )
    assert plans
    assert httpx2.get(f"{api}/v1/trainers/{TRAINER}", timeout=60).status_code == 200
    offer_sample_plans(api)
    found = {
        each["planId"]: each["number"]
        for each in httpx2.get(f"{api}/v1/plans", timeout=60).json()["items"]
    }
    assert found == dict.fromkeys(PLANS, 1), "repeating it changes nothing"
    monkeypatch.setitem(PLANS, "sample-strong", {**PLANS["sample-strong"], "title": "Changed"})
    offer_sample_plans(api)  # as a later version would, on the same data

    choice = {"userId": "athlete", "planId": "sample-strong", "region": "EU"}
    today = f"{datetime.now(UTC):%F}"
    enrolled = httpx2.post(
        f"{api}/v1/enrollments", json={**choice, "startOn": today}, timeout=60
    ).json()
    payment = f"{api}/v1/payments/{enrolled['paymentId']}"
    intent = httpx2.get(f"{payment}/intent", timeout=60).json()
    script = httpx2.get(f"{api}/v1/client-settings", timeout=60).json()["stripeScriptUrl"]
    assert "globalThis.Stripe" in httpx2.get(script, timeout=60).text
    body = {"client_secret": intent["clientSecret"], "number": "4242 4242 4242 4242"}
    assert (
        httpx2.post(script.replace("/v3/", "/pay"), json=body, timeout=60).json()["status"]
        == "succeeded"
    )
    eventually(lambda: httpx2.get(payment, timeout=60).json()["status"] == "succeeded")


@pytest.mark.slow
@pytest.mark.parametrize("gateway", ["yookassa", "sberbank"])
def test_a_new_user_in_russia_can_buy_it_on_the_page_of_a_gateway(api: str, gateway: str) -> None:
    """R-PAY-04: nothing but `make run` is needed."""
    eventually(lambda: len(httpx2.get(f"{api}/v1/plans", timeout=60).json()["items"]) == len(PLANS))
    choice = {"userId": f"buyer-{gateway}", "planId": "sample-strong", "region": "Russia"}
    begins = {"startOn": f"{datetime.now(UTC):%F}", "gateway": gateway}
    enrolled = httpx2.post(f"{api}/v1/enrollments", json=choice | begins, timeout=60).json()
    payment = f"{api}/v1/payments/{enrolled['paymentId']}"
    intent = httpx2.get(f"{payment}/intent", timeout=60).json()
    assert (intent["gateway"], intent["kind"]) == (gateway, "redirect")
    assert "<button" in httpx2.get(intent["url"], timeout=60).text
    back = httpx2.post(intent["url"], data={"choice": "succeed"}, timeout=60).headers["location"]
    assert back == f"{api}/checkout.html?payment={enrolled['paymentId']}"
    eventually(lambda: httpx2.get(payment, timeout=60).json()["status"] == "succeeded")


@pytest.mark.slow
def test_a_new_user_in_russia_can_buy_a_plan_with_webmoney(api: str) -> None:
    """R-PAY-04: the checkout page may post the form to the simulator, which asks before it pays."""
    eventually(lambda: len(httpx2.get(f"{api}/v1/plans", timeout=60).json()["items"]) == len(PLANS))
    choice = {"userId": "buyer", "planId": "sample-arms-and-core", "region": "Russia"}
    begins = {"startOn": f"{datetime.now(UTC):%F}"}
    enrolled = httpx2.post(f"{api}/v1/enrollments", json=choice | begins, timeout=60).json()
    payment = f"{api}/v1/payments/{enrolled['paymentId']}"
    intent = httpx2.get(f"{payment}/intent", timeout=60).json()
    assert (intent["gateway"], intent["kind"]) == ("webmoney", "form")
    policy = httpx2.get(f"{api}/checkout.html", timeout=60).headers["content-security-policy"]
    origin = intent["url"].partition("/lmi")[0]
    assert f"form-action 'self' https: {origin};" in policy
    fields = {each["name"]: each["value"] for each in intent["fields"]}
    assert "<button" in httpx2.post(intent["url"], data=fields, timeout=60).text
    paid = httpx2.post(intent["url"], data=fields | {"choice": "succeed"}, timeout=60)
    assert paid.headers["location"] == f"{api}/checkout.html?payment={enrolled['paymentId']}"
    eventually(lambda: httpx2.get(payment, timeout=60).json()["status"] == "succeeded")


@pytest.mark.slow
def test_an_unknown_payment_is_refused(api: str) -> None:
    """The secret of an intent is needed to pay it."""
    script = eventually(
        lambda: httpx2.get(f"{api}/v1/client-settings", timeout=60).json()["stripeScriptUrl"]
    )
    wrong = {"client_secret": "pi_9_secret_9", "number": "4242 4242 4242 4242"}
    answer = httpx2.post(script.replace("/v3/", "/pay"), json=wrong, timeout=60).json()
    assert answer["error"]["code"] == "resource_missing"
