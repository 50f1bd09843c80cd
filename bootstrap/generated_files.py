"""Generated files of the pages: write them, or list those that differ from their source."""

from collections.abc import Mapping
from pathlib import Path


def write(folder: Path, documents: Mapping[str, str]) -> None:
    """Write documents, each under its name, into a folder."""
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")


def outdated(folder: Path, documents: Mapping[str, str]) -> list[str]:
    """List the files of a folder that are missing or differ from their document."""
    return [
        name
        for name, text in documents.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
