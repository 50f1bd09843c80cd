"""What happens while somebody is being forgotten. Nothing of it says who they were."""

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
"""What is removed, in this order; `keys_let_go` waits until no process holds the key any more."""

STEPS: Final = cast("tuple[Step, ...]", get_args(Step))


@event("erasure.requested")
class ErasureRequested:
    at: datetime
    due_at: datetime
    """Until then it can be called off."""


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
    """Rows, files, letters or keys that went in this step."""
    at: datetime


@event("erasure.refused")
class ErasureRefused:
    """Something that told who the person was is still there: no certificate is made."""

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
