"""A minute offline within a set leaves no trace in the session (R-LIV-10)."""

import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from adapters.sample_athlete.athlete import landmarks
from adapters.sample_athlete.performance import Performance
from domain.sessions import events
from tests.web.training import RestartableServer, Trainee, in_order

pytestmark = pytest.mark.slow

LONG: Final = Performance(
    exercise="squat",
    repetitions=28,
    fps=15,
    landmark_noise_px=1.0,
    seed=3,
    faults=("trunk_lean",),
    faulty_repetitions=(4, 5, 12, 20),
)
CUT_S: Final = (12.0, 72.0)
"""Start and end of the network outage, on the clock of the video."""
WAITING_S: Final = 0.95 * (CUT_S[1] - CUT_S[0])
"""Length of the frames that wait for the network, without the last, incomplete chunk."""
BEGAN_AT: Final = int(1000 * time.time()) - 600_000
ENDED_AT: Final = BEGAN_AT + round(1000 * LONG.duration_s) + 1000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestartableServer]:
    found = RestartableServer(tmp_path_factory.mktemp("server"))
    yield found
    found.end()


def trained(
    browser: Browser, server: RestartableServer, *, cut: bool
) -> tuple[list[Any], list[int]]:
    """Train; return the events and the numbers of the sent chunks.

    The minute of frames is pushed faster than in real time: the page uses only their
    timestamps.
    """
    trainee = Trainee(browser, server, LONG)
    shares = [0.0, *(at / LONG.duration_s for at in CUT_S), 1.0]
    session = trainee.begin(startedAt=BEGAN_AT, timeOrigin=BEGAN_AT)
    trainee.start_set()
    for is_cut, (start, end) in zip((False, cut, False), pairwise(shares), strict=True):
        trainee.context.set_offline(is_cut)
        trainee.push(start, end)
        if is_cut:
            trainee.until(f"session.mode === 'offline' && session.buffer.seconds >= {WAITING_S}")
    summary = trainee.complete(ENDED_AT)
    assert summary["repetitions"] == LONG.repetitions
    trainee.context.close()
    return server.facts(session), trainee.sequences


def test_a_minute_without_a_network_ends_with_the_same_session(
    browser: Browser, server: RestartableServer
) -> None:
    """R-LIV-10: every event, from the first to the last, as without the outage."""
    assert len(landmarks(LONG)) / LONG.fps > CUT_S[1]
    uncut, _ = trained(browser, server, cut=False)
    cut, sequences = trained(browser, server, cut=True)
    assert in_order(sequences)
    assert cut == uncut
    assert sum(isinstance(fact, events.RepetitionCounted) for fact in cut) == LONG.repetitions
    assert isinstance(cut[-1], events.SessionCompleted)
