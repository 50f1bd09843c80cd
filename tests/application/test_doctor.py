"""Each failed check of `kinelog doctor` says how to fix it."""

from application.operations.health_checks import ADVICE, diagnosed
from application.operations.readiness import Check, Degraded, Readiness


def well() -> str:
    return "Well."


def ill() -> str:
    raise Degraded("Ill.")


def test_failed_checks_come_with_advice() -> None:
    report = Readiness([Check("log", well), Check("relay", ill)]).report().result()
    log, relay = diagnosed(report)
    assert (log.state, log.advice) == ("ok", "")
    assert (relay.state, relay.detail, relay.advice) == ("degraded", "Ill.", ADVICE["relay"])
