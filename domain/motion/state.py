"""Fold state of a set: small, plain and exact.

Everything here is a number, text, bytes, None, or a tuple of these, so a state that was written to
JSON and read back is equal and continues exactly where it stopped.
"""

from domain.kernel import unfrozen_value, value

Row = tuple[float | None, ...]
"""One sample: time in seconds, share of it that was seen (0..1), then the columns of the layout.

None is a value that could not be measured."""


@unfrozen_value
class PartialSample:
    """Frames of the open slot of 1/15 s: their number and their sums."""

    slot: int
    frames: int
    sums: Row


@unfrozen_value
class Cycle:
    """Position within the current movement.

    `direction`: 1 towards the effort extreme, -1 back to rest, 0 unknown. `high`, `low`: latest
    extremes of effort and their times. `reach`: range of the athlete's own movement, effort units.
    `closed`: the current return was reported already. `bump`: greatest rise above `low` that was
    too small for a movement, and its start. `last`: time and effort of the latest sample, and the
    effort before it. `peak_s`: start of the last return; `out`: distance of the way out, 0 if not
    seen; `fastest`: greatest drop within two samples; `slow_since_s`: since when the return has
    been slow.
    """

    direction: int = 0
    high: float = 0.0
    high_s: float = 0.0
    low: float = 0.0
    low_s: float = 0.0
    reach: float = 0.0
    closed: bool = True
    bump: float = 0.0
    bump_s: float = 0.0
    last: tuple[float, float, float] | None = None
    peak_s: float = 0.0
    out: float = 0.0
    fastest: float = 0.0
    slow_since_s: float | None = None


@value
class HoldState:
    """A timed hold: start, latest sample, and sums so far.

    `samples`: samples held. `visibility`, `facing`: sums over them. `beyond`: for each fault of the
    definition, samples in which it was present; `judged`: samples in which it could be judged;
    `beyond_sums`, `judged_sums`: sums of its values over these.
    `announced`: the hold was long enough to be reported.
    """

    started_s: float | None = None
    last_s: float = 0.0
    announced: bool = False
    samples: int = 0
    visibility: float = 0.0
    facing: float = 0.0
    beyond: tuple[int, ...] = ()
    judged: tuple[int, ...] = ()
    beyond_sums: tuple[float, ...] = ()
    judged_sums: tuple[float, ...] = ()


RepetitionTimes = tuple[float, float, float, float | None]
"""Start, extreme and end of a repetition, and the degrees its joint traveled."""

Point = tuple[float, float]
"""A time in seconds and an effort."""


@unfrozen_value
class SignalTurns:
    """Turning points of one signal, for the review at the end of the set.

    `direction`: 1 rising, -1 falling, 0 unknown. `high`, `low`: extremes since the last turning
    point.
    """

    direction: int = 0
    high: Point = (0.0, 0.0)
    low: Point = (0.0, 0.0)
    points: tuple[Point, ...] = ()


@unfrozen_value
class Progress:
    """State of the counter or hold timer of an exercise.

    `repetitions`: number counted. `track`: rows since the athlete was last at rest. `rest_since_s`:
    end of the last repetition. `channels`: turning points of the signals' mean, then of each
    signal. `counted`: the repetitions so far.
    """

    repetitions: int = 0
    track: tuple[Row, ...] = ()
    cycle: Cycle = Cycle()
    holding: HoldState = HoldState()
    channels: tuple[SignalTurns, ...] = ()
    counted: tuple[RepetitionTimes, ...] = ()
    rest_since_s: float | None = None


@value
class PoseBuffer:
    """Compressed poses of a set: one for every `every` slots of 1/15 s.

    `moments`: for each pose its slot number (4 bytes) and 13 x 3 bytes of joints.
    """

    every: int = 1
    moments: bytes = b""


@unfrozen_value
class MotionState:
    """A set under way, of one exercise in one version of its definition.

    `window`: latest rows, waiting to be smoothed. `memory`: poses of unknown scale, for the review
    at the end of the set. `pose_seen`, `last_pose_s`: whether and when the athlete was seen.
    `finished`: the set is over.
    """

    exercise: str
    version: int
    progress: Progress = Progress()
    gathering: PartialSample | None = None
    window: tuple[Row, ...] = ()
    pose_seen: bool = False
    last_pose_s: float | None = None
    last_frame_s: float | None = None
    finished: bool = False
    memory: PoseBuffer = PoseBuffer()

    @property
    def repetitions(self) -> int:
        """Number of repetitions in the set."""
        return self.progress.repetitions
