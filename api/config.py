"""Settings of the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from api.graphql.persisted_queries import ANY_QUERY, PersistedQueries
from application.kernel.ports import RateLimiter
from domain.motion.landmarks import PoseChunk

Policy = Literal[
    "auth",
    "refresh",
    "speech",
    "streaming",
    "graphql",
    "uploads",
    "health_uploads",
    "client_errors",
    "webhooks",
]
"""Names of the rate limits: sign-in and codes by address, sign-ins renewed at each page load by
address, error reports of pages and webhooks by address; speech synthesis, frames, GraphQL and
uploads by caller; health records by caller, and upload tokens also by address."""


class ModelFile(Protocol):
    """A pose model file and the SHA-256 of its content in hexadecimal."""

    @property
    def path(self) -> Path:
        """Path of the file."""
        ...

    @property
    def sha256(self) -> str:
        """SHA-256 of the content in hexadecimal."""
        ...


@dataclass(frozen=True)
class ApiConfig:
    """Settings of `build_app`.

    `sign_in_required`: reject anonymous callers. `origins`: other origins whose pages may call the
    API. `https`: clients connect by TLS only, so responses may carry HSTS. `origin`: origin of our
    own pages, such as `https://example.org`. `hosts`: the only hosts besides loopback names that
    requests may name; None allows any, as sign-in protects the API. `ice_servers`: STUN and TURN
    URLs for WebRTC. `turn_secret`: secret shared with the TURN servers. `limiters`: rate
    limits by policy; without one, a policy is unlimited. `passwords_per_second`: requests with
    passwords that begin in a second, of all callers together; None: any number.
    `trusted_proxies`: addresses and networks whose `X-Forwarded-For` is trusted, separated by
    commas. `pose_model` returns the pose model that pages download, or raises Rejected.
    `model_base_url`: origin of copies of the model, such as `https://cdn.example.org`.
    `stripe_script`: address of Stripe's script for pages. `form_url`: a gateway to which the
    checkout page posts forms, if not by HTTPS. `upload_origins`: origins of the object store that
    takes uploads, separated by spaces. `documents`: persisted GraphQL queries. `demonstration`
    returns the animated figure of an exercise, or None if it has none.
    """

    sign_in_required: bool = False
    origins: tuple[str, ...] = ()
    https: bool = False
    origin: str | None = None
    hosts: frozenset[str] | None = None
    ice_servers: tuple[str, ...] = ()
    turn_secret: str | None = None
    limiters: Mapping[Policy, RateLimiter] = field(default_factory=dict[Policy, RateLimiter])
    passwords_per_second: float | None = None
    trusted_proxies: str = "127.0.0.1,::1"
    pose_model: Callable[[], ModelFile] | None = None
    model_base_url: str = ""
    stripe_script: str = "https://js.stripe.com/v3/"
    form_url: str = ""
    upload_origins: str = ""
    documents: PersistedQueries = ANY_QUERY
    demonstration: Callable[[str], PoseChunk | None] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError if every address is a trusted proxy: clients could choose theirs."""
        if "*" in self.trusted_proxies:
            message = "Name the trusted proxies: `*` lets clients choose their address."
            raise ValueError(message)
