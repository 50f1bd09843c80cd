"""Settings of the payment gateways of Russia, and of the order of all gateways."""

import ipaddress
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, Field, SecretStr

from bootstrap.network_settings import separated
from bootstrap.stripe_settings import StripeSettings
from domain.payments.events import Gateway


def _require_gateways(text: str) -> str:
    names, every = separated(text), get_args(Gateway)
    if not names or len(set(names)) < len(names) or not set(names) <= set(every):
        raise ValueError(f"name some of {', '.join(every)}, each once, separated by commas")
    return ",".join(names)


def _require_networks(text: str) -> str:
    for part in separated(text):
        ipaddress.ip_network(part)
    return text


Gateways = Annotated[str, AfterValidator(_require_gateways)]
Purse = Annotated[str | None, Field(pattern=r"^[ZE]\d{12}$")]
Address = Annotated[str | None, Field(pattern=r"^https?://[^/?#]+[^?#]*$")]


def _gateways(region: str, default: str) -> Any:
    return Field(
        default=default,
        description=f"The gateways of {region}, in the order in which they are tried; those that"
        " are not set up are left out.",
    )


class PaymentSettings(StripeSettings):
    """Payment gateways besides Stripe."""

    gateways_us: Gateways = _gateways("the region US", "stripe")
    gateways_eu: Gateways = _gateways("the region EU", "stripe")
    gateways_russia: Gateways = _gateways("the region Russia", "yookassa,sberbank,webmoney")
    gateways_other: Gateways = _gateways("all other regions", "stripe")
    yookassa_shop_id: str = Field(default="", description="The shop's id at YooKassa.")
    yookassa_key: SecretStr | None = Field(
        default=None,
        description="The shop's secret key. Without it, YooKassa takes no payments.",
    )
    yookassa_stores_methods: bool = Field(
        default=False,
        description="Renew subscriptions by stored cards at YooKassa. It must have allowed this to"
        " the shop, or it refuses every payment.",
    )
    yookassa_networks: Annotated[str, AfterValidator(_require_networks)] = Field(
        default="",
        description="Networks of YooKassa's webhooks, separated by commas; by default those that it"
        " publishes.",
    )
    yookassa_url: Address = Field(
        default=None, description="Another address of YooKassa's API, such as a simulator's."
    )
    sberbank_user: str = Field(
        default="", description="The login of the API at Sberbank, such as shop-api."
    )
    sberbank_password: SecretStr | None = Field(
        default=None,
        description="The password of the API. Without it, Sberbank takes no payments.",
    )
    sberbank_callback_secret: SecretStr | None = Field(
        default=None, description="The symmetric key of Sberbank's callbacks."
    )
    sberbank_ca: Path | None = Field(
        default=None,
        description="Certificates (PEM) to trust at Sberbank besides the usual ones, such as those"
        " of the Russian national authority. They are trusted nowhere else.",
    )
    sberbank_url: Address = Field(
        default=None, description="Another address of Sberbank's API, such as the test system's."
    )
    webmoney_wmid: str = Field(default="", description="The WM identifier of the seller.")
    webmoney_purse_usd: Purse = Field(
        default=None, description="The purse for US dollars (WMZ), such as Z123456789012."
    )
    webmoney_purse_eur: Purse = Field(
        default=None, description="The purse for euros (WME), such as E123456789012."
    )
    webmoney_secret: SecretStr | None = Field(
        default=None,
        description="The secret key of the purses. Without it, WebMoney takes no payments.",
    )
    webmoney_test: bool = Field(
        default=False, description="Whether the purses are in WebMoney's test mode."
    )
    webmoney_url: Address = Field(
        default=None, description="Another address of WebMoney Merchant, such as a simulator's."
    )
