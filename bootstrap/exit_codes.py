"""Exit codes of commands, as documented in `docs/how-to/exit-codes.md`; a test compares them."""

from typing import Final

from domain.kernel import Rejected, RejectionKind

OK: Final = 0
FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130

BY_CODE: Final[dict[str, int]] = {
    "video.missing": 10,
    "video.empty": 11,
    "video.unreadable": 12,
    "video.truncated": 13,
    "video.nobody": 14,
    "video.several_people": 15,
    "motion.unknown_exercise": 16,
    "motion.exercise_not_recognised": 17,
    "motion.invalid_exercise_definition": 18,
    "video.too_large": 19,
    "storage.unavailable": 20,
    "pose_model.unavailable": 21,
    "pose_model.system_library_missing": 22,
    "serve.open_to_others": 23,
    "video.decoding_failed": 24,
}
"""Refusals that scripts may want to distinguish."""

BY_KIND: Final[dict[RejectionKind, int]] = {
    "invalid": 30,
    "not_found": 31,
    "conflict": 32,
    "forbidden": 33,
    "unavailable": 34,
    "unauthenticated": 35,
    "stale": 36,
    "limited": 37,
}
"""Every other refusal, by its kind."""


def exit_code(refusal: Rejected) -> int:
    """Return the exit code of a refusal."""
    return BY_CODE.get(refusal.code, BY_KIND[refusal.kind])
