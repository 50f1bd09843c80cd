"""`kinelog sessions`: list and show sessions, and re-evaluate them with other rules."""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from application.analysis.what_if import Comparison, replay_with
from application.kernel.read_models import Window
from application.sessions.report import ReportedRepetition, build_report
from bootstrap.cli.analyze import print_rejections
from bootstrap.cli.output import (
    JsonOption,
    TenantOption,
    err,
    one_line,
    out,
    plain,
    print_json,
    print_more,
    print_table,
    quantity,
    table,
)
from bootstrap.cli.session_ids import full_id
from bootstrap.cli.tenant_check import require_tenant
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from domain.ids import DEFAULT_TENANT, TenantId
from domain.kernel import Origin
from domain.motion.exercises.definition import ExerciseDefinition, InvalidExerciseDefinition
from domain.motion.exercises.parsing import parse
from domain.sessions.events import SessionEvent
from domain.sessions.session import SESSION
from domain.sessions.states import Deleted
from projections.session_recording import SESSION_RECORDING
from projections.session_summary import SESSION_SUMMARY, VISIBLE_STATES

app = typer.Typer(help="List, show and re-evaluate sessions.", no_args_is_help=True)

SessionArgument = Annotated[
    str, typer.Argument(help="The session's id, or the beginning of it if no other begins so.")
]


@app.command("list")
def list_(
    *,
    tenant: TenantOption = DEFAULT_TENANT,
    first: Annotated[int, typer.Option(min=1, max=500, help="Maximum number of rows.")] = 20,
    after: Annotated[str | None, typer.Option(help="Continue after this cursor.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List sessions, newest first."""
    settings = Settings()
    with open_platform(settings) as platform:
        require_tenant(settings, TenantId(tenant))
        page = platform.read.page(
            SESSION_SUMMARY,
            TenantId(tenant),
            window=Window(first=first, after=after),
            where={"status": VISIBLE_STATES},
            order_by="started_at",
            descending=True,
        )
    if as_json:
        cursor = page.edges[-1].cursor if page.has_next else None
        print_json({"sessions": [edge.row for edge in page.edges], "next": cursor})
        return
    result = table(None, "session", "started", "athlete", "exercise", "reps", right=("reps",))
    for edge in page.edges:
        row = edge.row
        started = row.started_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        result.add_row(row.id, started, row.athlete_id, row.exercise_id or "", str(row.repetitions))
    ids = result.columns[0]
    ids.no_wrap, ids.min_width = True, max((len(edge.row.id) for edge in page.edges), default=0)
    print_table(result)
    if page.has_next:
        print_more("kinelog sessions list", page.edges[-1].cursor, tenant)


@app.command()
def show(
    session: SessionArgument,
    *,
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Show one session from its events."""
    with open_platform(Settings()) as platform:
        tenant_id = TenantId(tenant)
        session_id = full_id(platform.read, tenant_id, session)
        events = platform.history.events(tenant_id, session_id)
        recording = platform.read.get(SESSION_RECORDING, tenant_id, session_id)
    summary = build_report(session_id, events)
    status = "none" if recording is None else recording.video_status
    problem = None if recording is None else recording.video_problem
    removed_at = None if recording is None else recording.media_removed_at
    if as_json:
        video = {"status": status, "problem": problem}
        times = {"media_removed_at": removed_at, "deleted_at": _deleted_at(events)}
        print_json({**plain(summary), "video": video, **times})
        return
    _print_deletion(events, out)
    out.print(
        f"{summary.exercise}: {quantity(summary.repetitions, 'repetition')}"
        f" in {summary.duration_s:.1f} s"
    )
    if removed_at is not None:
        out.print(f"The recording is no longer kept: it was deleted on {removed_at:%Y-%m-%d}.")
    if status != "none":
        out.print(f"Video: {status}" + (f" ({problem})" if problem else ""))
    print_rejections(summary)


@app.command()
def correct(
    session: SessionArgument,
    *,
    exercise: Annotated[str, typer.Option(help="The exercise that was performed.")],
    user: Annotated[str, typer.Option(help="The athlete's user id.")] = "athlete",
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Count a recorded session as another exercise; a new session replaces it."""
    with open_platform(Settings()) as platform:
        origin = Origin(tenant_id=TenantId(tenant), actor=user, correlation_id=platform.new_id())
        result = platform.correction.correct(
            full_id(platform.read, origin.tenant_id, session),
            exercise,
            origin=origin,
            command_id=platform.new_id(),
        )
        happened = platform.history.events(origin.tenant_id, result.session_id)
    report = build_report(result.session_id, happened)
    if as_json:
        print_json(report)
    else:
        out.print(f"Session {report.session_id}")
        out.print(f"{report.exercise}: {quantity(report.repetitions, 'repetition')}")


@app.command("what-if")
def what_if_(
    session: SessionArgument,
    *,
    exercise_definition: Annotated[
        Path,
        typer.Option(help="The exercise definition (TOML) to apply to the recorded landmarks."),
    ],
    tenant: TenantOption = DEFAULT_TENANT,
    as_json: JsonOption = False,
) -> None:
    """Apply another exercise definition to recorded landmarks, and print the differences."""
    definition = read_definition(exercise_definition)
    with open_platform(Settings()) as platform:
        tenant_id = TenantId(tenant)
        session_id = full_id(platform.read, tenant_id, session)
        result = replay_with(platform.history, tenant_id, session_id, definition)
        events = platform.history.events(tenant_id, session_id)
    _print_deletion(events, err)
    if as_json:
        print_json(result)
    else:
        _show(result)


def read_definition(path: Path) -> ExerciseDefinition:
    """Read a definition file. Raises InvalidExerciseDefinition."""
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as unreadable:
        raise InvalidExerciseDefinition(
            f"{path} cannot be read: {unreadable.strerror}."
        ) from unreadable
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise InvalidExerciseDefinition(f"{path} is not TOML: {broken}.") from broken


def _deleted_at(events: Iterable[SessionEvent]) -> datetime | None:
    """Return when a session was deleted; None if it was not, or has been restored."""
    state = SESSION.fold(events)
    return state.at if isinstance(state, Deleted) else None


def _print_deletion(events: Iterable[SessionEvent], console: Console) -> None:
    """Print when a session was deleted, if it is."""
    at = _deleted_at(events)
    if at is not None:
        console.print(f"The session was deleted on {at:%Y-%m-%d}.")


def _show(result: Comparison) -> None:
    if not result.differences:
        out.print("No differences.")
        return
    for difference in result.differences:
        if difference.what in {"reps", "rejected", "cues"}:
            out.print(f"{difference.what}:")
            _show_items("-", difference.before)
            _show_items("+", difference.after)
        else:
            out.print(f"{difference.what}: {difference.before} -> {difference.after}")


def _show_items(sign: str, items: tuple[object, ...]) -> None:
    for item in items:
        text = _rep(item) if isinstance(item, ReportedRepetition) else one_line(item)
        out.print(f"  {sign} {text}")


def _rep(rep: ReportedRepetition) -> str:
    form = "-" if rep.form is None else f"{rep.form:.2f}"
    span = f"{rep.start_s:.2f}-{rep.end_s:.2f} s"
    return f"{rep.number}: {span}, form {form}, faults {', '.join(rep.faults) or 'none'}"
