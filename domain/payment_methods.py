"""Gateways, and the payment methods that they keep for charges without the user."""

from typing import Literal

from domain.kernel import value

Gateway = Literal["stripe", "yookassa", "sberbank", "webmoney"]


@value
class StoredMethod:
    """A payment method that a gateway keeps, by its references: no card data.

    `customer` is the gateway's reference of the user, if it has one.
    """

    gateway: Gateway
    customer: str | None
    method: str
