"""E-mail to a folder, for installations without a mail server."""

import os
from email.utils import formatdate
from pathlib import Path
from typing import Any

import structlog

from adapters.mail.smtp import to_mime
from application.users.errors import MailUndelivered
from application.users.ports import Mail

logger: Any = structlog.get_logger()


class FolderMailer:
    """Implements `Mailer`: writes each message to `<folder>/<id>.eml`, readable only by its owner.

    File names sort by the time of the request; a repeated message replaces the first one. The
    folder is created with the first message. Thread-safe.
    """

    def __init__(self, folder: Path, *, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, mail: Mail) -> None:
        message = to_mime(mail, sender=self._sender)
        message["Date"] = formatdate(usegmt=True)
        path = self._folder / f"{mail.id}.eml"
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(bytes(message))
            part.replace(path)
        except OSError as refused:
            raise MailUndelivered(
                f"The message cannot be written to {self._folder}: {refused.strerror}."
            ) from refused
        logger.info("mail_written", file=str(path))
