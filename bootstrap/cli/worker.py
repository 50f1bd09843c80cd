"""`kinelog worker`: background workers of a distributed platform."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated

import typer

from application.kernel.bus import Delivery
from application.kernel.subscription import Subscription
from bootstrap.cli.output import JsonOption, err, print_json
from bootstrap.cli.signals import shutdown_event
from bootstrap.distributed import projection_runner
from bootstrap.garbage_collection import reduce_garbage_collection
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.background import build_achievement_runner, consuming_ai_training
from bootstrap.wiring.bus import kafka_config, log_url
from bootstrap.wiring.consumers import (
    build_coach_worker,
    build_event_counter,
    build_intent_worker,
    build_rollup_worker,
)
from bootstrap.wiring.exports import making_exports
from bootstrap.wiring.pose_coach import run_sinks
from bootstrap.wiring.programs import planning_programs
from bootstrap.wiring.rpc import Worker, all_workers, build_worker_server
from bootstrap.wiring.telemetry import build_telemetry
from bootstrap.wiring.videos import making_videos

PortOption = Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")]

app = typer.Typer(help="Background workers of a distributed platform.", no_args_is_help=True)


@app.command()
def projections(*, as_json: JsonOption = False) -> None:
    """Fill the read models from the log until stopped. One runner works, others stand by."""
    settings = Settings()
    with build_telemetry(settings, "projections"), projection_runner(settings) as runner:
        stop = shutdown_event()
        reduce_garbage_collection()
        _announce("filling", "Filling read models from the log", as_json=as_json)
        runner.run(stop)


@app.command()
def pose(*, as_json: JsonOption = False) -> None:
    """Detect repetitions, faults and cues in landmarks until stopped. Workers share the load."""
    from bootstrap.workers import run_pose_worker  # noqa: PLC0415  loads Faust

    reduce_garbage_collection()
    sentence = "Analyzing landmarks from pose.stream"
    run_pose_worker(Settings(), lambda: _announce("watching", sentence, as_json=as_json))


@app.command()
def exercise(*, as_json: JsonOption = False) -> None:
    """Record detections in sessions until stopped. Workers share the load."""
    from bootstrap.workers import run_exercise_worker  # noqa: PLC0415  loads Faust

    reduce_garbage_collection()
    sentence = "Recording detections from exercise.detect in sessions"
    run_exercise_worker(Settings(), lambda: _announce("entering", sentence, as_json=as_json))


@app.command()
def coach(*, as_json: JsonOption = False) -> None:
    """Prepare the speech of cues until stopped. Workers share the load."""
    sentence = "Preparing the speech of cues from cue.make"
    _consume("coach", build_coach_worker, "coaching", sentence, as_json=as_json)


@app.command()
def analyses(*, as_json: JsonOption = False) -> None:
    """Analyze uploads, encode recordings and make exports until stopped. Workers share the load.

    Each works on one upload, one recording and one export at a time.
    """
    settings = Settings(analyzes=True)
    log_url(settings)
    with (
        build_telemetry(settings, "analyses"),
        open_platform(settings) as platform,
        making_videos(settings, platform),
        making_exports(settings, platform),
    ):
        stop = shutdown_event()
        platform.jobs.start()
        sentence = "Analyzing uploads, encoding recordings and making exports"
        _announce("analyzing", sentence, as_json=as_json)
        stop.wait()
        platform.jobs.stop()


@app.command()
def exports(*, as_json: JsonOption = False) -> None:
    """Make the exports that people request until stopped. Workers share the load."""
    settings = Settings(analyzes=True)
    log_url(settings)
    kafka_config(settings)
    with (
        build_telemetry(settings, "exports"),
        open_platform(settings) as platform,
        making_exports(settings, platform),
    ):
        stop = shutdown_event()
        _announce("exporting", "Making exports from export.make", as_json=as_json)
        stop.wait()


@app.command()
def programs(*, as_json: JsonOption = False) -> None:
    """Plan weeks of programs on request until stopped. Workers share the load."""
    settings = Settings()
    log_url(settings)
    kafka_config(settings)
    with (
        build_telemetry(settings, "programs"),
        open_platform(settings) as platform,
        planning_programs(settings, platform),
    ):
        stop = shutdown_event()
        _announce("planning", "Planning weeks of programs from program.plan", as_json=as_json)
        stop.wait()


@app.command()
def real_time_analytics(*, as_json: JsonOption = False) -> None:
    """Fill the analysts' windows from events until stopped. Workers share the load."""
    from bootstrap.workers import run_analytics_worker  # noqa: PLC0415  loads Faust

    reduce_garbage_collection()
    sentence = "Filling the analysts' windows from session events"
    run_analytics_worker(Settings(), lambda: _announce("filling", sentence, as_json=as_json))


@app.command()
def analytics_events(*, as_json: JsonOption = False) -> None:
    """Count events per day and name until stopped. Workers share the load."""
    _consume(
        "analytics-events", build_event_counter, "counting", "Counting events", as_json=as_json
    )


