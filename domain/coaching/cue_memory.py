"""Cue memory of one set."""

from domain.coaching.phrasebook import Category
from domain.kernel import value
from domain.motion.signals.camera_framing import Advice


@value
class Cue:
    """One sentence for the athlete, at a time in seconds of the session.

    `cue` is its id in the phrasebook: a fault's id, a framing change, or a kind of praise. `text`
    is shown, `say` is spoken (empty if the athlete wants silence). `fault` is None for praise and
    framing; `repetition` is None if the cue is about no repetition.
    """

    cue: str
    category: Category
    text: str
    say: str
    language: str
    fault: str | None
    repetition: int | None
    at_s: float


@value
class GivenCue:
    """When a cue was last given in this set, and how often."""

    cue: str
    at_s: float
    times: int


@value
class CueMemory:
    """Cues given in a set and the observations they depend on.

    `repetitions`: number of the latest repetition. `clean`: repetitions without a fault.
    `latest_clean`: the latest repetition had no fault. `correcting`: the fault of the last
    correction, until it disappears. `misframed`: the framing change needed, and since when.
    `last_s`: time of the last cue. `said`: cues given in this set. `seen_from_s`: time of
    the set's first frame, None if it is not known. `recent`: faults of the two latest repetitions.
    """

    repetitions: int = 0
    clean: int = 0
    latest_clean: bool = False
    correcting: str | None = None
    misframed: tuple[Advice, float] | None = None
    last_s: float | None = None
    said: tuple[GivenCue, ...] = ()
    seen_from_s: float | None = None
    recent: tuple[tuple[str, ...], ...] = ()
