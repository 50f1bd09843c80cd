"""Tests of requirements fail without the behavior that they show."""

import os
import re
from pathlib import Path

import pytest

from tests.architecture.requirements import PROMISES
from tools.mutation.__main__ import Mutation, is_noticed, load, load_without, main
from tools.mutation.stub import resolve

ROOT = Path(__file__).parents[2]
MUTATIONS = load()
SEED = os.environ.get("GITHUB_RUN_NUMBER", "0")
"""Each run of CI checks other requirements."""


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.requirement)
def test_the_named_test_exists_and_mentions_the_requirement(mutation: Mutation) -> None:
    path, _, name = mutation.test.partition("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    body = re.split(rf"def {re.escape(name)}\(", source)[1].split("\ndef ")[0]
    assert mutation.requirement in body
    resolve(mutation.function)


def test_each_requirement_has_a_mutation_or_a_reason_why_not() -> None:
    mutated, without = {each.requirement for each in MUTATIONS}, load_without()
    assert mutated | without.keys() == PROMISES.keys()
    assert mutated & without.keys() == set()


@pytest.mark.slow
def test_a_sample_of_requirements_is_noticed_when_it_is_missing() -> None:
    assert main(["--sample", "4", "--seed", SEED]) == 0


def test_a_test_that_passes_without_the_behavior_is_reported() -> None:
    unrelated = Mutation(
        "C-16",
        "domain.sessions.scoring:performance_score",
        "tests/domain/test_verification.py::test_our_own_counts_are_verified",
    )
    assert not is_noticed(unrelated)


@pytest.mark.slow
def test_a_test_that_cannot_run_is_no_proof() -> None:
    with pytest.raises(RuntimeError, match="did not run"):
        is_noticed(Mutation("C-16", "domain.sessions.scoring:no_such_function", "tests/domain"))
