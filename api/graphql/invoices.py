"""Invoices and credit notes in GraphQL."""

from collections.abc import Collection

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.pagination import Connection, Node, connection, global_id, key_of
from api.views import invoices as views
from application.kernel.pagination import window


@derived(views.Invoice)
class InvoiceItem:
    """An invoice or credit note in a list, without its texts."""


@derived(views.InvoiceDocument)
class Invoice(Node):
    """An invoice for a payment, or a credit note for a refund. It never changes."""

    @classmethod
    def of(cls, view: views.InvoiceDocument) -> "Invoice":
        """Convert an invoice."""
        return convert(cls, view, id=global_id("Invoice", view.invoice_id))


def find_invoices(context: Context, keys: Collection[str]) -> dict[str, Invoice]:
    """Return invoices by their ids within the tenant."""
    found = views.find_invoices(context.caller, keys)
    return {key: Invoice.of(view) for key, view in found.items()}


@strawberry.type
class InvoiceQueries:
    """Queries of invoices."""

    @reading("One invoice or credit note, by either id.")
    def invoice(self, info: Info, id: strawberry.ID) -> Invoice | None:  # noqa: A002  Relay's name
        """Return an invoice with its texts."""
        key = key_of("Invoice", id)
        return find_invoices(info.context, [key]).get(key)

    @reading("Your invoices and credit notes, the newest first; at most 100 a page.")
    def invoices(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[InvoiceItem]:
        """Return a page of invoices."""
        page = views.invoice_page(info.context.caller, window(first, after, last, before))
        return connection(page, lambda row: convert(InvoiceItem, views.Invoice.of(row)))
