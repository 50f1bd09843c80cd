"""Suggestions: answers to questions about one's own training, with citations (R-REC-11).

Statements about the athlete's training and passages of the knowledge base are retrieved for a
question, and rules write the answer from them. It needs no network, and the same training gives
the same answer. A language model may phrase the same facts instead, without being sent the
question; an answer of it that the cited facts do not support is replaced by that of the rules.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from application.guidance import suggestion_texts
from application.guidance.feature_store import FeatureStore
from application.guidance.texts import movement_text
from application.guidance.training_facts import (
    Statement,
    Training,
    statements_of,
)
from application.kernel.catalogues import texts_of
from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import PAGE_LIMIT, ReadModels, Window
from application.knowledge import LONGEST_QUESTION, Knowledge, QuestionInvalid
from application.pose_coach.feedback import Author, Sentence
from application.pose_coach.feedback_facts import Fact
from application.pose_coach.feedback_texts import Language, language_of
from application.pose_coach.language_model import (
    LanguageModel,
    LanguageModelUnavailable,
    find_unfounded,
)
from domain.ids import TenantId, UserId
from projections.cue import CUE, Cue
from projections.exercise_performance import EXERCISE_PERFORMANCE
from projections.user_profile import USER_PROFILE

TEXTS: Final = suggestion_texts.__name__

WORD: Final = re.compile(r"[^\W_]+")

MOST: Final = 3
"""Statements of an answer, besides passages."""

PASSAGES: Final = 2
LEAST_SIMILARITY: Final = 0.3
"""Cosine from which a passage answers a question."""

SAME_WORD: Final = 0.45
"""Cosine from which two words are forms of the same word, by the letters that they share."""

NEAR_BEST: Final = 0.75
"""Share of the score of the best statement from which another one belongs to the answer."""

CUE_SESSIONS: Final = 10
"""Newest sessions whose cues are read."""

CUE_DAYS: Final = timedelta(days=90)

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class Suggestion:
    """An answer: its sentences, each with the facts that it states. A generic one cites nothing."""

    language: Language
    author: Author
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """All sentences."""
        return " ".join(each.text for each in self.sentences)


@dataclass(frozen=True)
class SuggestionService:
    """Answers questions of athletes about their own training.

    `read` shows the rows that the caller may see. `custom_names` returns the names of an athlete's
    custom exercises. `model` is the language model, if there is one.
    """

    read: ReadModels
    features: FeatureStore
    knowledge: Callable[[], Knowledge]
    custom_names: Callable[[TenantId, UserId], Mapping[str, str]]
    model: LanguageModel | None = None

    def answer(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        question: str | None,
        now: datetime,
        locale: str | None = None,
    ) -> Suggestion:
        """Answer a question; without one, say what is most notable.

        `locale` is that of the sentences; None: that of the account.
        Raises QuestionInvalid, and what `ReadModels` and `EventLog` raise.
        """
        if question is not None and not 1 <= len(question.strip()) <= LONGEST_QUESTION:
            raise QuestionInvalid
        profile = self.read.get(USER_PROFILE, tenant_id, user_id)
        language = language_of(locale or ("en" if profile is None else profile.locale))
        is_imperial = profile is not None and profile.units == "imperial"
        training = self._training(tenant_id, user_id, now, is_imperial=is_imperial)
        statements = statements_of(training, language)
        if question is None:
            sentences = [_sentence(each, language) for each in statements[:MOST]]
        else:
            chosen = self._retrieved(question, statements, language)
            sentences = [_sentence(each, language) for each in chosen[:MOST]]
            sentences += self._passages(question, language)
        if sentences:
            return self._written(sentences, language)
        name = "nothing_found" if training.performances else "no_training"
        return Suggestion(language, "generic", (Sentence(_text(name, language, {}), ()),))

    def _training(
        self, tenant_id: TenantId, user_id: UserId, now: datetime, *, is_imperial: bool
    ) -> Training:
        page = self.read.page(
            EXERCISE_PERFORMANCE,
            tenant_id,
            window=Window(first=PAGE_LIMIT),
            where={"athlete_id": user_id, "shown": True},
            order_by="at",
            descending=True,
        )
        rows = [edge.row for edge in page.edges]
        recent = (each.session_id for each in rows if each.at >= now - CUE_DAYS)
        sessions = [*dict.fromkeys(recent)][:CUE_SESSIONS]
        by_session = self.read.by(CUE, tenant_id, "session_id", sessions)
        cues: list[Cue] = [each for cues in by_session.values() for each in cues]
        features = self.features.of(tenant_id, user_id, now)
        names = self.custom_names(tenant_id, user_id)
        return Training(rows, not page.has_next, cues, features, now, is_imperial, names)

    def _retrieved(
        self, question: str, statements: Sequence[Statement], language: Language
    ) -> list[Statement]:
        """Return the statements whose topic or exercise a question names, best first.

        Of equally good ones, those about recent exercises come first.
        Each word of the question counts by the word of the statement that is most similar (late
        interaction: Khattab & Zaharia, ColBERT, SIGIR 2020).
        """
        question_words = [*dict.fromkeys(word.lower() for word in WORD.findall(question))]
        subjects = [_subject(each, language) for each in statements]
        words = sorted(frozenset[str]().union(*subjects))
        if not question_words or not words:
            return []
        cosines = self.knowledge().word_similarities(question_words, words)
        column = {word: number for number, word in enumerate(words)}
        scored: list[tuple[float, Statement]] = []
        for each, subject in zip(statements, subjects, strict=True):
            best = cosines[:, [column[word] for word in sorted(subject)]].max(axis=1)
            scored.append((float(best[best >= SAME_WORD].sum()), each))
        least = NEAR_BEST * max(score for score, _ in scored)
        chosen = [(score, each) for score, each in scored if 0.0 < least <= score]
        chosen.sort(key=lambda each: (-round(each[0], 4), not each[1].is_recent, -each[1].notable))
        return [each for _, each in chosen]

    def _passages(self, question: str, language: Language) -> list[Sentence]:
        """Return passages of the knowledge base, which are in English."""
        if language != "en":
            return []
        try:
            results = self.knowledge().search(question, PASSAGES)
        except StorageUnavailable:
            return []
        return [
            Sentence(
                each.passage.text,
                (Fact("passage", each.passage.text, (f"knowledge:{each.passage.id}",)),),
            )
            for each in results
            if each.similarity >= LEAST_SIMILARITY
        ]

    def _written(self, sentences: Sequence[Sentence], language: Language) -> Suggestion:
        by_rules = Suggestion(language, "rules", tuple(sentences))
        if self.model is None:
            return by_rules
        facts = _facts(sentences)
        try:
            phrased = self.model.phrase(facts, language)
        except LanguageModelUnavailable as obstacle:
            logger.warning("guidance.language_model_unavailable", code=obstacle.code)
            return by_rules
        reason = find_unfounded(phrased, facts, language)
        if reason is not None:
            logger.warning("guidance.language_model_unfounded", reason=reason)
            return by_rules
        written = (
            Sentence(each.text.strip(), tuple(facts[name] for name in each.facts))
            for each in phrased
        )
        return Suggestion(language, "language_model", tuple(written))


def _facts(sentences: Sequence[Sentence]) -> dict[str, Fact]:
    """Return all facts by name; passages are numbered."""
    facts: dict[str, Fact] = {}
    for each in (fact for sentence in sentences for fact in sentence.citations):
        name = f"passage_{len(facts) + 1}" if each.name in facts else each.name
        facts[name] = each
    return facts


def _subject(statement: Statement, language: Language) -> frozenset[str]:
    """Return the words that name what a statement is about."""
    words = _text(f"topic-{statement.topic}", language, {})
    if statement.exercise is not None:
        words = f"{words} {statement.values['exercise']}"
    return frozenset(word.lower() for word in WORD.findall(words))


def _sentence(statement: Statement, language: Language) -> Sentence:
    values: dict[str, float | str] = {
        each.name.rpartition(".")[2] if statement.exercise else each.name.partition(".")[0]: (
            each.value
        )
        for each in statement.facts
    }
    values |= statement.values
    if "pattern" in values:
        values["movement"] = movement_text(str(values.pop("pattern")), language)
    return Sentence(_text(statement.text, language, values), statement.facts)


def _text(name: str, language: Language, values: Mapping[str, float | str]) -> str:
    return texts_of(TEXTS, name, language, values)[""]
