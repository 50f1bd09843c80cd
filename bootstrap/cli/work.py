"""`kinelog work`: processes that work in the background of many machines."""

import sys

import typer

from bootstrap.analytics import event_counter, roller_up
from bootstrap.bus import collect_rarely
from bootstrap.cli.console import JsonOption, err, print_json
from bootstrap.cli.signals import told_by_signals
from bootstrap.distributed import projection_runner
from bootstrap.settings import Settings
from bootstrap.telemetry import told_of

app = typer.Typer(help="Background work of a distributed Kinelog.", no_args_is_help=True)


@app.command()
def projections(*, as_json: JsonOption = False) -> None:
    """Fill the read models from the log until told to end; other runners stand by meanwhile."""
    settings = Settings()
    with (
        told_of(settings, "projections") as telemetry,
        projection_runner(settings, telemetry=telemetry) as runner,
    ):
        stop = told_by_signals()
        collect_rarely()
        _tell("filling", "Filling read models from the log", as_json=as_json)
        runner.run(stop)


@app.command()
def pose(*, as_json: JsonOption = False) -> None:
    """Make repetitions, faults and cues of landmarks until told to end; others share the work."""
    from bootstrap.workers import work_poses  # noqa: PLC0415  Faust is loaded by who needs it

    collect_rarely()
    said = "Watching landmarks on pose.stream"
    work_poses(Settings(), lambda: _tell("watching", said, as_json=as_json))


@app.command()
def exercise(*, as_json: JsonOption = False) -> None:
    """Enter what was watched into sessions until told to end; others share the work."""
    from bootstrap.workers import work_exercises  # noqa: PLC0415  Faust is loaded by who needs it

    collect_rarely()
    said = "Entering facts from exercise.detect into sessions"
    work_exercises(Settings(), lambda: _tell("entering", said, as_json=as_json))


@app.command()
def real_time_analytics(*, as_json: JsonOption = False) -> None:
    """Fill the analysts' windows from events until told to end; others share the work."""
    from bootstrap.workers import work_analytics  # noqa: PLC0415  Faust is loaded by who needs it

    collect_rarely()
    said = "Filling the analysts' windows from events of sessions"
    work_analytics(Settings(), lambda: _tell("filling", said, as_json=as_json))


@app.command()
def analytics_events(*, as_json: JsonOption = False) -> None:
    """Count events by day and name until told to end; others share the work."""
    settings = Settings()
    with (
        told_of(settings, "analytics-events") as telemetry,
        event_counter(settings, telemetry=telemetry) as consumer,
    ):
        stop = told_by_signals()
        _tell("counting", "Counting events for analysts", as_json=as_json)
        consumer.run(stop)


@app.command()
def metrics_rollup(*, as_json: JsonOption = False) -> None:
    """Roll up the days that somebody asks for until told to end; others share the work."""
    settings = Settings()
    with (
        told_of(settings, "metrics-rollup") as telemetry,
        roller_up(settings, telemetry=telemetry) as consumer,
    ):
        stop = told_by_signals()
        _tell("rolling up", "Rolling up days, weeks and months", as_json=as_json)
        consumer.run(stop)


def _tell(state: str, sentence: str, *, as_json: bool) -> None:
    """Say once that the work has begun."""
    if as_json:
        print_json({"state": state})
        sys.stdout.flush()
    else:
        err.print(f"{sentence}  (Ctrl-C stops it)")
