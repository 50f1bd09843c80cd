"""What somebody's training is reckoned with, and where it is written down besides."""

from typing import Final

from domain.kernel import value
from domain.personal import Erased, Personal
from domain.values import within

LIGHTEST_KG: Final = 20.0
HEAVIEST_KG: Final = 400.0
"""Of people who train."""


@value
class TrainingProfile:
    """`body_mass_kg` is None where nothing is said of it.

    `healthkit`: completed sessions are to be written to HealthKit by the person's device. Raises
    InvalidValue for a mass that nobody has.
    """

    body_mass_kg: Personal[float] | None = None
    healthkit: bool = False

    def __post_init__(self) -> None:
        if self.mass_kg is not None:
            within("body_mass_kg", self.mass_kg, LIGHTEST_KG, HEAVIEST_KG)

    @property
    def mass_kg(self) -> float | None:
        """Give the mass; None where there is none, or not any more."""
        mass = self.body_mass_kg
        return None if mass is None or isinstance(mass.value, Erased) else mass.value
