"""`kinelog serve`: serve the API and the web pages."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.cli.output import JsonOption, print_json
from bootstrap.platform import open_platform
from bootstrap.server import bind_socket, serve_app
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from bootstrap.wiring.background import embedded_achievements, embedded_daily_work
from bootstrap.wiring.telemetry import build_readiness_checks, build_telemetry

HERE = Path(__file__).parents[1]
WEB = next(folder for folder in (HERE / "web", HERE.parent / "web") if folder.is_dir())
"""Files of the web pages: inside this package in a wheel, next to it in a checkout."""


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Serve GraphQL, REST, WebSockets and the web pages until stopped."""
    settings = Settings()
    with (
        build_telemetry(settings, "api", serves_http=True),
        open_platform(settings, checks=build_readiness_checks(settings)) as platform,
        embedded_daily_work(settings, platform),
        embedded_achievements(settings, platform),
    ):
        run(
            platform,
            settings.host if host is None else host,
            settings.port if port is None else port,
            as_json=as_json,
            config=build_api_config(settings, settings.host if host is None else host),
            drain_s=settings.drain_s,
            shutdown_s=settings.shutdown_s,
        )


def run(
    platform: Platform,
    host: str,
    port: int,
    *,
    as_json: bool,
    config: ApiConfig,
    drain_s: float = 0.0,
    shutdown_s: float = 5.0,
) -> None:
    """Serve an open platform, and print its address. Raises AddressUnavailable."""
    with bind_socket(host, port) as listener:
        address, bound = listener.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        _print_url(f"http://{shown}:{bound}/", as_json=as_json)
        app = build_app(platform, web=WEB, config=config)
        serve_app(listener, app, drain_s=drain_s, shutdown_s=shutdown_s)


def _print_url(url: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"url": url})
    else:
        sys.stdout.write(f"Kinelog is at {url}  (Ctrl-C stops it)\n")
    sys.stdout.flush()
