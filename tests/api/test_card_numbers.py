"""Card numbers where they must not be: refused, not repeated, not logged and not stored."""

from typing import Any

import pytest

from bootstrap.wiring.logs import configure_logs
from tests.api.coupons import choice, coupon
from tests.api.driver import ApiDriver
from tests.plugins.process_state import unchanged_logging

CARDS = ["4242424242424242", "4000 0000 0000 0002 123", "5555 5555 5555 4444", "3782-822463-10005"]


@pytest.fixture
def driver(selling: ApiDriver) -> ApiDriver:
    return selling


def requests(driver: ApiDriver, card: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return requests with a card number in a field of each kind."""
    billing = {"name": f"Ada {card}", "country": "GB"}
    return [
        ("POST", "/v1/coupons", {"json": {"code": card, "basisPoints": 2500}}),
        ("POST", f"/v1/coupons/{card}/end", {}),
        ("POST", "/v1/enrollments", {"json": choice(driver, couponCode=card)}),
        ("POST", "/v1/enrollments", {"json": choice(driver, billing=billing)}),
        ("GET", "/v1/plans/squats/price", {"params": {"region": "EU", "coupon": card}}),
        ("POST", "/v1/plans", {"json": {"planId": "p2", "title": f"Squats {card}"}}),
    ]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_is_refused_and_nowhere_repeated_or_stored(
    driver: ApiDriver, card: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """R-PAY-05: in names, titles, coupon codes, paths and query strings."""
    head = driver.platform.log.head()
    with unchanged_logging():
        configure_logs()
        for method, path, more in requests(driver, card):
            reply = driver.client.request(method, path, **more)
            assert reply.status_code == 422, (path, reply.text)
            assert card not in reply.text, path
            if "/plans" not in path or method == "GET":
                assert reply.json()["code"] == "value.card_number", path
    assert driver.platform.log.head() == head
    assert card not in capsys.readouterr().err


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_in_a_variable_of_graphql_is_refused(driver: ApiDriver, card: str) -> None:
    """R-PAY-05: in a mutation and in a query, and in a variable of another type."""
    head = driver.platform.log.head()
    mutation = """mutation ($code: String!) { createCoupon(input: {code: $code, basisPoints: 1}) {
      __typename ... on Problem { code } } }"""
    query = """query ($code: String!) {
      planPrice(planId: "squats", region: EU, coupon: $code) { amount } }"""
    wrong = "query ($code: Int!) { coupons(first: $code) { edges { cursor } } }"
    for document in (mutation, query, wrong):
        body = {"query": document, "variables": {"code": card}}
        reply = driver.client.post("/graphql", json=body)
        assert card not in reply.text
        assert document is wrong or "value.card_number" in reply.text, reply.text
    assert driver.platform.log.head() == head


def test_digits_of_an_id_are_no_card_number(driver: ApiDriver) -> None:
    """Ids, keys and tokens are not texts that people write."""
    coupon(driver)
    body = choice(driver, user="4242424242424242", couponCode="SUMMER-25")
    assert driver.client.post("/v1/enrollments", json=body).status_code == 201
