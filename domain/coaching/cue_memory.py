"""What a coach has said to an athlete in this set, and still remembers."""

from domain.coaching.phrasebook import Category
from domain.kernel import value
from domain.motion.signals.camera_framing import Advice


@value
class Cue:
    """One sentence for the athlete, at a time in seconds of the session.

    `cue` is its id in the catalogue: a fault's id, a framing's, or a kind of praise. `text` is
    shown, `say` spoken (empty where the athlete wants silence). `fault` is None for praise and
    framing; `repetition` None where it is about none.
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
    """What a coach remembers of a set.

    `repetitions`: the number of the latest one, `clean`: how many had nothing to correct,
    `latest_clean`: whether the latest had. `correcting`: the fault last spoken of, until it is
    gone. `misframed`: the change of framing needed, and since when. `last_s`: when anything was
    last said.
    """

    repetitions: int = 0
    clean: int = 0
    latest_clean: bool = False
    correcting: str | None = None
    misframed: tuple[Advice, float] | None = None
    last_s: float | None = None
    said: tuple[GivenCue, ...] = ()
