"""Exports of a range of days, and reports on an athlete for their trainer."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from application.exports.report import TrainingReport
from application.exports.scope import ExportScope
from application.kernel.command_handler import Request
from application.platform import Platform
from application.privacy.personal_exports import ExportUnknown
from bootstrap.cli.exports import app
from bootstrap.settings import Settings
from domain.access.events import ExportMade
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId, WorkoutId
from domain.kernel import Origin
from domain.sessions import commands as sessions
from domain.sessions.session import SESSION
from domain.values import CountedBy, Span
from tests.api.people import Person, Town
from tests.api.supervising import allow, code, invitation, withdraw
from tests.privacy.erasing import erase
from tests.privacy.exported import finished
from tests.privacy.person import trained
from tests.privacy.session_exports import content, exported_as, packed, refused


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Let trainers work without a second factor."""
    return settings.model_copy(update={"second_factor": "optional"})


FIRST = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""When the first of a day's sessions begins; each day has one."""


def day(number: int) -> str:
    return (FIRST.date() + timedelta(days=number)).isoformat()


def train_daily(platform: Platform, user_id: str, origin: Origin, days: int) -> list[str]:
    """Store a session on each of these days; return their ids."""
    sessions = [SessionId(str(uuid4())) for _ in range(days)]
    for number, session in enumerate(sessions):
        commands = trained(UserId(user_id), WorkoutId("legs"), FIRST + timedelta(days=number))
        did = Request(SESSION, session, commands)
        platform.commands.execute(did, origin=origin, command_id=uuid4())
    return [str(each) for each in sessions]


def log_set(
    platform: Platform,
    start: sessions.StartSession,
    exercise: str,
    logged: sessions.LogHold | sessions.LogRepetitions,
    origin: Origin,
) -> None:
    """Perform a session of two minutes with one set, logged by hand."""
    by_hand = CountedBy("manual", "", 1)
    commands = [
        start,
        sessions.StartSet(set=1, exercise_id=ExerciseId(exercise), counted_by=by_hand),
        logged,
        sessions.CompleteSet(set=1, span=Span(0, 97_000)),
        sessions.CompleteSession(at=start.at + timedelta(minutes=2), specs={}),
    ]
    request = Request(SESSION, SessionId("s1"), commands)
    platform.commands.execute(request, origin=origin, command_id=uuid4())


def sessions_in(file: bytes, as_format: str) -> list[str]:
    """Return the sessions of a file, in order, each once."""
    if as_format == "csv":
        rows = csv.DictReader(StringIO(content(file, "sessions.csv"), newline=""))
        return list(dict.fromkeys(row["Session"] for row in rows))
    if as_format == "json":
        return [each["id"] for each in json.loads(content(file, "sessions.json"))]
    with ZipFile(BytesIO(file)) as archive:
        return [each[11:-4] for each in archive.namelist() if each != "manifest.json"]


def verified(file: bytes, folder: Path, settings: Settings) -> tuple[Any, str]:
    """Verify a file; return its statement, and what is printed."""
    path, home = folder / "export.zip", {"KINELOG_HOME": str(settings.home)}
    path.write_bytes(file)
    shown = CliRunner().invoke(app, ["verify", str(path)], env=home)
    assert shown.exit_code == 0, shown.output
    statement = CliRunner().invoke(app, ["verify", str(path), "--json"], env=home)
    return json.loads(statement.stdout), " ".join(shown.stdout.split())


@pytest.mark.parametrize("as_format", ["csv", "json", "tcx"])
@pytest.mark.parametrize(
    ("since", "until", "kept"),
    [(1, 2, slice(1, 3)), (3, None, slice(3, 5)), (None, 0, slice(0, 1)), (9, 9, slice(0, 0))],
)
def test_an_export_of_a_range_has_the_sessions_of_its_days(
    town: Town,
    origin: Origin,
    tmp_path: Path,
    settings: Settings,
    as_format: str,
    since: int | None,
    until: int | None,
    kept: slice,
) -> None:
    """R-PRG-05, R-PRG-06: both ends included; its proof names the days, and is of all of them."""
    ada = town.citizen("ada@example.org")
    sessions = train_daily(town.platform, ada.id, origin, 5)
    days = {
        name: None if number is None else day(number)
        for name, number in (("since", since), ("until", until))
    }
    answer = exported_as(ada, {"format": as_format, **days})
    assert sessions_in(answer.content, as_format) == sessions[kept]
    statement, shown = verified(answer.content, tmp_path, settings)
    assert {name: statement[name] for name in days} == days
    assert statement["sessions"] == len(sessions[kept])
    for word, at in days.items():
        assert (f"{word} {at}" in shown) == (at is not None)


