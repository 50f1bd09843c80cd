"""Public client settings, and the pose model."""

from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from fastapi.responses import FileResponse, Response
from pydantic import Field

from api.config import ApiConfig
from api.views.base import Body
from application.platform import Platform
from domain.kernel import Rejected

MODEL_PATH: Final = "/models/pose_landmarker_full.task"

KEPT: Final = "public, max-age=604800"
"""Cacheable for a week, also by proxies (R-POS-11); then revalidated by ETag."""

ANY_ORIGIN: Final = {"Access-Control-Allow-Origin": "*"}
"""The model is public; pages may load it from another host."""

router = APIRouter(tags=["live"])
files = APIRouter(include_in_schema=False)


class ModelNotServed(Rejected):
    """This server has no pose model. Load it from `poseModelUrl`."""

    code = "pose_model.not_served"
    kind = "unavailable"


class ClientSettings(Body):
    """Public settings of web clients."""

    pose_model_url: str
    max_upload_bytes: int = Field(description="Largest video that can be uploaded.")
    stripe_script_url: str = Field(description="Stripe's script for pages that take payments.")


@router.get(
    "/v1/client-settings",
    operation_id="getClientSettings",
    summary="Get public client settings",
)
def client_settings(request: Request) -> ClientSettings:
    """Return the URL of the pose model, on this server or on a mirror, and the upload limit."""
    config: ApiConfig = request.app.state.config
    platform: Platform = request.app.state.platform
    return ClientSettings(
        pose_model_url=config.model_base_url + MODEL_PATH,
        max_upload_bytes=platform.max_upload_bytes,
        stripe_script_url=config.stripe_script,
    )


@files.get(MODEL_PATH)
def pose_model(request: Request, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """Return the pose model. Raises Rejected while it is unavailable."""
    config: ApiConfig = request.app.state.config
    if config.pose_model is None:
        raise ModelNotServed
    model = config.pose_model()
    headers = {"ETag": f'"{model.sha256}"', "Cache-Control": KEPT, **ANY_ORIGIN}
    etags = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if headers["ETag"] in etags or "*" in etags:
        return Response(status_code=304, headers=headers)
    return FileResponse(model.path, media_type="application/octet-stream", headers=headers)
