"""Exports name custom exercises as their athlete does, and files by the athlete's day."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from application.exports.scope import ExportScope
from application.kernel.command_handler import Request
from application.platform import Platform
from application.privacy.personal_exports import ExportFormat
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId, WorkoutId
from domain.kernel import Origin
from domain.sessions.commands import StartSession, StartSet
from domain.sessions.session import SESSION
from tests.privacy.person import trained

ADA, BOB = UserId("ada"), UserId("bob")
NAMES = ("Turkish get-up", "Dragon flag")
EVENING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""The evening of March 1 in Los Angeles."""


@pytest.fixture
def ready(platform: Platform) -> Platform:
    """Return a platform on which Ada has trained two exercises of hers in the same evening."""
    origin = Origin(tenant_id=DEFAULT_TENANT, actor=ADA, correlation_id=uuid4())
    example = landmarks(Performance(exercise="front_raise", repetitions=3))
    for name in NAMES:
        exercise, _ = platform.custom_exercises.record(
            ADA, name, example, 3, origin=origin, command_id=uuid4()
        )
        _train(platform, exercise, origin)
    assert platform.fresh(platform.log.head(), 30)
    return platform


def _train(platform: Platform, exercise: ExerciseId, origin: Origin) -> None:
    def changed(command: Any) -> Any:
        match command:
            case StartSession():
                return replace(command, time_zone="America/Los_Angeles")
            case StartSet():
                return replace(command, exercise_id=exercise)
            case _:
                return command

    commands = [changed(each) for each in trained(ADA, WorkoutId("legs"), EVENING)]
    request = Request(SESSION, SessionId(str(uuid4())), commands)
    platform.commands.execute(request, origin=origin, command_id=uuid4())


def export(platform: Platform, as_format: ExportFormat, reader: UserId = ADA) -> ZipFile:
    file, scope = BytesIO(), ExportScope(ADA, reader)
    platform.privacy().exports.writers[as_format].write_into(DEFAULT_TENANT, scope, file)
    return ZipFile(file)


@pytest.mark.parametrize(("reader", "names"), [(ADA, set(NAMES)), (BOB, {"Custom exercise"})])
def test_a_table_names_custom_exercises_for_their_athlete_alone(
    ready: Platform, reader: UserId, names: set[str]
) -> None:
    """R-PRG-05, R-WKT-02"""
    with export(ready, "csv", reader) as archive:
        lines = list(csv.DictReader(StringIO(archive.read("sessions.csv").decode(), newline="")))
    assert {each["Exercise Name"] for each in lines} == names
    assert {each["Workout Name"] for each in lines} == names


@pytest.mark.parametrize("as_format", ["tcx", "fhir"])
def test_files_name_custom_exercises(ready: Platform, as_format: ExportFormat) -> None:
    """R-PRG-05, R-WKT-02: and not by their ids."""
    with export(ready, as_format) as archive:
        files = [
            archive.read(each).decode() for each in archive.namelist() if "manifest" not in each
        ]
    assert len(files) == len(NAMES)
    for name in NAMES:
        assert sum(name in file for file in files) == 1
    assert not any("custom" in file for file in files)


@pytest.mark.parametrize("as_format", ["fit", "tcx", "fhir", "open_mhealth"])
def test_files_are_named_by_the_day_of_the_athlete(
    ready: Platform, as_format: ExportFormat
) -> None:
    """C-52, R-PRG-05: as the days of an export are chosen."""
    with export(ready, as_format) as archive:
        days = {each[:10] for each in archive.namelist() if "manifest" not in each}
    assert days == {"2026-03-01"}


def test_a_report_names_custom_exercises(ready: Platform) -> None:
    """R-PRG-05, R-WKT-02: for their athlete."""
    report: Any = ready.privacy().exports.writers["pdf"]
    page = report.page(DEFAULT_TENANT, ExportScope(ADA, ADA))
    assert {each.name for each in page.exercises} == set(NAMES)
    assert {each.name for each in page.sessions} == set(NAMES)
    page = report.page(DEFAULT_TENANT, ExportScope(ADA, BOB))
    assert {each.name for each in page.exercises} == {"Custom exercise"}
