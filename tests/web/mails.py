"""E-mails to users, read from the folder of messages."""

import re
import time
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from tests.mail_folder import embedded_mails, text_of
from tests.web.waiting import PATIENCE_MS

LINK: Final = re.compile(r"https?://\S+")

PAUSE_S: Final = 0.05


def link_of(mail: Path, address: str, subject: str) -> str:
    """Wait for a message to an address, and return the link of the newest."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        for letter in reversed(embedded_mails(mail)):
            found = _link(letter, address, subject)
            if found is not None:
                return found
        time.sleep(PAUSE_S)
    raise AssertionError(f"no message came: {subject}")


def _link(letter: EmailMessage, address: str, subject: str) -> str | None:
    if letter["To"] != address or letter["Subject"] != subject:
        return None
    found = LINK.search(text_of(letter))
    return None if found is None else found[0]
