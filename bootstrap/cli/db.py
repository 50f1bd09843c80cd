"""`kinelog db`: upgrade the PostgreSQL database of a cluster."""

import typer

from adapters.migrations import upgrade as upgrade_database
from bootstrap.cli.output import JsonOption, out, print_json
from bootstrap.settings import Settings
from bootstrap.wiring.bus import log_url

app = typer.Typer(help="The PostgreSQL database of a cluster.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Make the application a group although it has only one command so far."""


@app.command()
def upgrade(*, as_json: JsonOption = False) -> None:
    """Upgrade the database of KINELOG_POSTGRES_URL to this version. Safe to run again."""
    upgrade_database(log_url(Settings()))
    if as_json:
        print_json({"upgraded": True})
    else:
        out.print("The database is up to date.")
