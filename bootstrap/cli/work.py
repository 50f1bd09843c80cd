"""`kinelog work`: processes that work in the background of many machines."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated

import typer

from application.kernel.consumer import Consumer
from bootstrap.cli.output import JsonOption, err, print_json
from bootstrap.cli.signals import shutdown_event
from bootstrap.distributed import distributed, projection_runner
from bootstrap.settings import Settings
from bootstrap.wiring.achievements import build_achievement_runner
from bootstrap.wiring.analytics import build_event_counter, build_rollup_worker
from bootstrap.wiring.bus import log_url, reduce_garbage_collection
from bootstrap.wiring.composition import platform as opened
from bootstrap.wiring.intents import build_intent_worker
from bootstrap.wiring.rpc import Worker, build_worker_server
from bootstrap.wiring.telemetry import build_telemetry

app = typer.Typer(help="Background work of a distributed Kinelog.", no_args_is_help=True)


@app.command()
def projections(*, as_json: JsonOption = False) -> None:
    """Fill the read models from the log until told to end; other runners stand by meanwhile."""
    settings = Settings()
    with (
        build_telemetry(settings, "projections") as telemetry,
        projection_runner(settings, telemetry=telemetry) as runner,
    ):
        stop = shutdown_event()
        reduce_garbage_collection()
        _tell("filling", "Filling read models from the log", as_json=as_json)
        runner.run(stop)


@app.command()
def pose(*, as_json: JsonOption = False) -> None:
    """Make repetitions, faults and cues of landmarks until told to end; others share the work."""
    from bootstrap.workers import run_pose_worker  # noqa: PLC0415  Faust is loaded by who needs it

    reduce_garbage_collection()
    said = "Watching landmarks on pose.stream"
    run_pose_worker(Settings(), lambda: _tell("watching", said, as_json=as_json))


@app.command()
def exercise(*, as_json: JsonOption = False) -> None:
    """Enter what was watched into sessions until told to end; others share the work."""
    from bootstrap.workers import run_exercise_worker  # noqa: PLC0415  Faust is loaded by who needs it

    reduce_garbage_collection()
    said = "Entering facts from exercise.detect into sessions"
    run_exercise_worker(Settings(), lambda: _tell("entering", said, as_json=as_json))


@app.command()
def analyses(*, as_json: JsonOption = False) -> None:
    """Analyze uploaded films, one after the other, until told to end; others share the work."""
    settings = Settings(analyzes=True)
    with (
        build_telemetry(settings, "analyses") as telemetry,
        distributed(settings, telemetry=telemetry) as platform,
    ):
        stop = shutdown_event()
        platform.jobs.start()
        _tell("analyzing", "Analyzing films that were uploaded", as_json=as_json)
        stop.wait()
        platform.jobs.stop()


@app.command()
def real_time_analytics(*, as_json: JsonOption = False) -> None:
    """Fill the analysts' windows from events until told to end; others share the work."""
    from bootstrap.workers import run_analytics_worker  # noqa: PLC0415  Faust is loaded by who needs it

    reduce_garbage_collection()
    said = "Filling the analysts' windows from events of sessions"
    run_analytics_worker(Settings(), lambda: _tell("filling", said, as_json=as_json))


@app.command()
def analytics_events(*, as_json: JsonOption = False) -> None:
    """Count events by day and name until told to end; others share the work."""
    said = "Counting events for analysts"
    _follow(
        "analytics-events", build_event_counter, lambda: _tell("counting", said, as_json=as_json)
    )


@app.command()
def nlp(*, as_json: JsonOption = False) -> None:
    """Understand what athletes say until told to end; others share the work."""
    said = "Understanding speech from nlp.intent"
    _follow("nlp", build_intent_worker, lambda: _tell("listening", said, as_json=as_json))


@app.command()
def metrics_rollup(*, as_json: JsonOption = False) -> None:
    """Roll up the days that somebody asks for until told to end; others share the work."""
    said = "Rolling up days, weeks and months"
    _follow(
        "metrics-rollup", build_rollup_worker, lambda: _tell("rolling up", said, as_json=as_json)
    )


@app.command()
def daily(*, as_json: JsonOption = False) -> None:
    """Do once a day what is due until told to end; others stand by, and make up for a lost one."""
    settings = Settings()
    log_url(settings)
    with (
        build_telemetry(settings, "daily") as telemetry,
        opened(settings, telemetry=telemetry) as platform,
    ):
        stop = shutdown_event()
        work = platform.privacy().daily()
        _tell("waiting", "Forgetting whoever is due, and what is old, daily", as_json=as_json)
        work.run(stop)


@app.command()
def achievements(*, as_json: JsonOption = False) -> None:
    """Check what completed sessions earned until told to end; others stand by."""
    settings = Settings()
    log_url(settings)
    with (
        build_telemetry(settings, "achievements") as telemetry,
        opened(settings, telemetry=telemetry) as platform,
        build_achievement_runner(settings, platform) as runner,
    ):
        stop = shutdown_event()
        said = "Checking what completed sessions earned"
        _tell("checking", said, as_json=as_json)
        runner.run(stop)


@app.command()
def serve(
    workers: Annotated[
        list[Worker] | None, typer.Argument(help="Who answers; without, all of them.")
    ] = None,
    *,
    grpc: Annotated[
        str | None, typer.Option(help="host:port to answer gRPC on; port 0 takes a free one.")
    ] = None,
    http: Annotated[str | None, typer.Option(help="The same for HTTP.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Answer for workers that are called, over gRPC, HTTP or both, until told to end."""
    if grpc is None and http is None:
        raise typer.BadParameter("Say where: --grpc host:port, --http host:port, or both.")
    from bootstrap.rpc_server import serve_workers  # noqa: PLC0415  gRPC is loaded by who needs it

    settings = Settings()

    def announce(where: dict[str, str]) -> None:
        if as_json:
            print_json({"state": "answering", **where})
            sys.stdout.flush()
        else:
            err.print(f"Answering at {' and '.join(where.values())}  (Ctrl-C stops it)")

    with (
        build_telemetry(settings, "workers") as telemetry,
        build_worker_server(settings, workers or [*Worker], telemetry) as answering,
    ):
        serve_workers(settings, answering, grpc=grpc, http=http, announce=announce)


def _follow(
    name: str,
    opened: Callable[..., AbstractContextManager[Consumer]],
    begun: Callable[[], None],
) -> None:
    """Follow a queue until told to end."""
    settings = Settings()
    with (
        build_telemetry(settings, name) as telemetry,
        opened(settings, telemetry=telemetry) as consumer,
    ):
        stop = shutdown_event()
        begun()
        consumer.run(stop)


def _tell(state: str, sentence: str, *, as_json: bool) -> None:
    """Say once that the work has begun."""
    if as_json:
        print_json({"state": state})
        sys.stdout.flush()
    else:
        err.print(f"{sentence}  (Ctrl-C stops it)")
