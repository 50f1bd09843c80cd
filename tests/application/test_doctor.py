"""What is not well comes with what to do about it."""

from application.operations.health_checks import ADVICE, diagnosed
from application.operations.readiness import Check, Degraded, Readiness


def well() -> str:
    return "Well."


def ill() -> str:
    raise Degraded("Ill.")


def test_advice_comes_with_what_is_not_well() -> None:
    report = Readiness([Check("log", well), Check("relay", ill)]).look().result()
    log, relay = diagnosed(report)
    assert (log.state, log.advice) == ("ok", "")
    assert (relay.state, relay.detail, relay.advice) == ("degraded", "Ill.", ADVICE["relay"])
