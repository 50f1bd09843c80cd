"""`kinelog mail`: list and read the e-mails of an installation without a mail server."""

from email.message import EmailMessage
from itertools import islice
from typing import Annotated

import typer

from adapters.mail.folder import StoredMail, stored_mails
from application.kernel.encryption import FieldCipher
from bootstrap.cli.output import JsonOption, out, print_json, print_table, table
from bootstrap.settings import Settings
from bootstrap.wiring.emails import mail_folder
from bootstrap.wiring.encryption import build_encryption
from domain.kernel import Rejected

app = typer.Typer(help="E-mails of an installation without a mail server.", no_args_is_help=True)

HEADERS = ("Date", "To", "Subject")


class MailNotFound(Rejected):
    """No such e-mail is in the folder. `kinelog mail list` shows those that are."""

    code = "mail.not_found"
    kind = "not_found"


@app.command("list")
def list_(
    *,
    first: Annotated[int, typer.Option(min=1, max=1000, help="Maximum number of rows.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List e-mails, the newest first."""
    settings = Settings()
    with build_encryption(settings) as encryption:
        mails = [
            _headers(each, message)
            for each in islice(stored_mails(mail_folder(settings)), first)
            if (message := each.open(encryption.sealer)) is not None
        ]
    if as_json:
        print_json({"mails": mails})
        return
    result = table(None, "id", "date", "to", "subject")
    for each in mails:
        result.add_row(*each.values())
    print_table(result)


@app.command()
def show(
    mail: Annotated[str, typer.Argument(help="Its id. Default: the newest.")] = "",
    *,
    to: Annotated[str, typer.Option(help="Only to this address.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Print an e-mail with its links."""
    settings = Settings()
    with build_encryption(settings) as encryption:
        stored, message = _find(settings, encryption.sealer, mail, to)
    headers, text = _headers(stored, message), _text(message)
    if as_json:
        print_json(headers | {"text": text})
        return
    for name in HEADERS:
        out.print(f"{name}: {message[name]}")
    out.print()
    out.print(text)


def _find(
    settings: Settings, cipher: FieldCipher, mail: str, to: str
) -> tuple[StoredMail, EmailMessage]:
    """Return the newest message with this id and recipient. Raises MailNotFound."""
    for each in stored_mails(mail_folder(settings)):
        if mail not in {"", each.id}:
            continue
        message = each.open(cipher)
        if message is not None and to.lower() in {"", str(message["To"]).lower()}:
            return each, message
    raise MailNotFound


def _headers(stored: StoredMail, message: EmailMessage) -> dict[str, str]:
    return {"id": stored.id} | {name.lower(): str(message[name]) for name in HEADERS}


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return "" if body is None else str(body.get_content())
