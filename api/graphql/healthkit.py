"""State of a session in HealthKit, in GraphQL."""

import enum

import strawberry


@strawberry.enum
class HealthKitStatus(enum.Enum):
    """State of the HealthKit handshake with the athlete's device."""

    NOT_REQUESTED = "not_requested"
    PENDING = "pending"
    SYNCED = "synced"
    FAILED = "failed"
