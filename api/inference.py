"""Pose detection behind `/ping` and `/invocations`, as a SageMaker endpoint calls its containers.

The contract: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
Only SageMaker reaches the container, and it has authenticated the caller. Nothing is stored.
"""

import math
from collections.abc import Sequence
from typing import Final, Protocol

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException

from api.middleware.http import ErrorMiddleware
from api.problem_details import install_handlers
from api.views.base import Body
from api.worker_rpc import TraceMiddleware
from application.kernel.ports import NewId
from application.kernel.video import Pose
from domain.motion.landmarks import Floats

JPEG: Final = "image/jpeg"

MAX_PICTURE_BYTES: Final = 512 * 1024
"""Longest picture, as in live frames; SageMaker passes on up to 6 MB."""

Point = tuple[float | None, ...]


class PoseDetector(Protocol):
    """Detects the pose in one picture. `model` is the name of its pose model."""

    @property
    def model(self) -> str: ...

    def detect(self, picture: bytes) -> Pose | None:
        """Return the pose of the person in a JPEG, or None. Raises Rejected."""
        ...


class DetectedPose(Body):
    """Landmarks of the person in a picture, null without one; 33 of each, in MediaPipe's order.

    `landmarks`: x, y, z and visibility; x and y are shares of width and height. `world_landmarks`:
    x, y and z in metres from between the hips; null if the model gives none. A number that was not
    seen is null.
    """

    model: str
    landmarks: Sequence[Point] | None
    world_landmarks: Sequence[Point] | None


def build_inference_app(detector: PoseDetector, *, new_id: NewId) -> FastAPI:
    """Build the HTTP application of a model container; its model is loaded."""

    async def invoke(request: Request) -> DetectedPose:
        """Detect the pose in the JPEG of the body."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JPEG:
            raise HTTPException(415, f"Send one picture as {JPEG}.")
        picture = await _picture(request)
        pose = await run_sync(detector.detect, picture)
        return DetectedPose(
            model=detector.model,
            landmarks=None if pose is None else _points(pose.image),
            world_landmarks=None if pose is None or pose.world is None else _points(pose.world),
        )

    app = FastAPI(title="Kinelog pose detection", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_api_route("/ping", _ping, methods=["GET"])
    app.add_api_route("/invocations", invoke, methods=["POST"])
    install_handlers(app)
    app.add_middleware(ErrorMiddleware)
    app.add_middleware(TraceMiddleware, new_id=new_id)
    return app


async def _ping() -> dict[str, str]:
    return {"status": "ok"}


async def _picture(request: Request) -> bytes:
    """Read a body up to the size limit."""
    picture = bytearray()
    async for part in request.stream():
        picture += part
        if len(picture) > MAX_PICTURE_BYTES:
            raise HTTPException(413, f"A picture has at most {MAX_PICTURE_BYTES} bytes.")
    return bytes(picture)


def _points(numbers: Floats) -> list[Point]:
    rows: list[list[float]] = numbers.tolist()
    return [tuple(None if math.isnan(number) else number for number in row) for row in rows]
