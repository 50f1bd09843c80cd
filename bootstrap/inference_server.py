"""Server of pose detection by the container contract of SageMaker."""

from collections.abc import Callable

import uvicorn

from adapters.clock import new_id
from api.inference import build_inference_app
from bootstrap.server import EarlySignal, GracefulServer, bind_socket
from bootstrap.settings import Settings
from bootstrap.wiring.pose import build_image_analyzer


def serve_inference(
    settings: Settings, host: str, port: int, announce: Callable[[str], None]
) -> None:
    """Load the model, then serve until a shutdown signal.

    Calls `announce` with the URL before serving; SIGTERM is handled from then on. Raises
    AddressUnavailable, or why the model cannot load.
    """
    with build_image_analyzer(settings) as analyzer:
        analyzer.load()
        config = uvicorn.Config(
            build_inference_app(analyzer, new_id=new_id),
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=max(1, round(settings.shutdown_s)),
        )
        with EarlySignal() as early, bind_socket(host, port) as listener:
            announce(f"http://{host}:{listener.getsockname()[1]}")
            GracefulServer(config, drain_s=0.0, ends=_nothing, early=early).run(sockets=[listener])


def _nothing() -> None:
    """Do nothing at a shutdown signal: no request waits for events."""
