"""Errors of reading ZIP files, which others may have damaged or made to cause them."""

import zlib
from lzma import LZMAError
from typing import Final
from zipfile import BadZipFile

DAMAGED_ZIP: Final = (BadZipFile, EOFError, LZMAError, RuntimeError, zlib.error)
"""Bytes are missing or changed, or a feature, such as a password, is not supported."""
