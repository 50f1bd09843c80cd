"""Feedback of the pose coach: which sentences follow from which facts, and their check."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import Edge, Page
from application.knowledge import Passage, SearchResult
from application.pose_coach.feedback import Feedback, FeedbackService, compose_by_rules
from application.pose_coach.feedback_facts import Facts, event_of, gather_facts
from application.pose_coach.feedback_texts import LANGUAGES, Language, language_of
from application.pose_coach.language_model import LanguageModelUnavailable, Phrased
from domain.ids import DEFAULT_TENANT, PoseSessionId, UserId
from projections.pose_session import PoseSession
from projections.user_profile import USER_PROFILE

NOW = datetime(2025, 10, 17, 14, 30, tzinfo=UTC)
SESSION = PoseSession(
    id=PoseSessionId("s0"), user_id=UserId("ada"), exercise="squat", reps=12, accuracy=0.87,
    ended_at=NOW, duration_s=120, feedback=("Knees caving in.",), created_at=NOW,
)  # fmt: skip


def earlier(*accuracies: float, **more: Any) -> list[PoseSession]:
    """Return earlier sessions, newest first."""
    return [
        replace(
            SESSION, id=PoseSessionId(f"s{day}"), accuracy=accuracy,
            ended_at=NOW - timedelta(days=day), feedback=(), **more,
        )
        for day, accuracy in enumerate(accuracies, 1)
    ]  # fmt: skip


def by_rules(before: Sequence[PoseSession], language: Language = "en", **more: Any) -> list[str]:
    facts = gather_facts(replace(SESSION, **more), before, before)
    return [each.text for each in compose_by_rules(facts, language)]


def test_the_first_session_of_an_exercise_is_compared_with_nothing() -> None:
    """R-PCH-12."""
    assert by_rules([], feedback=()) == [
        "You did 12 repetitions in 120 seconds, with an accuracy of 87 %.",
        "This is your first session of this exercise.",
    ]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ((0.8, 0.82), "That is your best accuracy so far: before, it was 82 %."),
        ((0.8, 0.9), "That is close to your recent average of 85 %."),
        ((0.9, 0.7), "That is 7 percentage points above your recent average of 80 %."),
        ((0.95, 0.95), "Your recent average is 95 %. Take your time with each repetition."),
    ],
)
def test_a_session_is_compared_with_earlier_ones(before: Any, expected: str) -> None:
    """R-PCH-12."""
    assert by_rules(earlier(*before))[1] == expected


def test_more_repetitions_than_ever_and_what_was_noted_before_are_named() -> None:
    """R-PCH-12."""
    before = [replace(each, feedback=SESSION.feedback) for each in earlier(0.8, 0.8, reps=10)]
    said = by_rules(before)
    assert "You have not done so many repetitions of it before: the most were 10." in said
    assert "“Knees caving in.” was noted in 2 earlier sessions, too." in said
    assert said[-1] == "You have trained 3 times this week."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("before", [(), (0.8,), (0.8, 0.95), (0.95,) * 12])
def test_each_number_of_a_sentence_is_in_a_fact_that_it_cites(
    language: Language, before: tuple[float, ...]
) -> None:
    """R-PCH-12, C-37: in every language; and each fact has its sources."""
    sessions = [replace(each, feedback=SESSION.feedback) for each in earlier(*before, reps=9)]
    facts = gather_facts(SESSION, sessions, sessions)
    events = {event_of(each) for each in (SESSION, *sessions)}
    for sentence in compose_by_rules(facts, language):
        values = {str(each.value) for each in sentence.citations}
        assert set(re.findall(r"\d+", sentence.text)) <= values
        for fact in sentence.citations:
            assert fact.sources
            assert set(fact.sources) <= events


def test_languages_without_a_catalogue_are_english() -> None:
    assert [language_of(each) for each in ("es-MX", "ru", "fr", "")] == ["es", "ru", "en", "en"]


class History:
    """The rows of one athlete."""

    def __init__(self, rows: Sequence[PoseSession], *, has_next: bool = False) -> None:
        self.rows, self.has_next, self.down = rows, has_next, False

    def get(self, projection: Any, _tenant: str, _key: str) -> None:
        assert projection is USER_PROFILE

    def page(self, *_: Any, where: Any, **__: Any) -> Page[PoseSession]:
        if self.down:
            raise StorageUnavailable("away")
        start = where["ended_at"].start
        rows = [each for each in self.rows if start is None or each.ended_at >= start]
        return Page(tuple(Edge("", each.id, each) for each in rows), self.has_next, False)


class Library:
    """Knowledge that has one passage."""

    def search(self, _question: str, _most: int) -> list[SearchResult]:
        return [SearchResult(Passage("squat/knees_caving_in", "", "", ""), 0.9)]


class Model:
    """A language model that always answers the same."""

    def __init__(self, *answer: Phrased, down: bool = False) -> None:
        self.answer, self.down = answer, down

    def phrase(self, facts: Facts, language: Language) -> Sequence[Phrased]:
        del facts, language
        if self.down:
            raise LanguageModelUnavailable
        return self.answer


def feedback(history: History, model: Model | None = None, language: Language = "en") -> Feedback:
    read: Any = history
    knowledge: Any = Library
    service = FeedbackService(read, knowledge, model)
    return service.on_session(DEFAULT_TENANT, SESSION, language)


def test_knowledge_of_a_fault_becomes_a_tip_that_cites_its_passage() -> None:
    """R-PCH-14, R-PCH-26, C-36: retrieval feeds the feedback, offline."""
    tip = feedback(History([]), language="ru").sentences[-1]
    assert tip.text == "Совет: Разведи колени, веди их над носками."
    assert tip.citations[0].sources == ("knowledge:squat/knees_caving_in",)


def test_a_best_is_not_claimed_if_there_is_more_history_than_was_read() -> None:
    said = feedback(History(earlier(0.5), has_next=True)).text
    assert "best" not in said
    assert "this week" not in said


def test_without_facts_the_generic_sentence_remains() -> None:
    """R-PCH-12, R-PCH-17, C-37."""
    history = History([])
    history.down = True
    result = feedback(history)
    assert (result.author, result.text, result.sentences[0].citations) == (
        "generic", "Great work! Your form is improving with each workout!", (),
    )  # fmt: skip


def test_a_founded_answer_of_a_language_model_is_used() -> None:
    """R-PCH-12, C-37."""
    model = Model(
        Phrased("12 squats at 87 %: a new record!", ("reps", "accuracy")),
        Phrased("Watch this: Knees caving in.", ("feedback_point",)),
    )
    result = feedback(History(earlier(0.8)), model)
    assert result.author == "language_model"
    assert result.text == "12 squats at 87 %: a new record! Watch this: Knees caving in."
    assert [each.name for each in result.sentences[0].citations] == ["reps", "accuracy"]


@pytest.mark.parametrize(
    ("reason", "sentences", "language"),
    [
        ("no_sentence", (), "en"),
        ("no_fact", (Phrased("Well done.", ()),), "en"),
        ("unknown_fact", (Phrased("Well done.", ("best_reps",)),), "en"),
        ("number", (Phrased("You did 13 repetitions.", ("reps",)),), "en"),
        ("number", (Phrased("You did 12.5 repetitions.", ("reps",)),), "en"),
        ("number", (Phrased("You did twelve repetitions.", ("reps",)),), "en"),
        ("number", (Phrased("Ты сделал двенадцать.", ("reps",)),), "ru"),
        ("number", (Phrased("Hiciste doce.", ("reps",)),), "es"),
        ("number", (Phrased("87 repetitions.", ("reps",)),), "en"),
        ("claim", (Phrased("You burned many calories.", ("reps",)),), "en"),
        ("claim", (Phrased("Your form is improving.", ("accuracy",)),), "en"),
        ("claim", (Phrased("Your best result!", ("accuracy",)),), "en"),
        ("claim", (Phrased("Твой рекорд!", ("accuracy",)),), "ru"),
        ("claim", (Phrased("¡Tu mejor resultado!", ("accuracy",)),), "es"),
        ("too_long", (Phrased("a" * 301, ("reps",)),), "en"),
        ("too_long", (Phrased("Good.", ("reps",)),) * 7, "en"),
    ],
)
def test_an_unfounded_answer_of_a_language_model_is_replaced_by_the_rules(
    reason: str, sentences: tuple[Phrased, ...], language: Language
) -> None:
    """R-PCH-12, C-37: the log says so, without the answer or the facts."""
    with capture_logs() as logs:
        result = feedback(History([]), Model(*sentences), language)
    assert result == feedback(History([]), language=language)
    assert logs == [
        {
            "event": "pose_coach.language_model_unfounded",
            "reason": reason,
            "log_level": "warning",
        }
    ]


def test_without_the_language_model_the_rules_speak() -> None:
    """C-37."""
    result = feedback(History([]), Model(down=True))
    assert result.author == "rules"
