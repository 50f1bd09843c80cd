"""Cue rules and phrases by language, read from data files.

`cues/rules.toml` has the priority and frequency of cues; one file per language has the phrases.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from domain.kernel import Rejected, value
from domain.values import View

Category = Literal["safety", "framing", "form", "tempo", "range", "praise"]
"""Subject of a cue, from the most to the least important."""

DEFAULT_LANGUAGE: Final = "en"


class CueLanguageUnknown(Rejected):
    """There are no cues in this language."""

    code = "coaching.language_unknown"
    kind = "invalid"


@value
class Rule:
    """Priority (0 is highest) and frequency of a category of cues.

    `cooldown_s`: minimum seconds between two cues of the same id. `per_set`: maximum per set.
    """

    category: Category
    priority: int
    cooldown_s: float
    per_set: int


@value
class Rules:
    """Minimum seconds between any two cues, and the rule of each cue by its id.

    `silent`: exercise, cue and view of cues that were too often wrong on people to be given.
    `proven`: of those that were right there, and are given at once.
    """

    gap_s: float
    categories: Mapping[str, Rule]
    cues: Mapping[str, Category]
    silent: frozenset[tuple[str, str, View]]
    proven: frozenset[tuple[str, str, View]]

    def of(self, cue: str) -> Rule:
        """Return the rule of a cue; unlisted cues are faults of form."""
        return self.categories[self.cues.get(cue, "form")]

    def is_silent(self, exercise: str, cue: str, view: str | None) -> bool:
        """Return whether a cue was too often wrong on people in this exercise from this view."""
        return view is not None and (exercise, cue, view) in self.silent


@value
class Phrase:
    """The words of a cue; None where the exercise's own sentence is used."""

    text: str | None
    say: str | None


@value
class Phrasebook:
    """Phrases of a language, by exercise ("" for any) and cue.

    `framing`: phrases by framing change, with placeholders; `fillings`: values for them. `pages`:
    sentences that pages speak. `guide`: workout guidance, with placeholders. `names`: of exercises,
    by id; others have the name of their definition.
    """

    language: str
    phrases: Mapping[tuple[str, str], Phrase]
    framing: Mapping[str, Phrase]
    fillings: Mapping[str, str]
    pages: Mapping[str, str]
    guide: Mapping[str, str]
    names: Mapping[str, str]

    def phrase(self, exercise: str, cue: str) -> Phrase:
        """Return the phrase of a cue in an exercise; empty if there is none."""
        own = self.phrases.get((exercise, cue))
        return own or self.phrases.get(("", cue)) or Phrase(None, None)


@cache
def get_rules() -> Rules:
    """Read the rules."""
    table = _read("rules")
    categories = {
        each["name"]: Rule(each["name"], priority, each["cooldown_s"], each["per_set"])
        for priority, each in enumerate(table["categories"])
    }
    if tuple(categories) != get_args(Category):
        raise ValueError(f"the categories are {', '.join(get_args(Category))}, in this order")
    cues = {cue: group["category"] for group in table["cues"] for cue in group["ids"]}
    return Rules(
        table["gap_s"],
        MappingProxyType(categories),
        MappingProxyType(cues),
        silent=_seen_from(table["silent"]),
        proven=_seen_from(table["proven"]),
    )


def _seen_from(groups: Iterable[Mapping[str, Any]]) -> frozenset[tuple[str, str, View]]:
    return frozenset(
        (exercise, group["cue"], view)
        for group in groups
        for exercise in group["exercises"]
        for view in group["views"]
    )


@cache
def languages() -> frozenset[str]:
    """Languages with a phrasebook."""
    names = {entry.name for entry in (files("domain.coaching") / "cues").iterdir()}
    return frozenset(name.removesuffix(".toml") for name in names - {"rules.toml"})


@cache
def get_phrases(language: str) -> Phrasebook:
    """Read the phrasebook of a language. Raises CueLanguageUnknown."""
    if language not in languages():
        available = ", ".join(sorted(languages()))
        raise CueLanguageUnknown(f"There are no cues in {language!r}. Use one of {available}.")
    table = _read(language)
    return Phrasebook(
        language,
        MappingProxyType(dict(_phrases(table["words"]))),
        MappingProxyType({change: _phrase(each) for change, each in table["framing"].items()}),
        MappingProxyType(table["fillings"]),
        MappingProxyType(table["pages"]),
        MappingProxyType(table["guide"]),
        MappingProxyType(table.get("exercises", {})),
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
