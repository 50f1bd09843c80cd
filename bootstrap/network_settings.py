"""Settings of how the server faces the network: proxies, other origins, rate limits."""

import ipaddress
import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

UNVERIFIED: Final = re.compile(
    r"[?&]ssl_cert_reqs=(none|optional)|[?&]ssl_check_hostname=(?!t)", re.IGNORECASE
)

EVERY_ADDRESS: Final = (
    "Name the proxies' own addresses or networks. If every address is trusted, clients choose the"
    " address that rate limits count."
)


def separated(text: str) -> tuple[str, ...]:
    """Split a setting at its commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _require_networks(text: str) -> str:
    """Return the networks of proxies, without spaces. Raises ValueError.

    All addresses together are not allowed: `X-Forwarded-For` is read from its right end up to the
    first address that is not a proxy. Without one, the client's own entry, the leftmost, counts.
    """
    parts = separated(text)
    if "*" in parts:
        raise ValueError(EVERY_ADDRESS)
    networks = [ipaddress.ip_network(part) for part in parts]
    v4 = [each for each in networks if isinstance(each, ipaddress.IPv4Network)]
    v6 = [each for each in networks if isinstance(each, ipaddress.IPv6Network)]
    lengths = [each.prefixlen for each in ipaddress.collapse_addresses(v4)]
    lengths += [each.prefixlen for each in ipaddress.collapse_addresses(v6)]
    if 0 in lengths:
        raise ValueError(EVERY_ADDRESS)
    return ",".join(parts)


def is_header_value(text: str) -> bool:
    """Return whether a text can be sent in a header: ASCII, not empty, and no space around it."""
    return re.fullmatch(r"[!-~]+( [!-~]+)*", text) is not None


def fits_a_header(secret: SecretStr) -> SecretStr:
    """Return a secret that can be sent in a header. Raises ValueError."""
    if not is_header_value(secret.get_secret_value()):
        raise ValueError("use printable ASCII characters: the secret is sent in a header")
    return secret


def find_plain_connections(
    *,
    postgres_url: str,
    postgres_owner_url: str,
    redis_url: str,
    kafka: str,
    kafka_tls: bool,
    s3_endpoint: str,
) -> list[str]:
    """Return a sentence for each server that is not used by verified TLS; "" is not used at all."""
    plain: list[str] = []
    urls = {"KINELOG_POSTGRES_URL": postgres_url, "KINELOG_POSTGRES_OWNER_URL": postgres_owner_url}
    for setting, url in urls.items():
        if url and not re.search(r"[?&\s]sslmode=verify-full(?![\w-])", url):
            plain.append(f"{setting} needs sslmode=verify-full.")
    if redis_url and (not redis_url.startswith("rediss://") or UNVERIFIED.search(redis_url)):
        plain.append("KINELOG_REDIS_URL has to begin with rediss://, and certificates be verified.")
    if kafka and not kafka_tls:
        plain.append("KINELOG_KAFKA needs KINELOG_KAFKA_TLS=true.")
    if s3_endpoint.startswith("http://"):
        plain.append("KINELOG_S3_ENDPOINT has to begin with https://.")
    return plain


class NetworkSettings(BaseSettings):
    """The part of `Settings` that concerns clients, proxies and connections."""

    require_tls: bool = Field(
        default=False,
        description="Refuse to start unless PostgreSQL, Redis, MySQL, Kafka, Firestore and S3 are"
        " used by TLS with verified certificates: sslmode=verify-full&sslrootcert=FILE in the"
        " PostgreSQL URL, rediss://...?ssl_ca_certs=FILE, ?ssl_ca=FILE in the MySQL URL,"
        " KINELOG_KAFKA_TLS, https.",
    )

    trusted_proxies: Annotated[str, AfterValidator(_require_networks)] = Field(
        default="127.0.0.1,::1",
        description="Addresses and networks of the proxies in front of the server, separated by"
        " commas; their X-Forwarded-For names the client. All addresses (`*`, `0.0.0.0/0`) are"
        " refused: clients could then write any address.",
    )
    sign_ins_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=60,
        description="Requests per minute from one address to /v1/auth: passwords, codes, links. An"
        " IPv6 address counts as its /64 network.",
    )
    passwords_per_second: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=10,
        description="Requests with passwords that begin in a second, in each process: sign-ins, new"
        " passwords. Others wait for up to four seconds; beyond that queue, they get 503. Judging"
        " the strength of passwords has the same limit of its own.",
    )
    emails_per_hour: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=6,
        description="E-mails of each kind per hour to one address in a tenant: links, invitations."
        " An unverified address gets three times as many from all tenants together.",
    )
    refreshes_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=600,
        description="Renewed sign-ins per minute from one address: one or two for each page load.",
    )
    speech_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=240, description="Sentences per minute for one caller."
    )
    chunks_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=1200,
        description="Chunks of frames per minute of one user, over all connections: a session sends"
        " 120. Without sign-in, chunks, GraphQL and uploads are not limited.",
    )
    graphql_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=1200, description="GraphQL requests per minute of one user."
    )
    uploads_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=30,
        description="Uploads of videos and examples of exercises per minute of one user.",
    )
    health_uploads_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=600,
        description="Batches of health records per minute of one user, and requests with an upload"
        " token of one address.",
    )
    client_errors_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=60, description="Errors of web pages that one address may report per minute."
    )
    prices_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=60,
        description="Prices of plans, and checkouts with a coupon, that one user may ask for per"
        " minute.",
    )
    webhooks_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=600, description="Webhooks of payment gateways per minute of one address."
    )
    exports_per_day: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=5, description="Copies of their data that one user may request in 24 hours."
    )
    tenant_exports_per_day: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=200,
        description="Copies that a tenant's users may request in 24 hours.",
    )
    cors_origins: str = Field(
        default="",
        description="Origins that may call the API (CORS), e.g. https://app.example.org; separated"
        " by commas.",
    )
