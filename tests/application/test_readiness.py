"""Readiness reports each dependency correctly, within a time limit, and is cached."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from structlog.testing import capture_logs

from application.kernel.ports import StorageUnavailable
from application.operations.readiness import Check, Degraded, Readiness, Report

SOON_S = 0.05


def raising(error: Exception) -> Callable[[], str]:
    def look() -> str:
        raise error

    return look


def report(*checks: Check) -> Report:
    return Readiness(checks, within_s=60.0).report().result(60)


def test_all_checks_passing_means_healthy() -> None:
    found = report(
        Check("log", lambda: "It answers."), Check("kafka", lambda: "Too.", needed=False)
    )
    assert (found.state, found.is_ready) == ("ok", True)
    assert [(each.name, each.detail) for each in found.findings] == [
        ("log", "It answers."),
        ("kafka", "Too."),
    ]


def test_an_unavailable_required_dependency_makes_the_process_unready() -> None:
    found = report(Check("log", raising(StorageUnavailable("It is away."))))
    assert not found.is_ready
    assert [(each.state, each.code, each.detail) for each in found.failed] == [
        ("failed", "storage.unavailable", "It is away.")
    ]


@pytest.mark.parametrize("error", [StorageUnavailable(), Degraded("A bit."), RuntimeError()])
def test_an_optional_dependency_only_degrades_readiness(error: Exception) -> None:
    """R-OPS-09."""
    found = report(Check("kafka", raising(error), needed=False))
    assert (found.state, found.is_ready) == ("degraded", True)


def test_an_unexpected_error_is_logged_and_not_shown() -> None:
    with capture_logs() as logs:
        found = report(Check("log", raising(RuntimeError("the password is hush"))))
    assert "hush" not in found.findings[0].detail
    assert [entry["event"] for entry in logs] == ["readiness.failed"]


def test_an_unresponsive_check_is_reported_and_not_started_twice() -> None:
    answer, begun = threading.Event(), list[int]()

    def slow() -> str:
        begun.append(1)
        assert answer.wait(60)
        return "At last."

    readiness = Readiness([Check("disk", slow)], within_s=SOON_S, kept_s=0.0)
    for _ in range(3):
        assert readiness.report().result(60).findings[0].code == "timeout"
    answer.set()
    found = readiness.report().result(60)
    while found.findings[0].code == "timeout":
        found = readiness.report().result(60)
    assert found.is_ready
    assert begun[0] == 1


def test_a_slow_check_does_not_hide_the_others() -> None:
    never = threading.Event()
    checks = (
        Check("disk", lambda: str(never.wait(60)), needed=False),
        Check("log", lambda: "It answers."),
    )
    readiness = Readiness(checks, within_s=SOON_S, kept_s=0.0)
    found = readiness.report().result(60)
    while found.findings[1].code == "timeout":  # its thread began late
        found = readiness.report().result(60)
    never.set()
    assert [each.state for each in found.findings] == ["degraded", "ok"]


def test_concurrent_reads_share_one_check() -> None:
    looks = list[int]()

    def count() -> str:
        looks.append(1)
        return "Fine."

    readiness = Readiness([Check("log", count)], kept_s=60.0)
    with ThreadPoolExecutor(16) as crowd:
        requested = list(crowd.map(lambda _: readiness.report().result(60), range(200)))
    assert all(each.is_ready for each in requested)
    assert len(looks) == 1


def test_a_health_check_result_expires() -> None:
    answers = iter(["well", "better"])
    readiness = Readiness([Check("log", lambda: next(answers))], kept_s=0.0)
    assert [readiness.report().result(60).findings[0].detail for _ in range(2)] == [
        "well",
        "better",
    ]


def test_a_process_that_is_about_to_end_is_not_ready_at_once() -> None:
    readiness = Readiness([Check("log", lambda: "Fine.")], kept_s=60.0)
    assert readiness.report().result(60).is_ready
    readiness.end()
    assert [each.code for each in readiness.report().result(0).failed] == ["ending"]
