"""Build the API's configuration from settings and from the address it is served on."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from adapters.pose.model_choice import find_model_of_pages
from adapters.rate_limit.token_bucket import TokenBuckets
from adapters.sample_athlete.demonstration import demonstration
from api.config import ApiConfig, Policy
from api.graphql.persisted_queries import PersistedQueries
from api.middleware.hosts import is_loopback
from api.websocket.turn_credentials import is_turn
from application.kernel.ports import RateLimiter
from bootstrap.network_settings import separated
from bootstrap.settings import Settings
from domain.kernel import Rejected

HOST: Final = r"[A-Za-z0-9.-]+(:\d{1,5})?"
ICE_SERVER: Final = re.compile(rf"stuns?:{HOST}|turns?:{HOST}(\?transport=(udp|tcp))?")
"""RFC 7064 and 7065."""


class UnauthenticatedAccess(Rejected):
    """Other machines can reach this address, and sign-in is not required.

    Set KINELOG_SIGN_IN=required, or KINELOG_ALLOW_ANONYMOUS=true and KINELOG_BASE_URL to the
    address that they open.
    """

    code = "serve.open_to_others"
    kind = "invalid"


class IceServersInvalid(Rejected):
    """Write ICE servers as stun:stun.example.org or turn:turn.example.org:3478?transport=tcp."""

    code = "serve.ice_servers_invalid"
    kind = "invalid"


def build_api_config(settings: Settings, host: str) -> ApiConfig:
    """Build the API's configuration for an address.

    Raises UnauthenticatedAccess, IceServersInvalid and DocumentsUnreadable.
    """
    if not (settings.sign_in_required or settings.allow_anonymous or is_loopback(host)):
        raise UnauthenticatedAccess(
            f"Other machines can reach {host} without signing in: set KINELOG_SIGN_IN=required,"
            " or KINELOG_ALLOW_ANONYMOUS=true and KINELOG_BASE_URL to the address that they open."
        )
    public_url = urlsplit(settings.public_url)
    return ApiConfig(
        sign_in_required=settings.sign_in_required,
        origins=separated(settings.cors_origins),
        https=public_url.scheme == "https",
        origin=f"{public_url.scheme}://{public_url.netloc}",
        hosts=None if settings.sign_in_required else _served_hosts(public_url.hostname, host),
        ice_servers=_ice_servers(settings),
        turn_secret=_secret_value(settings.turn_secret),
        limiters=_limiters(settings),
        passwords_per_second=settings.passwords_per_second,
        trusted_proxies=settings.trusted_proxies,
        # Cached once resolved; a failure is retried.
        pose_model=cache(find_model_of_pages(settings.cache, settings.pose_model).resolve),
        model_base_url=settings.model_base_url,
        stripe_script=settings.stripe_script_url,
        form_url=settings.webmoney_url or "",
        upload_origins=_upload_origins(settings),
        documents=_documents(settings),
        demonstration=demonstration,
    )


def _served_hosts(*hosts: str | None) -> frozenset[str]:
    """Return the hosts that requests may name; 0.0.0.0 and :: name no host."""
    return frozenset(each.lower() for each in hosts if each) - {"0.0.0.0", "::"}  # noqa: S104  left out


def _limiters(settings: Settings) -> Mapping[Policy, RateLimiter]:
    redis_url = _secret_value(settings.redis_url)
    per_minute: dict[Policy, int] = {
        "auth": settings.sign_ins_per_minute,
        "refresh": settings.refreshes_per_minute,
        "speech": settings.speech_per_minute,
        "client_errors": settings.client_errors_per_minute,
        "webhooks": settings.webhooks_per_minute,
    }
    if settings.sign_in_required:  # else there is one athlete, on their own machine
        per_minute |= {
            "streaming": settings.chunks_per_minute,
            "graphql": settings.graphql_per_minute,
            "uploads": settings.uploads_per_minute,
            "health_uploads": settings.health_uploads_per_minute,
        }
    return {
        policy: TokenBuckets(policy, amount, redis_url=redis_url)
        for policy, amount in per_minute.items()
    }


def _upload_origins(settings: Settings) -> str:
    """Return the origins that signed URLs of parts may have; without a bucket, only our own."""
    if settings.s3_bucket is None:
        return ""
    if settings.s3_endpoint is not None:
        endpoint = urlsplit(settings.s3_endpoint)
        return f"{endpoint.scheme}://{endpoint.netloc}"
    hosts = ("s3", f"s3.{settings.s3_region}")  # boto3 names the region in some of its links
    return " ".join(f"https://{settings.s3_bucket}.{host}.amazonaws.com" for host in hosts)


def _ice_servers(settings: Settings) -> tuple[str, ...]:
    urls = separated(settings.ice_servers)
    if invalid := [url for url in urls if not ICE_SERVER.fullmatch(url)]:
        raise IceServersInvalid(f"KINELOG_ICE_SERVERS: {invalid[0]} is not a STUN or TURN server.")
    if settings.turn_secret is None and any(map(is_turn, urls)):
        raise IceServersInvalid("TURN servers require authentication: set KINELOG_TURN_SECRET.")
    return urls


def _secret_value(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def _documents(settings: Settings) -> PersistedQueries:
    if settings.persisted_queries is None:
        return PersistedQueries(only=settings.persisted_queries_only)
    return PersistedQueries.read(settings.persisted_queries, only=settings.persisted_queries_only)
