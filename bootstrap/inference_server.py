"""Servers by the container contract of SageMaker: pose detection, and recommendations."""

from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from adapters.clock import new_id
from api.inference import build_inference_app
from api.recommendation_service import build_recommendation_app
from application.platform import Platform
from bootstrap.http_protocol import BoundedHttpProtocol
from bootstrap.server import EarlySignal, GracefulServer, bind_socket
from bootstrap.settings import Settings
from bootstrap.wiring.pose import build_image_analyzer


def serve_inference(
    settings: Settings, host: str, port: int, announce: Callable[[str], None]
) -> None:
    """Load the pose model, then serve until a shutdown signal.

    Calls `announce` with the URL before serving; SIGTERM is handled from then on. Raises
    AddressUnavailable, or why the model cannot load.
    """
    with build_image_analyzer(settings) as analyzer:
        analyzer.load()
        _serve(settings, build_inference_app(analyzer, new_id=new_id), host, port, announce)


def serve_recommendations(
    settings: Settings, platform: Platform, host: str, port: int, announce: Callable[[str], None]
) -> None:
    """Serve recommendations until a shutdown signal, as `serve_inference` does."""
    _serve(settings, build_recommendation_app(platform, new_id=new_id), host, port, announce)


def _serve(
    settings: Settings, app: FastAPI, host: str, port: int, announce: Callable[[str], None]
) -> None:
    config = uvicorn.Config(
        app,
        lifespan="off",
        http=BoundedHttpProtocol,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=max(1, round(settings.shutdown_s)),
    )
    with EarlySignal() as early, bind_socket(host, port) as listener:
        announce(f"http://{host}:{listener.getsockname()[1]}")
        GracefulServer(config, drain_s=0.0, ends=_nothing, early=early).run(sockets=[listener])


def _nothing() -> None:
    """Do nothing at a shutdown signal: no request waits for events."""
