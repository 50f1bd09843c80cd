"""Settings: environment variables that begin with `KINELOG_`."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    DirectoryPath,
    Field,
    PrivateAttr,
    SecretStr,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from application.kernel.cache import DEFAULT_TTL_S, MAX_TTL_S, MIN_TTL_S
from bootstrap.addresses import Brokers, MailUrl, PostgresUrl, PublicUrl, RedisUrl
from bootstrap.audit_settings import AuditSettings
from bootstrap.deprecated_settings import PREFIX, DeprecatedNames
from bootstrap.health_settings import HealthSettings
from bootstrap.media_settings import MediaSettings
from bootstrap.network_settings import find_plain_connections, fits_a_header
from bootstrap.payment_settings import PaymentSettings
from bootstrap.pose_coach_settings import PoseCoachSettings
from bootstrap.retention_settings import RetentionSettings
from bootstrap.speech_settings import SpeechSettings
from domain.guidance.exploration import EXPLORED


class OidcSettings(BaseModel):
    """One OpenID Connect provider: `KINELOG_OIDC_<NAME>_...`; google and apple have default URLs.

    Apple's client secret is derived from `key_file`, `key_id` and `team_id`.
    """

    client_id: str
    client_secret: SecretStr | None = None
    issuer: Annotated[str, Field(pattern=r"^https?://[^/?#]+[^?#]*$")] | None = None
    scope: str | None = None
    key_file: Path | None = None
    key_id: str | None = None
    team_id: str | None = None


class Settings(
    MediaSettings,
    AuditSettings,
    RetentionSettings,
    PoseCoachSettings,
    PaymentSettings,
    HealthSettings,
    SpeechSettings,
):
    """All settings, read from the environment at start-up; nothing else reads the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,  # a line of .env without a value means "not set"
        enable_decoding=False,  # no setting is JSON
        extra="ignore",
        hide_input_in_errors=True,  # secrets are among it
        env_nested_delimiter="_",
        env_nested_max_split=2,  # KINELOG_OIDC_ACME_CLIENT_ID: oidc, acme, client_id
    )

    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("kinelog"),
        description="The data folder: log, tables, media.",
    )
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("kinelog"),
        description="The cache folder: files that can be rebuilt, such as the pose model.",
    )
    pose_model: Path | None = Field(
        default=None,
        description="The pose model: blazepose (the default), movenet, or a file: a MediaPipe pose"
        " landmarker (.task) or a MoveNet (.onnx). Pages always use BlazePose.",
    )
    model_base_url: str = Field(
        default="",
        pattern=r"^(https?://[^/?#]+[^?#]*[^/?#])?$",
        description="URL of copies of /models, such as https://cdn.example.org; by default pages"
        " load the pose model from this server.",
    )
    pose_delegate: Literal["cpu", "gpu"] = Field(
        default="cpu",
        description="The device for pose estimation; the CPU if there is no suitable GPU.",
    )
    analyzes: bool = Field(
        default=True,
        description="Whether serve analyzes uploaded videos, encodes those of recordings and, with"
        " Kafka, makes exports, or leaves all of it to kinelog worker analyses.",
    )
    sends_emails: bool = Field(
        default=True,
        description="Whether serve sends requested e-mails, or leaves them to others that serve,"
        " such as where a process only runs while it answers a request.",
    )
    host: str = Field(default="127.0.0.1", description="The address to serve on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8765, description="The port to serve on; 0 takes a free one."
    )
    postgres_url: PostgresUrl | None = Field(
        default=None,
        description="URL of an upgraded PostgreSQL database; without it, everything is in the data"
        " folder.",
    )
    postgres_owner_url: PostgresUrl | None = Field(
        default=None,
        description="URL of the same database with the login that owns the event log, only for"
        " kinelog db upgrade: the login of KINELOG_POSTGRES_URL can then append to the log, but not"
        " change or delete events. By default one login does both.",
    )
    kafka: Brokers | None = Field(
        default=None, description="Kafka: host:port, several separated by commas."
    )
    kafka_tls: bool = Field(
        default=False, description="Connect to Kafka with TLS; its certificates are verified."
    )
    kafka_ca: Path | None = Field(
        default=None,
        description="The CA certificate (PEM) for Kafka; by default the CAs this machine trusts.",
    )
    kafka_user: str | None = Field(default=None, description="The Kafka user (SASL); requires TLS.")
    kafka_password: SecretStr | None = Field(default=None, description="The password of that user.")
    kafka_mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field(
        default="SCRAM-SHA-512", description="The SASL mechanism."
    )
    redis_url: RedisUrl | None = Field(default=None, description="A Redis URL.")
    read_your_writes_timeout_s: Annotated[float, Field(ge=0, le=60)] = Field(
        default=2.0,
        description="Seconds that a reply to a command, or to a query that requests it, waits for"
        " the read models.",
    )
    exploration: Annotated[float, Field(ge=0, le=1)] = Field(
        default=EXPLORED, description="Share of lists of recommendations in random order (ADR 59)."
    )
    live_deadline_s: Annotated[float, Field(gt=0, le=10)] = Field(
        default=0.4,
        description="Seconds to wait for the workers' reply to live frames before replying with a"
        " provisional count.",
    )

    worker_transport: Literal["bus", "grpc", "http", "in-process"] | None = Field(
        default=None,
        description="The transport of live frames to the pose worker. By default the bus if the log"
        " is in PostgreSQL, otherwise this process.",
    )
    worker_address: str | None = Field(
        default=None,
        description="The address of the workers: host:port for grpc, or a gRPC name such as"
        " dns:///workers:50051; a URL for http.",
    )
    worker_secret: Annotated[SecretStr, AfterValidator(fits_a_header)] | None = Field(
        default=None, description="The shared secret of worker calls."
    )
    worker_tls_cert: Path | None = Field(
        default=None, description="The TLS certificate (PEM) of the workers."
    )
    worker_tls_key: Path | None = Field(
        default=None, description="The TLS key (PEM) of the workers."
    )
    worker_tls_ca: Path | None = Field(
        default=None,
        description="The CA certificate (PEM) that clients trust for workers; grpc then uses TLS.",
    )

    key_file: Path | None = Field(
        default=None,
        description="The key file (mode 0600) that encrypts personal data; by default master.key"
        " in the data folder. Losing it loses the data.",
    )
    kms_key: str | None = Field(
        default=None,
        description="The AWS KMS key of each tenant, such as alias/kinelog-{tenant}, instead of a"
        " key file.",
    )

    sign_in: Literal["open", "required"] | None = Field(
        default=None,
        description="Whether users must sign in. By default required if the log is in PostgreSQL;"
        " open is for one athlete on their own machine.",
    )
    open_registration: bool | None = Field(
        default=None,
        description="Whether anyone may register in the tenant `default` until it is created with"
        " a join policy. By default only if all data is in the data folder.",
    )
    second_factor: Literal["optional", "staff"] = Field(
        default="staff",
        description="Who needs a second factor to sign in: staff (administrators and trainers,"
        " not analysts), or with optional nobody. Everyone may add one.",
    )
    allow_anonymous: bool = Field(
        default=False,
        description="Serve without sign-in even on an address that other machines can reach.",
    )
    base_url: PublicUrl = Field(
        default="http://127.0.0.1:8765",
        description="The public URL: in messages, and as the issuer of tokens. If it is not set,"
        " links lead to the address where `serve` listens. With https, browsers are required to use"
        " TLS (HSTS). Without sign-in, requests may name only its host,"
        " loopback names (localhost, 127.0.0.1, [::1]) and the address given by --host.",
    )
    ice_servers: str = Field(
        default="",
        description="STUN and TURN servers for WebRTC, e.g. stun:stun.example.org:3478; separated"
        " by commas. None is needed within one network.",
    )
    turn_secret: SecretStr | None = Field(
        default=None,
        description="The secret shared with TURN servers, to issue credentials: coturn's"
        " static-auth-secret.",
    )
    smtp_url: MailUrl | None = Field(
        default=None,
        description="The mail server: smtp://user:password@host:587 (STARTTLS),"
        " smtps://...:465 (TLS) or smtp+plain://... (neither). Without it, messages are written to"
        " the folder mail in the data folder.",
    )
    mail_from: str = Field(
        default="Kinelog <kinelog@localhost>", description="The sender of messages."
    )
    google_client_ids: str = Field(
        default="", description="OAuth client ids at Google, separated by commas."
    )
    apple_client_ids: str = Field(
        default="", description="Service and app ids at Apple, separated by commas."
    )
    firebase_project: str = Field(default="", description="The Firebase project's id.")
    persisted_queries: Path | None = Field(
        default=None,
        description="A JSON file of GraphQL documents by the SHA-256 of their text; clients may"
        " send the hash instead of the text.",
    )
    persisted_queries_only: bool = Field(
        default=False, description="Refuse all other GraphQL documents."
    )
    oidc: dict[str, OidcSettings] = Field(
        default_factory=dict,
        description="OpenID Connect providers: KINELOG_OIDC_<NAME>_CLIENT_ID,"
        " _CLIENT_SECRET, _ISSUER.",
    )

    provider_tenants: dict[str, str] = Field(
        default_factory=dict,
        description="Tenants that a provider signs people in to, separated by commas, or * for all:"
        " KINELOG_PROVIDER_TENANTS_ACME=gym,club. By default all for google and apple, and the"
        " tenant default for any other, such as firebase.",
    )
    provider_domains: dict[str, str] = Field(
        default_factory=dict,
        description="Domains of the addresses that a provider vouches for, separated by commas:"
        " KINELOG_PROVIDER_DOMAINS_ACME=acme.example; by default any.",
    )

    erasure_grace_h: Annotated[float, Field(ge=0, le=720)] = Field(
        default=72.0,
        description="Hours during which a user can cancel account deletion.",
    )
    erasure_wait_s: Annotated[float, Field(ge=0, le=600)] = Field(
        default=30.0,
        description="Seconds to wait until no process caches the person's key; less than 30"
        " only if no other process runs.",
    )

    fonts: DirectoryPath | None = Field(
        default=None,
        description="A folder of fonts (.ttf, .otf) for invoices and reports in PDF: for names in"
        " scripts that the built-in fonts do not have, such as Chinese, Japanese and Korean.",
    )
    export_kept_h: Annotated[float, Field(ge=0, le=720)] = Field(
        default=72.0, description="Hours for which a data archive can be downloaded."
    )

    daily_at_h: Annotated[int, Field(ge=0, le=23)] = Field(
        default=3,
        description="Hour of the day (UTC) at which due erasures, retention and anchors of the"
        " log run.",
    )

    cache_ttl_s: Annotated[int, Field(ge=MIN_TTL_S, le=MAX_TTL_S)] = Field(
        default=DEFAULT_TTL_S, description="Seconds for which query results are cached."
    )
    otlp_endpoint: str | None = Field(
        default=None,
        description="The OTLP/HTTP endpoint for traces: http://collector:4318; none by default.",
    )
    trace_sample_ratio: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.05, description="The ratio of traces to sample; the same in all processes."
    )
    metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        default=None,
        description="The port of the metrics of workers, runner and relay; serve has /metrics.",
    )
    sentry_dsn: SecretStr | None = Field(
        default=None, description="The Sentry DSN for unexpected errors; none by default."
    )
    environment: str = Field(
        default="production", description="The name of this installation in error reports."
    )
    drain_s: Annotated[float, Field(ge=0, le=300)] = Field(
        default=0.0,
        description="Seconds for which serve still accepts requests after SIGTERM, while /readyz"
        " fails.",
    )
    shutdown_s: Annotated[float, Field(ge=0, le=3600)] = Field(
        default=10.0,
        description="Seconds for requests, and then an analysis, to finish on shutdown.",
    )

    _served_url: str | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _ends_without_line_break(cls, values: Any) -> Any:
        """Leave out a line break at the end of a text, as of a secret that `echo` has written."""
        return _without_line_break(values)

    @model_validator(mode="after")
    def _requires_tls(self) -> Self:
        plain = find_plain_connections(
            postgres_url=_text(self.postgres_url),
            postgres_owner_url=_text(self.postgres_owner_url),
            redis_url=_text(self.redis_url),
            kafka=self.kafka or "",
            kafka_tls=self.kafka_tls,
            s3_endpoint=self.s3_endpoint or "",
        )
        if self.require_tls and plain:
            raise ValueError(f"KINELOG_REQUIRE_TLS is set. {' '.join(plain)}")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the names of the previous version last."""
        sources = (init_settings, env_settings, dotenv_settings, file_secret_settings)
        return *sources, DeprecatedNames(settings_cls)

    def with_served_url(self, url: str) -> Self:
        """Return these settings for a server at `url`, its public URL unless `base_url` is set."""
        copy = self.model_copy()
        copy._served_url = url  # noqa: SLF001  of the same class
        return copy

    @property
    def public_url(self) -> str:
        """Return the URL at which people reach the pages.

        Unlike `base_url`, the issuer of tokens, it may differ between processes.
        """
        if self._served_url is None or "base_url" in self.model_fields_set:
            return self.base_url
        return self._served_url

    @property
    def queues_on_bus(self) -> bool:
        """Return whether queues are groups on Kafka: the relay publishes only PostgreSQL's log."""
        return self.kafka is not None and self.postgres_url is not None

    @property
    def sign_in_required(self) -> bool:
        """Return whether every user must sign in."""
        if self.sign_in is None:
            return self.postgres_url is not None
        return self.sign_in == "required"

    @property
    def registration_is_open(self) -> bool:
        """Return whether anyone may register in the tenant `default` until it is created."""
        if self.open_registration is None:
            return self.postgres_url is None
        return self.open_registration


def _without_line_break(value: Any) -> Any:
    """Return a text, or the texts of nested settings, without line breaks at the end."""
    if isinstance(value, dict):
        nested = cast("dict[str, Any]", value)
        return {name: _without_line_break(each) for name, each in nested.items()}
    return value.rstrip("\r\n") if isinstance(value, str) else value


def _text(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()
