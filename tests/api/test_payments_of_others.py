"""Administrators read the payments of all users, and find those that need attention."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from domain.ids import DEFAULT_TENANT
from domain.payments.commands import CancelPayment, NoteOutcome, Paying
from tests.api.enrolling import PAID, SUBSCRIBED, subscribe
from tests.api.people import Person, Town

pytestmark = pytest.mark.both_compositions

AT = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def ada(town: Town) -> Person:
    ada = town.citizen()
    subscribe(town, ada, AT)
    town.platform.payments.record(
        DEFAULT_TENANT,
        PAID,
        NoteOutcome(attempt=1, reference="pi_1", outcome=Paying(), source="reply", at=AT),
        uuid4(),
    )
    return ada


def give_up(town: Town) -> list[Any]:
    """Cancel the payment at a gateway that is not set up, and return the warnings."""
    process = town.platform.payments
    process.record(DEFAULT_TENANT, PAID, CancelPayment(at=AT), uuid4())
    with capture_logs() as lines:
        for _ in range(2):
            process.advance(DEFAULT_TENANT, PAID)
    return [line for line in lines if line["event"] == "payment.attention_needed"]


def listed(town: Town, person: Person, query: str = "") -> list[str]:
    """Return the ids of the payments in a list, over both transports."""
    town.platform.fresh(town.platform.log.head(), 30)
    answer = person.get(f"/v1/payments{query}")
    assert answer.status_code == 200, answer.text
    rest = [each["paymentId"] for each in answer.json()["items"]]
    arguments = query.removeprefix("?").replace("=", ": ").replace("&", ", ")
    document = f"{{ payments(first: 10{', ' * bool(arguments)}{arguments}) "
    document += "{ edges { node { paymentId } } } }"
    edges = person.graph(document)["data"]["payments"]["edges"]
    assert [edge["node"]["paymentId"] for edge in edges] == rest
    return rest


def test_administrators_find_the_payments_that_need_attention(town: Town, ada: Person) -> None:
    """R-PAY-12, R-TEN-06: users see their own ones alone."""
    root = town.staff("administrator", "root@example.org")
    assert listed(town, root, "?everyone=true&attention=true") == []
    (warning,) = give_up(town)
    assert warning == {
        "event": "payment.attention_needed",
        "log_level": "warning",
        "tenant": DEFAULT_TENANT,
        "payment": PAID,
        "gateway": "stripe",
        "reason": "not_set_up",
    }
    assert listed(town, root) == []
    assert listed(town, root, "?everyone=true") == [PAID]
    assert listed(town, root, "?everyone=true&attention=true") == [PAID]
    assert root.get(f"/v1/payments/{PAID}").json()["attention"] == "not_set_up"
    assert listed(town, ada) == [PAID]
    assert listed(town, ada, "?attention=true") == [PAID]


FACTS = ["payment.created", "payment.routed", "payment.intent_created", "payment.void_requested"]


def test_the_facts_of_a_payment_are_for_its_user_and_administrators(
    town: Town, ada: Person
) -> None:
    """R-PAY-12: over both transports, with gateways and reasons and without references."""
    give_up(town)
    root, eve = town.staff("administrator", "root@example.org"), town.citizen("eve@example.org")
    for person in (ada, root):
        answer = person.get(f"/v1/payments/{PAID}/facts")
        assert "pi_1" not in answer.text
        facts = answer.json()["items"]
        assert [each["event"] for each in facts][:4] == FACTS
        attention = next(each for each in facts if each["event"] == "payment.attention_needed")
        assert (attention["gateway"], attention["reason"]) == ("stripe", "not_set_up")
        query = f'{{ paymentFacts(id: "{PAID}") {{ event attempt reason amount currency }} }}'
        found = person.graph(query)["data"]["paymentFacts"]
        assert found == [{name: each[name] for name in found[0]} for each in facts]
    missing = eve.get(f"/v1/payments/{PAID}/facts")
    assert (missing.status_code, missing.json()["code"]) == (404, "payment.unknown")


def test_the_facts_of_a_subscription_are_for_its_user(town: Town, ada: Person) -> None:
    """R-PAY-12: over both transports, and to others it does not exist."""
    give_up(town)
    path = f"/v1/subscriptions/{SUBSCRIBED}/facts"
    facts = ada.get(path).json()["items"]
    assert [each["event"] for each in facts] == ["subscription.created", "subscription.ended"]
    assert facts[-1]["reason"] == "cancelled"
    query = f'{{ subscriptionFacts(id: "{SUBSCRIBED}") {{ event nextAt reason amount }} }}'
    found = ada.graph(query)["data"]["subscriptionFacts"]
    assert found == [{name: each[name] for name in found[0]} for each in facts]
    missing = town.citizen("eve@example.org").get(path)
    assert (missing.status_code, missing.json()["code"]) == (404, "subscription.unknown")


def test_reads_of_payments_of_others_are_in_the_access_log(town: Town, ada: Person) -> None:
    """R-TEN-13"""
    root = town.staff("administrator", "root@example.org")
    assert listed(town, root, "?everyone=true") == [PAID]
    accesses = ada.get("/v1/me/access-log").json()["items"]
    assert {(each["by"], each["kind"]) for each in accesses} == {(root.id, "payment")}


@pytest.mark.parametrize("role", ["trainer", "analyst", None])
def test_others_read_no_payments_of_others(town: Town, ada: Person, role: Any) -> None:
    """R-TEN-06, R-TEN-05: to them, the payments do not exist."""
    give_up(town)
    eve = town.staff(role, "eve@example.org") if role else town.citizen("eve@example.org")
    assert listed(town, eve, "?attention=true") == []
    answer = eve.get("/v1/payments?everyone=true")
    assert (answer.status_code, answer.json()["code"]) == (403, "authorization.not_allowed")
    refused = eve.graph("{ payments(first: 1, everyone: true) { edges { node { id } } } }")
    assert refused["errors"][0]["extensions"]["code"] == "authorization.not_allowed"
    missing = eve.get(f"/v1/payments/{PAID}")
    assert (missing.status_code, missing.json()["code"]) == (404, "payment.unknown")
