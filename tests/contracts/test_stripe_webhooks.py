"""Webhooks of Stripe with fields of other types: a tenant can sign what it likes with its secret.

Each is unreadable, and none an error of the platform.
"""

import json
import time
from contextlib import closing
from copy import deepcopy
from dataclasses import astuple
from typing import Any, Final

import pytest

from adapters.payments.stripe import StripeGateway
from application.payments.gateways import (
    GatewayAnswerError,
    GatewayUnavailableError,
    Notice,
    Webhook,
)
from domain.kernel import Rejected
from tests.contracts.payment_rigs import KEY, PRICE, SECRET
from tools.payments.stripe_objects import Webhook as Posted

METADATA: Final = {
    "kinelog_tenant": "studio",
    "kinelog_payment": "p.1",
    "kinelog_subscription": "s",
    "kinelog_attempt": "1",
}
CHARGE: Final = {
    "payment_method_details": {"type": "ideal", "ideal": {}},
    "refunded": False,
    "amount_captured": 5,
    "amount_refunded": 0,
    "currency": "eur",
}
INTENT: Final[dict[str, Any]] = {
    "object": "payment_intent",
    "id": "pi_1",
    "status": "succeeded",
    "metadata": METADATA,
    "setup_future_usage": "off_session",
    "customer": "cus_1",
    "payment_method": "pm_1",
    "latest_charge": CHARGE,
}
DECLINED: Final = {**INTENT, "status": "requires_payment_method"}
REFUNDED: Final = {**INTENT, **CHARGE, "object": "charge", "payment_intent": "pi_1"}
SETUP: Final = {**INTENT, "object": "setup_intent"}
DISPUTE: Final = {
    "object": "dispute",
    "id": "dp_1",
    "status": "lost",
    "amount": 5,
    "currency": "eur",
}
FAILED_REFUND: Final = {
    "object": "refund",
    "id": "re_1",
    "status": "failed",
    "amount": 5,
    "currency": "eur",
    "payment_intent": "pi_1",
}
JUNK: Final[tuple[Any, ...]] = (10**30, -1, 1.5, float("nan"), True, "x", [[1]], {"a": {}}, None)


@pytest.mark.parametrize(
    ("about", "path"),
    [
        (INTENT, ("id",)),
        (INTENT | {"setup_future_usage": None}, ("id",)),
        (INTENT | {"setup_future_usage": None}, ("latest_charge", "amount_captured")),
        (INTENT, ("latest_charge", "amount_captured")),
        (INTENT, ("latest_charge", "payment_method_details")),
        (INTENT, ("latest_charge", "payment_method_details", "ideal")),
        *((INTENT | {"setup_future_usage": None}, ("metadata", name)) for name in METADATA),
        (INTENT, ("metadata",)),
        (DECLINED, ("last_payment_error",)),
        (REFUNDED, ("payment_intent",)),
        (SETUP, ("id",)),
        (SETUP, ("latest_attempt",)),
        (SETUP, ("metadata", "kinelog_subscription")),
        (DISPUTE, ("id",)),
        (DISPUTE, ("amount",)),
        (DISPUTE, ("evidence_details",)),
        (DISPUTE, ("evidence_details", "due_by")),
        *((FAILED_REFUND, (name,)) for name in FAILED_REFUND if name != "object"),
    ],
)
def test_a_field_of_another_type_is_refused_or_ignored(
    about: dict[str, Any], path: tuple[str, ...]
) -> None:
    """R-PAY-07"""
    gateway = StripeGateway(KEY, [SECRET], publishable_key="pk_test_1", url="http://127.0.0.1:9")
    with closing(gateway):
        for junk in JUNK:
            changed = found = deepcopy(about)
            for name in path[:-1]:
                found = found.setdefault(name, {})
            found[path[-1]] = junk
            event = {"id": "evt_1", "type": "charge.refunded", "data": {"object": changed}}
            body = json.dumps(event).encode()
            headers = Posted(body).headers(SECRET.get_secret_value(), at=int(time.time()))
            try:
                notice = gateway.read_webhook(Webhook(body, headers))
            except (GatewayAnswerError, GatewayUnavailableError, Rejected):
                continue
            if isinstance(notice, Notice):
                about_it = (notice.event_id, notice.reference, *astuple(notice.intent_of)[:2])
                assert all(isinstance(each, str) for each in about_it)
                assert not isinstance(getattr(notice.outcome, "amount", PRICE).minor, float)
