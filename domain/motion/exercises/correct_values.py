"""What correct repetitions look like through the noise of landmarks, by exercise, fault and view.

`correct_values.json` was measured on sample athletes with the noise of videos of people, by
`tools/form/correct_values.py`.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import cast

from domain.kernel import value
from domain.values import View


@value
class CorrectValue:
    """Value of a fault's measure in a correct repetition.

    `exact`: without noise. `measured`: mean with noise. `spread`: standard deviation of the noise.
    `least` and `most`: beyond each is 1 of 100 values with noise.
    """

    exact: float
    measured: float
    spread: float
    least: float
    most: float
    repetitions: int


@cache
def correct_values() -> Mapping[tuple[str, str, View], CorrectValue]:
    """Read the shipped values, by exercise, fault and view."""
    text = (files("domain.motion.exercises") / "correct_values.json").read_text(encoding="utf-8")
    plain: dict[str, dict[str, float]] = json.loads(text)
    return MappingProxyType(
        {
            cast("tuple[str, str, View]", tuple(name.split())): CorrectValue(
                exact=each["exact"],
                measured=each["measured"],
                spread=each["spread"],
                least=each["least"],
                most=each["most"],
                repetitions=int(each["repetitions"]),
            )
            for name, each in plain.items()
        }
    )
