"""All that is remembered of a set while it is being watched: small, plain, and exact.

Everything here is a number, a word, bytes, None, or a tuple of these, so that a state written to
JSON and read back is equal and goes on exactly where it stopped.
"""

from domain.kernel import value

Row = tuple[float | None, ...]
"""One moment: time in seconds, share of it that was seen (0..1), then the columns of the plan.

None is what could not be measured.
"""


@value
class PartialSample:
    """The frames of the fifteenth of a second that is under way: how many, and their sums."""

    slot: int
    frames: int
    sums: Row


@value
class Cycle:
    """Where in the movement the athlete is.

    `direction`: 1 towards the effort extreme, -1 back to rest, 0 not known yet. `high`, `low`: the
    latest extremes of effort and when they were reached. `reach`: how far the athlete's own
    movement goes, effort units. `closed`: the return under way was told of already. `bump`:
    greatest rise above `low` that was not enough to be a movement, and when it began. `last`: the
    latest moment, its effort, and the effort before it. `peak_s`: when the last return
    began; `out`: how far the way to it was, 0 if not seen; `fastest`: its greatest fall within two
    moments; `slow_since_s`: since when it has been slow.
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
    """A timed hold: since when, until when, and what it was like so far.

    `samples`: moments held. `visibility`, `facing`: sums over them. `beyond`: for each fault of the
    definition, the moments it was seen in, `judged` those in which it would have been seen.
    `announced`: the hold was long enough to be told of.
    """

    started_s: float | None = None
    last_s: float = 0.0
    announced: bool = False
    samples: int = 0
    visibility: float = 0.0
    facing: float = 0.0
    beyond: tuple[int, ...] = ()
    judged: tuple[int, ...] = ()


RepetitionTimes = tuple[float, float, float, float | None]
"""When a repetition started, was at its extreme and ended, and the degrees its joint travelled."""

Point = tuple[float, float]
"""A time in seconds and an effort."""


@value
class SignalTurns:
    """One signal's turning points, kept to judge the whole set at its end.

    `direction`: 1 rising, -1 falling, 0 not known yet. `high`, `low`: the extremes since the last
    turning point.
    """

    direction: int = 0
    high: Point = (0.0, 0.0)
    low: Point = (0.0, 0.0)
    points: tuple[Point, ...] = ()


@value
class Progress:
    """What the reader of an exercise remembers.

    `repetitions`: counted so far. `track`: the rows since the athlete was last at rest.
    `rest_since_s`: when the last repetition ended. `channels`: of the signals' mean, then of each
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
    """A set remembered roughly: a moment every `every` fifteenths of a second.

    `moments`: each its slot, counted in fifteenths of a second (4 bytes), and 13 x 3 bytes of
    joints.
    """

    every: int = 1
    moments: bytes = b""


@value
class MotionState:
    """A set under way, of one exercise in one version of its definition.

    `window`: the latest rows, waiting to be smoothed. `memory`: poses of unknown scale, for a
    second look at the end. `pose_seen`, `last_pose_s`: whether and when the athlete was seen.
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
        """How many repetitions the set has."""
        return self.progress.repetitions
