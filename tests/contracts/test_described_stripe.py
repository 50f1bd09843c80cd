"""The comparison with Stripe's description finds what differs."""

import httpx2
import pytest

from tests.contracts.described_stripe import DescribedStripe

KEY = "sk_test_1"


def post(simulator: DescribedStripe, path: str, **params: str) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {KEY}"}
    return httpx2.post(f"{simulator.url}/v1/{path}", data=params, headers=headers, timeout=60)


def test_a_described_request_and_its_answer_pass() -> None:
    with DescribedStripe(KEY) as simulator:
        fields = {"amount": "1999", "currency": "eur", "metadata[order]": "7"}
        assert post(simulator, "payment_intents", **fields).status_code == 200


@pytest.mark.parametrize(
    "parameter",
    [
        {"amont": "1999"},
        {"capture_method": "sometimes"},
        {"automatic_payment_methods[enable]": "true"},
    ],
)
def test_a_parameter_that_stripe_does_not_have_is_found(parameter: dict[str, str]) -> None:
    """Neither a name nor a value, also within an object."""
    ((name, value),) = parameter.items()
    with pytest.raises(AssertionError) as found, DescribedStripe(KEY) as simulator:
        post(simulator, "payment_intents", amount="1999", currency="eur", **parameter)
    assert f"the parameter {name}={value} is not described" in str(found.value)


def test_a_missing_field_of_an_answer_is_found() -> None:
    simulator = DescribedStripe(KEY)
    with pytest.raises(AssertionError, match="'livemode' is a required property"), simulator:
        forget_mode_and_cancel(simulator)


def forget_mode_and_cancel(simulator: DescribedStripe) -> None:
    created = post(simulator, "payment_intents", amount="1999", currency="eur").json()
    del simulator.intents[created["id"]]["livemode"]
    post(simulator, f"payment_intents/{created['id']}/cancel")
