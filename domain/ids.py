"""Identifiers, each its own type."""

from typing import NewType

TenantId = NewType("TenantId", str)
UserId = NewType("UserId", str)
WorkoutId = NewType("WorkoutId", str)
SessionId = NewType("SessionId", str)
RecordingId = NewType("RecordingId", str)
ExerciseId = NewType("ExerciseId", str)
PlanId = NewType("PlanId", str)
EnrollmentId = NewType("EnrollmentId", str)
PaymentId = NewType("PaymentId", str)
SubscriptionId = NewType("SubscriptionId", str)
InvoiceId = NewType("InvoiceId", str)
CouponId = NewType("CouponId", str)
PoseSessionId = NewType("PoseSessionId", str)
AthleteInvitationId = NewType("AthleteInvitationId", str)
ContentId = NewType("ContentId", str)
AssignmentId = NewType("AssignmentId", str)
ProgramId = NewType("ProgramId", str)

DEFAULT_TENANT = TenantId("default")
"""Tenant of an installation without tenants (C-10)."""
