"""Whether a session is in HealthKit, as GraphQL tells it."""

import enum

import strawberry


@strawberry.enum
class HealthKitStatus(enum.Enum):
    """How far the hand-shake with the athlete's device has come."""

    NOT_REQUESTED = "not_requested"
    PENDING = "pending"
    SYNCED = "synced"
    FAILED = "failed"
