"""Reconciliations of payments over REST, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.views import reconciliations as views
from api.views.base import Body, PageInfo
from api.views.reconciliations import ReconciliationReport
from application.kernel.pagination import LARGEST_PAGE, PAGE, window

router = APIRouter(
    prefix="/v1/reconciliations",
    tags=["payments"],
    responses=problem_responses(403, 422, 503),
)


class ReconciliationPage(Body):
    """A page of reconciliations."""

    items: list[ReconciliationReport]
    page_info: PageInfo


class ReconciliationStarted(Body):
    """The reconciliation that is under way; get it again to see its progress and result."""

    reconciliation: ReconciliationReport
    position: int
    repeated: bool


@router.get(
    "",
    operation_id="listReconciliations",
    summary="List comparisons with the gateways, newest first",
)
def list_reconciliations(
    caller: CurrentCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> ReconciliationPage:
    """Return a page for administrators; `Link` (RFC 8288) leads to the next one."""
    page = views.reconciliation_page(caller, window(first, after))
    info = page_info(response, page, "/v1/reconciliations", first=first)
    return ReconciliationPage(
        items=[ReconciliationReport.of(edge.row) for edge in page.edges], page_info=info
    )


@router.post(
    "",
    operation_id="startReconciliation",
    summary="Compare payments with their gateways now",
    status_code=202,
)
def start_reconciliation(caller: CurrentCaller, command_id: CommandId) -> ReconciliationStarted:
    """Compare the payments of the last 30 days in the background, and store the report."""
    started = views.start_reconciliation(caller, command_id)
    return ReconciliationStarted(
        reconciliation=ReconciliationReport.of(started.run),
        position=started.position,
        repeated=started.repeated,
    )


@router.get(
    "/{reconciliation_id}",
    operation_id="getReconciliation",
    summary="Get a comparison with the gateways",
    responses=problem_responses(404),
)
def get_reconciliation(reconciliation_id: Id, caller: CurrentCaller) -> ReconciliationReport:
    """Return the progress or the result of a comparison."""
    return views.get_reconciliation(caller, reconciliation_id)
