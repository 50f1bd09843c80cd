"""`kinelog payments`: comparing payments with the gateways."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from application.kernel.command_handler import Request
from application.kernel.read_your_writes import ReadModelsStale
from application.platform import Platform
from bootstrap.cli import gateway_accounts
from bootstrap.cli.payments import app
from bootstrap.exit_codes import FAILED, OK, USAGE
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, PaymentId, SubscriptionId, UserId
from domain.kernel import Origin
from domain.money import Money
from domain.payments import commands
from domain.payments.payment import PAYMENT

PAID = PaymentId("payment-of-ada")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KINELOG_HOME", str(tmp_path))
    monkeypatch.delenv("KINELOG_POSTGRES_URL", raising=False)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["reconcile", *words], catch_exceptions=False)


def pay() -> None:
    """Store a payment with an intent at a gateway that is not set up."""
    with open_platform(Settings()) as platform:
        at = platform.clock()
        create = commands.CreatePayment(
            user_id=UserId("ada"),
            subscription_id=SubscriptionId("subscription-of-ada"),
            amount=Money(1999, "EUR"),
            region="EU",
            gateways=("stripe",),
            at=at,
        )
        note = commands.NoteOutcome(
            attempt=1, reference="pi_1", outcome=commands.Paying(), source="reply", at=at
        )
        platform.commands.execute(
            Request(PAYMENT, PAID, [create, note]),
            origin=Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=uuid4()),
            command_id=uuid4(),
        )


def test_the_result_is_in_the_output_and_in_the_exit_status() -> None:
    """R-PAY-12: payments outside of the period are not compared."""
    pay()
    period = ("--from", "2020-01-01", "--to", "2100-01-01")
    found = run(*period, "--json")
    assert found.exit_code == FAILED
    assert json.loads(found.stdout.splitlines()[-1]) == {
        "payments": 1,
        "intents": 1,
        "differences": [],
        "unanswered": [{"gateway": "stripe", "reference": "pi_1", "reason": "not_set_up"}],
    }
    shown = run(*period)
    assert shown.exit_code == FAILED
    assert "not compared: stripe pi_1 (not_set_up)" in shown.stdout
    before = run("--from", "2020-01-01", "--to", "2020-02-01", "--json")
    assert (before.exit_code, json.loads(before.stdout.splitlines()[-1])["payments"]) == (OK, 0)


def test_read_models_that_are_behind_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-PAY-12: payments that they do not show yet would be missing in the report."""

    @contextmanager
    def open_behind(settings: Settings) -> Generator[Platform]:
        with open_platform(settings) as platform:
            yield replace(platform, fresh=lambda _position, _timeout_s: False)

    pay()
    monkeypatch.setattr(gateway_accounts, "open_platform", open_behind)
    with pytest.raises(ReadModelsStale):
        run("--from", "2020-01-01", "--to", "2100-01-01")


def test_a_period_without_a_day_is_a_wrong_use() -> None:
    """R-PAY-12"""
    assert run("--from", "2026-01-02", "--to", "2026-01-02").exit_code == USAGE
    assert "--from" in run("--help").stdout
