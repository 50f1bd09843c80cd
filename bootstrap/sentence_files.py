"""Generated file: the sentences that pages speak themselves, from the catalog of cues.

The server speaks only sentences of the catalog, so the pages' sentences are taken from it as well.
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
    """Generate the file, by its name under `web/`."""
    catalog = get_phrases(DEFAULT_LANGUAGE)
    sentences = json.dumps({**catalog.pages, **catalog.guide}, indent=2, ensure_ascii=False)
    return {FILE: f"{HEAD}{sentences});\n{COUNTED}{MAX_REPETITIONS};\n"}


def write(folder: Path) -> None:
    """Write the file into the folder of the pages."""
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8")


def check(folder: Path) -> list[str]:
    """List the file if it is missing or differs from the catalog."""
    return [
        name
        for name, text in documents().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
