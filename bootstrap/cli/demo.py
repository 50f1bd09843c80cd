"""`kinelog demo`: analyze a sample video, and show the result on a local page."""

from typing import Annotated

import typer

from adapters.sample_athlete.sample_video import SAMPLE, VIDEO
from application.analysis.video_analyzer import AnalysisRequest
from bootstrap.cli.analyze import print_analysis, run
from bootstrap.cli.output import JsonOption, err
from bootstrap.cli.serve import find_pages, served_on, url_to_open
from bootstrap.cli.serve import run as serve
from bootstrap.platform import open_platform
from bootstrap.server import EarlySignal, bind_socket
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from bootstrap.wiring.background_work import background_work
from domain.ids import DEFAULT_TENANT, UserId


def demo(
    *,
    serve_page: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the result on a local page.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Analyze a sample video of a simulated athlete, and serve the result on a local page."""
    settings = Settings()
    with open_platform(settings) as platform:
        err.print(f"The video is {VIDEO}")
        analysis = AnalysisRequest(
            video=VIDEO, athlete_id=UserId("athlete"), exercise=SAMPLE.exercise
        )
        print_analysis(run(platform, analysis, DEFAULT_TENANT), as_json=as_json)
        if serve_page:
            with EarlySignal() as early, bind_socket(settings.host, settings.port) as listener:
                here = settings.with_served_url(served_on(listener))
                config, web = build_api_config(here, settings.host), find_pages()
                with background_work(settings, platform):
                    serve(
                        platform,
                        listener,
                        url=url_to_open(here, listener),
                        as_json=as_json,
                        config=config,
                        web=web,
                        early=early,
                    )
