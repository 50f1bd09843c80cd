"""Encrypted e-mails in a folder, for installations without a mail server."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final

import structlog

from adapters.mail.smtp import to_mime
from application.kernel.encryption import FieldCipher, SealBroken
from application.users.errors import MailUndelivered
from application.users.ports import Mail
from domain.ids import TenantId, UserId

SUFFIX: Final = ".eml.sealed"
CLEAR_SUFFIX: Final = ".eml"
"""Messages of earlier versions, which are not encrypted."""

PART_SUFFIX: Final = ".eml.part"
"""Messages that are being written, or were when a process ended."""

logger: Any = structlog.get_logger()


class FolderMailer:
    """Implements `Mailer`: encrypts each message for its recipient, in `<folder>/<id>.eml.sealed`.

    File names sort by the time of the request; a repeated message replaces the first one. The
    folder is created with the first message. Only its owner can read it. Thread-safe.
    """

    def __init__(self, folder: Path, *, sender: str, cipher: FieldCipher) -> None:
        self._folder = folder
        self._sender = sender
        self.cipher = cipher

    def send(self, mail: Mail, *, tenant_id: TenantId, user_id: UserId) -> None:
        message = to_mime(mail, sender=self._sender)
        message["Date"] = formatdate(usegmt=True)
        sealed = self.cipher.seal(
            bytes(message), tenant_id=tenant_id, subject=user_id, place=_place(str(mail.id))
        )
        owner = json.dumps({"tenant": tenant_id, "user": user_id}).encode()
        path = self._folder / f"{mail.id}{SUFFIX}"
        part = self._folder / f"{mail.id}{PART_SUFFIX}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(owner + b"\n" + sealed)
            part.replace(path)
        except OSError as refused:
            with suppress(OSError):  # the folder refuses writes
                part.unlink(missing_ok=True)
            raise MailUndelivered(
                f"The message cannot be written to {self._folder}: {refused.strerror}."
            ) from refused
        logger.info("mail_written", file=str(path))


@dataclass(frozen=True, slots=True)
class StoredMail:
    """An encrypted message in the folder, and the user to whom it was sent."""

    id: str
    tenant_id: TenantId
    user_id: UserId
    path: Path
    sealed: bytes

    def open(self, cipher: FieldCipher) -> EmailMessage | None:
        """Decrypt the message; None once its recipient was erased.

        Raises SealBroken, KmsUnavailable, KeyRefused and StorageUnavailable.
        """
        content = cipher.unseal(
            self.sealed, tenant_id=self.tenant_id, subject=self.user_id, place=_place(self.id)
        )
        if content is None:
            return None
        return message_from_bytes(content, policy=default)


def stored_mails(folder: Path) -> Iterator[StoredMail]:
    """Yield the encrypted messages of a folder, the newest first. Raises SealBroken and OSError."""
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        try:
            owner, _, sealed = path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            continue  # deleted meanwhile
        try:
            names = json.loads(owner)
            tenant_id, user_id = TenantId(names["tenant"]), UserId(names["user"])
        except (ValueError, KeyError, TypeError) as changed:
            raise SealBroken from changed
        yield StoredMail(path.name.removesuffix(SUFFIX), tenant_id, user_id, path, sealed)


def clear_mails(folder: Path) -> list[Path]:
    """Return the messages of earlier versions, which are not encrypted."""
    return sorted(folder.glob(f"*{CLEAR_SUFFIX}"))


def _place(mail_id: str) -> bytes:
    """Return what binds an encrypted message to its file."""
    return b"mail " + mail_id.encode()
