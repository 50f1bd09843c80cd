"""The XML in the archive of Apple Health: which file it is, and its text without Apple's errors."""

import io
import re
from typing import IO, Final
from zipfile import ZipFile

from adapters.health_files.records import BadFileError

ROOT: Final = "HealthData"

HEAD_BYTES: Final = 64 * 1024
"""Beginning of the file, with its document type and the start of its root."""

DOCUMENT_TYPE: Final = re.compile(rb"<!DOCTYPE\s+HealthData\s*\[.*?\]\s*>", re.DOTALL)

CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t\n\r"))
"""Characters that XML does not have."""


def find_export(archive: ZipFile) -> str:
    """Return the name of the file of records, which is in the language of the phone.

    Raises BadFileError if there is none.
    """
    for name in archive.namelist():
        if name.endswith(".xml"):
            with archive.open(name) as file:
                if f"<{ROOT}".encode() in file.read(HEAD_BYTES):
                    return name
    raise BadFileError("the archive has no file of health records")


class AppleXml:
    """The text of a file of records, without its document type and without control characters.

    iOS 16 writes a document type that cannot be parsed, and vertical tabs.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._head = io.BytesIO(DOCUMENT_TYPE.sub(b"", file.read(HEAD_BYTES), count=1))
        self._rest = file

    def read(self, size: int) -> bytes:
        """Return at most this many bytes, none at the end."""
        part = self._head.read(size) or self._rest.read(size)
        return part.translate(None, CONTROLS)
