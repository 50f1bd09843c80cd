"""Feedback on a session of the pose coach, from facts of the session and the athlete's history.

Rules choose the sentences; they need no network, and the same facts give the same sentences. A
language model may phrase the facts instead; its sentences are checked against them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import structlog

from application.kernel.ports import StorageUnavailable
from application.kernel.read_models import (
    Between,
    Page,
    ReadModels,
    Scalar,
    Where,
    Window,
)
from application.knowledge import LONGEST_QUESTION, Knowledge
from application.pose_coach.feedback_facts import Fact, FactName, Facts, gather_facts
from application.pose_coach.feedback_texts import Language, feedback_text
from application.pose_coach.language_model import (
    LanguageModel,
    LanguageModelUnavailable,
    Phrased,
    find_unfounded,
)
from application.pose_coach.workout_service import span_bounds
from domain.coaching.cue_ranking import render
from domain.coaching.phrasebook import get_phrases
from domain.ids import TenantId
from domain.kernel import Rejected
from domain.motion.exercises.library import all_exercises
from projections.pose_session import POSE_SESSION, PoseSession
from projections.user_profile import USER_PROFILE, zone_of

CLOSE: Final = 2
"""Percentage points within which an accuracy is close to the average."""

HISTORY: Final = 200
"""Earlier sessions that are read."""

LEAST_SIMILARITY: Final = 0.3
"""Cosine from which a passage of knowledge answers a point of feedback."""

Author = Literal["rules", "language_model", "generic"]

logger: Any = structlog.get_logger()


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the facts that it states."""

    text: str
    citations: tuple[Fact, ...]


@dataclass(frozen=True)
class Feedback:
    """What the pose coach says about a session. Generic feedback cites nothing."""

    language: Language
    author: Author
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """All sentences."""
        return " ".join(each.text for each in self.sentences)


def generic_feedback(language: Language) -> Feedback:
    """Return the feedback of last resort."""
    text = feedback_text("generic", language, {})
    return Feedback(language, "generic", (Sentence(text, ()),))


def compose_by_rules(facts: Facts, language: Language) -> tuple[Sentence, ...]:
    """Return the sentences that apply: result, comparison, repetitions, fault, tip and week."""
    sentences = [_sentence("result", ("reps", "duration", "accuracy"), facts, language)]
    if "first_session" in facts:
        sentences.append(_sentence("first_session", ("first_session",), facts, language))
    else:
        sentences.append(_compared(facts, language))
        if "best_reps" in facts and _number(facts, "reps") > _number(facts, "best_reps"):
            sentences.append(_sentence("most_reps", ("best_reps",), facts, language, "reps"))
    if "feedback_point" in facts:
        is_repeated = "times_noted" in facts
        names: tuple[FactName, ...] = ("feedback_point", "times_noted")
        sentences.append(
            _sentence("noted_again", names, facts, language)
            if is_repeated
            else _sentence("noted", names[:1], facts, language)
        )
    if "tip" in facts:
        sentences.append(_sentence("tip", ("tip",), facts, language))
    if "sessions_this_week" in facts and _number(facts, "sessions_this_week") > 1:
        sentences.append(_sentence("sessions_this_week", ("sessions_this_week",), facts, language))
    return tuple(sentences)


def _compared(facts: Facts, language: Language) -> Sentence:
    accuracy = _number(facts, "accuracy")
    if "best_accuracy" in facts and accuracy > _number(facts, "best_accuracy"):
        return _sentence("best_accuracy", ("best_accuracy",), facts, language, "accuracy")
    change = _number(facts, "accuracy_change")
    if change > CLOSE:
        return _sentence("above_usual", ("accuracy_change", "usual_accuracy"), facts, language)
    name = "below_usual" if change < -CLOSE else "as_usual"
    return _sentence(name, ("usual_accuracy",), facts, language, "accuracy")


def _sentence(
    name: str, stated: Sequence[FactName], facts: Facts, language: Language, *implied: FactName
) -> Sentence:
    """Return a sentence that states facts; it cites what it implies, too."""
    values: Mapping[str, float | str] = {each: facts[each].value for each in stated}
    cited = tuple(facts[each] for each in (*stated, *implied))
    return Sentence(feedback_text(name, language, values), cited)


