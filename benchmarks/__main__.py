"""Run all benchmarks in turn (`make bench`), each compared with a reference in the same run.

Run `python -m benchmarks [--only NAME ...] [--json]`. Quote the ratios: machines differ.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    """Return the names of all benchmarks, which are the modules of this folder."""
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def main() -> None:
    """Run each benchmark in a process of its own, so that none warms up another.

    Exits with 1 if one failed, after the others.
    """
    parser = argparse.ArgumentParser(description="Figures beside a reference in the same run.")
    parser.add_argument("--only", nargs="+", choices=names(), default=names())
    parser.add_argument("--json", action="store_true", help="one JSON document for each")
    arguments = parser.parse_args()
    failed: list[str] = []
    for name in arguments.only:
        print(f"== {name}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *(["--json"] * arguments.json)]
        if subprocess.run(command, check=False, cwd=HERE.parent).returncode != 0:
            failed.append(name)
    if failed:
        raise SystemExit(f"These benchmarks failed: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
