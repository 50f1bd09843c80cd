"""Cue preferences of an athlete."""

from types import MappingProxyType
from typing import Final, Literal

from domain.coaching.phrasebook import DEFAULT_LANGUAGE, get_phrases, get_rules
from domain.kernel import Rejected, value

Frequency = Literal["seldom", "usual", "often"]
Verbosity = Literal["captions", "short", "full"]

PATIENCE: Final = MappingProxyType({"seldom": 2.0, "usual": 1.0, "often": 0.5})
"""Factor on the waits between cues."""


class CueUnknown(Rejected):
    """Muted cues must exist, and each is named once."""

    code = "coaching.cue_unknown"
    kind = "invalid"


class SafetyNotMuted(Rejected):
    """Safety cues cannot be muted."""

    code = "coaching.safety_not_muted"
    kind = "invalid"


@value
class CuePreferences:
    """Cue preferences of an athlete. Safety cues are always given.

    `frequency`: how often cues are given. `praise`: good repetitions are praised. `verbosity`:
    captions only, the caption spoken, or the whole sentence spoken. `muted`: ids of cues that are
    not given. `language`: one that the phrasebook has.
    """

    frequency: Frequency = "usual"
    praise: bool = True
    verbosity: Verbosity = "full"
    language: str = DEFAULT_LANGUAGE
    muted: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        get_phrases(self.language)  # raises CueLanguageUnknown

    @property
    def patience(self) -> float:
        """Factor on the waits between cues."""
        return PATIENCE[self.frequency]


def check_mutable(cues: tuple[str, ...]) -> None:
    """Check ids of cues to mute. Raises CueUnknown and SafetyNotMuted.

    Stored preferences are not checked again, because the set of cues changes with the exercises.
    """
    categories = get_rules().cues
    for cue in cues:
        if cue not in categories:
            raise CueUnknown(f"There is no cue {cue!r}. Cues: {', '.join(sorted(categories))}.")
        if categories[cue] == "safety":
            raise SafetyNotMuted(f"{cue} is a safety cue and cannot be muted.")
    if len(set(cues)) < len(cues):
        raise CueUnknown("Each muted cue is named once.")


DEFAULT_PREFERENCES: Final = CuePreferences()
"""Cue preferences of an athlete who has set none."""
