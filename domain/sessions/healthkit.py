"""HealthKit handshake: the server requests, the device writes the workout and reports.

HealthKit exists on the device only, so the device writes and its report is all we have (C-21).
"""

from typing import Literal

from domain.kernel import value
from domain.sessions import prescription_commands as commands
from domain.sessions import prescription_events as events

HealthKitStatus = Literal["not_requested", "pending", "synced", "failed"]
"""The states of C-45."""


@value
class HealthKit:
    """State of the handshake; `reason` is that of a failure."""

    status: HealthKitStatus = "not_requested"
    reason: events.HealthKitObstacle | None = None


HealthKitEvent = events.HealthKitRequested | events.HealthKitSynced | events.HealthKitFailed


def decide(command: commands.HealthKitCommand, state: HealthKit) -> tuple[HealthKitEvent, ...]:
    """Return the events of a command; a repeated command changes nothing."""
    match command:
        case commands.RequestHealthKit(at=at):
            is_requested = state.status != "not_requested"
            return () if is_requested else (events.HealthKitRequested(at=at),)
        case commands.ConfirmHealthKit():
            return _confirm(command, state)


def _confirm(command: commands.ConfirmHealthKit, state: HealthKit) -> tuple[HealthKitEvent, ...]:
    if state.status == "not_requested":
        raise commands.HealthKitNotRequested
    if (command.outcome, command.reason) == (state.status, state.reason):
        return ()
    if state.status == "synced":
        raise commands.HealthKitAlreadySynced
    if command.reason is None:
        return (events.HealthKitSynced(at=command.at),)
    return (events.HealthKitFailed(at=command.at, reason=command.reason),)


def evolve(event: HealthKitEvent) -> HealthKit:
    """Return the state after an event."""
    match event:
        case events.HealthKitRequested():
            return HealthKit("pending")
        case events.HealthKitSynced():
            return HealthKit("synced")
        case events.HealthKitFailed(reason=reason):
            return HealthKit("failed", reason)
