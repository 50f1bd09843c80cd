"""`kinelog serve`: serve the API and the web pages."""

import socket
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from api.app import build_app
from api.config import ApiConfig
from application.platform import Platform
from bootstrap.cli.output import JsonOption, print_json
from bootstrap.garbage_collection import reduce_garbage_collection
from bootstrap.pages import PagesNotBuilt, pages_folder
from bootstrap.platform import open_platform
from bootstrap.server import EarlySignal, bind_socket, serve_app
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from bootstrap.wiring.background_work import background_work
from bootstrap.wiring.telemetry import build_readiness_checks, build_telemetry
from domain.kernel import Rejected

ALL_ADDRESSES: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  not listened on here
"""Addresses that stand for all of this machine, and its loopback address of the same family."""


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
        _serve(listener, host, settings.with_served_url(served_on(listener)), as_json=as_json)


def _serve(listener: socket.socket, host: str, settings: Settings, *, as_json: bool) -> None:
    reduce_garbage_collection()
    # both can fail, so they come before any work
    config, web = build_api_config(settings, host), find_pages()
    with (
        EarlySignal() as early,
        build_telemetry(settings, "api", serves_http=True),
        open_platform(settings, checks=build_readiness_checks(settings)) as platform,
    ):
        platform.accounts()  # refuses wrong settings of sign-in now, and not at each sign-in
        with background_work(settings, platform):
            run(
                platform,
                listener,
                url=url_to_open(settings, listener),
                as_json=as_json,
                config=config,
                web=web,
                drain_s=settings.drain_s,
                shutdown_s=settings.shutdown_s,
                early=early,
            )


def run(
    platform: Platform,
    listener: socket.socket,
    *,
    url: str,
    as_json: bool,
    config: ApiConfig,
    web: Path,
    drain_s: float = 0.0,
    shutdown_s: float = 5.0,
    early: EarlySignal | None = None,
) -> None:
    """Serve an open platform with the pages in the folder `web`, and print its URL."""
    app = build_app(platform, web=web, config=config)
    _print_url(f"{url}/", as_json=as_json)
    serve_app(listener, app, drain_s=drain_s, shutdown_s=shutdown_s, early=early)


class PagesUnavailable(Rejected):
    """The web pages are not built, and cannot be."""

    code = "pages.not_built"
    kind = "unavailable"


def find_pages() -> Path:
    """Return the folder of the built pages. Raises PagesUnavailable."""
    try:
        return pages_folder()
    except PagesNotBuilt as failed:
        raise PagesUnavailable(str(failed)) from failed


def served_on(listener: socket.socket) -> str:
    """Return the URL of a listening socket, such as `http://127.0.0.1:8765`.

    If it listens on all addresses, the URL has the loopback address.
    """
    address, port = listener.getsockname()[:2]
    host = ALL_ADDRESSES.get(str(address), str(address))
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def url_to_open(settings: Settings, listener: socket.socket) -> str:
    """Return the URL for people: that of the socket, or the public one if it has all addresses."""
    if listener.getsockname()[0] in ALL_ADDRESSES:
        return settings.public_url
    return served_on(listener)


def _print_url(url: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"url": url})
    else:
        sys.stdout.write(f"Kinelog is at {url}  (Ctrl-C stops it)\n")
        sys.stdout.flush()
