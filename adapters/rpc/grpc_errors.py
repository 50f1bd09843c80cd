"""Rejections over gRPC: the kind is the status, and the code of the rule is metadata."""

# gRPC is without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from typing import Any, Final

import grpc  # type: ignore[import-untyped]  # without types

from application.kernel.rpc import CallRejected, WorkersUnavailable
from domain.kernel import Rejected, RejectionKind

CODE: Final = "kinelog-code"
"""Name of the metadata with the code of the rule."""

STATUS: Final[dict[RejectionKind, Any]] = {
    "invalid": grpc.StatusCode.INVALID_ARGUMENT,
    "unauthenticated": grpc.StatusCode.UNAUTHENTICATED,
    "forbidden": grpc.StatusCode.PERMISSION_DENIED,
    "not_found": grpc.StatusCode.NOT_FOUND,
    "conflict": grpc.StatusCode.FAILED_PRECONDITION,
    "stale": grpc.StatusCode.ABORTED,
    "unavailable": grpc.StatusCode.UNAVAILABLE,
    "limited": grpc.StatusCode.RESOURCE_EXHAUSTED,
}

PERMANENT: Final[dict[Any, RejectionKind]] = {
    **{status: kind for kind, status in STATUS.items() if kind != "unavailable"},
    grpc.StatusCode.RESOURCE_EXHAUSTED: "invalid",  # a message that is too large
    grpc.StatusCode.UNIMPLEMENTED: "not_found",
}
"""Statuses of permanent rejections. A call with another status may be repeated."""


def to_rejection(failed: Any) -> Rejected:
    """Convert the end of a call to CallRejected or WorkersUnavailable."""
    status, detail = failed.code(), failed.details() or ""
    kind = PERMANENT.get(status)
    if kind is None:
        return WorkersUnavailable(f"No worker replied: {status.name}: {detail}")
    metadata: dict[str, str] = dict(failed.trailing_metadata() or ())
    code = metadata.get(CODE, f"grpc.{status.name.lower()}")
    return CallRejected(code, kind, detail)
