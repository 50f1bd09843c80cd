"""`kinelog schema`: write or check the generated schemas and the generated files of the pages."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import typer

from api import schemas
from bootstrap import constraint_files, contract_files, key_pose_files, sentence_files
from bootstrap.cli.output import JsonOption, err, out, print_json
from bootstrap.exit_codes import FAILED
from bootstrap.pages import SOURCES as WEB

app = typer.Typer(help="The generated schemas and files of the pages.", no_args_is_help=True)

FOLDER: Final = Path(schemas.__file__).parent


@app.command()
def write(*, as_json: JsonOption = False) -> None:
    """Write the schemas, and the constraints, sentences and poses of the pages."""
    contract_files.write(FOLDER)
    schemas.write(FOLDER)
    constraint_files.write(WEB, _openapi())
    sentence_files.write(WEB)
    key_pose_files.write(WEB)
    written = [str(FOLDER / name) for name in (*schemas.documents(), *contract_files.documents())]
    generated = (constraint_files.FILE, *sentence_files.documents(), *key_pose_files.documents())
    written += [str(WEB / name) for name in generated]
    if as_json:
        print_json(written)
    else:
        out.print("\n".join(f"Wrote {path}" for path in written))


@app.command()
def check(*, as_json: JsonOption = False) -> None:
    """List the generated files that differ from the code; exit code 1 if there are any."""
    stale = schemas.check(FOLDER) + contract_files.check(FOLDER)
    if WEB.is_dir():  # not in a wheel
        stale += constraint_files.check(WEB, _openapi())
        stale += sentence_files.check(WEB) + key_pose_files.check(WEB)
    if as_json:
        print_json({"stale": stale})
    for name in stale:
        err.print(f"{name} differs from the code; run `make schema`.")
    if stale:
        sys.exit(FAILED)


def _openapi() -> Any:
    return json.loads(schemas.documents()["openapi.json"])
