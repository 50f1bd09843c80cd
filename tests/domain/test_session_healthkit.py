"""HealthKit after a completed workout: requested, and confirmed by the device."""

from domain.sessions import commands, prescription_commands
from domain.sessions import prescription_events as facts
from domain.sessions.session import SESSION
from domain.values import InvalidValue
from tests.domain.session_examples import AT, OVER, STARTED
from tests.specification import is_refused, specification

given = specification(SESSION)

REQUESTED = facts.HealthKitRequested(at=AT)
SYNCED = facts.HealthKitSynced(at=AT)
FAILED = facts.HealthKitFailed(at=AT, reason="denied")
SYNC = prescription_commands.ConfirmHealthKit(at=AT, outcome="synced")
FAIL = prescription_commands.ConfirmHealthKit(at=AT, outcome="failed", reason="denied")


def test_healthkit_is_requested_once_and_after_the_workout() -> None:
    """R-HLT-11"""
    request = prescription_commands.RequestHealthKit(at=AT)
    given(STARTED).when(request).then_rejected(prescription_commands.HealthKitTooEarly)
    given(STARTED).when(SYNC).then_rejected(prescription_commands.HealthKitTooEarly)
    given(*OVER).when(request).then(REQUESTED)
    given(*OVER, REQUESTED).when(request).then_nothing()
    given().when(SYNC).then_rejected(commands.SessionMissing)


def test_a_device_confirms_once_and_may_do_so_after_a_failure() -> None:
    """R-HLT-09, R-HLT-11"""
    requested = (*OVER, REQUESTED)
    given(*OVER).when(SYNC).then_rejected(prescription_commands.HealthKitNotRequested)
    given(*requested).when(SYNC).then(SYNCED)
    given(*requested, SYNCED).when(SYNC).then_nothing()
    given(*requested, SYNCED).when(FAIL).then_rejected(prescription_commands.HealthKitAlreadySynced)
    given(*requested).when(FAIL).then(FAILED)
    given(*requested, FAILED).when(FAIL).then_nothing()
    given(*requested, FAILED).when(SYNC).then(SYNCED)


def test_only_a_failure_has_a_reason() -> None:
    """R-HLT-11"""
    is_refused(
        InvalidValue, lambda: prescription_commands.ConfirmHealthKit(at=AT, outcome="failed")
    )
    is_refused(
        InvalidValue,
        lambda: prescription_commands.ConfirmHealthKit(at=AT, outcome="synced", reason="denied"),
    )
