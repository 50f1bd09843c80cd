"""What can be set from outside: environment variables that begin with `KINELOG_`."""

from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from application.caching import KEPT_S, LONGEST_S, SHORTEST_S

MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """Read from the environment at the start; nothing else reads it."""

    model_config = SettingsConfigDict(
        env_prefix="KINELOG_",
        env_ignore_empty=True,  # as a line of .env without a value is meant
        extra="ignore",
    )

    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("kinelog"),
        description="The data folder: log, tables, media.",
    )
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("kinelog"),
        description="What can be made again, such as the pose model.",
    )
    pose_model: Path | None = Field(
        default=None, description="A MediaPipe pose model (.task) to use instead of the built one."
    )
    host: str = Field(default="127.0.0.1", description="The address to serve on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8765, description="The port to serve on; 0 takes a free one."
    )
    max_upload_mb: Annotated[int, Field(ge=1, le=65_536)] = Field(
        default=512, description="The largest video that may be uploaded, in MiB."
    )

    postgres_url: SecretStr | None = Field(
        default=None,
        description="A PostgreSQL URL of an upgraded database; without it, all is in the data"
        " folder.",
    )
    kafka: str | None = Field(
        default=None, description="Kafka: host:port, several separated by commas."
    )
    redis_url: SecretStr | None = Field(default=None, description="A Redis URL.")
    settle_s: Annotated[float, Field(ge=0, le=60)] = Field(
        default=2.0,
        description="Seconds for which the answer to a command, or to a question that asks for it,"
        " waits until what was written can be read.",
    )
    live_deadline_s: Annotated[float, Field(gt=0, le=10)] = Field(
        default=0.4,
        description="Seconds for which the workers' answer to frames of a live session is waited"
        " for, before a provisional count answers.",
    )

    key_file: Path | None = Field(
        default=None,
        description="The key file, 0600, that all personal data are sealed under; master.key in the"
        " data folder by default. Who loses it loses them.",
    )
    kms_key: str | None = Field(
        default=None,
        description="The AWS KMS key of each tenant, such as alias/kinelog-{tenant}, instead of a"
        " key file.",
    )

    sign_in: Literal["open", "required"] | None = Field(
        default=None,
        description="Whether everybody has to sign in. By default where the log is in PostgreSQL;"
        " open is for one athlete on their own machine.",
    )
    open_anywhere: bool = Field(
        default=False,
        description="Serve without signing in even on an address that others can reach.",
    )
    base_url: str = Field(
        default="http://127.0.0.1:8765",
        pattern=r"^https?://[^/]+(/[^/]+)*$",
        description="Where people find this Kinelog: in messages, and as issuer of tokens. With"
        " https, browsers are told to come by TLS only.",
    )
    cors_origins: str = Field(
        default="",
        description="Pages of other origins that may call the API, such as"
        " https://app.example.org; several separated by commas.",
    )
    sign_ins_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=60, description="Requests a minute from one address to /v1/auth."
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="The mail server: smtp://user:password@host:587 (STARTTLS),"
        " smtps://...:465 (TLS) or smtp+plain://... (neither). Without it, messages are put into"
        " the folder mail of the data folder.",
    )
    mail_from: str = Field(
        default="Kinelog <kinelog@localhost>", description="From whom messages come."
    )
    google_client_ids: str = Field(
        default="", description="OAuth client ids at Google, separated by commas."
    )
    apple_client_ids: str = Field(
        default="", description="Service and app ids at Apple, separated by commas."
    )
    firebase_project: str = Field(default="", description="The Firebase project's id.")

    kept_s: Annotated[int, Field(ge=SHORTEST_S, le=LONGEST_S)] = Field(
        default=KEPT_S, description="Seconds for which answers to questions are kept."
    )
    otlp_endpoint: str | None = Field(
        default=None,
        description="Where traces go, by OTLP over HTTP: http://collector:4318. Without, nowhere.",
    )
    trace_share: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.05, description="The share of all traces that is told; the same in all processes."
    )
    metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        default=None,
        description="Where workers, runner and relay show their metrics; serve does at /metrics.",
    )
    sentry_dsn: SecretStr | None = Field(
        default=None, description="Where unforeseen errors are reported to. Without it, nowhere."
    )
    environment: str = Field(
        default="production", description="What this installation is called in error reports."
    )
    drain_s: Annotated[float, Field(ge=0, le=300)] = Field(
        default=0.0,
        description="Seconds for which serve, told to end, still serves while /readyz says no.",
    )
    shutdown_s: Annotated[float, Field(ge=0, le=3600)] = Field(
        default=10.0,
        description="Seconds that requests, and then an analysis, have to finish at the end.",
    )

    @property
    def must_sign_in(self) -> bool:
        """Whether everybody has to sign in."""
        if self.sign_in is None:
            return self.postgres_url is not None
        return self.sign_in == "required"

    @property
    def max_upload_bytes(self) -> int:
        """The upload limit in bytes."""
        return self.max_upload_mb * MEBIBYTE


def separated(text: str) -> tuple[str, ...]:
    """Read what a setting has separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
