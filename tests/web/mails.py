"""E-mails to users, read from the folder of messages."""

import re
import time
from pathlib import Path
from typing import Final

from tests.mail_folder import embedded_mails, text_of
from tests.web.waiting import PATIENCE_MS

LINK: Final = re.compile(r"https?://\S+")

PAUSE_S: Final = 0.05


def link_of(mail: Path, address: str, subject: str) -> str:
    """Wait for a message to an address, and return the first link of the newest."""
    found = LINK.search(mail_of(mail, address, subject))
    assert found is not None
    return found[0]


def mail_of(mail: Path, address: str, subject: str) -> str:
    """Wait for a message to an address, and return the text of the newest."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        for letter in reversed(embedded_mails(mail)):
            if (letter["To"], letter["Subject"]) == (address, subject):
                return text_of(letter)
        time.sleep(PAUSE_S)
    raise AssertionError(f"no message came: {subject}")
