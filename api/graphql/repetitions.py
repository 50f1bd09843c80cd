"""GraphQL types of repetitions and cues."""

from api.graphql.derived_types import derived
from api.views import sessions as views


@derived(views.Tempo)
class Tempo:
    """Seconds of the four phases of a repetition."""


@derived(views.FaultJudgement)
class FaultJudgement:
    """How far a fault is beyond what is usual, and the probability that it is beyond its bound."""


@derived(views.Repetition)
class Repetition:
    """A counted repetition. Times are ms since the session began."""

    verified: bool


@derived(views.RejectedRepetition)
class RejectedRepetition:
    """A movement that was not counted, and why."""


@derived(views.Cue)
class Cue:
    """A cue of the coach; `fault` is null for praise."""


@derived(views.FaultFeedback)
class FaultFeedback:
    """The athlete's feedback on a fault of a repetition; null for holds and other cues."""
