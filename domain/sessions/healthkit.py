"""The hand-shake with HealthKit: a device is asked, writes the workout, and says what came of it.

Apple keeps HealthKit on the device and offers no service of it, so that only the device can write
there, and only its word is known of it (C-21).
"""

from typing import Literal

from domain.kernel import value
from domain.sessions import prescription_commands as commands
from domain.sessions import prescription_events as events

HealthKitStatus = Literal["not_requested", "pending", "synced", "failed"]
"""As C-45 names them."""


@value
class HealthKit:
    """How far it has come; `reason` says why it failed, None elsewhere."""

    status: HealthKitStatus = "not_requested"
    reason: events.HealthKitObstacle | None = None


HealthKitEvent = events.HealthKitRequested | events.HealthKitSynced | events.HealthKitFailed


def decide(command: commands.HealthKitCommand, known: HealthKit) -> tuple[HealthKitEvent, ...]:
    """Say what happens when this is asked after the session; what is known already is no news."""
    match command:
        case commands.RequestHealthKit(at=at):
            asked = known.status != "not_requested"
            return () if asked else (events.HealthKitRequested(at=at),)
        case commands.ConfirmHealthKit():
            return _confirm(command, known)


def _confirm(command: commands.ConfirmHealthKit, known: HealthKit) -> tuple[HealthKitEvent, ...]:
    if known.status == "not_requested":
        raise commands.HealthKitNotRequested
    if (command.outcome, command.reason) == (known.status, known.reason):
        return ()
    if known.status == "synced":
        raise commands.HealthKitAlreadySynced
    if command.reason is None:
        return (events.HealthKitSynced(at=command.at),)
    return (events.HealthKitFailed(at=command.at, reason=command.reason),)


def evolve(event: HealthKitEvent) -> HealthKit:
    """Say what is known after this fact."""
    match event:
        case events.HealthKitRequested():
            return HealthKit("pending")
        case events.HealthKitSynced():
            return HealthKit("synced")
        case events.HealthKitFailed(reason=reason):
            return HealthKit("failed", reason)
