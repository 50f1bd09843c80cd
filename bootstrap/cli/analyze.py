"""`kinelog analyze`: count and measure the repetitions in a video, and record a session."""

from pathlib import Path
from typing import Annotated

import typer

from application.analysis.video_analyzer import AnalysisRequest, AnalysisResult
from application.platform import Platform
from application.sessions.report import ReportedRepetition, SessionReport
from bootstrap.cli.output import (
    JsonOption,
    TenantOption,
    err,
    out,
    plain,
    print_json,
    quantity,
    table,
)
from bootstrap.cli.output import progress as progress_bar
from bootstrap.cli.signals import sigterm_as_exit
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId, UserId
from domain.kernel import Origin
from domain.sessions.scoring import REFERENCE_BODY_MASS_KG


def analyze(
    video: Annotated[Path, typer.Argument(help="The video of one athlete.")],
    *,
    exercise: Annotated[
        str | None,
        typer.Option(help="The exercise, for example squat; recognized by default."),
    ] = None,
    user: Annotated[str, typer.Option(help="The athlete's user id.")] = "athlete",
    tenant: TenantOption = DEFAULT_TENANT,
    name: Annotated[str, typer.Option(help="A name for the recording.")] = "",
    target: Annotated[int | None, typer.Option(min=1, help="Planned repetitions.")] = None,
    body_mass_kg: Annotated[
        float, typer.Option(help="Body mass, to estimate calories.")
    ] = REFERENCE_BODY_MASS_KG,
    key: Annotated[
        str,
        typer.Option(help="Analyze the same video again as another session: any new key."),
    ] = "",
    overlay: Annotated[
        Path | None,
        typer.Option(help="Write the video with skeleton, count and cues to this MP4 file."),
    ] = None,
    pose_model: Annotated[
        Path | None,
        typer.Option(
            metavar="MODEL",
            help="The pose model: blazepose, movenet, or a .task or .onnx file. By default that of"
            " KINELOG_POSE_MODEL, or blazepose.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Count and measure the repetitions in a video, and record them as a session."""
    analysis = AnalysisRequest(
        video=video,
        athlete_id=UserId(user),
        exercise=exercise,
        name=name,
        key=key,
        target_repetitions=target,
        body_mass_kg=body_mass_kg,
    )
    settings = Settings() if pose_model is None else Settings(pose_model=pose_model)
    with open_platform(settings) as platform:
        analyzed = run(platform, analysis, TenantId(tenant))
        try:
            if overlay is not None:
                _overlay(platform, analysis, analyzed, TenantId(tenant), overlay)
        finally:  # the session is stored, also if the overlay cannot be drawn
            print_analysis(analyzed, as_json=as_json)


def run(platform: Platform, analysis: AnalysisRequest, tenant: TenantId) -> AnalysisResult:
    """Analyze with a progress bar on standard error."""
    origin = Origin(tenant_id=tenant, actor=analysis.athlete_id, correlation_id=platform.new_id())
    with progress_bar(f"Analyzing {analysis.video.name}") as progress:
        return platform.analyzer.analyze(analysis, origin=origin, progress=progress)


def _overlay(
    platform: Platform,
    analysis: AnalysisRequest,
    analyzed: AnalysisResult,
    tenant: TenantId,
    path: Path,
) -> None:
    with sigterm_as_exit(), progress_bar(f"Drawing {path.name}") as progress:
        platform.overlay.draw(tenant, analyzed.report.session_id, analysis.video, path, progress)
    err.print(f"Wrote {path}")


def print_analysis(analyzed: AnalysisResult, *, as_json: bool) -> None:
    """Print the analysis as JSON or as text."""
    if as_json:
        print_json({**plain(analyzed.report), "repeated": analyzed.repeated})
    else:
        _show(analyzed)


def _show(analyzed: AnalysisResult) -> None:
    report = analyzed.report
    again = " (analyzed before)" if analyzed.repeated else ""
    out.print(f"Session {report.session_id}{again}")
    out.print(_headline(report))
    if report.reps:
        out.print(_repetitions(report.reps))
    if report.unjudged:
        named = ", ".join(fault.replace("_", " ") for fault in report.unjudged)
        out.print(f"Not judged because the camera did not show it: {named}.")
    print_rejections(report)
    for cue in report.cues:
        out.print(f"Cue: {cue}")


def print_rejections(report: SessionReport) -> None:
    """Print the movements that were not counted, with their reasons."""
    for rejection in report.rejected:
        reason = rejection.reason.replace("_", " ")
        out.print(f"Not counted, {rejection.start_s:.1f}-{rejection.end_s:.1f} s: {reason}.")


def _headline(report: SessionReport) -> str:
    held = "" if report.hold_s is None else f", held for {report.hold_s:.1f} s"
    score = report.performance_score
    scored = "" if score is None else f", performance {score:.0f} of 100"
    return (
        f"{report.exercise}: {quantity(report.repetitions, 'repetition')}{held} "
        f"in {report.duration_s:.1f} s, "
        f"{report.calories_kcal:.1f} kcal{scored}; "
        f"the athlete was visible in {report.frames_with_pose} of {report.frames} frames."
    )


def _repetitions(reps: tuple[ReportedRepetition, ...]) -> object:
    numbers = ("#", "start s", "end s", "ROM deg", "form")
    result = table(
        None, "#", "start s", "end s", "tempo", "ROM deg", "form", "faults", right=numbers
    )
    for rep in reps:
        tempo = rep.tempo_s
        result.add_row(
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
    return result
