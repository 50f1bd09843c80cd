"""Settings of speech: the voice for devices without one, and drafts of captions."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from bootstrap.network_settings import NetworkSettings, fits_a_header


class SpeechSettings(NetworkSettings):
    """The part of the settings that is about speech."""

    speech: Literal["off", "edge"] = Field(
        default="off",
        description="Speech for devices without a voice: off, or Microsoft Edge's service,"
        " which receives the coach's sentences and no personal data.",
    )
    speech_voice: dict[str, Annotated[str, Field(pattern=r"^[a-z]{2,}-[A-Z]{2,}-.+Neural$")]] = (
        Field(
            default_factory=lambda: {"en": "en-US-EmmaMultilingualNeural"},
            description="The voice of a language: KINELOG_SPEECH_VOICE_EN=en-GB-SoniaNeural.",
        )
    )
    speech_rate_percent: Annotated[int, Field(ge=-50, le=100)] = Field(
        default=0, description="Speed of the voice relative to its default, in percent."
    )
    speech_endpoint: str | None = Field(
        default=None,
        pattern=r"^[^/\s]+:\d{1,5}$",
        description="host:port of the speech service, if it is not under its own name; its"
        " certificate is still verified. HTTPS_PROXY is used, too.",
    )

    speech_recognition_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/?#]+[^?#]*[^/?#]$",
        description="The service that drafts captions of trainers' videos, with OpenAI's endpoint"
        " /v1/audio/transcriptions, such as https://api.openai.com. It receives the sound of the"
        " videos; without it, no captions are drafted.",
    )
    speech_recognition_key: Annotated[SecretStr, AfterValidator(fits_a_header)] | None = Field(
        default=None, description="The key of that service, sent as a bearer token."
    )
    speech_recognition_model: str = Field(
        default="whisper-1",
        min_length=1,
        max_length=200,
        description="Its model, one that returns segments with times (verbose_json).",
    )
    caption_drafts_per_hour: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=10, description="Drafts of captions that one user may request in an hour."
    )

    @model_validator(mode="after")
    def _recognition_requires_tls(self) -> Self:
        if self.require_tls and (self.speech_recognition_url or "").startswith("http://"):
            raise ValueError(
                "KINELOG_REQUIRE_TLS is set. KINELOG_SPEECH_RECOGNITION_URL has to begin with"
                " https://."
            )
        return self
