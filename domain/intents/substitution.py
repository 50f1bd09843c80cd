"""Exercise substitution, with the reason for the substitute."""

from collections.abc import Iterable
from typing import Literal

from domain.coaching.phrasebook import get_phrases
from domain.intents.vocabulary import (
    DEFAULT_LANGUAGE,
    Exercises,
    VocabularyEntry,
    exercise_names,
    get_vocabulary,
)
from domain.kernel import value
from domain.motion.exercises.library import all_exercises

Relation = Literal["same_pattern", "near_pattern", "other_pattern"]


@value
class Substitution:
    """A substitute for an exercise, by their ids, and the reason in one sentence."""

    exercise: str
    instead: str
    reason: str


def find_substitute(
    exercise: str,
    *,
    instead: str | None = None,
    lacking: str | None = None,
    hurting: str | None = None,
    language: str = DEFAULT_LANGUAGE,
) -> Substitution | None:
    """Find a substitute for an exercise; None if nothing similar fits.

    `instead`: the exercise that the athlete asked for. `lacking`: missing equipment. `hurting`: a
    body part to spare. Also None if neither affects the exercise. Raises SpeechLanguageUnknown.
    """
    table = exercise_names()
    left = table.entries.get(exercise)
    if left is None or (instead is None and _is_feasible(left, lacking, hurting)):
        return None
    if instead is not None and instead in table.entries:
        chosen: VocabularyEntry | None = table.entries[instead]
    else:
        fitting = (
            each
            for each in _similar(table, left)
            if lacking not in each.needs and hurting not in each.strains
        )
        chosen = next(fitting, None)
    if chosen is None or chosen.id == left.id:
        return None
    reason = _reason(table, left, chosen, lacking, hurting, language)
    return Substitution(left.id, chosen.id, reason)


def _is_feasible(left: VocabularyEntry, lacking: str | None, hurting: str | None) -> bool:
    """True if there is a complaint that does not affect this exercise."""
    is_complaint = lacking is not None or hurting is not None
    return is_complaint and lacking not in left.needs and hurting not in left.strains


def _similar(table: Exercises, left: VocabularyEntry) -> Iterable[VocabularyEntry]:
    """Yield similar exercises: same pattern first, then near patterns; least equipment first."""
    for pattern in (left.pattern, *table.near.get(left.pattern, ())):
        alike = [each for each in table.entries.values() if each.pattern == pattern]
        yield from sorted(
            (each for each in alike if each != left), key=lambda each: len(each.needs)
        )


def _relation(table: Exercises, left: VocabularyEntry, chosen: VocabularyEntry) -> Relation:
    if chosen.pattern == left.pattern:
        return "same_pattern"
    near = chosen.pattern in table.near.get(left.pattern, ())
    return "near_pattern" if near else "other_pattern"


def _reason(
    table: Exercises,
    left: VocabularyEntry,
    chosen: VocabularyEntry,
    lacking: str | None,
    hurting: str | None,
    language: str,
) -> str:
    speech, names = get_vocabulary(language), get_phrases(language).names
    words, parts = speech.reasons, speech.reason_names
    sentence = words[_relation(table, left, chosen)].format(
        instead=names.get(chosen.id, all_exercises()[chosen.id].name),
        exercise=names.get(left.id, all_exercises()[left.id].name).lower(),
    )
    clauses: list[str] = []
    if not chosen.needs and left.needs:
        clauses.append(words["bare"])
    elif lacking is not None and lacking not in chosen.needs:
        clauses.append(words["without"].format(equipment=parts[lacking]))
    if hurting is not None and hurting not in chosen.strains:
        clauses.append(words["sparing"].format(body=parts[hurting]))
    details = f" {words['and']} ".join(clauses)
    return f"{sentence}, {details}." if details else f"{sentence}."
