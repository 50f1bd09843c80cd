"""Invoice printer that loads Typst when a PDF is printed."""

from application.invoices.printing import InvoicePage


class LazyInvoicePrinter:
    """Implements `InvoicePrinter`."""

    def print_pdf(self, page: InvoicePage) -> bytes:
        """Return the page as a PDF file."""
        from adapters.invoices.typst_printer import TypstInvoicePrinter  # noqa: PLC0415  40 MB

        return TypstInvoicePrinter().print_pdf(page)
