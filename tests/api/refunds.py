"""Refunds of a payment over REST."""

from typing import Any

from tests.api.driver import ApiDriver
from tests.api.offers import get


def refund(driver: ApiDriver, written: Any, key: str, **body: Any) -> tuple[int, Any]:
    path = f"/v1/payments/{written['paymentId']}/refund"
    answer = driver.client.post(path, json=body, headers={"Idempotency-Key": key})
    return answer.status_code, answer.json()


def returned(driver: ApiDriver, written: Any) -> int:
    position = {"position": driver.platform.log.head()}
    payment = get(driver, f"/v1/payments/{written['paymentId']}", position)
    return int(payment["returnedMinor"])
