"""Suggestions: which statements answer which question, and what they cite (R-REC-11)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.knowledge.hashing import HashingEmbedder
from adapters.knowledge.memory import MemoryIndex
from application.guidance.suggestions import TEXTS, Suggestion, SuggestionService
from application.kernel.catalogues import texts_of
from application.kernel.read_models import Edge, Page
from application.knowledge import Knowledge, QuestionInvalid, passages_of
from application.pose_coach.feedback_texts import LANGUAGES, Language
from application.pose_coach.language_model import LanguageModelUnavailable, Phrased
from domain.coaching.preferences import CuePreferences
from domain.guidance.features import Features, RecentTraining
from domain.ids import DEFAULT_TENANT, ExerciseId, SessionId, UserId
from domain.motion.exercises.library import all_exercises
from domain.sessions.events import PerformedSet
from domain.users.identities import Units
from projections.cue import Cue
from projections.exercise_performance import ExercisePerformance
from projections.user_profile import USER_PROFILE, UserProfile

NOW = datetime(2026, 5, 20, 8, tzinfo=UTC)
ADA = UserId("ada")


def performance(days: float, exercise: str, form: float, load: float = 0.0) -> ExercisePerformance:
    done = PerformedSet(1, 8, 0, load or None, form, 8, 0)
    session = SessionId(f"{exercise}-{days}")
    return ExercisePerformance(
        id=f"{session}/{exercise}", athlete_id=ADA, exercise_id=ExerciseId(exercise),
        session_id=session, at=NOW - timedelta(days=days), sets=(done, replace(done, set=2)),
        most_repetitions=8, heaviest_kg=load, longest_hold_ms=0, best_form=form,
    )  # fmt: skip


SQUATS = [performance(days, "squat", form, 60.0) for days, form in
          ((1, 0.7), (3, 0.71), (5, 0.7), (8, 0.72), (9, 0.7), (10, 0.9), (12, 0.91))]  # fmt: skip
PRESSES = [performance(days, "bench_press", 0.8, 47.5) for days in (2, 9)]
TRAINED = sorted([*SQUATS, *PRESSES], key=lambda each: each.at, reverse=True)
CUES = [
    Cue(f"{session}/1", SessionId(session), f"{session}/1", 1, 1, "knees_caving_in", "knees", 5)
    for session in ("squat-1", "squat-3")
]


class Rows:
    """The read models of one athlete."""

    def __init__(self, trained: Sequence[ExercisePerformance], profile: UserProfile) -> None:
        self.trained, self.profile = trained, profile

    def get(self, projection: Any, *_: Any) -> UserProfile:
        assert projection is USER_PROFILE
        return self.profile

    def page(self, *_: Any, **__: Any) -> Page[ExercisePerformance]:
        return Page(tuple(Edge("", each.id, each) for each in self.trained), False, False)

    def by(self, _projection: Any, _tenant: str, _column: str, sessions: Sequence[str]) -> Any:
        return {each: [cue for cue in CUES if cue.session_id == each] for each in sessions}


class Store:
    """A feature store with given features."""

    def __init__(self, dismissed: frozenset[tuple[str, str]]) -> None:
        self.dismissed = dismissed

    def of(self, *_: Any) -> Features:
        recent = RecentTraining(7, {"squat": 12, "push": 4})
        return Features(
            recent=recent, health_metrics={"sleep_change": -12.0}, dismissed=self.dismissed
        )


class Model:
    """A language model that always answers the same."""

    def __init__(self, *answer: Phrased, down: bool = False) -> None:
        self.answer, self.down = answer, down

    def phrase(self, facts: Any, language: Language) -> Sequence[Phrased]:
        del facts, language
        if self.down:
            raise LanguageModelUnavailable
        return self.answer


@cache
def knowledge() -> Knowledge:
    """Return what is known of the library's exercises."""
    found = Knowledge(MemoryIndex(), HashingEmbedder())
    found.index_passages(passages_of(all_exercises().values()))
    return found