@app.command()
def nlp(*, as_json: JsonOption = False) -> None:
    """Recognize intents in speech until stopped. Workers share the load."""
    sentence = "Recognizing intents from nlp.intent"
    _consume("nlp", build_intent_worker, "listening", sentence, as_json=as_json)


@app.command()
def metrics_rollup(*, as_json: JsonOption = False) -> None:
    """Compute requested roll-ups by day, week and month until stopped. Workers share the load."""
    sentence = "Computing roll-ups by day, week and month"
    _consume("metrics-rollup", build_rollup_worker, "rolling up", sentence, as_json=as_json)


@app.command()
def daily(*, as_json: JsonOption = False) -> None:
    """Run erasures, retention and training once a day until stopped. Others take over."""
    settings = Settings()
    log_url(settings)
    with (
        build_telemetry(settings, "daily"),
        open_platform(settings) as platform,
        consuming_ai_training(settings, platform),
    ):
        stop = shutdown_event()
        work = platform.privacy().daily()
        _announce("waiting", "Running due erasures and retention once a day", as_json=as_json)
        work.run(stop)


@app.command()
def achievements(*, as_json: JsonOption = False) -> None:
    """Award achievements for completed sessions until stopped. Others stand by and take over."""
    settings = Settings()
    log_url(settings)
    with (
        build_telemetry(settings, "achievements"),
        open_platform(settings) as platform,
        build_achievement_runner(settings, platform) as runner,
    ):
        stop = shutdown_event()
        _announce("checking", "Awarding achievements for completed sessions", as_json=as_json)
        runner.run(stop)


@app.command()
def pose_coach(*, as_json: JsonOption = False) -> None:
    """Write sessions of the pose coach into both stores until stopped. Others stand by."""
    settings = Settings()
    log_url(settings)
    with (
        build_telemetry(settings, "pose-coach"),
        open_platform(settings) as platform,
        run_sinks(settings, platform),
    ):
        stop = shutdown_event()
        sentence = "Writing sessions of the pose coach into both stores"
        _announce("writing", sentence, as_json=as_json)
        stop.wait()


@app.command()
@app.command("serve", hidden=True, deprecated=True)
def rpc(
    workers: Annotated[
        list[Worker] | None, typer.Argument(help="The workers to serve; all by default.")
    ] = None,
    *,
    grpc: Annotated[
        str | None, typer.Option(help="host:port to serve gRPC on; port 0 takes a free one.")
    ] = None,
    http: Annotated[
        str | None, typer.Option(help="host:port to serve HTTP on; port 0 takes a free one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Serve worker calls over gRPC, HTTP or both until stopped."""
    if grpc is None and http is None:
        raise typer.BadParameter("Give an address: --grpc host:port, --http host:port, or both.")
    from bootstrap.rpc_server import serve_workers  # noqa: PLC0415  loads gRPC

    settings = Settings()

    def announce(addresses: dict[str, str]) -> None:
        if as_json:
            print_json({"state": "answering", **addresses})
        else:
            err.print(f"Serving worker calls at {' and '.join(addresses.values())}  (Ctrl-C stops)")

    with (
        build_telemetry(settings, "workers"),
        build_worker_server(settings, workers or all_workers(settings)) as server,
    ):
        serve_workers(settings, server, grpc=grpc, http=http, announce=announce)


@app.command()
def inference(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: PortOption = 8080,
    as_json: JsonOption = False,
) -> None:
    """Detect poses in single pictures, as the container of a SageMaker endpoint, until stopped."""
    from bootstrap.inference_server import serve_inference  # noqa: PLC0415  loads MediaPipe

    settings = Settings()

    def announce(url: str) -> None:
        _announce("detecting", f"Detecting poses at {url}/invocations", as_json=as_json)

    with build_telemetry(settings, "inference"):
        serve_inference(settings, host, port, announce)


@app.command()
def recommendations(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: PortOption = 8080,
    as_json: JsonOption = False,
) -> None:
    """Score plans, workouts, lessons and exercises for given features until stopped.

    It is also the container of a SageMaker endpoint, and does not authenticate its callers:
    let only programs of the platform reach it.
    """
    from bootstrap.inference_server import serve_recommendations  # noqa: PLC0415  loads MediaPipe

    settings = Settings()

    def announce(url: str) -> None:
        _announce("recommending", f"Recommending at {url}/recommendations", as_json=as_json)

    with build_telemetry(settings, "recommendations"), open_platform(settings) as platform:
        serve_recommendations(settings, platform, host, port, announce)


def _consume(
    name: str,
    build_consumer: Callable[..., AbstractContextManager[Subscription[Delivery]]],
    state: str,
    sentence: str,
    *,
    as_json: bool,
) -> None:
    """Consume a queue until stopped."""
    settings = Settings()
    with build_telemetry(settings, name), build_consumer(settings) as consumer:
        stop = shutdown_event()
        _announce(state, sentence, as_json=as_json)
        consumer.run(stop)


def _announce(state: str, sentence: str, *, as_json: bool) -> None:
    """Print that the worker has started."""
    if as_json:
        print_json({"state": state})
    else:
        err.print(f"{sentence}  (Ctrl-C stops it)")
