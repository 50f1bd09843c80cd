"""What a coach may say, and when: files that can be read and argued with.

`cues/rules.toml` says what goes before what and how often; a file for each language has the words.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from domain.kernel import Rejected, value

Category = Literal["safety", "framing", "form", "tempo", "range", "praise"]
"""What a cue is about, from the most to the least important."""

DEFAULT_LANGUAGE: Final = "en"


class CueLanguageUnknown(Rejected):
    """Cues are spoken in the languages that Kinelog has words for."""

    code = "coaching.language_unknown"
    kind = "invalid"


@value
class Rule:
    """How important cues of a category are (0 first), and how often one of them is given.

    `cooldown_s`: least seconds between two of the same cue. `per_set`: most times in a set.
    """

    category: Category
    priority: int
    cooldown_s: float
    per_set: int


@value
class Rules:
    """When cues are given: least seconds between any two, and the rule of each cue by its id."""

    gap_s: float
    categories: Mapping[str, Rule]
    cues: Mapping[str, Category]

    def of(self, cue: str) -> Rule:
        """Find the rule of a cue; what is not listed is a fault of form."""
        return self.categories[self.cues.get(cue, "form")]


@value
class Phrase:
    """The words of a cue; None where the exercise's own sentence is used."""

    text: str | None
    say: str | None


@value
class Phrasebook:
    """A language: phrases by exercise ("" for any) and cue, those of framing, and what fills them.

    `framing` has its phrases by what is to be changed, with braces to fill in; `pages` what pages
    say by themselves, and `guide` what they say to guide through a workout, with braces to fill in.
    """

    language: str
    phrases: Mapping[tuple[str, str], Phrase]
    framing: Mapping[str, Phrase]
    fillings: Mapping[str, str]
    pages: Mapping[str, str]
    guide: Mapping[str, str]

    def phrase(self, exercise: str, cue: str) -> Phrase:
        """Find the words for a cue in an exercise; empty ones where there are none."""
        own = self.phrases.get((exercise, cue))
        return own or self.phrases.get(("", cue)) or Phrase(None, None)


@cache
def get_rules() -> Rules:
    """Read the rules."""
    told = _read("rules")
    categories = {
        each["name"]: Rule(each["name"], priority, each["cooldown_s"], each["per_set"])
        for priority, each in enumerate(told["categories"])
    }
    if tuple(categories) != get_args(Category):
        raise ValueError(f"the categories are {', '.join(get_args(Category))}, in this order")
    cues = {cue: group["category"] for group in told["cues"] for cue in group["ids"]}
    return Rules(told["gap_s"], MappingProxyType(categories), MappingProxyType(cues))


@cache
def languages() -> frozenset[str]:
    """Give the languages there are words for."""
    names = {entry.name for entry in (files("domain.coaching") / "cues").iterdir()}
    return frozenset(name.removesuffix(".toml") for name in names - {"rules.toml"})


@cache
def get_phrases(language: str) -> Phrasebook:
    """Read the words of a language. Raises CueLanguageUnknown."""
    if language not in languages():
        known = ", ".join(sorted(languages()))
        raise CueLanguageUnknown(f"There are no cues in {language!r}; there are in {known}.")
    told = _read(language)
    return Phrasebook(
        language,
        MappingProxyType(dict(_phrases(told["words"]))),
        MappingProxyType({change: _phrase(each) for change, each in told["framing"].items()}),
        MappingProxyType(told["fillings"]),
        MappingProxyType(told["pages"]),
        MappingProxyType(told["guide"]),
    )


def _phrases(entries: Iterable[Mapping[str, Any]]) -> Iterable[tuple[tuple[str, str], Phrase]]:
    for entry in entries:
        for exercise in entry.get("exercises", ("",)):
            yield (exercise, entry["id"]), _phrase(entry)


def _phrase(entry: Mapping[str, Any]) -> Phrase:
    return Phrase(entry.get("text"), entry.get("say"))


def _read(name: str) -> dict[str, Any]:
    file = files("domain.coaching") / "cues" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
