"""A short chaos run with each build, and a control run; `make chaos` has longer ones."""

from pathlib import Path

import pytest

from tests.chaos.plan import Blow, Plan
from tests.chaos.platform import running
from tests.chaos.run import played

pytestmark = pytest.mark.slow

WITHIN_S = 900.0
BLOWS = (
    Blow("pose-1", 0.15, 0.5),
    Blow("api-1", 0.35, 1.0),
    Blow("postgres", 0.55, 0.5),
    Blow("kafka", 0.8, 0.5),
)
CHAOS = Plan(1, 6, BLOWS)
CONTROL = Plan(2, 2, (Blow("kafka", 0.3, 3.0),), control="client")


@pytest.mark.timeout(WITHIN_S)
def test_killing_any_process_counts_every_repetition_once(tmp_path: Path) -> None:
    """R-LIV-10, R-EVT-12, R-EVT-13, R-EVT-14, R-EVT-16, R-OPS-09

    The control run has clients that forget rejected chunks: a chaos run that finds nothing
    wrong with them could not find anything.
    """
    said: list[str] = []
    with running(tmp_path) as site:
        outcome = played(CHAOS, site, lambda _, what: said.append(what))
        control = played(CONTROL, site, lambda *_: None)
    assert outcome.wrong == ()
    assert sum("killed" in what for what in said) == len(BLOWS)
    assert outcome.resent > 0
    assert any("repetitions" in each or "other facts" in each for each in control.wrong), control