def answer(
    question: str | None,
    language: str = "en",
    *,
    trained: Sequence[ExercisePerformance] = TRAINED,
    units: Units = "metric",
    model: Model | None = None,
    dismissed: frozenset[tuple[str, str]] = frozenset(),
    custom_names: Mapping[str, str] = {},
) -> Suggestion:
    profile = UserProfile(ADA, "UTC", language, NOW, CuePreferences(), units)
    read: Any = Rows(trained, profile)
    store: Any = Store(dismissed)
    return SuggestionService(read, store, knowledge, lambda *_: custom_names, model).answer(
        DEFAULT_TENANT, ADA, question, NOW
    )


def test_without_a_question_the_most_notable_is_said() -> None:
    """R-REC-11."""
    sleep, form, fault = (each.text for each in answer(None).sentences)
    assert sleep.startswith("You slept 12 % less than usual this week.")
    assert form.startswith("Squat: the mean form of your latest sessions fell from 90 % to 71 %.")
    assert "was noted in 2 of your latest sessions." in fault


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How heavy do I squat?", "Squat: the heaviest load you moved is 60 kg."),
        ("What is my bench press record weight?", "Bench press: the heaviest load you moved is 47"),
        ("How often did I train?", "You trained 4 times in the last week, and 5 times"),
        ("Did I sleep enough?", "You slept 12 % less than usual this week."),
        ("When did I last squat?", "Squat: you last did 2 sets one day ago."),
        ("What should I train next?", "You did no sets of"),
    ],
)
def test_a_question_is_answered_from_the_own_training(question: str, expected: str) -> None:
    """R-REC-11: what was asked comes first."""
    assert answer(question).sentences[0].text.startswith(expected)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How often did I train?", "You trained 4 times in the last week, and 5 times"),
        ("When did I last squat?", "Squat: you last did 2 sets one day ago."),
    ],
)
def test_a_session_of_a_device_whose_clock_is_ahead_is_not_recent(
    question: str, expected: str
) -> None:
    """R-REC-11"""
    trained = [performance(-365, "squat", 0.7, 60.0), *TRAINED]
    assert answer(question, trained=trained).sentences[0].text.startswith(expected)


NINE = ["bench_press", "deadlift", "lunge", "pull_up", "shoulder_press", "biceps_curl", "sit_up",
        "front_raise", "squat"]  # fmt: skip


@pytest.mark.parametrize("exercises", [8, 9])
def test_a_question_about_an_exercise_of_longer_ago_is_answered(exercises: int) -> None:
    """R-REC-11"""
    trained = [performance(days, each, 0.7) for days, each in enumerate(NINE[-exercises:], 1)]
    said = answer("When did I last do squats?", trained=trained).sentences[0].text
    assert said == f"Squat: you last did 2 sets {exercises} days ago."


def test_custom_exercises_have_the_names_that_their_athlete_gave_them() -> None:
    """R-REC-11: also those for which a question asks."""
    names = {"custom_1": "Cossack squat", "custom_2": "Dragon flag"}
    trained = [performance(2, "custom_1", 0.8), performance(4, "custom_2", 0.8)]
    for question, expected in (
        ("When did I last do a dragon flag?", "Dragon flag: you last did 2 sets 4 days ago."),
        ("When did I last do a cossack squat?", "Cossack squat: you last did 2 sets 2 days ago."),
    ):
        found = answer(question, trained=trained, custom_names=names)
        assert found.sentences[0].text == expected


def test_recent_exercises_come_first_if_a_question_names_none() -> None:
    """R-REC-11"""
    trained = [performance(days, each, 0.7) for days, each in enumerate(NINE, 1)]
    squats = [performance(20 + days, "squat", 0.9) for days in range(10)]
    for question in ("How is my form?", None):
        said = answer(question, trained=[*trained, *squats]).sentences
        assert len(said) == 3
        assert not any("Squat" in each.text for each in said)


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        ("es", "¿Cuánto peso levanté en sentadilla?", "Sentadilla: la carga más pesada"),
        ("ru", "Какой мой рекорд, вес, жим лёжа?", "Жим лёжа: самый большой вес — 47.5"),
    ],
)
def test_questions_are_answered_in_the_language_of_the_account(
    language: str, question: str, expected: str
) -> None:
    """R-REC-11."""
    found = answer(question, language)
    assert (found.language, found.author) == (language, "rules")
    assert found.sentences[0].text.replace(",", ".").startswith(expected.replace(",", "."))


