"""Build the gateways of payments, and the order in which each region tries them."""

import ssl
from collections.abc import Iterator, Mapping
from typing import Final, get_args

from pydantic import SecretStr

from application.payments.gateways import GATEWAYS, PaymentGateway
from bootstrap.network_settings import separated
from bootstrap.settings import Settings
from domain.kernel import Rejected
from domain.money import Currency, Region
from domain.payments.events import Gateway

CHECKOUT: Final = "/checkout.html"
"""Page to which gateways send the browser back, with the id of the payment."""


class GatewayIncomplete(Rejected):
    """A payment gateway is set up in part."""

    code = "settings.gateway_incomplete"
    kind = "invalid"


class GatewayNotSetUp(Rejected):
    """A region names a payment gateway that is not set up."""

    code = "settings.gateway_not_set_up"
    kind = "invalid"


def build_gateways(settings: Settings) -> Mapping[Gateway, PaymentGateway]:
    """Build the gateways that are set up. Raises GatewayIncomplete."""
    return dict(_gateways(settings))


def build_regions(settings: Settings) -> Mapping[Region, tuple[Gateway, ...]]:
    """Return the gateways of each region. Raises GatewayNotSetUp for one that was named here."""
    names: dict[Region, str] = {
        "US": "gateways_us",
        "EU": "gateways_eu",
        "Russia": "gateways_russia",
        "other": "gateways_other",
    }
    usable = set(gateways_set_up(settings))
    every: tuple[Gateway, ...] = get_args(Gateway)
    by_name: dict[str, Gateway] = {each: each for each in every}
    regions: dict[Region, tuple[Gateway, ...]] = {}
    for region, name in names.items():
        listed: tuple[str, ...] = separated(getattr(settings, name))
        missing = [each for each in listed if each not in usable]
        if missing and listed != GATEWAYS[region]:
            variable = f"KINELOG_{name.upper()}"
            raise GatewayNotSetUp(f"{variable} names {missing[0]}, which is not set up.")
        regions[region] = tuple(by_name[each] for each in listed if each in by_name)
    return regions


def gateways_set_up(settings: Settings) -> Iterator[Gateway]:
    """Return the gateways that have a key."""
    if settings.stripe_key is not None:
        yield "stripe"
    if settings.yookassa_key is not None:
        yield "yookassa"
    if settings.sberbank_password is not None:
        yield "sberbank"
    if settings.webmoney_secret is not None:
        yield "webmoney"


def _gateways(settings: Settings) -> Iterator[tuple[Gateway, PaymentGateway]]:
    names = list(gateways_set_up(settings))
    if not names:
        return
    from adapters.payments.circuit import CircuitGateway  # noqa: PLC0415  only with a gateway

    build = {
        "stripe": _stripe,
        "yookassa": _yookassa,
        "sberbank": _sberbank,
        "webmoney": _webmoney,
    }
    for name in names:
        yield name, CircuitGateway(build[name](settings))


def _stripe(settings: Settings) -> PaymentGateway:
    if (
        settings.stripe_key is None
        or not settings.stripe_publishable_key
        or settings.stripe_webhook_secrets is None
    ):
        raise GatewayIncomplete(
            "Set KINELOG_STRIPE_PUBLISHABLE_KEY and KINELOG_STRIPE_WEBHOOK_SECRETS as well."
        )
    if _mode(settings.stripe_key.get_secret_value(), "sk", "rk") != _mode(
        settings.stripe_publishable_key, "pk"
    ):
        raise GatewayIncomplete(
            "KINELOG_STRIPE_KEY is a secret key and KINELOG_STRIPE_PUBLISHABLE_KEY a publishable"
            " one, and both are of the same mode: test or live."
        )
    from adapters.payments.stripe import StripeGateway  # noqa: PLC0415  loads Stripe's library

    secrets = separated(settings.stripe_webhook_secrets.get_secret_value())
    return StripeGateway(
        settings.stripe_key,
        [SecretStr(secret) for secret in secrets],
        publishable_key=settings.stripe_publishable_key,
        url=settings.stripe_url,
    )


def _mode(key: str, *kinds: str) -> str:
    """Return the mode of a key of Stripe, or the key if it is of no such kind."""
    kind, _, rest = key.partition("_")
    mode, _, _ = rest.partition("_")
    return mode if kind in kinds and mode in {"test", "live"} else key


def _yookassa(settings: Settings) -> PaymentGateway:
    if settings.yookassa_key is None or not settings.yookassa_shop_id:
        raise GatewayIncomplete("Set KINELOG_YOOKASSA_SHOP_ID as well.")
    from adapters.payments.yookassa import (  # noqa: PLC0415  only if it is set up
        API_URL,
        NETWORKS,
        YooKassaGateway,
    )

    return YooKassaGateway(
        settings.yookassa_shop_id,
        settings.yookassa_key,
        return_url=_return_url(settings),
        stores_methods=settings.yookassa_stores_methods,
        networks=separated(settings.yookassa_networks) or NETWORKS,
        url=settings.yookassa_url or API_URL,
    )


def _sberbank(settings: Settings) -> PaymentGateway:
    secret = settings.sberbank_callback_secret
    if settings.sberbank_password is None or not settings.sberbank_user or secret is None:
        raise GatewayIncomplete(
            "Set KINELOG_SBERBANK_USER and KINELOG_SBERBANK_CALLBACK_SECRET as well."
        )
    from adapters.payments.sberbank import (  # noqa: PLC0415  only if it is set up
        API_URL,
        SberbankGateway,
    )

    verify: ssl.SSLContext | bool = True
    if settings.sberbank_ca is not None:
        verify = ssl.create_default_context()
        try:
            verify.load_verify_locations(settings.sberbank_ca)
        except (OSError, ssl.SSLError):
            raise GatewayIncomplete(
                "KINELOG_SBERBANK_CA is not a file of certificates in PEM."
            ) from None
    return SberbankGateway(
        settings.sberbank_user,
        settings.sberbank_password,
        secret,
        return_url=_return_url(settings),
        url=settings.sberbank_url or API_URL,
        verify=verify,
    )


def _webmoney(settings: Settings) -> PaymentGateway:
    by_currency: dict[Currency, str | None] = {
        "USD": settings.webmoney_purse_usd,
        "EUR": settings.webmoney_purse_eur,
    }
    purses: dict[Currency, str] = {
        currency: purse for currency, purse in by_currency.items() if purse is not None
    }
    if settings.webmoney_secret is None or not settings.webmoney_wmid or not purses:
        raise GatewayIncomplete(
            "Set KINELOG_WEBMONEY_WMID, and KINELOG_WEBMONEY_PURSE_USD or _EUR, as well."
        )
    from adapters.payments.webmoney import URL, WebMoneyGateway  # noqa: PLC0415  only if set up

    return WebMoneyGateway(
        settings.webmoney_wmid,
        purses,
        settings.webmoney_secret,
        return_url=_return_url(settings),
        url=settings.webmoney_url or URL,
        is_test=settings.webmoney_test,
    )


def _return_url(settings: Settings) -> str:
    return f"{settings.base_url}{CHECKOUT}"
