"""Subscriptions that renew, followed at any time."""

from datetime import datetime, timedelta
from typing import Any

from tests.api.driver import ApiDriver
from tests.api.offers import get
from tests.api.paying import follow

DAY = timedelta(days=1)


def subscription(driver: ApiDriver, written: Any) -> Any:
    position = {"position": driver.platform.log.head()}
    return get(driver, f"/v1/subscriptions/{written['subscriptionId']}", position)


def payment(driver: ApiDriver, payment_id: str) -> Any:
    position = {"position": driver.platform.log.head()}
    return get(driver, f"/v1/payments/{payment_id}", position)


def follow_at(driver: ApiDriver, at: datetime) -> int:
    """Follow payments and subscriptions at a time."""
    return follow(driver, at - driver.platform.clock())


def renews_at(driver: ApiDriver, written: Any) -> datetime:
    return datetime.fromisoformat(subscription(driver, written)["renewsAt"])
