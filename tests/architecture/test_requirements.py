"""`docs/requirements.md` matches the tests."""

import re
from pathlib import Path

import pytest

from tests.architecture.requirements import LINE, PAGE, PROMISES, ROOT

ID = re.compile(r"\b(?:R-[A-Z]{3}|C)-\d{2}\b")
STATE = re.compile(
    r"^\| (?P<id>(?:R-\w{3}|C)-\d{2}) \| (?P<state>\*done\*|\*partly\*: .+|\*planned\*: .+) \|$",
    re.MULTILINE,
)
STATES = {match["id"]: match["state"] for match in STATE.finditer(PAGE)}
REQUIRED = (Path(__file__).parent / "requirement_ids.txt").read_text().split()
"""Every requirement and decision that was asked for, in its order."""

FOLDERS = (
    "domain",
    "application",
    "projections",
    "adapters",
    "streams",
    "api",
    "bootstrap",
    "tests",
)


def named() -> set[str]:
    """Return the ids that code and tests name."""
    sources = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return {found for path in sources for found in ID.findall(path.read_text())}


def test_every_id_can_be_looked_up() -> None:
    assert named() - set(PROMISES) == set()


@pytest.mark.parametrize("requirement", PROMISES)
def test_every_promise_is_shown_by_the_tests_it_names(requirement: str) -> None:
    assert PROMISES[requirement]
    for test in PROMISES[requirement]:
        assert requirement in (ROOT / test).read_text(), f"{test} does not name {requirement}"


def test_no_id_is_listed_twice() -> None:
    assert len(LINE.findall(PAGE)) == len(PROMISES)
    assert len(STATE.findall(PAGE)) == len(STATES)


def test_every_requirement_has_a_state() -> None:
    assert list(STATES) == REQUIRED, "Keep a line of the table of states for each required id."


def test_every_described_id_is_a_requirement() -> None:
    assert set(PROMISES) - set(REQUIRED) == set()


def test_what_is_done_has_a_test() -> None:
    done = {requirement for requirement, state in STATES.items() if state == "*done*"}
    assert done - set(PROMISES) == set(), "Describe it and name its tests, or say what is missing."
