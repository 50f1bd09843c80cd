"""The structure of the packages."""

import ast
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "application", "projections", "adapters", "streams", "api", "bootstrap")
IMPURE = {
    "asyncio", "datetime.datetime.now", "datetime.datetime.utcnow", "io", "logging", "open", "os",
    "pathlib", "random", "secrets", "socket", "subprocess", "tempfile", "threading", "time",
    "uuid.uuid1", "uuid.uuid4",
}  # fmt: skip


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_our_import_names_belong_to_no_other_package(package: str) -> None:
    assert set(importlib.metadata.packages_distributions().get(package, [])) <= {"kinelog"}


def test_dependencies_point_inwards() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def impure_names(tree: ast.AST) -> set[str]:
    """Return the imported modules and dotted names that do input or output."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found |= {name.name for name in names}
            case ast.ImportFrom(module=str(module), names=names):
                found |= {module} | {f"{module}.{name.name}" for name in names}
            case ast.Attribute() | ast.Name():
                found.add(ast.unparse(node))
            case _:
                pass
    return found & IMPURE | {f"{name}" for name in found if name.endswith((".now", ".utcnow"))}


@pytest.mark.parametrize(
    "path",
    [path for package in ("domain", "projections") for path in sources(package)],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_the_core_has_no_clock_no_chance_and_no_input(path: Path) -> None:
    """R-EVT-14, C-08: a fold that looked outside would replay to something else."""
    assert impure_names(ast.parse(path.read_text())) == set()


@pytest.mark.parametrize("package", [*PACKAGES, "tests", "benchmarks", "scripts"])
def test_a_module_is_one_idea(package: str) -> None:
    too_long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in sources(package)
        if (lines := len(path.read_text().splitlines())) > 400
    ]
    assert too_long == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_begins_with_a_sentence(package: str) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources(package)
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_the_purity_check_finds_impure_code() -> None:
    impure = "import os\nfrom uuid import uuid4\nfrom datetime import datetime\nx = datetime.now()"
    assert {"os", "uuid.uuid4", "datetime.now"} <= impure_names(ast.parse(impure))


def test_test_modules_import_nothing_from_each_other() -> None:
    """What several of them need is in modules without tests, named after what they contain."""
    found = [
        f"{path.relative_to(ROOT)}: {imported}"
        for path in sources("tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module
        for imported in (node.module, *(f"{node.module}.{each.name}" for each in node.names))
        if imported.startswith("tests.") and imported.rpartition(".")[2].startswith("test_")
    ]
    assert found == []
