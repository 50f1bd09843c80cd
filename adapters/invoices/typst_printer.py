"""Invoice printer on Typst. The same content gives the same bytes."""

import json
from pathlib import Path
from typing import Final

import typst

from application.invoices.printing import InvoicePage

TEMPLATE: Final = (Path(__file__).parent / "invoice.typ").read_bytes()


class TypstInvoicePrinter:
    """Implements `InvoicePrinter`. The content reaches the template as JSON, never as markup."""

    def print_pdf(self, page: InvoicePage) -> bytes:
        """Return the page as a PDF file."""
        content = json.dumps(page.content(), ensure_ascii=False, sort_keys=True)
        return typst.compile(
            TEMPLATE, format="pdf", sys_inputs={"data": content}, ignore_system_fonts=True
        )
