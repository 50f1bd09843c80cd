"""Performance: the parameters of one set of the sample athlete and of the camera."""

from dataclasses import dataclass
from typing import Final

from adapters.sample_athlete.movements import MOVEMENTS, Movement
from adapters.sample_athlete.skeleton import Body
from domain.kernel import Rejected
from domain.values import Tempo

DEPTH_LIMITS: Final = (0.1, 1.1)
"""Least and greatest share of the full range: beyond it legs and arms would lock or fold."""

ORDINARY_TEMPO: Final = Tempo(
    eccentric_s=1.4, bottom_pause_s=0.2, concentric_s=1.2, top_pause_s=0.3
)


class ImpossiblePerformance(Rejected):
    """The sample athlete can only perform what a body and a camera allow."""

    code = "mannequin.impossible_performance"
    kind = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """One set of one exercise before one camera; the same values always give the same frames.

    `tempo` has its pauses after going down and after going up: a repetition that begins with going
    up (a curl) takes its top pause in the middle and its bottom pause at rest, after it. `depth` is
    the share of the exercise's full range of motion, 1 being full. `faults` are made in
    `faulty_repetitions` (numbers from 1), or in all of them if None, and `fault_degree` is how
    pronounced they are, 1 being typical of a beginner. `azimuth_deg` is the position of the camera:
    0 in front, 90 at the athlete's left; None is the exercise's usual view. `landmark_noise_px` and
    `image_noise` (grey levels, 0..255) are standard deviations, drawn from `seed`. `people` is 0, 1
    or 2: an empty room, the athlete, the athlete and a companion. With a `passer_by` a second
    person crosses the picture behind the athlete, once during the video. An athlete who `leaves`
    walks out of the picture sideways after the last repetition, in `idle_after_s`. `legs` and
    `arms` are factors of their usual length for the stature, 1 being usual. Raises
    ImpossiblePerformance for what cannot be performed.
    """

    exercise: str = "squat"
    repetitions: int = 5
    tempo: Tempo = ORDINARY_TEMPO
    depth: float = 1.0
    faults: tuple[str, ...] = ()
    faulty_repetitions: tuple[int, ...] | None = None
    fault_degree: float = 1.0
    azimuth_deg: float | None = None
    elevation_deg: float = 6.0
    width: int = 640
    height: int = 480
    fps: int = 30
    idle_before_s: float = 1.0
    idle_after_s: float = 1.0
    landmark_noise_px: float = 0.0
    image_noise: float = 0.0
    seed: int = 0
    people: int = 1
    passer_by: bool = False
    leaves: bool = False
    stature_m: float = 1.75
    legs: float = 1.0
    arms: float = 1.0

    def __post_init__(self) -> None:
        for refused, why in self._obstacles():
            if refused:
                raise ImpossiblePerformance(why)

    def _obstacles(self) -> list[tuple[bool, str]]:
        is_movement = self.exercise in MOVEMENTS
        if not is_movement:
            return [(True, f"The exercise is one of {', '.join(MOVEMENTS)}, not {self.exercise}.")]
        return [*self._impossible_movement(), *self._impossible_picture()]

    def _impossible_movement(self) -> list[tuple[bool, str]]:
        movement = self.movement
        faults = (*movement.faults, *movement.short_ranges, *movement.short_returns)
        strange = [fault for fault in self.faults if fault not in faults]
        tempo = self.tempo
        pauses = (tempo.bottom_pause_s, tempo.top_pause_s)
        idle = (self.idle_before_s, self.idle_after_s)
        return [
            (
                bool(strange),
                f"A {self.exercise} has no fault {strange}; it has {', '.join(faults)}.",
            ),
            (not 0 <= self.repetitions <= 1000, "A set has 0 to 1000 repetitions."),
            (not DEPTH_LIMITS[0] <= self.depth <= DEPTH_LIMITS[1], "Depth is from 0.1 to 1.1."),
            (
                not all(0.1 <= s <= 60 for s in (tempo.eccentric_s, tempo.concentric_s)),
                "Going down and going up take from 0.1 to 60 seconds each.",
            ),
            (not all(0 <= s <= 600 for s in (*pauses, *idle)), "A pause lasts 0 to 600 seconds."),
            (
                not all(1 <= n <= self.repetitions for n in self.faulty_repetitions or ()),
                "Only repetitions that are performed can be faulty.",
            ),
            (not 0 <= self.fault_degree <= 1, "A fault is made to a degree from 0 to 1."),
        ]

    def _impossible_picture(self) -> list[tuple[bool, str]]:
        sizes = (self.width, self.height)
        noises = (self.landmark_noise_px, self.image_noise)
        return [
            (
                not all(64 <= side <= 4096 and side % 2 == 0 for side in sizes),
                "Width and height are even numbers of pixels from 64 to 4096.",
            ),
            (not 1 <= self.fps <= 240, "A video has 1 to 240 frames a second."),
            (not all(0 <= noise <= 100 for noise in noises), "Noise is from 0 to 100."),
            (self.people not in {0, 1, 2}, "There are 0, 1 or 2 people in the room."),
            (self.seed < 0, "A seed is not negative."),
            (not 1.0 <= self.stature_m <= 2.3, "An athlete is from 1.0 to 2.3 metres tall."),
            (
                not all(0.9 <= limb <= 1.1 for limb in (self.legs, self.arms)),
                "Limbs are from 0.9 to 1.1 of their usual length.",
            ),
            (not -360 <= self.view_deg <= 360, "An azimuth is from -360 to 360 degrees."),
            (not 0 <= self.elevation_deg <= 45, "The camera looks down by 0 to 45 degrees."),
            (self.duration_s * self.fps < 1, "A video has at least one frame."),
        ]

    @property
    def movement(self) -> Movement:
        return MOVEMENTS[self.exercise]

    @property
    def body(self) -> Body:
        """The athlete's proportions."""
        return Body(self.stature_m, self.legs, self.arms)

    @property
    def view_deg(self) -> float:
        """The camera's azimuth: the given one, or the best view of this exercise."""
        return self.movement.usual_azimuth_deg if self.azimuth_deg is None else self.azimuth_deg

    @property
    def repetition_s(self) -> float:
        """From the beginning of one repetition to the beginning of the next."""
        tempo = self.tempo
        moving = tempo.eccentric_s + tempo.concentric_s
        return moving + tempo.bottom_pause_s + tempo.top_pause_s

    @property
    def duration_s(self) -> float:
        return self.idle_before_s + self.repetitions * self.repetition_s + self.idle_after_s

    @property
    def frames(self) -> int:
        """Number of frames of the video; frame i is taken at i / fps seconds."""
        return round(self.duration_s * self.fps)

    def is_faulty(self, number: int) -> bool:
        """Return whether the faults are made in this repetition, counted from 1."""
        chosen = self.faulty_repetitions
        return bool(self.faults) and (chosen is None or number in chosen)

    def share_of_range(self, number: int) -> float:
        """Return the range of this repetition, as a share of the full range of motion."""
        share = self.depth
        if self.is_faulty(number):
            for fault in self.faults:
                short = self.movement.short_ranges.get(fault, 1.0)
                share *= 1.0 + (short - 1.0) * self.fault_degree
        return share

    def share_at_rest(self, number: int) -> float:
        """Return the end position of this repetition, as a share of its range; 0 is at rest."""
        if number < 1 or not self.is_faulty(number):
            return 0.0
        returns = self.movement.short_returns
        stops = max((returns.get(fault, 0.0) for fault in self.faults), default=0.0)
        return stops * self.fault_degree
