"""Given/when/then specifications of deciders."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import hypothesis
import pytest
from hypothesis.strategies import SearchStrategy

from domain.kernel import Decider, Rejected

C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")


@dataclass(frozen=True)
class Given(Generic[C, E, S]):
    """A decider with the events so far."""

    decider: Decider[C, E, S]
    history: tuple[E, ...]

    @property
    def state(self) -> S:
        return self.decider.fold(self.history)

    def when(self, command: C) -> "When[C, E, S]":
        return When(self, command)

    def log_after(self, commands: Iterable[C]) -> tuple[E, ...]:
        """Return the log after these commands; rejected ones add nothing."""
        log = self.history
        for command in commands:
            try:
                log += self.decider.decide(command, self.decider.fold(log))
            except Rejected:
                continue
        return log


@dataclass(frozen=True)
class When(Generic[C, E, S]):
    """A command to be decided on the events so far."""

    given: Given[C, E, S]
    command: C

    def _decided(self) -> tuple[E, ...]:
        return self.given.decider.decide(self.command, self.given.state)

    def then(self, *expected: E) -> None:
        decided = self._decided()
        assert decided == expected, f"{decided} happened, not {expected}"

    def then_nothing(self) -> None:
        self.then()

    def then_rejected(self, refusal: type[Rejected]) -> None:
        with pytest.raises(refusal) as refused:
            self._decided()
        assert refused.value.detail.endswith(".")


def specification(decider: Decider[C, E, S]) -> Callable[..., Given[C, E, S]]:
    """Return the function `given` for one decider."""

    def given(*history: E) -> Given[C, E, S]:
        return Given(decider, history)

    return given


def is_refused(refusal: type[Rejected], build: Callable[[], Any]) -> None:
    """Assert that a command cannot be constructed, and that the error is a sentence."""
    with pytest.raises(refusal) as refused:
        build()
    assert refused.value.detail.endswith(".")


def for_any(*strategies: SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """Check a rule for all values of the strategies, without a deadline."""

    def hold(rule: Callable[..., None]) -> Any:
        return hypothesis.settings(deadline=None)(hypothesis.given(*strategies)(rule))

    return hold
