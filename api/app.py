"""The API application: REST, GraphQL, WebSockets and the web pages in one ASGI app."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute

from api.config import ApiConfig
from api.description import DESCRIPTION, TAGS, VERSION
from api.graphql import router as graphql
from api.http import (
    access,
    achievements,
    assignments,
    auth,
    caption_drafts,
    catalog,
    client_errors,
    comments,
    content,
    content_changes,
    content_events,
    content_notifications,
    content_parts,
    content_playback,
    coupons,
    cue_preferences,
    custom_exercises,
    demonstrations,
    devices,
    display,
    emails,
    enrollments,
    exercises,
    health,
    health_dashboard,
    health_files,
    health_integrations,
    intents,
    invoices,
    jobs,
    knowledge,
    leaderboards,
    lessons,
    live,
    oauth,
    operations,
    passkeys,
    payment_webhooks,
    payments,
    population,
    pose_coach,
    pose_events,
    pose_models,
    privacy,
    profile,
    programs,
    recommendations,
    reconciliations,
    recording_list,
    recordings,
    second_factors,
    session_changes,
    session_commands,
    session_events,
    session_export,
    sessions,
    share_links,
    speech,
    suggestions,
    supervision,
    tenants,
    training_history,
    training_profile,
    uploads,
    users,
    web_app,
    webhooks,
    webrtc,
    workout_plans,
    workouts,
)
from api.http.deprecated import DeprecatedNames, document_deprecated_names
from api.middleware import telemetry
from api.middleware.authentication import AuthenticationMiddleware
from api.middleware.head import HeadMiddleware
from api.middleware.hosts import HostMiddleware
from api.middleware.http import BodyLimitMiddleware, ErrorMiddleware, RequestIdMiddleware
from api.middleware.origins import OriginMiddleware
from api.middleware.password_pace import PasswordPaceMiddleware
from api.middleware.proxies import ForwardedRequests, ProxyMiddleware
from api.middleware.rate_limits import RateLimitMiddleware
from api.middleware.telemetry import TelemetryMiddleware
from api.middleware.unstorable_text import UnstorableTextMiddleware
from api.openapi_document import (
    document_authentication,
    document_rejected_requests,
    ids_with_sign_in,
)
from api.problem_details import Problem, install_handlers
from api.routing import RouteIndex
from api.websocket import live as live_socket
from api.websocket import recording as recording_socket
from api.websocket import replay as replay_socket
from api.websocket.pose_broadcast import PoseBroadcast
from api.websocket.webrtc import Peers
from application.live.feed_access import MOST_GRAPHQL, MOST_LIVE, OpenStreams
from application.platform import Platform

DEFAULT_CONFIG: Final = ApiConfig()

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
        "Deprecation",
        "ETag",
        "Link",
        "Location",
        "RateLimit",
        "RateLimit-Policy",
        "Request-ID",
        "Retry-After",
        "Sunset",
        "WWW-Authenticate",
    ],
    "max_age": 600,
}
"""Headers that pages of other origins may send and read. They send tokens in a header; cookies
are not allowed."""

ROUTERS: Final = (
    auth.router,
    oauth.router,
    devices.router,
    second_factors.router,
    passkeys.router,
    passkeys.signing_in,
    users.router,
    tenants.router,
    privacy.router,
    profile.router,
    cue_preferences.router,
    display.router,
    emails.own,
    emails.links,
    auth.keys,
    uploads.router,
    session_export.router,
    sessions.router,
    session_changes.router,
    session_commands.router,
    comments.router,
    custom_exercises.router,
    recommendations.router,
    suggestions.router,
    programs.router,
    workouts.progress,
    training_history.router,
    training_profile.router,
    achievements.router,
    live.router,
    workout_plans.router,
    workouts.router,
    catalog.trainers,
    catalog.plans,
    access.router,
    enrollments.router,
    payments.subscriptions,
    payments.payments,
    invoices.router,
    content.router,
    content_changes.router,
    caption_drafts.router,
    content_events.router,
    content_parts.router,
    content_playback.router,
    lessons.router,
    coupons.router,
    coupons.prices,
    pose_events.router,
    pose_coach.router,
    pose_coach.workout_routes,
    pose_coach.report_routes,
    supervision.own_trainers,
    supervision.athletes,
    supervision.invitations,
    assignments.own,
    assignments.of_athletes,
    health.metric_types,
    health.sources,
    health.records,
    health.goals,
    health_dashboard.router,
    health_files.files,
    health_files.imports,
    health_integrations.router,
    health_integrations.callbacks,
    health_integrations.webhooks,
    payment_webhooks.webhooks,
    content_notifications.router,
    webhooks.router,
    reconciliations.router,
    live_socket.router,
    webrtc.router,
    recording_socket.router,
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
    population.router,
    knowledge.router,
    pose_models.router,
    intents.router,
    speech.router,
    client_errors.router,
    graphql.router,
    operations.router,
)


def _routes_of(*routers: APIRouter) -> tuple[BaseRoute, ...]:
    """Return the routes of all routers, shared by every application of this process.

    Including the routers would analyze each route again.
    """
    return tuple(route for router in routers for route in router.routes)


API_ROUTES: Final = _routes_of(*ROUTERS)
OTHER_ROUTES: Final = _routes_of(telemetry.router, web_app.router, pose_models.files)
"""Routes that are not part of the documented API."""


class Api(FastAPI):
    """FastAPI application with the schemas of problems in its OpenAPI document."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI 3.1 document of the REST API."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            for problem in (Problem, operations.NotReady):
                schema = problem.model_json_schema(
                    by_alias=True, ref_template="#/components/schemas/{model}"
                )
                schemas.update(schema.pop("$defs"))
                schemas[problem.__name__] = schema
            document["components"]["schemas"] = dict(sorted(schemas.items()))
            document_authentication(document, ids_with_sign_in(ROUTERS))
            document_rejected_requests(document)
            document_deprecated_names(document)
        return super().openapi()


