"""What a page needs to know of this installation before anybody signs in, and the pose model."""

from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from fastapi.responses import FileResponse, Response

from api.config import ApiConfig
from api.views.base import Body
from domain.kernel import Rejected

MODEL_PATH: Final = "/models/pose_landmarker_full.task"

KEPT: Final = "public, max-age=604800"
"""For a week, by browsers and by whatever stands between (R-POS-11); then they ask by ETag."""

ANY_ORIGIN: Final = {"Access-Control-Allow-Origin": "*"}
"""It is no secret, and pages have it from a copy on another host where there is one."""

router = APIRouter(tags=["live"])
files = APIRouter(include_in_schema=False)


class ModelNotServed(Rejected):
    """This server has no pose model to give."""

    code = "pose_model.not_served"
    kind = "unavailable"


class ClientSettings(Body):
    """Where pages find what they need; all may know it."""

    pose_model_url: str


@router.get(
    "/v1/client-settings", operation_id="clientSettings", summary="What pages are told at first"
)
def client_settings(request: Request) -> ClientSettings:
    """Say where the pose model is: here, or where a copy of it is served."""
    config: ApiConfig = request.app.state.config
    return ClientSettings(pose_model_url=config.model_base_url + MODEL_PATH)


@files.get(MODEL_PATH)
def pose_model(request: Request, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """Give the model that devices find poses with. Raises Rejected while it cannot be had."""
    config: ApiConfig = request.app.state.config
    if config.pose_model is None:
        raise ModelNotServed
    model = config.pose_model()
    headers = {"ETag": f'"{model.sha256}"', "Cache-Control": KEPT, **ANY_ORIGIN}
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if headers["ETag"] in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return FileResponse(model.path, media_type="application/octet-stream", headers=headers)
