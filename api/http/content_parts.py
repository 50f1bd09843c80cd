"""Parts of uploads over REST, where the store has no endpoint of its own."""

import tempfile
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Path, Request, Response

from api.caller import platform_of
from api.middleware.http import PART_PREFIX
from api.problem_details import problem_responses
from application.content.upload_store import PartRefused

READ_BYTES = 2**20

router = APIRouter(tags=["content"], responses=problem_responses(403, 413, 422, 503))


@router.put(
    PART_PREFIX + "{token}",
    operation_id="uploadContentPart",
    summary="Upload a part of a video",
    status_code=204,
)
async def upload_part(
    token: Annotated[str, Path(max_length=1000, description="The signature.")], request: Request
) -> Response:
    """Store a part of a file. The signed URL says which bytes; it needs no token of a sign-in."""
    receiver = platform_of(request).part_receiver
    if receiver is None:
        raise PartRefused
    left = await run_sync(receiver.expected_size, token)
    with tempfile.TemporaryFile() as spooled:
        async for chunk in request.stream():
            left -= len(chunk)
            if left < 0:
                raise PartRefused
            await run_sync(spooled.write, chunk)
        spooled.seek(0)
        await run_sync(receiver.receive, token, iter(lambda: spooled.read(READ_BYTES), b""))
    return Response(status_code=204)