def _rows(page: Page[PoseSession]) -> Sequence[PoseSession]:
    return [edge.row for edge in page.edges]


def _number(facts: Facts, name: FactName) -> int:
    return int(facts[name].value)


@dataclass(frozen=True)
class FeedbackService:
    """Finds the facts about a session, and phrases them.

    `read` shows the rows that the caller may see. `model` is the language model, if there is one.
    """

    read: ReadModels
    knowledge: Callable[[], Knowledge]
    model: LanguageModel | None = None

    def on_session(self, tenant_id: TenantId, session: PoseSession, language: Language) -> Feedback:
        """Return the feedback on a session; generic feedback if its facts cannot be read."""
        try:
            return self._from_facts(self._facts(tenant_id, session, language), language)
        except Rejected as obstacle:
            logger.warning("pose_coach.feedback_generic", code=obstacle.code)
        except Exception:  # the session is saved, whatever is wrong with its feedback
            logger.exception("pose_coach.feedback_failed")
        return generic_feedback(language)

    def _from_facts(self, facts: Facts, language: Language) -> Feedback:
        phrased = self._phrased(facts, language)
        if phrased is not None:
            return Feedback(language, "language_model", phrased)
        return Feedback(language, "rules", compose_by_rules(facts, language))

    def _facts(self, tenant_id: TenantId, session: PoseSession, language: Language) -> Facts:
        profile = self.read.get(USER_PROFILE, tenant_id, session.user_id)
        zone = zone_of(profile)
        week = span_bounds("week", session.ended_at, zone)
        start = None if week is None else week.start
        earlier = self._before(tenant_id, session, {"exercise": session.exercise})
        this_week = self._before(tenant_id, session, {}, start)
        facts = gather_facts(session, _rows(earlier), _rows(this_week))
        if earlier.has_next:  # there are more sessions, so another one may be the best
            for name in ("best_accuracy", "best_reps"):
                facts.pop(name, None)
        if this_week.has_next:
            facts.pop("sessions_this_week", None)
        if "feedback_point" in facts:
            tip = self._tip(session.exercise, str(facts["feedback_point"].value), language)
            if tip is not None:
                facts["tip"] = tip
        return facts

    def _before(
        self,
        tenant_id: TenantId,
        session: PoseSession,
        where: Where,
        start: Scalar = None,
    ) -> Page[PoseSession]:
        """Return the latest sessions of the athlete before this one, newest first."""
        span = Between(start, session.ended_at)
        return self.read.page(
            POSE_SESSION,
            tenant_id,
            window=Window(HISTORY),
            where={**where, "user_id": session.user_id, "ended_at": span},
            order_by="ended_at",
            descending=True,
        )

    def _tip(self, exercise: str, point: str, language: Language) -> Fact | None:
        """Return what the coach says about the fault that a point of feedback names, if any."""
        try:
            results = self.knowledge().search(f"{exercise} {point}"[:LONGEST_QUESTION], 1)
        except StorageUnavailable:
            return None
        for result in results:
            exercise_id, _, fault = result.passage.id.partition("/")
            definition = all_exercises().get(exercise_id)
            is_close = exercise_id == exercise and result.similarity >= LEAST_SIMILARITY
            if is_close and definition is not None:
                faults = {each.id: each for each in definition.faults}
                if fault in faults:
                    phrase = get_phrases(language).phrase(exercise_id, fault)
                    _, say = render(phrase, faults[fault].cue)
                    return Fact("tip", say, (f"knowledge:{result.passage.id}",))
        return None

    def _phrased(self, facts: Facts, language: Language) -> tuple[Sentence, ...] | None:
        """Return the sentences of the language model; None without one, or if a check fails."""
        if self.model is None:
            return None
        try:
            phrased: Sequence[Phrased] = self.model.phrase(facts, language)
        except LanguageModelUnavailable as obstacle:
            logger.warning("pose_coach.language_model_unavailable", code=obstacle.code)
            return None
        reason = find_unfounded(phrased, facts, language)
        if reason is not None:
            logger.warning("pose_coach.language_model_unfounded", reason=reason)
            return None
        return tuple(
            Sentence(each.text.strip(), tuple(facts[name] for name in each.facts))
            for each in phrased
        )
