"""Error reports of web pages, written to the log."""

import structlog
from fastapi import APIRouter, Depends, Request, Response

from api.client_address import address_of
from api.http.rate_limits import consume_from
from api.problem_details import problem_responses
from api.views.client_errors import ClientError

router = APIRouter(prefix="/v1/client-errors", tags=["health"], responses=problem_responses(422))

log = structlog.get_logger()


def _limited(request: Request, response: Response) -> None:
    """Count a report of this address. Raises a 429 beyond the limit."""
    response.headers.update(consume_from(request, "client_errors", address_of(request)))


@router.post(
    "",
    operation_id="reportClientError",
    summary="Report an error of a web page",
    status_code=204,
    dependencies=[Depends(_limited)],
    responses=problem_responses(429),
)
def report(body: ClientError) -> None:
    """Write a report to the log, with the correlation id of the `traceparent` that it is sent with.

    It is a warning and not an error: anybody can send it.
    """
    log.warning("client.failed", **body.model_dump(exclude_none=True))
