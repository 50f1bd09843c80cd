"""Documents: links, commands and paths that exist."""

import re
from pathlib import Path

import pytest

from benchmarks.__main__ import names
from domain.motion.exercises.library import all_exercises

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "docs", ROOT / "deploy", ROOT / "examples")
PAGES = sorted([*ROOT.glob("*.md"), *(page for each in FOLDERS for page in each.rglob("*.md"))])
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]*))?\)")
MODULE = re.compile(r"python -m ((?:benchmarks|bootstrap|deploy|examples|tests|tools)[\w.]*)")
SCRIPT = re.compile(r"(?<![\w/])scripts/[\w-]+\.\w+")
PATH = re.compile(
    r"`((?:adapters|api|application|benchmarks|bootstrap|deploy|domain|projections|streams|tests"
    r"|tools|web)/[\w./-]+\w)`"
)


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_relative_links_resolve(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text()):
        target = page.parent / path if path else page
        assert target.exists(), path
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{path}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_documented_modules_scripts_and_paths_exist(page: Path) -> None:
    text = page.read_text()
    for module in MODULE.findall(text):
        path = ROOT.joinpath(*module.rstrip(".").split("."))
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module
    for path in [*SCRIPT.findall(text), *PATH.findall(text)]:
        assert (ROOT / path).exists(), f"{path} does not exist. Update {name(page)}."


def test_each_benchmark_is_described() -> None:
    page = (ROOT / "docs" / "performance.md").read_text()
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == names()


def test_the_comparison_counts_all_faults() -> None:
    faults = sum(len(exercise.faults) for exercise in all_exercises().values())
    page = (ROOT / "docs" / "comparison.md").read_text()
    assert f"| tells form | {faults} faults, " in page


def test_the_faults_that_are_shown_and_reported_are_counted() -> None:
    page = (ROOT / "docs" / "form.md").read_text()
    table = page.split("**With the noise of videos.**")[1].split("**With pixel noise.**")[0]
    rows = [row.split(" | ")[4:9] for row in table.splitlines() if row.startswith("| ")][1:]
    figures = [
        [0.0 if figure == "-" else float(figure.strip(" |")) for figure in row] for row in rows
    ]
    reported = sum(precision >= 0.9 and slight >= 0.5 for precision, _, slight, _, _ in figures)
    shown = sum(precision >= 0.9 and slight >= 0.5 for *_, precision, slight in figures)
    assert f"{shown} of {len(rows)} faults are shown" in table
    assert f"({reported} of {len(rows)} are reported)" in table


def test_decisions_are_numbered_without_gaps() -> None:
    assert [page.name[:4] for page in DECISIONS] == [
        f"{number:04}" for number in range(1, len(DECISIONS) + 1)
    ]
    for number, page in enumerate(DECISIONS, start=1):
        assert page.read_text().startswith(f"# {number}. "), page.name