def test_a_manifest_cannot_claim_other_days(
    town: Town, origin: Origin, tmp_path: Path, settings: Settings
) -> None:
    """R-PRG-06: the days are part of what is signed."""
    ada = town.citizen("ada@example.org")
    train_daily(town.platform, ada.id, origin, 2)
    answer = exported_as(ada, {"format": "csv", "since": day(1)})
    text, manifest = (content(answer.content, each) for each in ("sessions.csv", "manifest.json"))
    assert not refused(packed(tmp_path, text, manifest), settings)
    for since in (None, day(0)):
        signed = json.loads(manifest)
        signed["manifest"]["since"] = since
        assert refused(packed(tmp_path, text, json.dumps(signed)), settings)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"format": "csv", "since": "2026-03-02", "until": "2026-03-01"}, "export.range_invalid"),
        ({"format": "archive", "since": "2026-03-02"}, "export.range_invalid"),
        ({"format": "csv", "until": "9999-12-31"}, "value.invalid"),
        ({"format": "csv", "since": "March"}, "request.invalid"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(town: Town, body: Any, error: str) -> None:
    """R-API-08: and nothing is requested."""
    ada = town.citizen("ada@example.org")
    assert code(ada.post("/v1/me/exports", json=body)) == (422, error)
    assert ada.get("/v1/me/exports").json()["items"] == []


def test_graphql_exports_a_range_too(town: Town, origin: Origin) -> None:
    """R-API-04"""
    ada = town.citizen("ada@example.org")
    sessions = train_daily(town.platform, ada.id, origin, 3)
    request = (
        "mutation($since: Date!) { requestExport(input: {format: JSON, since: $since}) {"
        " ... on ExportPayload { export { id since until athleteId } } } }"
    )
    export = ada.graph(request, since=day(2))["data"]["requestExport"]["export"]
    found = (export["since"], export["until"], export["athleteId"])
    assert found == (day(2), None, None)
    where = f"/v1/me/exports/{export['id']}"
    finished(ada, where)
    file = ada.get(f"{where}/archive").content
    assert sessions_in(file, "json") == sessions[2:]


def test_the_command_exports_a_range_and_says_so_in_the_access_log(
    platform: Platform, origin: Origin, tmp_path: Path, settings: Settings
) -> None:
    """R-PRG-05, R-UIX-10: of an athlete without an account, too; of nobody, it is refused."""
    sessions = train_daily(platform, "ada", origin, 3)
    file = tmp_path / "file.zip"
    options = ["make", "--output", str(file), "--format", "json", "--since", day(1)]
    home = {"KINELOG_HOME": str(settings.home)}
    ran = CliRunner().invoke(app, [*options, "--user", "ada", "--json"], env=home)
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["since"] == day(1)
    assert sessions_in(file.read_bytes(), "json") == sessions[1:]
    verified(file.read_bytes(), tmp_path, settings)
    (noted,) = platform.log.load(DEFAULT_TENANT, "access-ada")
    assert noted.origin.actor == "operator"
    assert isinstance(noted.event, ExportMade)
    file.unlink()
    for more in (["--user", "eve"], ["--user", "ada", "--until", day(0)]):
        assert CliRunner().invoke(app, [*options, *more], env=home).exception is not None
        assert not list(tmp_path.glob("file*"))


def coached(town: Town) -> tuple[Person, Person]:
    """Return an athlete and a trainer who may see their training."""
    ada, coach = town.citizen("ada@example.org"), town.staff("trainer", "coach@example.org")
    assert allow(ada, coach, invitationId=invitation(coach)).status_code == 200
    return ada, coach


def test_a_trainer_gets_a_report_while_the_athlete_lets_them(town: Town, origin: Origin) -> None:
    """R-PRG-05, R-TEN-13: with a line in the athlete's access log; nobody else gets it."""
    ada, coach = coached(town)
    rival, eve = town.staff("trainer", "rival@example.org"), town.citizen("eve@example.org")
    train_daily(town.platform, ada.id, origin, 3)
    body = {"format": "pdf", "athleteId": ada.id, "since": day(0), "until": day(1)}
    for stranger in (rival, eve, town.citizen("sam@example.org", tenant="gym")):
        assert code(stranger.post("/v1/me/exports", json=body)) == (404, "athlete.unknown")
    requested = coach.post("/v1/me/exports", json=body)
    assert requested.status_code == 202, requested.text
    where = requested.headers["Location"]
    export = finished(coach, where)
    assert (export["state"], export["athleteId"], export["until"]) == ("ready", ada.id, day(1))
    assert coach.get(f"{where}/archive").content.startswith(b"%PDF-")
    for other in (ada, rival, eve):
        assert code(other.get(where)) == (404, "export.unknown")
        assert code(other.get(f"{where}/archive")) == (404, "export.unknown")
        assert other.get("/v1/me/exports").json()["items"] == []
    lines = [
        each for each in ada.get("/v1/me/access-log").json()["items"] if each["what"] == "export"
    ]
    assert [each["by"] for each in lines] == [coach.id]
    assert withdraw(ada, coach).status_code == 200
    assert code(coach.get(f"{where}/archive")) == (404, "export.unknown")
    assert coach.get("/v1/me/exports").json()["items"] == []
    assert code(coach.post("/v1/me/exports", json=body)) == (404, "athlete.unknown")


@pytest.mark.parametrize("as_format", ["archive", "csv", "json", "fit"])
def test_trainers_get_reports_only(town: Town, as_format: str) -> None:
    """R-TEN-12: data in other formats is the athlete's to take."""
    ada, coach = coached(town)
    body = {"format": as_format, "athleteId": ada.id}
    assert code(coach.post("/v1/me/exports", json=body)) == (422, "export.not_for_trainers")
    assert ada.post("/v1/me/exports", json=body).status_code == 202, "it is their own"


def test_no_report_is_made_after_a_withdrawal(town: Town) -> None:
    """R-TEN-06: the process that makes it asks again."""
    ada, coach = coached(town)
    by_coach = Origin(tenant_id=DEFAULT_TENANT, actor=coach.id, correlation_id=uuid4())
    put_off: list[Callable[[], object]] = []
    exports = replace(town.platform.privacy().exports, later=put_off.append)
    export = exports.request(
        uuid4(), UserId(coach.id), origin=by_coach, as_format="pdf", athlete_id=UserId(ada.id)
    )
    assert withdraw(ada, coach).status_code == 200
    (make,) = put_off
    make()
    stored = exports.store.get(DEFAULT_TENANT, export.id)
    assert stored is not None
    assert (stored.state, stored.problem_code) == ("failed", ExportUnknown.code)
    noted = [each.event for each in town.platform.log.load(DEFAULT_TENANT, f"access-{ada.id}")]
    assert not [each for each in noted if isinstance(each, ExportMade)]


def test_reports_end_with_the_account_of_the_athlete(town: Town, origin: Origin) -> None:
    """R-TEN-12: erasure removes what trainers requested, too."""
    ada, coach = coached(town)
    where = coach.post("/v1/me/exports", json={"format": "pdf", "athleteId": ada.id})
    finished(coach, where.headers["Location"])
    exports = town.platform.privacy().exports
    assert len(exports.store.about(DEFAULT_TENANT, UserId(ada.id))) == 1
    assert erase(town.platform, UserId(ada.id), origin)
    assert exports.store.of_user(DEFAULT_TENANT, UserId(coach.id)) == []


def test_a_report_has_the_figures_of_its_days(town: Town, origin: Origin) -> None:
    """R-PRG-05: totals, weeks, exercises and sessions; in the language of its reader."""
    ada = town.citizen("ada@example.org")
    train_daily(town.platform, ada.id, origin, 20)
    report = town.platform.privacy().exports.writers["pdf"]
    assert isinstance(report, TrainingReport)
    since, until = date(2026, 3, 3), date(2026, 3, 10)
    scope = ExportScope(UserId(ada.id), UserId("coach"), since, until)
    page = report.page(DEFAULT_TENANT, scope)
    assert page.words["total_sessions"] == "8 sessions"
    assert page.words["days"] == "Sessions from March 3, 2026 to March 10, 2026"
    assert [each.repetitions for each in page.weeks] == [6, 2], "from Tuesday, until Tuesday"
    assert [(each.name, each.sets) for each in page.exercises] == [("Squat", 8)]
    assert len(page.sessions) == 8
    assert page.athlete == "", "a trainer sees no e-mail address"
    own = report.page(DEFAULT_TENANT, ExportScope.own(UserId(ada.id)))
    assert (own.athlete, own.words["total_sessions"]) == ("ada@example.org", "20 sessions")
    assert len(own.weeks) == 26


def test_a_report_says_how_long_a_plank_was_held(town: Town, origin: Origin) -> None:
    """R-PRG-05: instead of no repetitions."""
    ada = town.citizen("ada@example.org")
    start = sessions.StartSession(athlete_id=UserId(ada.id), at=FIRST)
    held = sessions.LogHold(set=1, duration_ms=95_000, at=96_000)
    log_set(town.platform, start, "plank", held, origin)
    report = town.platform.privacy().exports.writers["pdf"]
    assert isinstance(report, TrainingReport)
    page = report.page(DEFAULT_TENANT, ExportScope.own(UserId(ada.id)))
    (exercise,), (session,) = page.exercises, page.sessions
    assert (exercise.repetitions, exercise.held) == (0, "1:35 min")
    assert (session.repetitions, session.held) == (0, "1:35 min")
    assert b"%PDF-" in report.printer.print_pdf(page)


def test_a_report_says_that_a_session_has_several_exercises(town: Town, origin: Origin) -> None:
    """R-PRG-05: in the language of its reader."""
    ada = town.citizen("ada@example.org")
    by_hand = CountedBy("manual", "", 1)
    commands: list[sessions.SessionCommand] = [
        sessions.StartSession(athlete_id=UserId(ada.id), at=FIRST)
    ]
    for number, exercise in enumerate(("squat", "lunge", "push_up"), 1):
        start = sessions.StartSet(set=number, exercise_id=ExerciseId(exercise), counted_by=by_hand)
        logged = sessions.LogRepetitions(set=number, repetitions=5, at=number * 20_000)
        end = sessions.CompleteSet(set=number, span=Span((number - 1) * 20_000, number * 20_000))
        commands += [start, logged, end]
    commands.append(sessions.CompleteSession(at=FIRST + timedelta(minutes=2), specs={}))
    request = Request(SESSION, SessionId("s1"), commands)
    town.platform.commands.execute(request, origin=origin, command_id=uuid4())
    report = town.platform.privacy().exports.writers["pdf"]
    assert isinstance(report, TrainingReport)
    scope = ExportScope.own(UserId(ada.id))
    (session,) = report.page(DEFAULT_TENANT, scope).sessions
    assert (session.name, session.repetitions) == ("Squat and 2 other exercises", 15)
    profile = {"username": "Ada", "units": "metric", "timeZone": "UTC", "locale": "ru"}
    assert ada.ask("PUT", "/v1/me/profile", json=profile).status_code == 200
    (session,) = report.page(DEFAULT_TENANT, scope).sessions
    assert session.name == "Приседания и ещё 2 упражнения"


def test_a_report_charts_a_session_of_a_journey_at_once(town: Town, origin: Origin) -> None:
    """R-PRG-05: on a journey it is Monday already, and Sunday in the athlete's own time zone."""
    ada = town.citizen("ada@example.org")
    zone = "Pacific/Kiritimati"
    start = sessions.StartSession(athlete_id=UserId(ada.id), at=FIRST, time_zone=zone)
    squats = sessions.LogRepetitions(set=1, repetitions=5, at=20_000)
    log_set(town.platform, start, "squat", squats, origin)
    report = town.platform.privacy().exports.writers["pdf"]
    assert isinstance(report, TrainingReport)
    at_once = replace(report, clock=lambda: FIRST + timedelta(hours=1))
    page = at_once.page(DEFAULT_TENANT, ExportScope.own(UserId(ada.id)))
    assert page.words["total_repetitions"] == "5 repetitions"
    assert [each.repetitions for each in page.weeks] == [0] * 25 + [5]
