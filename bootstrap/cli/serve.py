"""`kinelog serve`: serve the API and the web pages."""

import socket
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
from bootstrap.wiring.emails import sending_emails
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
    host = settings.host if host is None else host
    with bind_socket(host, settings.port if port is None else port) as listener:
        _serve(listener, host, with_base_url(settings, url_of(listener)), as_json=as_json)


def _serve(listener: socket.socket, host: str, settings: Settings, *, as_json: bool) -> None:
    with (
        build_telemetry(settings, "api", serves_http=True),
        open_platform(settings, checks=build_readiness_checks(settings)) as platform,
        embedded_daily_work(settings, platform),
        embedded_achievements(settings, platform),
        sending_emails(settings, platform),
    ):
        run(
            platform,
            listener,
            as_json=as_json,
            config=build_api_config(settings, host),
            drain_s=settings.drain_s,
            shutdown_s=settings.shutdown_s,
        )


def run(
    platform: Platform,
    listener: socket.socket,
    *,
    as_json: bool,
    config: ApiConfig,
    drain_s: float = 0.0,
    shutdown_s: float = 5.0,
) -> None:
    """Serve an open platform, and print its address."""
    _print_url(f"{url_of(listener)}/", as_json=as_json)
    app = build_app(platform, web=WEB, config=config)
    serve_app(listener, app, drain_s=drain_s, shutdown_s=shutdown_s)


def url_of(listener: socket.socket) -> str:
    """Return the URL of a listening socket, such as `http://127.0.0.1:8765`."""
    address, port = listener.getsockname()[:2]
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def with_base_url(settings: Settings, url: str) -> Settings:
    """Return the settings with the URL at which we listen, unless KINELOG_BASE_URL is set.

    Links in e-mails lead there. Listening on all addresses, it is that of this machine.
    """
    if "base_url" in settings.model_fields_set:
        return settings
    here = url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
    return settings.model_copy(update={"base_url": here})


def _print_url(url: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"url": url})
    else:
        sys.stdout.write(f"Kinelog is at {url}  (Ctrl-C stops it)\n")
    sys.stdout.flush()
