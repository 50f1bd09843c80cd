"""`kinelog doctor` prints a report for people, and sets an exit code for scripts."""

import pytest

from tests.cli.conftest import Shell

NO_MODEL = {"KINELOG_POSE_MODEL": "/nowhere/pose.task"}
NOBODY = {"KINELOG_POSTGRES_URL": "postgresql://127.0.0.1:1/nobody"}


def test_the_doctor_prints_readable_text(shell: Shell) -> None:
    ran = shell.run("doctor", env=NO_MODEL)
    assert (ran.status, ran.sentence) == (0, "Kinelog is degraded.")
    assert "Analyze a video once" in ran.out


def test_only_a_strict_doctor_minds_what_is_degraded(shell: Shell) -> None:
    ran = shell.run("doctor", "--strict", "--json", env=NO_MODEL)
    assert (ran.status, ran.json["state"]) == (1, "degraded")
    by_name = {each["name"]: each for each in ran.json["checks"]}
    assert (by_name["log"]["state"], by_name["poseModel"]["state"]) == ("ok", "degraded")


@pytest.mark.slow
def test_a_failure_sets_the_exit_code(shell: Shell) -> None:
    ran = shell.run("doctor", "--json", env=NOBODY)
    assert (ran.status, ran.json["state"]) == (1, "failed")


def test_the_principles_are_printed(shell: Shell) -> None:
    ran = shell.run("doctor", "--principles", "--json")
    assert ran.status == 0, ran.err
    assert (ran.json["holds"], ran.json["broken"], ran.json["notApplicable"]) == (4, 0, 1)
    assert ran.json["principles"][0]["name"] == "idempotency"
