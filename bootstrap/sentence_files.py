"""What pages say by themselves as a file of the pages, made from the catalogue of all cues.

The server speaks what is in the catalogue and nothing else, so what a page has to say comes from
there, too.
"""

import json
from pathlib import Path
from typing import Final

from domain.coaching.guidance import MAX_REPETITIONS
from domain.coaching.phrasebook import DEFAULT_LANGUAGE, get_phrases

FILE: Final = "src/coach/sentences.js"

HEAD: Final = """/**
 * Sentences that pages speak by themselves. `make schema` generates this file from
 * `domain/coaching/cues`, the catalog of the server's voice.
 * @module
 */

/** Sentences with placeholders in braces. */
export const SENTENCES = Object.freeze("""

COUNTED: Final = """
/** Largest number that the server's voice speaks; browsers speak larger ones. */
export const MOST_COUNTED = """


def documents() -> dict[str, str]:
    """Make the file, by its name under `web/`."""
    known = get_phrases(DEFAULT_LANGUAGE)
    said = json.dumps({**known.pages, **known.guide}, indent=2, ensure_ascii=False)
    return {FILE: f"{HEAD}{said});\n{COUNTED}{MAX_REPETITIONS};\n"}


def write(folder: Path) -> None:
    """Write the file into the folder of the pages."""
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8")


def check(folder: Path) -> list[str]:
    """Name the file if it is missing or no longer says what the catalogue does."""
    return [
        name
        for name, text in documents().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
