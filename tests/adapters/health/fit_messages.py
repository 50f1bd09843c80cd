"""Messages of a FIT file, as another implementation of the format reads them."""

import io
from typing import Any

from fitdecode import CrcCheck, ErrorHandling, FitDataMessage, FitReader


def fit_messages(file: bytes, name: str) -> list[dict[str, Any]]:
    """Return the fields of the messages of a type. Raises FitError."""
    with FitReader(
        io.BytesIO(file), check_crc=CrcCheck.RAISE, error_handling=ErrorHandling.RAISE
    ) as frames:
        found: list[Any] = [each for each in frames if isinstance(each, FitDataMessage)]
    return [
        {each.name: each.value for each in message.fields}
        for message in found
        if message.name == name
    ]
