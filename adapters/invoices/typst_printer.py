"""Invoice printer on Typst. The same content gives the same bytes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typst

from application.invoices.printing import InvoicePage

TEMPLATE: Final = (Path(__file__).parent / "invoice.typ").read_bytes()


@dataclass(frozen=True)
class TypstInvoicePrinter:
    """Implements `InvoicePrinter`. The content reaches the template as JSON, never as markup.

    `fonts` is a folder of fonts for letters that Typst's own do not have.
    """

    fonts: Path | None = None

    def print_pdf(self, page: InvoicePage) -> bytes:
        """Return the page as a PDF file."""
        content = json.dumps(page.content(), ensure_ascii=False, sort_keys=True)
        return typst.compile(
            TEMPLATE,
            format="pdf",
            sys_inputs={"data": content},
            font_paths=typst.Fonts(
                include_system_fonts=False, font_paths=[] if self.fonts is None else [self.fonts]
            ),
        )