def test_what_was_dismissed_is_not_suggested_next() -> None:
    """R-REC-09, R-REC-11"""
    question = "What should I train next?"
    assert "Try this next: Jumping jack." in answer(question).sentences[0].text
    dismissed = frozenset({("exercise", "jumping_jack")})
    said = answer(question, dismissed=dismissed).sentences[0].text
    assert "Try this next: " in said
    assert "Jumping jack" not in said


def test_passages_of_the_knowledge_base_answer_what_the_training_does_not() -> None:
    """R-REC-11, C-36: retrieval, offline, with the passage as the source."""
    found = answer("How many calories does a plank burn?")
    sources = [source for each in found.sentences for source in each.citations[0].sources]
    assert "knowledge:plank/energy" in sources


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("units", ["metric", "imperial"])
def test_each_number_of_a_sentence_is_a_fact_that_it_cites(
    language: Language, units: Units
) -> None:
    """R-REC-11: of every statement in every language; and each fact has its sources."""
    topics = ("week", "form", "load", "repetitions", "last", "balance", "sleep")
    sessions = {f"session-{each.session_id}" for each in TRAINED}
    seen: set[str] = set()
    for topic in topics:
        words = texts_of(TEXTS, f"topic-{topic}", language, {})[""]
        for sentence in answer(words, language, units=units).sentences:
            values = [each.value for each in sentence.citations]
            texts = " ".join(each for each in values if isinstance(each, str))
            said = re.findall(r"\d+(?:[.,]\d+)?", sentence.text.replace(texts, ""))
            numbers = {float(each) for each in values if not isinstance(each, str)}
            assert {float(each.replace(",", ".")) for each in said} <= numbers, sentence.text
            for fact in sentence.citations:
                seen.add(fact.name)
                ours = {each for each in fact.sources if each.startswith("session-")}
                assert ours <= sessions
                assert fact.sources or fact.name == "days"
    assert {"squat.form_before", "sessions_7_days", "less_sleep_percent", "squat.tip"} <= seen
    assert any(each.startswith("squat.heaviest_") for each in seen)


def test_the_same_question_has_the_same_answer() -> None:
    """R-REC-11: deterministic."""
    assert answer("How is my squat form?") == answer("How is my squat form?")


@pytest.mark.parametrize("question", ["", "  ", "a" * 501])
def test_a_question_has_1_to_500_characters(question: str) -> None:
    with pytest.raises(QuestionInvalid):
        answer(question)


def test_what_nothing_answers_is_said_so() -> None:
    for trained, expected in ((TRAINED, "Neither your training"), ((), "There is no training")):
        found = answer("zzz qqq", trained=trained)
        assert (found.author, found.sentences[0].citations) == ("generic", ())
        assert found.text.startswith(expected)


def test_a_language_model_may_phrase_what_was_found() -> None:
    """R-REC-11, C-37."""
    model = Model(Phrased("60 kg on the bar in your squat.", ("squat.heaviest_kg",)))
    found = answer("How heavy do I squat?", model=model)
    assert (found.author, found.text) == ("language_model", "60 kg on the bar in your squat.")
    assert found.sentences[0].citations[0].sources == ("session-squat-12",)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("number", Phrased("You squatted 65 kg.", ("squat.heaviest_kg",))),
        ("unknown_fact", Phrased("You squatted a lot.", ("bench_press.sets",))),
        ("claim", Phrased("60 kg: that is better than others.", ("squat.heaviest_kg",))),
        ("no_fact", Phrased("Keep going.", ())),
    ],
)
def test_an_answer_that_the_facts_do_not_support_is_not_shown(
    reason: str, sentence: Phrased
) -> None:
    """R-REC-11: the rules answer instead, and the log says why, without the answer."""
    with capture_logs() as logs:
        found = answer("How heavy do I squat?", model=Model(sentence))
    assert found == answer("How heavy do I squat?")
    assert [(each["event"], each["reason"]) for each in logs] == [
        ("guidance.language_model_unfounded", reason)
    ]


def test_without_the_language_model_the_rules_answer() -> None:
    assert answer("How heavy do I squat?", model=Model(down=True)).author == "rules"
