"""Create coupons, and read their uses and the prices with them."""

from typing import Any

from tests.api.driver import ApiDriver
from tests.api.offers import send


def coupon(driver: ApiDriver, code: str = "SUMMER-25", **terms: Any) -> Any:
    """Create a coupon, by default of 25 %."""
    return send(driver, "POST", "/v1/coupons", 201, code=code, **({"basisPoints": 2500} | terms))


def used(driver: ApiDriver, code: str = "SUMMER-25") -> int:
    """Return how many subscriptions use a coupon."""
    position = {"After-Position": str(driver.platform.log.head())}
    return int(driver.client.get(f"/v1/coupons/{code}", headers=position).json()["uses"])


def choice(driver: ApiDriver, user: str = "ada", **more: Any) -> dict[str, Any]:
    today = f"{driver.platform.clock():%F}"
    return {"userId": user, "planId": "squats", "startOn": today, "region": "EU", **more}


def price(driver: ApiDriver, **query: str) -> Any:
    answer = driver.client.get("/v1/plans/squats/price", params={"region": "EU", **query})
    return answer.json()
