"""Identities. Each is its own type, so that one cannot be passed where another is meant."""

from typing import NewType

TenantId = NewType("TenantId", str)
UserId = NewType("UserId", str)
WorkoutId = NewType("WorkoutId", str)
SessionId = NewType("SessionId", str)
RecordingId = NewType("RecordingId", str)
ExerciseId = NewType("ExerciseId", str)

DEFAULT_TENANT = TenantId("default")
"""Where a platform without tenants lives (C-10)."""
