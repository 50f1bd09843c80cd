"""`kinelog demo`: what Kinelog does, on a film that it makes itself."""

from typing import Annotated

import typer

from adapters.sample_athlete.film import film
from adapters.sample_athlete.performance import Performance
from application.analysis.video_analyzer import AnalysisRequest
from bootstrap.cli.analyze import print_analysis, run
from bootstrap.cli.output import JsonOption, err
from bootstrap.cli.output import progress as progress_bar
from bootstrap.cli.serve import run as serve
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.api import build_api_config
from bootstrap.wiring.background import embedded_achievements
from domain.ids import DEFAULT_TENANT, UserId

SAMPLE = Performance(exercise="squat", repetitions=6, azimuth_deg=60.0)


def demo(
    *,
    serve_page: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the result on a local page.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Film a sample athlete, analyze the film, and serve the result on a local page."""
    settings = Settings()
    path = settings.home / "samples" / "squat.mp4"
    with open_platform(settings) as platform:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with progress_bar("Filming a sample athlete") as progress:
                film(SAMPLE, path, lambda done, frames: progress(done / frames))
        err.print(f"The film is {path}", markup=False)
        analysis = AnalysisRequest(video=path, athlete_id=UserId("athlete"), exercise="squat")
        print_analysis(run(platform, analysis, DEFAULT_TENANT), as_json=as_json)
        if serve_page:
            config = build_api_config(settings, settings.host)
            with embedded_achievements(settings, platform):
                serve(platform, settings.host, settings.port, as_json=as_json, config=config)
