"""Recommendations behind `/ping` and `/invocations`, as a SageMaker endpoint calls its containers.

The contract: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
Only SageMaker, or another program of the platform, reaches the container, and it has authenticated
the caller. Nothing is recorded.
"""

from typing import Annotated

from fastapi import FastAPI, Header

from api.http.recommendations import RecommendationRequest
from api.middleware.http import BodyLimitMiddleware, ErrorMiddleware
from api.problem_details import install_handlers
from api.views import recommendations as views
from api.views.recommendations import ScoredItems
from api.worker_rpc import TraceMiddleware
from application.caller import Caller
from application.kernel.ports import NewId
from application.platform import Platform
from domain.ids import DEFAULT_TENANT, TenantId
from domain.tenants.tenant_id import TENANT_PATTERN

Tenant = Annotated[str, Header(alias="X-Tenant-ID", pattern=TENANT_PATTERN)]


def build_recommendation_app(platform: Platform, *, new_id: NewId) -> FastAPI:
    """Build the HTTP application of the recommendation service."""

    def score(body: RecommendationRequest, tenant: Tenant = DEFAULT_TENANT) -> ScoredItems:
        """Return the best ten of all plans, workouts, videos and exercises for these features."""
        caller = Caller(platform, TenantId(tenant), new_id())
        return views.score_items(caller, body.userId, body.to_features())

    app = FastAPI(title="Kinelog recommendations", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_api_route("/ping", _ping, methods=["GET"])
    for path in ("/invocations", "/recommendations"):
        app.add_api_route(path, score, methods=["POST"])
    install_handlers(app)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(ErrorMiddleware)
    app.add_middleware(TraceMiddleware, new_id=new_id)
    return app


async def _ping() -> dict[str, str]:
    return {"status": "ok"}
