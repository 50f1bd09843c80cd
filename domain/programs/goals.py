"""Goals of a program, and the sets, repetitions and rests that serve each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from domain.kernel import value

Goal = Literal["strength", "muscle", "endurance", "weight", "skill", "return_from_injury"]


@value
class Dose:
    """Dose of an exercise for a goal: sets, repetitions or seconds to hold, and rest in seconds."""

    sets: int
    repetitions: int
    hold_s: int
    rest_s: int


DOSES: Final[Mapping[Goal, Dose]] = MappingProxyType(
    {
        "strength": Dose(sets=4, repetitions=5, hold_s=30, rest_s=180),
        "muscle": Dose(sets=3, repetitions=10, hold_s=40, rest_s=90),
        "endurance": Dose(sets=3, repetitions=18, hold_s=60, rest_s=45),
        "weight": Dose(sets=3, repetitions=15, hold_s=40, rest_s=45),
        "skill": Dose(sets=4, repetitions=6, hold_s=20, rest_s=120),
        "return_from_injury": Dose(sets=2, repetitions=12, hold_s=20, rest_s=90),
    }
)
"""Within the ranges of Haff & Triplett, Essentials of Strength Training and Conditioning, 4th ed.,
2016, ch. 17, for strength, muscle and endurance. Those of the other goals are ours."""
