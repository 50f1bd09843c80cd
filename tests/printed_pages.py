"""Printed pages, as they look."""

import json
from collections.abc import Mapping
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import typst
from PIL import Image

DOTS_PER_MM: Final = 4

FONTS: Final = Path(str(distribution("matplotlib").locate_file("matplotlib/mpl-data/fonts/ttf")))
"""Fonts that MediaPipe's matplotlib brings; one has Tifinagh letters."""
FONT: Final = b"DejaVuSans"
"""The name of that one in a PDF file."""


def is_margin_empty(template: bytes, content: Mapping[str, Any], margin_mm: int) -> bool:
    """Return whether nothing is printed into the right margin of any page."""
    printed: Any = typst.compile(  # a list for several pages
        template,
        format="png",
        ppi=DOTS_PER_MM * 25.4,
        sys_inputs={"data": json.dumps(content)},
        ignore_system_fonts=True,
    )
    for page in printed if isinstance(printed, list) else [printed]:
        image = Image.open(BytesIO(page)).convert("L")
        left = image.width - DOTS_PER_MM * (margin_mm - 1)  # lines end at the margin
        if image.crop((left, 0, image.width, image.height)).getextrema() != (255, 255):
            return False
    return True
