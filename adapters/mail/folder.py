"""Where no mail server is set up, messages are put into a folder, for whoever runs the program."""

import os
from email.utils import formatdate
from pathlib import Path
from typing import Any

import structlog

from adapters.mail.smtp import message_of
from application.kernel.ports import NewId
from application.users.errors import MailUndelivered
from application.users.ports import Mail

logger: Any = structlog.get_logger()


class FolderMailer:
    """A `Mailer` that writes each message to `<folder>/<id>.eml`, readable by its owner only.

    The names sort by time. The folder is made with the first message. Any thread may ask.
    """

    def __init__(self, folder: Path, *, sender: str, new_id: NewId) -> None:
        self._folder = folder
        self._sender = sender
        self._new_id = new_id

    def send(self, mail: Mail) -> None:
        message = message_of(mail, sender=self._sender)
        message["Date"] = formatdate(usegmt=True)
        path = self._folder / f"{self._new_id()}.eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(bytes(message))
        except OSError as refused:
            raise MailUndelivered(
                f"The message cannot be written to {self._folder}: {refused.strerror}."
            ) from refused
        logger.info("mail_written", file=str(path))
