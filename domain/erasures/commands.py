"""What may be asked of an erasure, and how it is refused."""

from datetime import datetime

from domain.erasures.events import Step
from domain.kernel import Rejected, command


@command
class RequestErasure:
    at: datetime
    due_at: datetime


@command
class CancelErasure:
    at: datetime


@command
class BeginErasure:
    at: datetime


@command
class CompleteStep:
    step: Step
    removed: int
    at: datetime


@command
class RefuseCertificate:
    findings: int
    at: datetime


@command
class CertifyErasure:
    digest: str
    at: datetime


ErasureCommand = (
    RequestErasure
    | CancelErasure
    | BeginErasure
    | CompleteStep
    | RefuseCertificate
    | CertifyErasure
)


class ErasureUnknown(Rejected):
    """Nobody has asked for this person to be forgotten."""

    code = "erasure.unknown"
    kind = "not_found"


class ErasureNotDue(Rejected):
    """The erasure can still be called off; it begins when that time is over."""

    code = "erasure.not_due"


class ErasureUnderway(Rejected):
    """What has begun to be forgotten cannot be kept any more."""

    code = "erasure.underway"


class ErasureIncomplete(Rejected):
    """An erasure is certified when every step of it has been taken."""

    code = "erasure.incomplete"
