"""A requested erasure waits, can be canceled, and once started runs to its end."""

from datetime import UTC, datetime, timedelta

from domain.erasures import commands, events
from domain.erasures.erasure import ERASURE
from domain.erasures.events import STEPS
from tests.specification import specification

given = specification(ERASURE)

AT = datetime(2030, 1, 1, 7, 30, tzinfo=UTC)
DUE = AT + timedelta(hours=72)
REQUESTED = events.ErasureRequested(at=AT, due_at=DUE)
BEGUN = events.ErasureBegun(at=DUE)
DONE = tuple(events.ErasureStepCompleted(step=step, removed=1, at=DUE) for step in STEPS)
CERTIFIED = events.ErasureCertified(digest="d", at=DUE)
REQUEST = commands.RequestErasure(at=AT, due_at=DUE)
BEGIN = commands.BeginErasure(at=DUE)
CERTIFY = commands.CertifyErasure(digest="d", at=DUE)


def test_a_user_requests_erasure() -> None:
    """R-TEN-12"""
    given().when(REQUEST).then(REQUESTED)
    given(REQUESTED).when(REQUEST).then_nothing()
    given(REQUESTED, BEGUN).when(REQUEST).then_nothing()


def test_a_second_request_can_only_bring_erasure_forward() -> None:
    given(REQUESTED).when(commands.RequestErasure(at=AT, due_at=AT)).then(
        events.ErasureRequested(at=AT, due_at=AT)
    )


def test_erasure_can_be_cancelled_until_it_begins() -> None:
    """R-TEN-12"""
    cancel = commands.CancelErasure(at=AT)
    given(REQUESTED).when(cancel).then(events.ErasureCancelled(at=AT))
    given().when(cancel).then_rejected(commands.ErasureUnknown)
    given(REQUESTED, BEGUN).when(cancel).then_rejected(commands.ErasureUnderway)


def test_erasure_begins_when_due_and_only_if_requested() -> None:
    given(REQUESTED).when(commands.BeginErasure(at=AT)).then_rejected(commands.ErasureNotDue)
    given(REQUESTED).when(BEGIN).then(BEGUN)
    given().when(BEGIN).then_rejected(commands.ErasureUnknown)
    given(REQUESTED, events.ErasureCancelled(at=AT)).when(BEGIN).then_rejected(
        commands.ErasureUnknown
    )
    given(REQUESTED, BEGUN).when(BEGIN).then_nothing()


def test_a_certified_erasure_begins_again_only_on_demand() -> None:
    """C-24: after old keys were restored, from the first step."""
    again = commands.BeginErasure(at=DUE, again=True)
    certified = (REQUESTED, BEGUN, *DONE, CERTIFIED)
    given(*certified).when(BEGIN).then_nothing()
    given(*certified).when(again).then(BEGUN)
    given(*certified, BEGUN).when(again).then_nothing()
    given(*certified, BEGUN).when(CERTIFY).then_rejected(commands.ErasureIncomplete)
    given(REQUESTED).when(commands.BeginErasure(at=AT, again=True)).then_rejected(
        commands.ErasureNotDue
    )


def test_each_erasure_step_is_recorded_once() -> None:
    step = commands.CompleteStep(step="media", removed=1, at=DUE)
    taken = events.ErasureStepCompleted(step="media", removed=1, at=DUE)
    given(REQUESTED, BEGUN).when(step).then(taken)
    given(REQUESTED, BEGUN, taken).when(step).then_nothing()
    given(REQUESTED).when(step).then_rejected(commands.ErasureUnknown)


def test_erasure_repeats_all_steps_after_a_finding() -> None:
    """C-24"""
    refused = events.ErasureRefused(findings=2, at=DUE)
    given(REQUESTED, BEGUN, *DONE).when(commands.RefuseCertificate(findings=2, at=DUE)).then(
        refused
    )
    given(REQUESTED, BEGUN, *DONE, refused).when(CERTIFY).then_rejected(commands.ErasureIncomplete)


def test_erasure_is_certified_after_all_steps() -> None:
    """C-24"""
    given(REQUESTED, BEGUN, *DONE).when(CERTIFY).then(CERTIFIED)
    given(REQUESTED, BEGUN, *DONE[1:]).when(CERTIFY).then_rejected(commands.ErasureIncomplete)
    given(REQUESTED, BEGUN, *DONE, CERTIFIED).when(CERTIFY).then_nothing()
