"""Commands of an erasure, and their refusals."""

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
    """Begin an erasure that is due. `again`: also one that is certified, from its first step."""

    at: datetime
    again: bool = False


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
    """The erasure of this person has not been requested."""

    code = "erasure.unknown"
    kind = "not_found"


class ErasureNotDue(Rejected):
    """The erasure is not due yet. It can be canceled until then."""

    code = "erasure.not_due"


class ErasureUnderway(Rejected):
    """The erasure has begun and cannot be canceled."""

    code = "erasure.underway"


class ErasureIncomplete(Rejected):
    """An erasure can be certified only after all its steps."""

    code = "erasure.incomplete"
