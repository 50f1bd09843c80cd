"""Athletes differ in how much they want to be told; each says it once."""

from types import MappingProxyType
from typing import Final, Literal

from domain.coaching.catalogue import DEFAULT_LANGUAGE, words
from domain.kernel import value

Frequency = Literal["seldom", "usual", "often"]
Verbosity = Literal["captions", "short", "full"]

PATIENCE: Final = MappingProxyType({"seldom": 2.0, "usual": 1.0, "often": 0.5})
"""By what the waits between cues are multiplied."""


@value
class CuePreferences:
    """How an athlete wants to be coached; safety is told whatever is preferred.

    `frequency`: how often. `praise`: whether good repetitions are mentioned. `verbosity`: captions
    only, the caption spoken, or the whole sentence spoken. `muted`: ids of faults not to be
    spoken of. Raises CueLanguageUnknown.
    """

    frequency: Frequency = "usual"
    praise: bool = True
    verbosity: Verbosity = "full"
    language: str = DEFAULT_LANGUAGE
    muted: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        words(self.language)

    @property
    def patience(self) -> float:
        """By what the waits between cues are multiplied."""
        return PATIENCE[self.frequency]
