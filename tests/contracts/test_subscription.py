"""Contract of every processor of a subscription: outage, crash, poison, lost leadership, stop.

A new processor joins `RIGS`. The Faust workers have their own loop; their contract is in
`tests/streams/test_following.py`.
"""

import time
from pathlib import Path
from threading import Event, Thread

import pytest

from application.kernel.bus import MessageTooLarge
from tests.contracts.subscription_rigs import POISON, RIGS, Crash, RelayRig, Rig

PATIENCE_S = 60.0


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Rig:
    rig = RIGS[request.param](tmp_path)
    for number in range(1, 6):
        rig.add(number)
    return rig


ALL = {1, 2, 3, 4, 5}


def run_until(rig: Rig, numbers: set[int]) -> None:
    """Run until these records have an effect; raise errors that end a process."""
    stop = Event()
    errors: list[BaseException] = []

    def run() -> None:
        try:
            rig.subscription().run(stop)
        except BaseException as error:  # noqa: BLE001  raised below
            errors.append(error)

    thread = Thread(target=run)
    thread.start()
    deadline = time.monotonic() + PATIENCE_S
    while thread.is_alive() and not rig.effects() >= numbers and time.monotonic() < deadline:
        thread.join(0.01)
    stop.set()
    thread.join(PATIENCE_S)
    if errors:
        raise errors[0]


def test_every_record_has_its_effect(rig: Rig) -> None:
    run_until(rig, ALL)
    assert rig.effects() == ALL
    assert not rig.quarantined()


def test_the_next_process_goes_on_where_the_last_one_stopped(rig: Rig) -> None:
    run_until(rig, ALL)
    rig.add(6)
    run_until(rig, {*ALL, 6})
    assert rig.effects() == {*ALL, 6}


def test_an_outage_is_waited_for(rig: Rig) -> None:
    """R-OPS-09"""
    rig.hooks.before = [rig.outage, rig.outage]
    run_until(rig, ALL)
    assert rig.effects() == ALL
    assert not rig.quarantined()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_loses_nothing(rig: Rig, moment: str) -> None:
    """R-EVT-16: the process dies before an effect, or between the effect and its checkpoint."""
    getattr(rig.hooks, moment).append(Crash())
    with pytest.raises(Crash):
        run_until(rig, {*ALL, 6})
    run_until(rig, ALL)
    assert rig.effects() == ALL
    assert not rig.quarantined()


def test_a_record_that_fails_for_good_is_quarantined_and_the_others_go_on(rig: Rig) -> None:
    """R-EVT-19"""
    rig.hooks.poison = True
    if isinstance(rig, RelayRig):  # it never skips a record: the order must hold
        with pytest.raises(MessageTooLarge):
            run_until(rig, ALL)
        rig.hooks.poison = False
        run_until(rig, ALL)
        return
    run_until(rig, ALL - {POISON})
    assert rig.effects() == ALL - {POISON}
    assert rig.quarantined() == {POISON}


def test_a_lost_leadership_loses_nothing(rig: Rig) -> None:
    rig.hooks.before = [rig.lose_leadership]
    run_until(rig, ALL)
    rig.add(6)
    run_until(rig, {*ALL, 6})
    assert rig.effects() == {*ALL, 6}
    assert not rig.quarantined()


def test_a_stop_finishes_the_batch_and_the_next_process_the_rest(rig: Rig) -> None:
    stop = Event()
    rig.hooks.before = [stop.set]
    rig.subscription().run(stop)
    assert rig.effects()
    run_until(rig, ALL)
    assert rig.effects() == ALL


def test_the_status_tells_checkpoint_and_lag(rig: Rig) -> None:
    subscription = rig.subscription()
    before = subscription.status()
    assert (before.leader, before.caught_up) == (False, False)
    subscription.run_once()
    after = subscription.status()
    assert after.lag in {0, None}
    assert after.checkpoint
