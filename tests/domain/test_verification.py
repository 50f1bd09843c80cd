"""Verified repetitions: what rankings and awards rest on."""

from dataclasses import replace

import pytest

from domain.sessions import commands, events
from domain.sessions.session import SESSION
from domain.sessions.verification import is_verified
from domain.values import CountSource, InvalidValue, check_client_source
from tests.domain.session_examples import (
    COMPLETE,
    FIRST_SET,
    HOLD,
    SPAN,
    complete_set,
    count,
    reconcile,
)
from tests.specification import specification

given = specification(SESSION)


def completed_after(
    *during: commands.SessionCommand,
) -> tuple[events.ExercisePerformed, events.SessionCompleted]:
    """Complete the session of a set with these commands."""
    log = given(*FIRST_SET).log_after([*during, complete_set(1), COMPLETE])
    *_, performed, completed = log
    assert isinstance(performed, events.ExercisePerformed)
    assert isinstance(completed, events.SessionCompleted)
    return performed, completed


@pytest.mark.parametrize(
    ("source", "by_hand", "verified"),
    [
        ("server", False, True),
        ("file", False, True),
        ("device", False, False),
        ("manual", False, False),
        ("manual", True, False),
        (None, False, True),
        (None, True, False),
    ],
)
def test_our_own_counts_are_verified(
    source: CountSource | None, *, by_hand: bool, verified: bool
) -> None:
    """C-49: older events without a source keep counting, except where the athlete logged them."""
    assert is_verified(source, by_hand=by_hand) is verified


def test_a_claimed_repetition_is_stored_with_its_source_and_is_not_verified() -> None:
    """C-02, C-49, R-WKT-08"""
    claim = replace(count(1), source="device", form=1.0)
    performed, completed = completed_after(claim)
    assert completed.repetitions == 1
    assert completed.verified_repetitions == 0
    assert completed.accuracy is None, "a client cannot state its own form"
    assert performed.sets[0].ranked_repetitions == 0
    assert performed.sets[0].form is None


def test_only_our_own_counts_give_the_figures_of_a_session() -> None:
    """C-16: two of ours with a form of 0.8 and a claim of a perfect one."""
    claim = replace(count(3), source="device", form=1.0)
    _, completed = completed_after(count(1), count(2), claim)
    assert (completed.repetitions, completed.verified_repetitions) == (3, 2)
    assert completed.accuracy == pytest.approx(0.8)


def test_logged_repetitions_and_holds_are_not_verified() -> None:
    """R-WKT-03, C-49"""
    logged = commands.LogRepetitions(set=1, repetitions=5, at=9000)
    held = commands.LogHold(set=1, duration_ms=60_000, at=60_000)
    performed, completed = completed_after(logged, held, HOLD)
    assert (completed.repetitions, completed.verified_repetitions) == (5, 0)
    assert performed.sets[0].held_ms == 62_000
    assert performed.sets[0].ranked_held_ms == SPAN.end_ms - SPAN.start_ms


def test_accepting_what_our_count_withdrew_does_not_verify_it() -> None:
    """C-49: the athlete's decision stands, as the athlete's."""
    accept = commands.OverruleRepetition(set=1, number=1, accepted=True)
    _, completed = completed_after(count(1), reconcile((1,)), accept)
    assert (completed.repetitions, completed.verified_repetitions) == (1, 0)


def test_accepting_again_what_the_athlete_refused_keeps_it_verified() -> None:
    """C-49"""
    refuse = commands.OverruleRepetition(set=1, number=1, accepted=False)
    _, completed = completed_after(count(1), refuse, replace(refuse, accepted=True))
    assert (completed.repetitions, completed.verified_repetitions) == (1, 1)


def test_results_from_before_verification_keep_their_rank() -> None:
    """R-EVT-14: their events do not say who counted."""
    old = events.PerformedSet(1, 8, 3000, 60.0, 0.8)
    assert (old.ranked_repetitions, old.ranked_held_ms) == (8, 3000)


def test_clients_cannot_announce_the_analysis_of_a_file() -> None:
    """C-49"""
    assert check_client_source("device") == "device"
    with pytest.raises(InvalidValue):
        check_client_source("file")
