"""Different counts of a set by device and server are recorded once."""

from dataclasses import replace

from domain.sessions import commands
from domain.sessions.session import SESSION
from tests.domain.session_examples import LOOKS, SAID, SEEN, SERVER, reconciled
from tests.specification import specification

given = specification(SESSION)

RECONCILE = commands.ReconcileRepetitions(set=1, counted_by=SERVER, looks=LOOKS, stands="device")


def test_differing_counts_are_reported_even_without_a_correction() -> None:
    """C-02: both counts, their sources, and the valid one."""
    given(*SEEN).when(RECONCILE).then(SAID)


def test_a_repeated_reconciliation_changes_nothing() -> None:
    """C-02"""
    given(*SEEN, SAID).when(RECONCILE).then_nothing()


def test_different_counts_are_reconciled_again() -> None:
    again = replace(reconciled(2), looks=LOOKS, stands="device")
    other = replace(RECONCILE, looks=LOOKS[::-1])
    given(*SEEN, SAID).when(other).then(replace(again, looks=LOOKS[::-1]))
