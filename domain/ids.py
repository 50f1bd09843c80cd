"""Identifiers, each its own type."""

from typing import NewType

TenantId = NewType("TenantId", str)
UserId = NewType("UserId", str)
WorkoutId = NewType("WorkoutId", str)
SessionId = NewType("SessionId", str)
RecordingId = NewType("RecordingId", str)
ExerciseId = NewType("ExerciseId", str)

DEFAULT_TENANT = TenantId("default")
"""Tenant of an installation without tenants (C-10)."""
