"""`kinelog analyze`: the main job."""

from pathlib import Path
from typing import Annotated

import typer

from application.analysis.video_analyzer import (
    REFERENCE_BODY_MASS_KG,
    AnalysisRequest,
    AnalysisResult,
)
from application.platform import Platform
from application.sessions.report import ReportedRepetition, SessionReport
from bootstrap.cli.output import JsonOption, TenantOption, err, out, plain, print_json, table
from bootstrap.cli.output import progress as progress_bar
from bootstrap.settings import Settings
from bootstrap.wiring.composition import platform as opened
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin


def analyze(
    video: Annotated[Path, typer.Argument(help="The video of one athlete.")],
    *,
    exercise: Annotated[
        str | None,
        typer.Option(help="The exercise, for example squat; without it, it is recognised."),
    ] = None,
    user: Annotated[str, typer.Option(help="The athlete's user id.")] = "athlete",
    tenant: TenantOption = DEFAULT_TENANT,
    name: Annotated[str, typer.Option(help="A name for the recording.")] = "",
    target: Annotated[
        int | None, typer.Option(min=1, help="Repetitions that were planned.")
    ] = None,
    body_mass_kg: Annotated[float, typer.Option(help="For the calories.")] = REFERENCE_BODY_MASS_KG,
    key: Annotated[
        str,
        typer.Option(help="Analyze a video that was analyzed before as a session of its own."),
    ] = "",
    overlay: Annotated[
        Path | None, typer.Option(help="Write the video with skeleton, count and cues to this mp4.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Count and measure the repetitions in a video, and keep them as a session."""
    analysis = AnalysisRequest(
        video=video,
        athlete_id=UserId(user),
        exercise=exercise,
        name=name,
        key=key,
        target_repetitions=target,
        body_mass_kg=body_mass_kg,
    )
    with opened(Settings()) as platform:
        analyzed = run(platform, analysis, TenantId(tenant))
        if overlay is not None:
            _overlay(platform, analysis, analyzed, TenantId(tenant), overlay)
    tell(analyzed, as_json=as_json)


def run(platform: Platform, analysis: AnalysisRequest, tenant: TenantId) -> AnalysisResult:
    """Analyze with a progress bar on standard error."""
    origin = Origin(tenant_id=tenant, actor=analysis.athlete_id, correlation_id=platform.new_id())
    with progress_bar(f"Watching {analysis.video.name}") as progress:
        return platform.analyzer.analyze(analysis, origin=origin, progress=progress)


def _overlay(
    platform: Platform,
    analysis: AnalysisRequest,
    analyzed: AnalysisResult,
    tenant: TenantId,
    path: Path,
) -> None:
    with progress_bar(f"Drawing {path.name}") as progress:
        platform.overlay.draw(tenant, analyzed.report.session_id, analysis.video, path, progress)
    err.print(f"Wrote {path}", markup=False)


def tell(analyzed: AnalysisResult, *, as_json: bool) -> None:
    """Print one JSON object, or the summary for a person."""
    if as_json:
        print_json({**plain(analyzed.report), "repeated": analyzed.repeated})
    else:
        _show(analyzed)


def _show(analyzed: AnalysisResult) -> None:
    told = analyzed.report
    again = " (analyzed before)" if analyzed.repeated else ""
    out.print(f"Session {told.session_id}{again}")
    out.print(_headline(told))
    if told.reps:
        out.print(_repetitions(told.reps))
    if told.unjudged:
        named = ", ".join(fault.replace("_", " ") for fault in told.unjudged)
        out.print(f"Not judged, for the camera did not show it: {named}.")
    for rejection in told.rejected:
        reason = rejection.reason.replace("_", " ")
        out.print(f"Not counted, {rejection.start_s:.1f}-{rejection.end_s:.1f} s: {reason}.")
    for cue in told.cues:
        out.print(f"Cue: {cue}")


def _headline(told: SessionReport) -> str:
    held = "" if told.hold_s is None else f", held for {told.hold_s:.1f} s"
    score = told.performance_score
    scored = "" if score is None else f", performance {score:.0f} of 100"
    return (
        f"{told.exercise}: {told.repetitions} repetitions{held} in {told.duration_s:.1f} s, "
        f"{told.calories_kcal:.1f} kcal{scored}; "
        f"the athlete was seen in {told.frames_with_pose} of {told.frames} frames."
    )


def _repetitions(reps: tuple[ReportedRepetition, ...]) -> object:
    numbers = ("#", "start s", "end s", "ROM deg", "form")
    made = table(None, "#", "start s", "end s", "tempo", "ROM deg", "form", "faults", right=numbers)
    for rep in reps:
        tempo = rep.tempo_s
        made.add_row(
            str(rep.number),
            f"{rep.start_s:.2f}",
            f"{rep.end_s:.2f}",
            ""
            if tempo is None
            else f"{tempo.eccentric:.1f}-{tempo.bottom_pause:.1f}-"
            f"{tempo.concentric:.1f}-{tempo.top_pause:.1f}",
            "" if rep.range_of_motion_deg is None else f"{rep.range_of_motion_deg:.0f}",
            "" if rep.form is None else f"{rep.form:.2f}",
            ", ".join(rep.faults),
        )
    return made
