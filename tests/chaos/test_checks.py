"""The checks of chaos runs find every violation in a log, a bus or a table."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from application.kernel.cloud_events import EncodedEvent
from tests.chaos import checks
from tests.chaos.__main__ import describe, verdict
from tests.chaos.plan import PROCESSES, SERVERS, TARGETS, Plan
from tests.chaos.run import Outcome

Events = list[EncodedEvent]


def event(position: int, version: int, stream: str = "session-a") -> EncodedEvent:
    return EncodedEvent(
        event_id=UUID(int=position),
        tenant_id="default",
        actor="ada",
        correlation_id=UUID(int=0),
        causation_id=None,
        stream=stream,
        version=version,
        position=position,
        recorded_at=datetime(2030, 1, 1, tzinfo=UTC),
        name="session.hold_measured",
        schema_version=1,
        payload=b"{}",
    )


@pytest.fixture
def logged() -> Events:
    """Return a log of two streams; PostgreSQL has skipped position 3."""
    return [event(1, 1), event(2, 2), event(4, 1, "session-b"), event(5, 3)]


def test_an_unchanged_log_verifies(logged: Events) -> None:
    assert checks.log_holds(logged, [2, 4, 5, 0]) == []


@pytest.mark.parametrize(
    ("broken", "finding"),
    [
        (lambda log: [log[0], *log[2:]], "versions"),
        (lambda log: [*log, replace(log[3], position=6, event_id=UUID(int=6))], "versions"),
        (lambda log: [*log, replace(log[0], position=6, version=4)], "is there 2 times"),
        (lambda log: [log[1], log[0], *log[2:]], "positions do not rise"),
        (lambda log: log[:-1], "at 5 is lost"),
    ],
    ids=["gap", "double version", "double id", "order", "lost command"],
)
def test_a_broken_log_is_found(
    logged: Events, broken: Callable[[Events], Events], finding: str
) -> None:
    assert any(finding in each for each in checks.log_holds(broken(logged), [2, 4, 5]))


def test_duplicates_on_the_bus_are_allowed(logged: Events) -> None:
    assert checks.bus_holds(logged, [*logged[:2], *logged]) == []


@pytest.mark.parametrize(
    ("arrived", "finding"),
    [
        (lambda log: log[:-1], "did not arrive"),
        (lambda log: [*log, event(9, 1, "session-c")], "on Kafka only"),
        (lambda log: [*log[:1], replace(log[1], payload=b"{1}"), *log[2:]], "another event"),
        (lambda log: [*log, replace(log[1], payload=b"{1}")], "two contents"),
        (lambda log: [log[0], log[3], log[1], log[2]], "goes on with version 3"),
    ],
    ids=["lost", "invented", "other", "two", "order"],
)
def test_a_broken_bus_is_found(
    logged: Events, arrived: Callable[[Events], Events], finding: str
) -> None:
    assert any(finding in each for each in checks.bus_holds(logged, arrived(logged)))


@pytest.mark.parametrize(
    ("found", "finding"),
    [
        ({"a": ("x", 1, 2)}, None),
        ({"a": ("x", 1)}, "1 of 2 repetitions"),
        ({"a": ("x", 1, 2, 2)}, "3 of 2 repetitions"),
        ({"a": ("x", 1, 3)}, "other facts"),
        ({}, "0 of 2 repetitions"),
        ({"a": ("x", 1, 2), "b": ()}, "b is nobody's"),
    ],
)
def test_a_session_that_differs_from_the_ground_truth_is_found(
    found: dict[str, Sequence[object]], finding: str | None
) -> None:
    wrong = checks.sessions_hold({"a": (("x", 1, 2), 2)}, found, int)
    assert wrong == [] if finding is None else finding in wrong[0]


def test_a_read_model_that_differs_from_its_rebuild_is_found() -> None:
    assert checks.rebuilt_holds({"one": [1], "two": [2]}, {"one": [1], "two": [2]}) == []
    (wrong,) = checks.rebuilt_holds({"one": [1], "two": [2]}, {"one": [1], "two": [3]})
    assert wrong.startswith("two")


def test_analytics_windows_that_differ_from_the_fold_are_found() -> None:
    assert checks.windows_hold(1, 1) == []
    assert checks.windows_hold(1, 2)


def test_a_seed_determines_which_processes_are_killed_and_when() -> None:
    plan = Plan.of(7, live=3, kills=2 * len(TARGETS))
    assert plan == Plan.of(7, live=3, kills=2 * len(TARGETS)) != Plan.of(8, live=3, kills=20)
    struck = [blow.target for blow in plan.blows]
    assert sorted(struck[: len(TARGETS)]) == sorted({*PROCESSES, *SERVERS})
    moments = [blow.at_share for blow in plan.blows]
    assert moments == sorted(moments)
    assert moments[0] > 0.0
    assert moments[-1] < 1.0


def test_one_failed_run_fails_the_whole() -> None:
    counts = dict.fromkeys(("live", "chunks", "resent", "degraded", "repetitions", "events"), 1)
    rest = {"skipped": 0, "again": 0, "answer_p50_ms": 1.0, "took_s": 1.0, "fell": {}}
    good = Outcome(seed=1, struck=("kafka",), wrong=(), **counts, **rest)  # type: ignore[arg-type]  # of several types
    bad = replace(good, seed=2, wrong=("a is lost",))
    assert verdict([good]) == "verdict: all holds in 1 runs, after 1 kills"
    assert verdict([good, bad]) == "verdict: broken in 1 of 2 runs, of seed 2"
    assert "exact" in describe(good)
    assert "a is lost" in describe(bad)
