"""`kinelog work`: processes that work in the background of many machines."""

import typer

from bootstrap.bus import collect_rarely
from bootstrap.cli.console import JsonOption, err, print_json
from bootstrap.cli.signals import told_by_signals
from bootstrap.distributed import projection_runner
from bootstrap.settings import Settings

app = typer.Typer(help="Background work of a distributed Kinelog.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `projections` a word of its own, though it is the only one so far."""


@app.command()
def projections(*, as_json: JsonOption = False) -> None:
    """Fill the read models from the log until told to end; other runners stand by meanwhile."""
    with projection_runner(Settings()) as runner:
        stop = told_by_signals()
        collect_rarely()
        if as_json:
            print_json({"state": "filling"})
        else:
            err.print("Filling read models from the log  (Ctrl-C stops it)")
        runner.run(stop)
