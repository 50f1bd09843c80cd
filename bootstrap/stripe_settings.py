"""Settings of the payment gateway Stripe."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bootstrap.network_settings import fits_a_header


class StripeSettings(BaseSettings):
    """The part of `Settings` that concerns Stripe."""

    stripe_key: Annotated[SecretStr, AfterValidator(fits_a_header)] | None = Field(
        default=None, description="The secret key at Stripe. Without it, Stripe takes no payments."
    )
    stripe_publishable_key: str = Field(
        default="", description="The publishable key at Stripe, which pages send to it."
    )
    stripe_webhook_secrets: SecretStr | None = Field(
        default=None,
        description="The secrets of Stripe's webhooks, separated by commas; two during a change.",
    )
    stripe_url: str | None = Field(
        default=None, description="Another address of Stripe's API, such as a simulator's."
    )
    stripe_script_url: str = Field(
        default="https://js.stripe.com/v3/",
        pattern=r"^https?://[^/?#;, ]+(/[^?#;, ]*)?$",
        description="The address of Stripe's script for pages, or a simulator's.",
    )
