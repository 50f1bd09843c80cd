"""Recorded sets whose faults an athlete contradicted, as labeled landmarks for calibration."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from application.kernel.ports import MediaCorrupt, MediaMissing
from application.kernel.read_models import ReadModels, Window
from application.platform import Platform
from application.privacy.consents import TEXTS, ConsentMissing
from application.sessions.fact_mapping import are_within
from application.sessions.history import SessionNotRecorded
from domain.ids import TenantId, UserId
from domain.motion.landmarks import PoseChunk
from domain.recordings.commands import RecordingNotKept
from projections.exercise_set import EXERCISE_SET, ExerciseSet
from projections.fault_feedback import FAULT_FEEDBACK, FaultFeedbackRow
from projections.repetition import REPETITION
from projections.session_summary import SESSION_SUMMARY

PAGE: Final = 500


@dataclass(frozen=True)
class ReviewedSet:
    """A set with the athlete's feedback; no name, id or time of day.

    `athlete` counts the athletes of the export from 1. `faults`: those that were reported and not
    contradicted, and those that were missed.
    """

    athlete: int
    exercise: str
    faults: tuple[str, ...]
    poses: PoseChunk


@dataclass
class Skipped:
    """Sets with feedback that are left out: no landmarks were kept, or no consent to research."""

    unrecorded: int = 0
    unconsented: int = 0


def reviewed_sets(
    platform: Platform, tenant_id: TenantId, skipped: Skipped
) -> Iterator[ReviewedSet]:
    """Yield the recorded sets of a tenant with feedback on a fault; count the others."""
    athletes: dict[UserId, int] = {}
    for set_id, feedback in _by_set(platform.read, tenant_id).items():
        performed = platform.read.get(EXERCISE_SET, tenant_id, set_id)
        session = platform.read.get(SESSION_SUMMARY, tenant_id, feedback[0].session_id)
        if performed is None or session is None or session.status == "deleted":
            continue
        if not _consents(platform, tenant_id, session.athlete_id):
            skipped.unconsented += 1
            continue
        poses = _poses(platform, tenant_id, performed)
        if poses is None:
            skipped.unrecorded += 1
            continue
        athlete = athletes.setdefault(session.athlete_id, len(athletes) + 1)
        faults = _faults(platform.read, tenant_id, performed, feedback)
        yield ReviewedSet(athlete, performed.exercise_id, faults, poses)


def _by_set(read: ReadModels, tenant_id: TenantId) -> dict[str, list[FaultFeedbackRow]]:
    sets: dict[str, list[FaultFeedbackRow]] = {}
    after: str | None = None
    while True:
        page = read.page(FAULT_FEEDBACK, tenant_id, window=Window(first=PAGE, after=after))
        for edge in page.edges:
            sets.setdefault(edge.row.set_id, []).append(edge.row)
        if not page.has_next:
            return sets
        after = page.edges[-1].cursor


def _consents(platform: Platform, tenant_id: TenantId, athlete: UserId) -> bool:
    """Return whether the athlete agrees to the current text of research, or has no account."""
    try:
        platform.consents.require(tenant_id, athlete, "research")
    except ConsentMissing:
        return False
    given = platform.privacy().consents.of(tenant_id, athlete)
    agreed = next((each for each in given if each.purpose == "research"), None)
    return agreed is None or agreed.version in {None, TEXTS["research"].version}


def _poses(platform: Platform, tenant_id: TenantId, performed: ExerciseSet) -> PoseChunk | None:
    """Return the landmarks of a set, its first frame at 0 s; None if they were not kept."""
    try:
        chunks = platform.history.poses(tenant_id, performed.session_id)
    except (SessionNotRecorded, RecordingNotKept, MediaMissing, MediaCorrupt):
        return None
    end_ms = float("inf") if performed.end_ms is None else performed.end_ms
    times_s = np.concatenate([chunk.times_s for chunk in chunks])
    within = are_within(times_s, performed.start_ms or 0, end_ms)
    worlds = [chunk.world for chunk in chunks if chunk.world is not None]
    if len(worlds) < len(chunks) or not within.any():
        return None
    return PoseChunk(
        times_s[within] - times_s[within][0],
        np.concatenate([chunk.image for chunk in chunks])[within],
        np.concatenate(worlds)[within],
        chunks[0].aspect_ratio,
    )


def _faults(
    read: ReadModels, tenant_id: TenantId, performed: ExerciseSet, feedback: list[FaultFeedbackRow]
) -> tuple[str, ...]:
    """Return the faults of the set as the athlete sees them."""
    rows = read.by(REPETITION, tenant_id, "session_id", [performed.session_id])
    repetitions = [row for row in rows[performed.session_id] if row.set == performed.number]
    seen = {(row.number, fault) for row in repetitions for fault in row.faults}
    for each in feedback:
        if each.repetition is not None:
            about = each.repetition, each.fault
            seen = seen - {about} if each.feedback == "wrong" else seen | {about}
    return tuple(sorted({fault for _, fault in seen}))
