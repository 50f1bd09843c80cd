"""`docs/requirements.md` matches the tests."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "requirements.md").read_text()
ID = re.compile(r"\b(?:R-[A-Z]{3}|C)-\d{2}\b")
LINE = re.compile(r"^\| (?P<id>(?:R-\w{3}|C)-\d{2}) \| [^|]+ \| (?P<tests>[^|]+) \|$", re.MULTILINE)
PROMISES = {match["id"]: re.findall(r"`([^`]+)`", match["tests"]) for match in LINE.finditer(PAGE)}
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
