"""Invoice printer that loads Typst when a PDF is printed."""

from dataclasses import dataclass
from pathlib import Path

from application.invoices.printing import InvoicePage


@dataclass(frozen=True)
class LazyInvoicePrinter:
    """Implements `InvoicePrinter`; `fonts` as in `TypstInvoicePrinter`."""

    fonts: Path | None

    def print_pdf(self, page: InvoicePage) -> bytes:
        """Return the page as a PDF file."""
        from adapters.invoices.typst_printer import TypstInvoicePrinter  # noqa: PLC0415  40 MB

        return TypstInvoicePrinter(self.fonts).print_pdf(page)
