"""`kinelog exports`: verify exports of sessions."""

import json
from pathlib import Path
from typing import Annotated

import typer

from adapters.privacy.certificate_signer import EXPORT
from application.exports.manifest import ExportChanged
from application.exports.manifest import verify as verify_export
from bootstrap.cli.output import JsonOption, out, print_json
from bootstrap.settings import Settings
from bootstrap.wiring.exports import build_signer

app = typer.Typer(help="Exports of sessions.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Exports of sessions."""


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="An export (zip).", exists=True, dir_okay=False)],
    *,
    keys: Annotated[
        Path | None,
        typer.Option(
            help="Trust only the public keys of this file, as `kinelog privacy certificate keys"
            " --json` prints them."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Verify that an export is complete and unchanged; exit code 30 if it is not."""
    trusted = None
    if keys is not None:
        try:
            trusted = json.loads(keys.read_text(encoding="utf-8"))
        except (OSError, ValueError) as broken:
            raise ExportChanged(f"{keys} is not a file of keys.") from broken
    with build_signer(Settings(), EXPORT) as signer:
        statement = verify_export(file, signer, trusted)
    if as_json:
        print_json(statement)
    else:
        out.print(
            f"Valid: these are all {statement['sessions']} completed sessions of"
            f" {statement['athlete']} as of {statement['madeAt']}"
            f" ({statement['records']} records).",
            markup=False,
        )
