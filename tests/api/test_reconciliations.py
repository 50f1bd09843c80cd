"""Reconciliations in the background: daily or by request, stored, listed for administrators."""

from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from api.app import build_app
from api.config import ApiConfig
from application.payments.reconciliation_runs import LEASE, SETTLING
from application.platform import Platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT
from tests.api.conftest import WEB
from tests.api.driver import ApiDriver
from tests.api.paying import enroll
from tests.api.people import Town
from tools.payments.stripe_simulator import StripeSimulator

LIST = "/v1/reconciliations"


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def start(driver: ApiDriver, key: str) -> Any:
    answer = driver.client.post(LIST, headers={"Idempotency-Key": key})
    assert answer.status_code == 202, answer.text
    return answer.json()


def test_a_started_reconciliation_reports_a_lost_webhook_with_its_payment(
    driver: ApiDriver, stripe: StripeSimulator
) -> None:
    """R-PAY-12: once however often it is started, over both transports."""
    payment = enroll(driver)["paymentId"]
    stripe.pay("pi_1", "pm_card_visa")
    now = driver.platform.clock() + SETTLING + timedelta(minutes=1)
    service = replace(driver.platform.reconciliation, clock=lambda: now)
    run, existed = service.start(DEFAULT_TENANT, UUID(int=1))
    assert (run.state, existed) == ("queued", False)
    first = start(driver, "one")
    assert (first["repeated"], first["reconciliation"]["state"]) == (True, "queued")
    assert service.run_due(Event()) == 1
    assert service.run_due(Event()) == 0
    path = f"{LIST}/{run.id}"
    report = driver.client.get(path).json()
    assert (report["state"], report["payments"], report["intents"]) == ("succeeded", 1, 1)
    (difference,) = report["differences"]
    assert (difference["kind"], difference["paymentId"]) == ("other_state", payment)
    assert (difference["reference"], difference["here"]) == ("pi_1", "open")
    assert driver.client.get(LIST).json()["items"] == [report]
    ask = """query($id: ID!) { reconciliation(id: $id) { state differences { paymentId } }
      reconciliations(first: 1) { edges { node { reconciliationId differencesFound } } } }"""
    found = driver.ask(ask, id=str(run.id))
    assert found["reconciliation"] == {
        "state": "SUCCEEDED",
        "differences": [{"paymentId": payment}],
    }
    node = {"reconciliationId": str(run.id), "differencesFound": 1}
    assert found["reconciliations"] == {"edges": [{"node": node}]}
    missing = driver.client.get(f"{LIST}/none")
    assert (missing.status_code, missing.json()["code"]) == (404, "reconciliation.unknown")


def test_the_run_of_a_day_is_queued_once_and_another_one_may_follow(driver: ApiDriver) -> None:
    """R-PAY-12"""
    now = driver.platform.clock()
    service = replace(driver.platform.reconciliation, clock=lambda: now)
    for _ in range(2):
        service.start_daily([DEFAULT_TENANT], timedelta())
        service.run_due(Event())
    assert len(driver.client.get(LIST).json()["items"]) == 1
    requested = start(driver, "two")
    assert not requested["repeated"]
    again = start(driver, "two")
    assert (again["repeated"], again["reconciliation"]) == (True, requested["reconciliation"])
    replace(service, clock=driver.platform.clock).run_due(Event())
    states = [each["state"] for each in driver.client.get(LIST).json()["items"]]
    assert states == ["succeeded", "succeeded"]
    tomorrow = replace(service, clock=lambda: now + timedelta(days=1))
    tomorrow.start_daily([DEFAULT_TENANT], timedelta())
    assert len(driver.client.get(LIST).json()["items"]) == 3


def test_a_run_that_ends_with_an_error_says_so_and_a_dead_one_begins_again(
    driver: ApiDriver,
) -> None:
    """R-PAY-12: the reason has no text of the error."""

    class Broken:
        def compare(self, *_: object, **__: object) -> object:
            raise KeyError("ada@example.org")

    service = driver.platform.reconciliation
    service.start(DEFAULT_TENANT, UUID(int=1))
    now = service.clock() + timedelta(minutes=1)
    assert service.runs.claim_due(now, now + LEASE) is not None  # by a process that dies
    assert replace(service, clock=lambda: now).run_due(Event()) == 0
    later = now + LEASE
    broken = replace(service, reconciliation=Broken(), clock=lambda: later)  # type: ignore[arg-type]
    assert broken.run_due(Event()) == 1
    (failed,) = driver.client.get(LIST).json()["items"]
    assert (failed["state"], failed["reason"]) == ("failed", "KeyError")


def test_only_administrators_see_and_start_reconciliations(
    platform: Platform, settings: Settings
) -> None:
    """R-TEN-06"""
    app = build_app(platform, web=WEB, config=ApiConfig(sign_in_required=True))
    with TestClient(app, raise_server_exceptions=False) as client:
        town = Town(client, platform, settings.home / "mail")
        ada, root = town.citizen(), town.staff("administrator", "root@example.org")
        for answer in (ada.get(LIST), ada.post(LIST), ada.get(f"{LIST}/{UUID(int=1)}")):
            assert (answer.status_code, answer.json()["code"]) == (403, "authorization.not_allowed")
        assert root.post(LIST).status_code == 202
        assert [each["state"] for each in root.get(LIST).json()["items"]] == ["queued"]
