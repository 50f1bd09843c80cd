"""`kinelog schema`: write or check the generated schemas and sentences."""

import sys
from pathlib import Path
from typing import Final

import typer

from api import schemas
from bootstrap import contract_files, sentence_files
from bootstrap.cli.output import JsonOption, err, out, print_json
from bootstrap.cli.serve import WEB
from bootstrap.exit_codes import FAILED

app = typer.Typer(help="The generated schemas and sentences.", no_args_is_help=True)

FOLDER: Final = Path(schemas.__file__).parent


@app.command()
def write(*, as_json: JsonOption = False) -> None:
    """Write openapi.json, schema.graphql, schemas of worker messages and sentences of the pages."""
    contract_files.write(FOLDER)
    schemas.write(FOLDER)
    sentence_files.write(WEB)
    written = [str(FOLDER / name) for name in (*schemas.documents(), *contract_files.documents())]
    written += [str(WEB / name) for name in sentence_files.documents()]
    if as_json:
        print_json(written)
    else:
        out.print("\n".join(f"Wrote {path}" for path in written), markup=False)


@app.command()
def check(*, as_json: JsonOption = False) -> None:
    """List the generated files that differ from the code; exit code 1 if there are any."""
    stale = schemas.check(FOLDER) + contract_files.check(FOLDER) + sentence_files.check(WEB)
    if as_json:
        print_json({"stale": stale})
    for name in stale:
        err.print(f"{name} differs from the code; run `make schema`.", markup=False)
    if stale:
        sys.exit(FAILED)
