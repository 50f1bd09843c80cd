"""E-mails to users, read from the folder of messages."""

import re
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Final

from tests.web.waiting import PATIENCE_MS

LINK: Final = re.compile(r"https?://\S+")

PAUSE_S: Final = 0.05


def link_of(mail: Path, address: str, subject: str) -> str:
    """Wait for a message to an address, and return the link of the newest."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        for path in sorted(mail.glob("*.eml"), reverse=True):
            found = _link(path, address, subject)
            if found is not None:
                return found
        time.sleep(PAUSE_S)
    raise AssertionError(f"no message came: {subject}")


def _link(path: Path, address: str, subject: str) -> str | None:
    letter = message_from_bytes(path.read_bytes(), policy=default)
    body = letter.get_body(("plain",))
    if letter["To"] != address or letter["Subject"] != subject or body is None:
        return None
    found = LINK.search(str(body.get_content()))
    return None if found is None else found[0]
