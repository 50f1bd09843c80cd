"""The doors of Kinelog: REST, GraphQL, and the page, as one ASGI application."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import FastAPI

from api.graphql import door
from api.http import exercises, health, jobs, page, recordings, sessions, uploads
from api.http.middleware import BodyLimit, RequestIds, Unexpected
from api.problems import Problem, install
from application.platform import Platform

VERSION: Final = "1.0.0"
"""Of the interface, not of the program that answers it."""

DESCRIPTION: Final = """A workout video goes in, facts come out.

Every answer carries `Request-ID`: the one that was sent, if it is a UUID, or a new one. Whatever
is refused is told as a problem (RFC 9457). Lists are read on by cursor."""

TAGS: Final = [
    {"name": "sessions", "description": "One athlete performs one workout."},
    {"name": "jobs", "description": "Analyses under way."},
    {"name": "recordings", "description": "What the camera saw of a session."},
    {"name": "exercises", "description": "What can be counted."},
    {"name": "graphql", "description": "The read models as a graph, and all commands."},
    {"name": "health", "description": "For those who run it."},
]

ROUTERS: Final = (
    uploads.router,
    sessions.router,
    jobs.router,
    recordings.router,
    exercises.router,
    door.router,
    health.router,
)


class Api(FastAPI):
    """The application, with the schema of problems in its description."""

    def openapi(self) -> dict[str, Any]:
        """Describe the REST interface in OpenAPI 3.1."""
        if self.openapi_schema is None:
            described = super().openapi()
            schemas = described.setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(
                by_alias=True, ref_template="#/components/schemas/{model}"
            )
            schemas.update(problem.pop("$defs"))
            schemas["Problem"] = problem
            described["components"]["schemas"] = dict(sorted(schemas.items()))
        return super().openapi()


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
    for router in ROUTERS:
        api.include_router(router)
    install(api)
    return api


def create_app(platform: Platform, *, web: Path) -> FastAPI:
    """Open the doors to a platform; `web` is the folder of the page.

    While the application runs, so does the platform's analysis of videos.
    """
    api = routes()
    api.state.platform = platform
    api.state.web = web
    api.include_router(page.router)
    api.mount("/static", page.Assets(directory=web), name="static")
    for middleware in (BodyLimit, Unexpected, RequestIds):  # the last one added is the outermost
        api.add_middleware(middleware)
    return api


@asynccontextmanager
async def _working(api: FastAPI) -> AsyncGenerator[None]:
    platform: Platform = api.state.platform
    await run_sync(platform.jobs.start)
    try:
        yield
    finally:
        await run_sync(platform.jobs.stop)