def build_routes() -> Api:
    """Build the application without a platform: enough to generate its OpenAPI document."""
    api = Api(
        title="Kinelog",
        version=VERSION,
        description=DESCRIPTION,
        license_info={"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/", "description": "The server of this document."}],
        openapi_tags=TAGS,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    api.router.routes.extend(API_ROUTES)
    install_handlers(api)
    return api


def build_app(platform: Platform, *, web: Path, config: ApiConfig = DEFAULT_CONFIG) -> FastAPI:
    """Build the application on a platform. `web` is the folder of the built pages.

    While the application runs, it also runs the platform's video analysis and live sessions.
    """
    api = build_routes()
    api.state.platform = platform
    api.state.assets = assets = web_app.Assets(directory=web)
    api.state.config = config
    api.state.in_progress = set[UUID]()  # commands with an idempotency key that are running
    api.state.streams = OpenStreams()
    api.state.live_sockets = OpenStreams(most=MOST_LIVE)
    api.state.graphql_sockets = OpenStreams(most=MOST_GRAPHQL)
    api.state.pose_broadcast = PoseBroadcast(platform.poses)
    api.state.replay_clock = time.monotonic
    forwarded = ForwardedRequests()
    api.state.readiness, api.state.check_results = operations.build_readiness(
        platform, forwarded.check
    )
    api.state.peers = Peers(config, api.state.streams, api.state.readiness)
    api.router.routes.extend(OTHER_ROUTES)
    api.mount("/static", assets, name="static")
    api.router.routes.insert(0, RouteIndex(api.router.routes))
    api.add_middleware(UnstorableTextMiddleware)
    api.add_middleware(BodyLimitMiddleware)
    api.add_middleware(RateLimitMiddleware)
    api.add_middleware(AuthenticationMiddleware, sign_in_required=config.sign_in_required)
    api.add_middleware(PasswordPaceMiddleware, per_second=config.passwords_per_second)
    api.add_middleware(ErrorMiddleware)
    if config.hosts is not None:
        ours = () if config.origin is None else (config.origin,)
        api.add_middleware(OriginMiddleware, origins=frozenset((*config.origins, *ours)))
    if config.origins:
        api.add_middleware(CORSMiddleware, allow_origins=config.origins, **CORS)
    api.add_middleware(DeprecatedNames)
    if config.hosts is not None:
        api.add_middleware(HostMiddleware, hosts=config.hosts)
    api.add_middleware(TelemetryMiddleware)
    api.add_middleware(ProxyMiddleware, trusted=config.trusted_proxies, requests=forwarded)
    api.add_middleware(
        RequestIdMiddleware,
        https=config.https,
        models_from=config.model_base_url,
        stripe_script=config.stripe_script,
        form_url=config.form_url,
        upload_origins=config.upload_origins,
    )
    api.add_middleware(HeadMiddleware)  # the last one added is the outermost
    return api


@asynccontextmanager
async def _lifespan(api: FastAPI) -> AsyncGenerator[None]:
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
