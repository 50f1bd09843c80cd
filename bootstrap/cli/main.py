"""All commands, and how they end."""

import sys

import typer

from bootstrap.cli import (
    analyze,
    audit,
    db,
    demo,
    dlq,
    events,
    motion,
    projections,
    schema,
    serve,
    sessions,
    work,
)
from bootstrap.cli.console import err
from bootstrap.exit_codes import exit_code
from bootstrap.logs import configure_logs
from domain.kernel import Rejected

app = typer.Typer(
    name="kinelog",
    help="Camera-coached training: a workout video goes in, facts come out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(analyze.analyze)
app.command()(demo.demo)
app.command()(serve.serve)
app.add_typer(audit.app, name="audit")
app.add_typer(db.app, name="db")
app.add_typer(dlq.app, name="dlq")
app.add_typer(events.app, name="events")
app.add_typer(motion.app, name="motion")
app.add_typer(projections.app, name="projections")
app.add_typer(schema.app, name="schema")
app.add_typer(sessions.app, name="sessions")
app.add_typer(work.app, name="work")


def main() -> None:
    """Run the command. A refusal is one sentence on standard error and a documented status."""
    configure_logs()
    try:
        app()
    except Rejected as refusal:
        err.print(f"kinelog: {refusal.detail}", markup=False, soft_wrap=True)
        sys.exit(exit_code(refusal))
