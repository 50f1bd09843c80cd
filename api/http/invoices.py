"""Invoices and credit notes over REST, as JSON and as PDF."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.pages import page_info
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import invoices as views
from api.views.base import Body, PageInfo
from api.views.invoices import Invoice, InvoiceDocument
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.invoices.invoice import InvoiceNotFound

router = APIRouter(
    prefix="/v1/invoices", tags=["payments"], responses=problem_responses(403, 404, 422, 503)
)

PDF: Final = "application/pdf"


class InvoicePage(Body):
    """A page of invoices."""

    items: list[Invoice]
    page_info: PageInfo


@router.get("", operation_id="listInvoices", summary="List your invoices, newest first")
def list_invoices(
    caller: ReadingCaller,
    response: Response,
    first: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(description="Cursor of this list.")] = None,
) -> InvoicePage:
    """Return a page of invoices and credit notes; `Link` (RFC 8288) leads to the next one."""
    page = views.invoice_page(caller, window(first, after))
    info = page_info(response, page, "/v1/invoices", first=first)
    return InvoicePage(items=[Invoice.of(edge.row) for edge in page.edges], page_info=info)


@router.get(
    "/{invoice_id}.pdf",
    operation_id="getInvoicePdf",
    summary="Get an invoice as PDF",
    response_class=Response,
    responses={200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_invoice_pdf(invoice_id: Id, caller: CurrentCaller) -> Response:
    """Return the printed invoice, in the language of your account.

    The same invoice in the same language gives the same bytes.
    """
    headers = {
        "Content-Disposition": f'inline; filename="{invoice_id}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(views.invoice_pdf(caller, invoice_id), media_type=PDF, headers=headers)


@router.get("/{invoice_id}", operation_id="getInvoice", summary="Get an invoice")
def get_invoice(invoice_id: Id, caller: ReadingCaller) -> InvoiceDocument:
    """Return an invoice with its texts."""
    found = views.find_invoices(caller, [invoice_id]).get(invoice_id)
    if found is None:
        raise InvoiceNotFound
    return found
