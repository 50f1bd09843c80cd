"""`kinelog db`: the database that a cluster keeps its log in."""

import typer

from adapters.migrations import upgrade as upgrade_database
from bootstrap.cli.output import JsonOption, out, print_json
from bootstrap.settings import Settings
from bootstrap.wiring.bus import log_url

app = typer.Typer(help="The PostgreSQL database of a cluster.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `upgrade` a word of its own, though it is the only one so far."""


@app.command()
def upgrade(*, as_json: JsonOption = False) -> None:
    """Bring the database that KINELOG_POSTGRES_URL names to this version; safe to run again."""
    upgrade_database(log_url(Settings()))
    if as_json:
        print_json({"upgraded": True})
    else:
        out.print("The database is up to date.")
