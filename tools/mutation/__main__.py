"""Check that tests fail without the behavior of the requirements that they name.

    python -m tools.mutation                       # every requirement of functions.toml
    python -m tools.mutation --sample 5 --seed 7   # five of them
    python -m tools.mutation R-WKT-04 C-16         # these

Each requirement names one function and one test that mentions it. The test runs with the function
stubbed, and has to fail. The status is 1 if a test passes all the same. The table `without` gives a
reason for each requirement that no function of Python implements.
"""

import argparse
import random
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
FUNCTIONS: Final = Path(__file__).with_name("functions.toml")

WITHOUT: Final = "without"

TESTS_FAILED: Final = 1
"""Exit status of pytest if tests failed; others mean that it did not run them."""


@dataclass(frozen=True)
class Mutation:
    """A requirement, a function that implements it, and a test that shows it."""

    requirement: str
    function: str
    test: str


def load() -> list[Mutation]:
    """Return the mutations of `functions.toml`."""
    return [
        Mutation(requirement, entry["function"], entry["test"])
        for requirement, entry in _content().items()
        if requirement != WITHOUT
    ]


def load_without() -> dict[str, str]:
    """Return the requirements without a mutation, with the reason."""
    return dict(_content()[WITHOUT])


def _content() -> dict[str, Any]:
    return tomllib.loads(FUNCTIONS.read_text(encoding="utf-8"))


def is_noticed(mutation: Mutation) -> bool:
    """Run the test with the function stubbed; return whether it fails.

    Raises RuntimeError if the test could not run.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "tools.mutation.stub"]
    command += [
        "--stub",
        mutation.function,
        "--timeout",
        "60",
        "-p",
        "no:cacheprovider",
        mutation.test,
    ]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode not in {0, TESTS_FAILED}:
        raise RuntimeError(f"{mutation.test} did not run:\n{ran.stdout}{ran.stderr}")
    return ran.returncode == TESTS_FAILED


def main(arguments: list[str] | None = None) -> int:
    """Check the mutations that the arguments name; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("requirements", nargs="*", help="ids; default: all")
    parser.add_argument("--sample", type=int, help="check only so many, chosen at random")
    parser.add_argument("--seed", type=int, default=0, help="of the random choice")
    options = parser.parse_args(arguments)
    mutations = [
        each
        for each in load()
        if not options.requirements or each.requirement in options.requirements
    ]
    if options.sample is not None:
        chosen = random.Random(options.seed)  # noqa: S311  nothing is secret here
        mutations = chosen.sample(mutations, min(options.sample, len(mutations)))
    survived = 0
    for mutation in mutations:
        noticed = is_noticed(mutation)
        survived += not noticed
        outcome = "fails as it should" if noticed else "PASSES"
        print(f"{mutation.requirement}: {mutation.test} {outcome} without {mutation.function}")
    print(f"{len(mutations) - survived} of {len(mutations)} tests notice the missing behavior.")
    return int(survived > 0)


if __name__ == "__main__":
    sys.exit(main())
