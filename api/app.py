"""The doors of Kinelog: REST, GraphQL, and the page, as one ASGI application."""

import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute

from api.config import ApiConfig
from api.feed_access import OpenStreams
from api.graphql import router as door
from api.http import (
    achievements,
    auth,
    camera_checks,
    cue_preferences,
    demonstrations,
    devices,
    display,
    exercises,
    intents,
    jobs,
    knowledge,
    leaderboards,
    oauth,
    pose_models,
    privacy,
    profile,
    recording_list,
    recordings,
    session_changes,
    session_commands,
    session_events,
    session_export,
    sessions,
    share_links,
    speech,
    training_history,
    training_profile,
    uploads,
    users,
    web_app,
    webrtc,
    workouts,
)
from api.http import live as streaming
from api.http import operations as health
from api.middleware import telemetry as observed
from api.middleware.authentication import AuthenticationMiddleware, is_public_path
from api.middleware.http import BodyLimitMiddleware, ErrorMiddleware, RequestIdMiddleware
from api.middleware.telemetry import TelemetryMiddleware
from api.middleware.unstorable_text import UnstorableTextMiddleware
from api.problem_details import Problem, install_handlers, problem_responses
from api.websocket import live as live_socket
from api.websocket import recording as pose_socket
from api.websocket import replay as replay_socket
from api.websocket.pose_broadcast import PoseBroadcast
from api.websocket.webrtc import Peers
from application.platform import Platform

VERSION: Final = "1.0.0"
"""Of the interface, not of the program that answers it."""

DESCRIPTION: Final = """A workout video goes in, facts come out.

Every answer carries `Request-ID`: the trace id of the `traceparent` that was sent, else the
`Request-ID` or `X-Correlation-ID`, if it is a UUID, or a new one. Whatever is refused is told as
a problem (RFC 9457). Lists are read on by cursor."""

TAGS: Final = [
    {"name": "auth", "description": "Accounts, and signing in to them."},
    {"name": "privacy", "description": "What is known of oneself: to have it, to be forgotten."},
    {"name": "administration", "description": "Accounts of a tenant, for its administrators."},
    {"name": "sessions", "description": "One athlete performs one workout."},
    {"name": "workouts", "description": "Prescriptions performed, set by set."},
    {"name": "achievements", "description": "What training earns: badges and trophies."},
    {"name": "live", "description": "Training before a camera, with feedback while it lasts."},
    {"name": "jobs", "description": "Analyses under way."},
    {"name": "recordings", "description": "What the camera saw of a session."},
    {"name": "leaderboards", "description": "Who did how much, of those who want to be seen."},
    {"name": "exercises", "description": "What can be counted."},
    {"name": "knowledge", "description": "What is known in words."},
    {"name": "graphql", "description": "The read models as a graph, and all commands."},
    {"name": "health", "description": "For those who run it."},
]

OPEN: Final = ApiConfig()

CORS: Final[dict[str, Any]] = {
    "allow_methods": ["GET", "POST", "PUT", "PATCH", "DELETE"],
    "allow_headers": [
        "After-Position",
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "If-Match",
        "Last-Event-ID",
        "Request-ID",
        "Traceparent",
        "X-Correlation-ID",
        "X-Tenant-ID",
    ],
    "expose_headers": [
        "ETag",
        "Link",
        "Location",
        "RateLimit",
        "RateLimit-Policy",
        "Request-ID",
        "Retry-After",
        "WWW-Authenticate",
    ],
    "max_age": 600,
}
"""What pages of other origins may send and read. Tokens travel in a header: cookies are not let
through."""

ROUTERS: Final = (
    auth.router,
    oauth.router,
    devices.router,
    users.router,
    privacy.router,
    profile.router,
    cue_preferences.router,
    display.router,
    auth.keys,
    uploads.router,
    session_export.router,
    sessions.router,
    session_changes.router,
    session_commands.router,
    workouts.progress,
    training_history.router,
    training_profile.router,
    achievements.router,
    camera_checks.router,
    streaming.router,
    workouts.router,
    live_socket.router,
    webrtc.router,
    pose_socket.router,
    replay_socket.router,
    session_events.router,
    jobs.router,
    recording_list.router,
    recordings.router,
    share_links.router,
    exercises.router,
    demonstrations.router,
    leaderboards.router,
    leaderboards.membership,
    knowledge.router,
    pose_models.router,
    intents.router,
    speech.router,
    door.router,
    health.router,
)


