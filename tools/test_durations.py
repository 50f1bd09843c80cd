"""Write `tests/durations.json` from JUnit reports, and print the slowest test files.

.venv/bin/pytest -n 2 -m "not slow" --junitxml fast.xml
.venv/bin/pytest -n 2 -m slow --junitxml slow.xml
.venv/bin/python -m tools.test_durations fast.xml slow.xml
"""

import argparse
import json
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PROFILE: Final = ROOT / "tests" / "durations.json"


def durations(reports: Iterable[Path]) -> dict[str, float]:
    """Sum the seconds of each test file, set-up included; slowest file first."""
    seconds: dict[str, float] = defaultdict(float)
    for report in reports:
        for case in ET.parse(report).iter("testcase"):  # noqa: S314  our own report
            file = case.get("file") or _file_of(case.get("classname", ""))
            seconds[file] += float(case.get("time", 0))
    ordered = sorted(seconds.items(), key=lambda each: -each[1])
    return {file: round(total, 1) for file, total in ordered}


def _file_of(name: str) -> str:
    """Return the file of a dotted class name, which may end in the name of a class."""
    parts = name.split(".")
    while parts:
        file = "/".join(parts) + ".py"
        if (ROOT / file).is_file():
            return file
        parts.pop()
    return name


def main() -> None:
    """Write the profile and print its head."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path, nargs="+", help="reports of pytest --junitxml")
    parser.add_argument("--top", type=int, default=30, help="files to print")
    arguments = parser.parse_args()
    seconds = durations(arguments.reports)
    PROFILE.write_text(json.dumps(seconds, indent=1) + "\n", encoding="utf-8")
    for file, total in list(seconds.items())[: arguments.top]:
        print(f"{total:8.1f} s  {file}")
    print(f"{sum(seconds.values()) / 60:8.1f} process minutes in {len(seconds)} files")


if __name__ == "__main__":
    main()
