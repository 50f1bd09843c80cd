"""Settings of health clouds that people can link."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

Address = Annotated[str | None, Field(pattern=r"^https?://[^/?#]+[^?#]*$")]


class HealthSettings(BaseSettings):
    """Health clouds: one is offered if its client id and secret are set."""

    google_health_client_id: str = Field(
        default="", description="The client id at Google, for the Google Health API."
    )
    google_health_secret: SecretStr | None = Field(
        default=None,
        description="The client secret at Google. Without it, Google Health cannot be linked.",
    )
    google_health_webhook_secret: SecretStr | None = Field(
        default=None,
        description="The whole Authorization header of Google Health's webhooks, as it was"
        " registered there, such as Bearer and a secret.",
    )
    google_health_webhook_key: Path | None = Field(
        default=None,
        description="A file with the public key (PEM) that signs Google Health's webhooks.",
    )
    google_health_url: Address = Field(
        default=None, description="Another address of Google Health, such as a simulator's."
    )
    strava_client_id: str = Field(default="", description="The client id at Strava.")
    strava_secret: SecretStr | None = Field(
        default=None,
        description="The client secret at Strava, which also signs its webhooks. Without it, Strava"
        " cannot be linked.",
    )
    strava_verify_token: SecretStr | None = Field(
        default=None,
        description="The token with which Strava tries the address of its webhooks, as it was"
        " registered there.",
    )
    strava_url: Address = Field(
        default=None, description="Another address of Strava, such as a simulator's."
    )
    withings_client_id: str = Field(default="", description="The client id at Withings.")
    withings_secret: SecretStr | None = Field(
        default=None,
        description="The client secret at Withings. Without it, Withings cannot be linked.",
    )
    withings_url: Address = Field(
        default=None, description="Another address of Withings, such as a simulator's."
    )
    polar_client_id: str = Field(default="", description="The client id at Polar AccessLink.")
    polar_secret: SecretStr | None = Field(
        default=None,
        description="The client secret at Polar AccessLink. Without it, Polar cannot be linked.",
    )
    polar_webhook_secret: SecretStr | None = Field(
        default=None,
        description="The key that signs Polar's webhooks, as it came with their registration.",
    )
    polar_url: Address = Field(
        default=None, description="Another address of Polar, such as a simulator's."
    )
    oura_client_id: str = Field(default="", description="The client id at Oura.")
    oura_secret: SecretStr | None = Field(
        default=None,
        description="The client secret at Oura, which also signs its webhooks. Without it, Oura"
        " cannot be linked.",
    )
    oura_verify_token: SecretStr | None = Field(
        default=None,
        description="The token with which Oura tries the address of its webhooks, as it was"
        " registered there.",
    )
    oura_url: Address = Field(
        default=None, description="Another address of Oura, such as a simulator's."
    )
    garmin_client_id: str = Field(default="", description="The client id at Garmin.")
    garmin_secret: SecretStr | None = Field(
        default=None,
        description="The client secret at Garmin. Without it, Garmin cannot be linked.",
    )
    garmin_webhook_secret: SecretStr | None = Field(
        default=None,
        description="A random text of your choice, which the address of Garmin's webhooks has as"
        " parameter key: they have no signature.",
    )
    garmin_url: Address = Field(
        default=None, description="Another address of Garmin, such as a simulator's."
    )