def _together(routers: Iterable[APIRouter]) -> tuple[BaseRoute, ...]:
    """Give the routes of routers, which are the same whichever platform is behind them.

    What FastAPI works out of them at the first request, in a quarter of a second, it keeps with
    them: so it does that once for all applications of a process.
    """
    together = APIRouter()
    for router in routers:
        together.include_router(router)
    return tuple(together.routes)


DESCRIBED: Final = _together(ROUTERS)
BESIDE: Final = _together((observed.router, web_app.router, pose_models.files))
"""What is no part of the described interface."""


class Api(FastAPI):
    """The application, with the schema of problems in its description."""

    def openapi(self) -> dict[str, Any]:
        """Describe the REST interface in OpenAPI 3.1."""
        if self.openapi_schema is None:
            described = super().openapi()
            schemas = described.setdefault("components", {}).setdefault("schemas", {})
            for problem in (Problem, health.NotReady):
                schema = problem.model_json_schema(
                    by_alias=True, ref_template="#/components/schemas/{model}"
                )
                schemas.update(schema.pop("$defs"))
                schemas[problem.__name__] = schema
            described["components"]["schemas"] = dict(sorted(schemas.items()))
            _describe_signing_in(described)
        return super().openapi()


def _describe_signing_in(described: dict[str, Any]) -> None:
    """Say of every operation that is not for everybody that it may ask for an access token."""
    bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    described["components"]["securitySchemes"] = {"accessToken": bearer}
    refusals = {str(status): told for status, told in problem_responses(401, 403).items()}
    mismatch = {"403": refusals["403"]}  # a token for another tenant than X-Tenant-ID names
    for path, operations in described["paths"].items():
        for operation in operations.values():
            if is_public_path(path):
                named = operation.get("parameters", ())
                if any(each["name"].lower() == "x-tenant-id" for each in named):
                    operation["responses"] = mismatch | operation["responses"]
                continue
            operation["security"] = [{"accessToken": []}, {}]
            operation["responses"] = refusals | operation["responses"]


def routes() -> Api:
    """Build the application without a platform behind it: all that its description needs."""
    api = Api(
        title="Kinelog",
        version=VERSION,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_working,
    )
    api.router.routes.extend(DESCRIBED)
    install_handlers(api)
    return api


def build_app(platform: Platform, *, web: Path, config: ApiConfig = OPEN) -> FastAPI:
    """Open the doors to a platform, as wide as `doors` says; `web` is the folder of the page.

    While the application runs, so do the platform's analysis of videos and its live sessions.
    """
    api = routes()
    api.state.platform = platform
    api.state.web = web
    api.state.config = config
    api.state.in_progress = set[UUID]()  # commands with a key that are being carried out
    api.state.streams = OpenStreams()
    api.state.pose_broadcast = PoseBroadcast()
    api.state.replay_clock = time.monotonic
    api.state.readiness, api.state.watch = health.readiness_of(platform)
    api.state.peers = Peers(config, api.state.streams, api.state.readiness)
    api.router.routes.extend(BESIDE)
    api.mount("/static", web_app.Assets(directory=web), name="static")
    api.add_middleware(UnstorableTextMiddleware)
    api.add_middleware(BodyLimitMiddleware)
    api.add_middleware(AuthenticationMiddleware, sign_in_required=config.sign_in_required)
    api.add_middleware(ErrorMiddleware)
    if config.origins:
        api.add_middleware(CORSMiddleware, allow_origins=config.origins, **CORS)
    api.add_middleware(TelemetryMiddleware, telemetry=platform.telemetry)
    # the last one added is the outermost
    api.add_middleware(RequestIdMiddleware, https=config.https, models_from=config.model_base_url)
    return api


@asynccontextmanager
async def _working(api: FastAPI) -> AsyncGenerator[None]:
    platform: Platform = api.state.platform
    await run_sync(platform.jobs.start)
    await platform.live.start()
    try:
        yield
    finally:
        peers: Peers = api.state.peers
        await peers.close()
        await platform.live.stop()
        await run_sync(platform.jobs.stop)
