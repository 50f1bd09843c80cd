"""The topic `program.plan`: weeks are planned on request, by any process of the platform."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.kernel.bus import Delivery
from application.platform import Platform
from application.programs.plan_requests import (
    GROUP,
    InvalidPlanRequest,
    PlanRequest,
    ProgramWorker,
    from_message,
    to_message,
)
from bootstrap.platform import open_platform
from bootstrap.settings import Settings
from bootstrap.wiring.bus import build_kafka_bus
from bootstrap.wiring.programs import planning_programs
from domain.ids import DEFAULT_TENANT, ProgramId, TenantId, UserId
from domain.kernel import Origin, Rejected
from domain.programs.commands import CreateProgram, EndProgram, ProgramNotFound, ProgramOver
from domain.programs.events import About
from domain.programs.planning import PlanRequest as Planned
from domain.programs.planning import plan_weeks
from domain.programs.progression import NO_RULE
from domain.values import InvalidValue
from tests.api import conftest as config
from tests.api.cluster import cluster
from tests.live.site import kafka_with_topics
from tests.waiting import wait_until

database = config.database

ADA = UserId("ada")
KEY = ProgramId("summer")
REQUEST = PlanRequest("r-1", DEFAULT_TENANT, ADA, KEY, 2)


@pytest.fixture
def origin() -> Origin:
    return Origin(tenant_id=DEFAULT_TENANT, actor="ada", correlation_id=UUID(int=7))


def create(platform: Platform, origin: Origin) -> None:
    """Create a program of one week for Ada."""
    command = CreateProgram(
        program_id=KEY,
        athlete_id=ADA,
        about=About("Summer", "strength"),
        weeks=plan_weeks(Planned("strength", 1, 3)),
        rule=NO_RULE,
        at=platform.clock(),
    )
    platform.programs.execute(ADA, command, origin=origin, command_id=platform.new_id())


def weeks(platform: Platform) -> int:
    return len(platform.programs.get(DEFAULT_TENANT, ADA, KEY).weeks)


def work(platform: Platform, request: PlanRequest, **changes: Any) -> None:
    message = to_message(request)
    content = {**json.loads(message.value or b""), **changes}
    sent = replace(message, value=json.dumps(content).encode())
    worker = ProgramWorker(platform.programs, platform.clock)
    worker.handle(Delivery(sent, partition=0, offset=0))


def test_requested_weeks_are_planned_once(platform: Platform, origin: Origin) -> None:
    """R-PRG-01, R-EVT-09, R-EVT-16"""
    create(platform, origin)
    for _ in range(2):
        work(platform, REQUEST)
        assert weeks(platform) == 3
    work(platform, replace(REQUEST, id="r-2"))
    assert weeks(platform) == 5
    *_, recorded = platform.log.load(DEFAULT_TENANT, f"programs-{ADA}")
    assert recorded.origin.actor == GROUP.name == "program-worker"


def test_requests_hold_no_personal_data() -> None:
    """R-TEN-09: goal and injuries stay encrypted in the log."""
    message = to_message(REQUEST)
    assert from_message(message) == REQUEST
    assert set(json.loads(message.value or b"")) == {
        "id", "tenant_id", "athlete_id", "program_id", "weeks",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(REQUEST, program_id=ProgramId("other")), ProgramNotFound),
        (replace(REQUEST, athlete_id=UserId("eve")), ProgramNotFound),
        (replace(REQUEST, tenant_id=TenantId("gym")), ProgramNotFound),
        (replace(REQUEST, weeks=0), InvalidValue),
        (replace(REQUEST, weeks=16), InvalidValue),
    ],
)
def test_requests_that_cannot_be_met_are_refused(
    platform: Platform, origin: Origin, wrong: PlanRequest, refusal: type[Rejected]
) -> None:
    """R-EVT-19: they become dead letters, and the program stays as it was."""
    create(platform, origin)
    with pytest.raises(refusal):
        work(platform, wrong)
    assert weeks(platform) == 1


@pytest.mark.parametrize("change", [{"weeks": "2"}, {"weeks": True}, {"id": ""}, {"athlete_id": 7}])
def test_broken_requests_are_refused(platform: Platform, change: dict[str, Any]) -> None:
    """R-EVT-19"""
    with pytest.raises(InvalidPlanRequest):
        work(platform, REQUEST, **change)


def test_ended_programs_get_no_weeks(platform: Platform, origin: Origin) -> None:
    """R-PRG-01"""
    create(platform, origin)
    end = EndProgram(program_id=KEY, at=platform.clock())
    platform.programs.execute(ADA, end, origin=origin, command_id=platform.new_id())
    with pytest.raises(ProgramOver):
        work(platform, REQUEST)


@pytest.mark.slow
def test_the_group_on_kafka_plans_weeks(database: str, tmp_path: Path, origin: Origin) -> None:
    """R-EVT-09: processes that serve are members of the group `program-worker`."""
    with kafka_with_topics() as kafka:
        new = Settings(home=tmp_path, cache=tmp_path, kafka=kafka.bootstrap)
        with cluster(database, new) as settings, open_platform(settings) as platform:
            create(platform, origin)
            with planning_programs(settings, platform), build_kafka_bus(settings) as bus:
                bus.publish([to_message(REQUEST)])
                wait_until(lambda: weeks(platform) == 3)
