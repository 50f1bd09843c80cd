"""GraphQL types of repetitions and cues."""

from api.graphql.derived_types import derived
from api.views import sessions as views


@derived(views.Tempo)
class Tempo:
    """Seconds of the four phases of a repetition."""


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
