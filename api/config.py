"""How wide the doors stand: who has to sign in, which pages may call, and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from api.graphql.persisted_queries import ANY_DOCUMENT, Documents
from application.kernel.ports import RateLimiter
from domain.motion.landmarks import PoseChunk


class ModelFile(Protocol):
    """A pose model's file, and the SHA-256 of its content in hexadecimal."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        ...

    @property
    def sha256(self) -> str:
        """What it is known by."""
        ...


@dataclass(frozen=True)
class ApiConfig:
    """What `build_app` is told by settings.

    `sign_in_required`: whether everybody has to. `origins`: those of pages elsewhere that may
    call. `https`: whether people come by TLS only, so that browsers can be told. `origin`: that of
    our own pages, such as `https://example.org`. `ice_servers`: URLs by which WebRTC peers find a
    way. `turn_secret`: shared with those of them that relay. `limiter`: of requests to /v1/auth by
    address. `speech_limiter`: of sentences by caller. `pose_model` gives the model that pages find
    poses with, or raises Rejected. `model_base_url`: before the path of it where copies are served
    elsewhere, such as `https://cdn.example.org`. `documents`: those that GraphQL clients may name.
    `demonstration` gives a figure that does an exercise, or None where nobody has drawn it.
    """

    sign_in_required: bool = False
    origins: tuple[str, ...] = ()
    https: bool = False
    origin: str | None = None
    ice_servers: tuple[str, ...] = ()
    turn_secret: str | None = None
    limiter: RateLimiter | None = None
    speech_limiter: RateLimiter | None = None
    pose_model: Callable[[], ModelFile] | None = None
    model_base_url: str = ""
    documents: Documents = ANY_DOCUMENT
    demonstration: Callable[[str], PoseChunk | None] | None = None
