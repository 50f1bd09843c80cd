"""Captions over a video, on dark plates so that they are readable on any background."""

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Label = npt.NDArray[np.uint8]
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

PLATE: Final = (16, 18, 24, 200)
BRIGHT: Final = (255, 255, 255, 255)
QUIET: Final = (200, 206, 214, 255)
BAR: Final = (74, 79, 90, 255)
GOOD: Final = (88, 214, 141, 255)
WEAK: Final = (255, 176, 59, 255)
GOOD_FORM: Final = 0.8
"""Form from which the bar is green. It sets the color only; form is judged elsewhere."""


@lru_cache(maxsize=64)
def cue_label(text: str, size: int, width: int) -> Label:
    """Write a cue in letters `size` pixels high, in as many lines as fit `width` pixels."""
    font = ImageFont.load_default(size)
    lines = "\n".join(_lines(text, font, width - 2 * size))
    canvas = ImageDraw.Draw(Image.new("RGBA", (1, 1)))
    left, top, right, bottom = canvas.multiline_textbbox((0, 0), lines, font, align="center")
    plate, draw = _plate(round(right - left) + 2 * size, round(bottom - top) + size, size // 2)
    draw.multiline_text((size - left, size / 2 - top), lines, BRIGHT, font, align="center")
    return np.asarray(plate)


@lru_cache(maxsize=64)
def counter_label(count: int, phase: str, form_percent: int | None, size: int) -> Label:
    """Write the count, `size` pixels high, above the phase and a bar of the form."""
    number, word = ImageFont.load_default(size), ImageFont.load_default(max(8, size // 4))
    width = round(max(number.getlength(str(count)), word.getlength(phase), size)) + size // 2
    plate, draw = _plate(width, round(size * 1.75), size // 6)
    draw.text((width / 2, size * 0.62), str(count), BRIGHT, number, anchor="mm")
    draw.text((width / 2, size * 1.26), phase, QUIET, word, anchor="mm")
    if form_percent is not None:
        _draw_bar(draw, form_percent, left=size // 4, right=width - size // 4, y=size * 1.55)
    return np.asarray(plate)


def _draw_bar(
    draw: ImageDraw.ImageDraw, percent: int, *, left: float, right: float, y: float
) -> None:
    end = left + (right - left) * percent / 100
    thickness = max(2, round((right - left) / 16))
    draw.line((left, y, right, y), BAR, thickness)
    draw.line((left, y, end, y), GOOD if percent >= 100 * GOOD_FORM else WEAK, thickness)


def _plate(width: int, height: int, corner: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    plate = Image.new("RGBA", (width, height))
    draw = ImageDraw.Draw(plate)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), corner, PLATE)
    return plate, draw


def _lines(text: str, font: Font, width: int) -> list[str]:
    """Break a text between words so that no line is longer than `width`, if its words allow."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
