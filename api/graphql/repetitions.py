"""GraphQL types of repetitions and cues."""

import strawberry

from api.graphql.enums import CountSource
from api.views.sessions import REJECTION_REASONS
from projections.cue import Cue as CueRow
from projections.rejected_repetition import RejectedRepetition as RejectedRow
from projections.repetition import Repetition as RepetitionRow


@strawberry.type(description="Seconds of the four phases of a repetition.")
class Tempo:
    """Seconds of the eccentric phase, pause after it, concentric phase and pause after it."""

    eccentric_s: float
    bottom_pause_s: float
    concentric_s: float
    top_pause_s: float


@strawberry.type(description="A counted repetition. Times are ms since the session began.")
class Repetition:
    """Repetition in degrees, and 0..1 for symmetry, form and confidence; null if not measured.

    `unjudged`: faults that the view could not show, null if unknown. `byHand`: the athlete logged
    it, whatever the source of the count. `source`: who counted it, null if unknown. `verified`:
    whether Kinelog counted it from landmarks that it has.
    """

    set: int
    number: int
    start_ms: int
    end_ms: int
    tempo: Tempo | None
    range_of_motion_deg: float | None
    symmetry: float | None
    form: float | None
    confidence: float
    faults: list[str]
    unjudged: list[str] | None
    by_hand: bool
    source: CountSource | None
    verified: bool

    @classmethod
    def of(cls, row: RepetitionRow) -> "Repetition":
        """Convert a row of the read model."""
        return cls(
            set=row.set,
            number=row.number,
            start_ms=row.start_ms,
            end_ms=row.end_ms,
            tempo=_tempo(row),
            range_of_motion_deg=row.range_of_motion_deg,
            symmetry=row.symmetry,
            form=row.form,
            confidence=row.confidence,
            faults=list(row.faults),
            unjudged=None if row.unjudged is None else list(row.unjudged),
            by_hand=row.by_hand,
            source=None if row.source is None else CountSource(row.source),
            verified=row.verified,
        )


def _tempo(row: RepetitionRow) -> Tempo | None:
    if row.eccentric_s is None:
        return None
    return Tempo(
        eccentric_s=row.eccentric_s,
        bottom_pause_s=row.bottom_pause_s or 0.0,
        concentric_s=row.concentric_s or 0.0,
        top_pause_s=row.top_pause_s or 0.0,
    )


@strawberry.type(description="A movement that was not counted, and why.")
class RejectedRepetition:
    """Movement that was not counted. Times are ms since the session began."""

    set: int
    start_ms: int
    end_ms: int
    reason: str = strawberry.field(description=REJECTION_REASONS)

    @classmethod
    def of(cls, row: RejectedRow) -> "RejectedRepetition":
        """Convert a row of the read model."""
        return cls(set=row.set, start_ms=row.start_ms, end_ms=row.end_ms, reason=row.reason)


@strawberry.type(description="A cue of the coach; `fault` is null for praise.")
class Cue:
    """Sentence to the athlete, `atMs` after the session began."""

    set: int
    repetition: int | None
    fault: str | None
    cue: str
    at_ms: int

    @classmethod
    def of(cls, row: CueRow) -> "Cue":
        """Convert a row of the read model."""
        return cls(
            set=row.set, repetition=row.repetition, fault=row.fault, cue=row.cue, at_ms=row.at_ms
        )
