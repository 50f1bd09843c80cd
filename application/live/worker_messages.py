"""The words between a gateway and its workers, apart from those that the platform has anyway."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt

from application.kernel.video import FramePicture
from application.live.chunk import InvalidSessionKey, SessionKey
from application.live.chunk_result import StreamProgress
from application.live.coaching import DEFAULT_PREFERENCES
from application.live.tracker import Detection, LiveFact, TrackedSet
from domain.coaching.cue_memory import Cue
from domain.coaching.cues import Observation
from domain.coaching.phrasebook import Category
from domain.coaching.preferences import CuePreferences
from domain.ids import SessionId, TenantId
from domain.kernel import value
from domain.motion.landmarks import Floats


def to_session_key(tenant_id: str, session_id: str) -> SessionKey:
    """Name a session by what a message says of it. Raises InvalidSessionKey."""
    key = SessionKey.parse(f"{tenant_id}/{session_id}")
    if key.tenant_id != tenant_id:  # it has a slash itself, and would be another's
        raise InvalidSessionKey
    return key


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LiveChunk:
    """About half a second of landmarks of a set, n frames.

    `sequence` counts the session's chunks from 1 without a gap. `model` names what made the
    landmarks. `last` ends the set. `times_s`: n times in seconds since the session began, each
    later than the one before. `image`: n * 33 * 4 numbers, of each frame the 33 landmarks, each
    x, y, z and visibility. `world`: n * 33 * 3 numbers, metres from between the hips, or none.
    A landmark that was not found has NaN in all its numbers, in JSON null. `preferences` say how
    the athlete wants to be coached; those of the first chunk of a set hold for all of it.
    `pictures` are JPEGs of some of the frames, in their order.
    """

    tenant_id: TenantId
    session_id: SessionId
    set: int
    sequence: int
    exercise: str
    model: str
    last: bool
    aspect_ratio: float
    times_s: npt.NDArray[np.float64]
    image: Floats
    world: Floats | None = None
    preferences: CuePreferences = DEFAULT_PREFERENCES
    pictures: tuple[FramePicture, ...] = ()


@value
class ProgressReply:
    """How far the chunks of a session have come; without `standing`, none has come."""

    standing: StreamProgress | None = None


@value
class DetectedFact:
    """A fact about a set, the `number`-th of it, as on the topic `exercise.detect`.

    `id` is the fact's, and of the command that enters it: the same fact is told under the same id
    however often. `model` made the landmarks, `definition_version` is that of the exercise, and
    `learned` names what the worker had learned of it.
    """

    id: UUID
    tenant_id: TenantId
    session_id: SessionId
    set: int
    number: int
    exercise_id: str
    definition_version: int
    model: str
    fact: LiveFact
    learned: str | None = None

    @property
    def session(self) -> SessionKey:
        """The session that it is of. Raises InvalidSessionKey."""
        return to_session_key(self.tenant_id, self.session_id)

    @property
    def detection(self) -> Detection:
        """The detection that the message carries."""
        watching = TrackedSet(
            self.set, self.exercise_id, self.definition_version, self.model, self.learned
        )
        return Detection(watching, 0, self.number, self.fact)


@value
class DetectionRecorded:
    """The fact `id` is in its session, if it changes that; `position` of the log, 0 if it does not.

    A fact that was entered before is answered as it was then.
    """

    id: UUID
    position: int


@value
class CueRequest:
    """What a coach notices of a set of an exercise.

    `memory` is what the coach remembers of the set: that of the last answer, nothing at its
    beginning. It is to be given back unread.
    """

    exercise: str
    memory: bytes
    fact: Observation
    preferences: CuePreferences = DEFAULT_PREFERENCES


@value
class CueResponse:
    """What a coach says, if anything, and remembers from then on."""

    memory: bytes
    cue: Cue | None = None


@value
class CueMessage:
    """A sentence for the athlete, as on the topic `cue.make`.

    `cue` is shown, `say` spoken (empty for silence), both in `language`. `fault` is what it
    corrects, None for praise and for framing; `repetition` None where it is about none. `at_ms`
    counts from the beginning of the session.
    """

    id: UUID
    tenant_id: TenantId
    session_id: SessionId
    set: int
    repetition: int | None
    category: Category
    cue: str
    say: str
    language: str
    fault: str | None
    at_ms: int
