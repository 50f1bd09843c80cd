"""E-mails of a platform without a mail server, read from its encrypted files."""

from email.message import EmailMessage
from pathlib import Path

from adapters.mail.folder import stored_mails
from application.kernel.encryption import FieldCipher
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import build_encryption


def read_mails(folder: Path, cipher: FieldCipher) -> list[EmailMessage]:
    """Decrypt the messages in a folder, the newest last."""
    opened = (each.open(cipher) for each in stored_mails(folder))
    return [each for each in opened if each is not None][::-1]


def embedded_mails(folder: Path) -> list[EmailMessage]:
    """Decrypt the messages of a platform that has its keys in the data folder, the newest last."""
    if not folder.exists():
        return []
    with build_encryption(Settings(home=folder.parent, postgres_url=None)) as encryption:
        return read_mails(folder, encryption.sealer)


def text_of(mail: EmailMessage) -> str:
    """Return the text of a message."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
