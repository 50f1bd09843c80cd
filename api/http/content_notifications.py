"""Notifications of the bucket about uploads that arrived."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response

from api.caller import CurrentCaller
from api.client_address import address_of
from api.http.rate_limits import consume_from
from api.problem_details import problem_responses

router = APIRouter(
    prefix="/v1/webhooks", tags=["content"], responses=problem_responses(401, 404, 422, 503)
)


def _limited(request: Request, response: Response) -> None:
    """Count a notification of this address. Raises a 429 beyond the limit."""
    response.headers.update(consume_from(request, "webhooks", address_of(request)))


@router.post(
    "/object-storage",
    operation_id="receiveBucketNotification",
    summary="Receive a notification of the bucket",
    status_code=204,
    dependencies=[Depends(_limited)],
    responses=problem_responses(429),
)
async def receive_bucket_notification(request: Request, caller: CurrentCaller) -> None:
    """Record the uploads whose files arrived. Other objects and repetitions change nothing."""
    receive = caller.platform.object_created.receive
    await run_sync(receive, await request.body(), dict(request.headers))
