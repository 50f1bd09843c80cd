"""Events of an erasure. They do not identify the person."""

from datetime import datetime
from typing import Final, Literal, cast, get_args

from domain.kernel import event

Step = Literal[
    "account",
    "keys_let_go",
    "read_models",
    "live",
    "analytics",
    "media",
    "jobs",
    "mails",
    "exports",
    "dead_letters",
    "topics",
    "caches",
    "compaction",
]
"""Steps in order; `keys_let_go` waits until no process has the key cached."""

STEPS: Final = cast("tuple[Step, ...]", get_args(Step))


@event("erasure.requested")
class ErasureRequested:
    at: datetime
    due_at: datetime
    """Until then it can be cancelled."""


@event("erasure.cancelled")
class ErasureCancelled:
    at: datetime


@event("erasure.begun")
class ErasureBegun:
    at: datetime


@event("erasure.step_completed")
class ErasureStepCompleted:
    step: Step
    removed: int
    """Number of removed rows, files, dead letters or keys."""
    at: datetime


@event("erasure.refused")
class ErasureRefused:
    """Identifying data remains, so no certificate is issued."""

    findings: int
    at: datetime


@event("erasure.certified")
class ErasureCertified:
    digest: str
    """SHA-256 of the certificate, in hexadecimal."""
    at: datetime


ErasureEvent = (
    ErasureRequested
    | ErasureCancelled
    | ErasureBegun
    | ErasureStepCompleted
    | ErasureRefused
    | ErasureCertified
)
