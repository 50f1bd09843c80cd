"""Settings of the API."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from api.graphql.persisted_queries import ANY_QUERY, PersistedQueries
from application.kernel.ports import RateLimiter
from domain.motion.landmarks import PoseChunk


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
    URLs for WebRTC. `turn_secret`: secret shared with the TURN servers. `limiter`: rate limit of
    /v1/auth by address. `speech_limiter`: rate limit of speech synthesis by caller.
    `pose_model` returns the pose model that pages download, or raises Rejected. `model_base_url`:
    origin of copies of the model, such as `https://cdn.example.org`. `documents`: persisted GraphQL
    queries. `demonstration` returns the animated figure of an exercise, or None if it has none.
    """

    sign_in_required: bool = False
    origins: tuple[str, ...] = ()
    https: bool = False
    origin: str | None = None
    hosts: frozenset[str] | None = None
    ice_servers: tuple[str, ...] = ()
    turn_secret: str | None = None
    limiter: RateLimiter | None = None
    speech_limiter: RateLimiter | None = None
    pose_model: Callable[[], ModelFile] | None = None
    model_base_url: str = ""
    documents: PersistedQueries = ANY_QUERY
    demonstration: Callable[[str], PoseChunk | None] | None = None
