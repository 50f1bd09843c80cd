"""Port of a language model that phrases facts, and the check of its sentences against the facts.

Kinelog includes no language model: a deployment that has one passes it to `Platform`.

A sentence is unfounded if it has a number that none of its facts has, a claim that the facts do
not support, or no fact at all. Then the sentences of the rules are used instead.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from application.pose_coach.feedback_facts import FactName, Facts
from application.pose_coach.feedback_texts import Language
from domain.kernel import Rejected

MOST_SENTENCES: Final = 6
LONGEST_SENTENCE: Final = 300
"""Characters of a sentence."""

Unfounded = Literal["no_sentence", "too_long", "no_fact", "unknown_fact", "number", "claim"]


class LanguageModelUnavailable(Rejected):
    """The language model did not answer."""

    code = "language_model.unavailable"
    kind = "unavailable"


@dataclass(frozen=True)
class Phrased:
    """A sentence of a language model, and the names of the facts that it states."""

    text: str
    facts: tuple[str, ...]


class LanguageModel(Protocol):
    """Phrases facts in a language."""

    def phrase(self, facts: Facts, language: Language) -> Sequence[Phrased]:
        """Return sentences. Raises LanguageModelUnavailable."""
        ...


@dataclass(frozen=True)
class Claim:
    """Words that claim something, and the condition on the facts under which it is true."""

    words: re.Pattern[str]
    holds: Callable[[Facts], bool]


def _claim(words: str, holds: Callable[[Facts], bool]) -> Claim:
    return Claim(re.compile(rf"\b(?:{words})", re.IGNORECASE), holds)


def _number(facts: Facts, name: FactName) -> int:
    fact = facts.get(name)
    return fact.value if fact is not None and isinstance(fact.value, int) else 0


def _is_best(facts: Facts) -> bool:
    more: Sequence[tuple[FactName, FactName]] = (
        ("accuracy", "best_accuracy"), ("reps", "best_reps"),
    )  # fmt: skip
    return any(best in facts and _number(facts, own) > _number(facts, best) for own, best in more)


def _is_better(facts: Facts) -> bool:
    return _number(facts, "accuracy_change") > 0 or _is_best(facts)


def _is_worse(facts: Facts) -> bool:
    return _number(facts, "accuracy_change") < 0


def _is_first(facts: Facts) -> bool:
    return "first_session" in facts


def _never(_: Facts) -> bool:
    return False


CLAIMS: Final[Mapping[Language, Sequence[Claim]]] = {
    "en": (
        _claim("best|record|highest|most|never before|perfect", _is_best),
        _claim("better|improv|above|higher|progress|increas|stronger", _is_better),
        _claim("worse|below|lower|drop|declin|decreas", _is_worse),
        _claim("first", _is_first),
        _claim("calor|kilo|weight|heart|pulse|injur|pain|muscle|health|doctor|percentile", _never),
        _claim("others|everyone|athletes|people|users|yesterday|month|year", _never),
    ),
    "ru": (
        _claim("лучш|рекорд|наибольш|максим|никогда|идеальн", _is_best),
        _claim("улучш|выше|прогресс|больше|растёт|растет|вырос|сильнее", _is_better),
        _claim("хуже|ниже|меньше|упал|сниз|снижен", _is_worse),
        _claim("перв", _is_first),
        _claim("калори|кило|вес|серд|пульс|травм|бол[ьи]|мышц|здоров|врач", _never),
        _claim("други[емх]|остальн|люд|вчера|месяц|год", _never),
    ),
    "es": (
        _claim("mejor |mejor\\b|récord|máxim|nunca|perfect", _is_best),
        _claim("mejora|mejoró|mejorad|encima|más|superior|progres|aument", _is_better),
        _claim("peor|debajo|menos|inferior|baj[óa]|disminu", _is_worse),
        _claim("primer", _is_first),
        _claim("calor|kilo|peso|coraz|pulso|lesi|dolor|múscul|salud|médic", _never),
        _claim("otros|demás|gente|personas|ayer|mes\\b|año", _never),
    ),
}
"""Claims by language. A claim that no fact can support is always unfounded."""

NUMERAL: Final = re.compile(r"\d+(?:[.,]\d+)?")

NUMBER_WORDS: Final[Mapping[Language, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
        r"forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|third|quarter|twice|"
        r"double|triple|dozen)\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(
        r"\b(?:два|две|двух|три|трёх|трех|четыр\w+|пят[ьи]\w*|шест[ьи]\w*|семь\w*|восем\w*|девят\w*|"
        r"десят\w*|\w+надцат\w*|\w+дцат\w*|сорок\w*|сто|сот\w*|тысяч\w*|половин\w*|четверт\w*|"
        r"вдвое|втрое|дважды|трижды)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|"
        r"dieci\w+|veint\w+|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien\w*|"
        r"mil|mitad|tercio|doble|triple|docena)\b",
        re.IGNORECASE,
    ),
}
"""Numbers as words: these cannot be compared with the facts, so they are refused."""


def find_unfounded(
    sentences: Sequence[Phrased], facts: Facts, language: Language
) -> Unfounded | None:
    """Return why sentences do not follow from the facts; None if they do."""
    if not sentences or not any(each.text.strip() for each in sentences):
        return "no_sentence"
    if len(sentences) > MOST_SENTENCES:
        return "too_long"
    for each in sentences:
        reason = _check(each, facts, language)
        if reason is not None:
            return reason
    return None


def _check(sentence: Phrased, facts: Facts, language: Language) -> Unfounded | None:
    if len(sentence.text) > LONGEST_SENTENCE or not sentence.text.strip().isprintable():
        return "too_long"
    if not sentence.facts:
        return "no_fact"
    if not all(name in facts for name in sentence.facts):
        return "unknown_fact"
    cited: Facts = {name: facts[name] for name in sentence.facts}
    text = _without_quotes(sentence.text, cited)
    values = [each.value for each in cited.values()]
    allowed = {float(abs(each)) for each in values if not isinstance(each, str)}
    numbers = {float(each.replace(",", ".")) for each in NUMERAL.findall(text)}
    if not numbers <= allowed or NUMBER_WORDS[language].search(text):
        return "number"
    claims = (each for each in CLAIMS[language] if each.words.search(text))
    return None if all(each.holds(facts) for each in claims) else "claim"


def _without_quotes(text: str, cited: Facts) -> str:
    """Leave out facts that are texts: they are quoted, not claimed."""
    for fact in cited.values():
        if isinstance(fact.value, str):
            text = text.replace(fact.value, " ")
    return text
