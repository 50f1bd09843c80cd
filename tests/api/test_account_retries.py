"""Sign-up, sign-in and passwords can be retried, although their clients may send no key."""

import pytest

from tests.api.account_retries import ACCOUNT_WRITES
from tests.api.people import Town

pytestmark = pytest.mark.both_compositions


@pytest.mark.parametrize("operation", ACCOUNT_WRITES)
def test_a_retry_after_a_lost_response_is_safe(town: Town, operation: str) -> None:
    """R-EVT-16, R-IDN-18: with or without an idempotency key."""
    ACCOUNT_WRITES[operation](town)
