"""Measured quantities that events of several contexts carry."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Final, Literal, TypeVar
from zoneinfo import available_timezones

from domain.kernel import Rejected, value

Dated = TypeVar("Dated", bound=date)
"""A day, or a time."""

EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 9000

LONGEST_PHASE_S: Final = 3600.0
"""Longest phase of a repetition."""

MIN_RPE: Final = 1.0
MAX_RPE: Final = 10.0
RPE_STEP: Final = 0.5
"""Ratings of perceived exertion (RPE) on Borg's CR-10 scale: 10 - RPE repetitions are left."""


class InvalidValue(Rejected):
    """A quantity is outside its range."""

    code = "value.invalid"
    kind = "invalid"


class InvalidRpe(Rejected):
    """A rating of perceived exertion is from 1 to 10, in steps of 0.5."""

    code = "value.invalid_rpe"
    kind = "invalid"


class UnknownExercise(Rejected):
    """There is no exercise of this name."""

    code = "motion.unknown_exercise"
    kind = "not_found"

    @classmethod
    def of(cls, name: str, library: Iterable[str]) -> "UnknownExercise":
        """Refuse a name that is not in the library."""
        return cls(f"There is no exercise {name!r}; known are {', '.join(library)}.")


def within(name: str, number: float, low: float, high: float) -> float:
    """Return the number if low <= number <= high; InvalidValue otherwise, NaN included."""
    if not low <= number <= high:
        raise InvalidValue(f"{name} is {number}, not between {low} and {high}.")
    return number


def share(name: str, part: float | None) -> None:
    """Refuse with InvalidValue a share outside of 0..1; None is not measured."""
    if part is not None:
        within(name, part, 0.0, 1.0)


def check_rpe(rpe: float | None) -> None:
    """Refuse with InvalidRpe a rating outside of 1..10 or between steps of 0.5; None is none."""
    if rpe is not None and not (MIN_RPE <= rpe <= MAX_RPE and rpe % RPE_STEP == 0):
        raise InvalidRpe


def time_zone(name: str) -> str:
    """Return the name if it is a zone of the IANA time zone database; InvalidValue otherwise."""
    if name not in time_zones():
        raise InvalidValue(f"{name[:64]!r} is not a time zone of the IANA database.")
    return name


@cache
def time_zones() -> frozenset[str]:
    """Return the names of all zones.

    Without those of files that are no places, which a machine may have and another one may not.
    """
    return frozenset(available_timezones() - {"localtime", "Factory"})


def within_calendar(at: Dated) -> Dated:
    """Return a time or day whose local day exists in every time zone; InvalidValue otherwise.

    Times in the years 1 and 9999 have no local day in some zones, and not every day there has a
    week or a month.
    """
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise InvalidValue(f"The year must be between {EARLIEST_YEAR} and {LATEST_YEAR}.")
    return at


@value
class Tempo:
    """Seconds of the four phases of one repetition, in the order coaches write them.

    Eccentric, pause after it, concentric, pause after it: "3-1-1-0". Each is >= 0.
    """

    eccentric_s: float
    bottom_pause_s: float
    concentric_s: float
    top_pause_s: float

    def __post_init__(self) -> None:
        within("eccentric_s", self.eccentric_s, 0.0, LONGEST_PHASE_S)
        within("bottom_pause_s", self.bottom_pause_s, 0.0, LONGEST_PHASE_S)
        within("concentric_s", self.concentric_s, 0.0, LONGEST_PHASE_S)
        within("top_pause_s", self.top_pause_s, 0.0, LONGEST_PHASE_S)


def controlled_share(*phases: tuple[float, float]) -> float:
    """Return the mean share, 0..1, of the least seconds that phases should take.

    `phases` are pairs of seconds and least seconds. A phase with 0 as the least is controlled.
    """
    shares = [min(took / least, 1.0) if least > 0.0 else 1.0 for took, least in phases]
    return sum(shares) / len(shares)


View = Literal["front", "side", "oblique", "rear"]
"""Side of the athlete that the camera sees; rear is from behind."""

Degree = Literal["none", "slight", "clear", "severe"]
"""How far a repetition is beyond what is usual; `none` and `slight` are not reported as faults."""


FaultFeedback = Literal["wrong", "missed"]
"""The athlete's word on a fault: `wrong`, reported and not there; `missed`, the reverse."""


@value
class FaultJudgement:
    """What a repetition or a hold shows of one fault, and the measurement that says so.

    `probability`, 0..1: that the true value is beyond `bound`, given how precisely `measured` is
    known. Both have the unit of the fault's measure: degrees, or lengths of the body.
    """

    fault: str
    degree: Degree
    probability: float
    measured: float
    bound: float

    def __post_init__(self) -> None:
        within("probability", self.probability, 0.0, 1.0)


def still_unjudged(
    so_far: tuple[str, ...] | None, now: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    """Return the faults that none of the repetitions could show.

    None if unrecorded for all of them.
    """
    if so_far is None or now is None:
        return now if so_far is None else so_far
    return tuple(fault for fault in so_far if fault in now)


@value
class FormMeasured:
    """Verified repetitions, and milliseconds of verified holds, whose form was measured."""

    repetitions: int
    held_ms: int

    @property
    def weight(self) -> float:
        """Weight of their mean form: a second of a hold weighs as much as one repetition."""
        return self.repetitions + self.held_ms / 1000


@value
class Span:
    """A stretch of a session, in milliseconds since it began; start <= end."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            raise InvalidValue(f"A span cannot run from {self.start_ms} to {self.end_ms} ms.")


MIN_OVERLAP: Final = 0.5
"""Overlap, as a share of the shorter one's time, from which two movements are the same."""


def is_same_movement(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Return whether two spans of time, with start and end, are of one movement."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return one == other or shared > MIN_OVERLAP * min(one[1] - one[0], other[1] - other[0])


CountSource = Literal["device", "server", "manual", "file"]
"""Who counted: the athlete's device, our worker, a person, or the analysis of a file (C-49)."""


ClaimSource = Literal["device", "manual"]
"""Source of a repetition that a client claims to have counted."""


def check_client_source(source: CountSource) -> CountSource:
    """Return the counter that a client announces; InvalidValue for `file`, which only we use."""
    if source == "file":
        raise InvalidValue("A set is counted from a file by the analysis of a video only.")
    return source


@value
class CountedBy:
    """Origin of a count: the counter, its pose model, and the exercise definition used.

    `learned` identifies the trained model by its content hash; None without a trained model, for
    other counters, and for counts stored before this was recorded.
    """

    source: CountSource
    model: str
    definition_version: int
    learned: str | None = None


PoseSource = Literal["device", "server"]
"""Source of landmarks: the athlete's device, or the server from its images (C-02)."""


@value
class Look:
    """Result of one source for a set that was counted from two sources.

    `poses`: where its landmarks were found; `model`: the pose model; `frames`: number of frames.
    `faults`: faults of its repetitions and holds, each once, sorted by name.
    """

    poses: PoseSource
    model: str
    frames: int
    repetitions: int
    faults: tuple[str, ...]
