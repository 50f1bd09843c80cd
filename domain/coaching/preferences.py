"""Athletes differ in how much they want to be told; each says it once."""

from types import MappingProxyType
from typing import Final, Literal

from domain.coaching.phrasebook import DEFAULT_LANGUAGE, get_phrases, get_rules
from domain.kernel import Rejected, value

Frequency = Literal["seldom", "usual", "often"]
Verbosity = Literal["captions", "short", "full"]

PATIENCE: Final = MappingProxyType({"seldom": 2.0, "usual": 1.0, "often": 0.5})
"""By what the waits between cues are multiplied."""


class CueUnknown(Rejected):
    """What can be muted is something that a coach says, named once."""

    code = "coaching.cue_unknown"
    kind = "invalid"


class SafetyNotMuted(Rejected):
    """What may injure is told whatever is preferred."""

    code = "coaching.safety_not_muted"
    kind = "invalid"


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
        get_phrases(self.language)

    @property
    def patience(self) -> float:
        """By what the waits between cues are multiplied."""
        return PATIENCE[self.frequency]


def check_mutable(cues: tuple[str, ...]) -> None:
    """Check the ids of cues not to be spoken of. Raises CueUnknown and SafetyNotMuted.

    Not asked of preferences that are stored: the cues that there are change with the exercises.
    """
    known = get_rules().cues
    for cue in cues:
        if cue not in known:
            raise CueUnknown(f"No coach says {cue!r}; the cues are {', '.join(sorted(known))}.")
        if known[cue] == "safety":
            raise SafetyNotMuted(f"{cue} may injure, and is told whatever is preferred.")
    if len(set(cues)) < len(cues):
        raise CueUnknown("Each muted cue is named once.")
