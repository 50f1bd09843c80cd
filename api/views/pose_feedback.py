"""Feedback of the pose coach on a session, with the facts that each sentence states."""

from contextlib import suppress
from typing import cast

from pydantic import Field

from api.views.base import Body
from application.caller import Caller, checked_id
from application.pose_coach.feedback import Author, Feedback, generic_feedback
from application.pose_coach.feedback_facts import Fact, FactName
from application.pose_coach.feedback_texts import DEFAULT_LANGUAGE, Language, language_of
from domain.ids import UserId
from domain.kernel import Rejected
from domain.pose_coach import commands
from projections.pose_session import POSE_SESSION, PoseSession
from projections.user_profile import USER_PROFILE


class PoseFact(Body):
    """A fact that a sentence states: a number, or a text."""

    name: FactName = Field(
        description="Accuracies are in percent, changes of them in percentage points, durations in "
        "seconds."
    )
    number: int | None
    text: str | None
    sources: tuple[str, ...] = Field(
        description="Events that the fact follows from, as `{stream}@{version}`, or passages of "
        "the knowledge base, as `knowledge:{id}`."
    )

    @classmethod
    def of_fact(cls, fact: Fact) -> "PoseFact":
        """Return the view of a fact."""
        is_number = isinstance(fact.value, int)
        return cls(
            name=cast(FactName, fact.name),
            number=int(fact.value) if is_number else None,
            text=None if is_number else str(fact.value),
            sources=fact.sources,
        )


class PoseFeedbackSentence(Body):
    """A sentence, and the facts that it states."""

    text: str
    citations: tuple[PoseFact, ...]


class PoseFeedback(Body):
    """What the pose coach says about a session."""

    session_id: str
    language: Language
    author: Author = Field(
        description="`generic` feedback has no citations: the facts could not be read."
    )
    text: str = Field(description="All sentences.")
    sentences: tuple[PoseFeedbackSentence, ...]

    @classmethod
    def of_session(cls, session_id: str, feedback: Feedback) -> "PoseFeedback":
        """Return the view of the feedback on a session."""
        return cls(
            session_id=session_id,
            language=feedback.language,
            author=feedback.author,
            text=feedback.text,
            sentences=tuple(
                PoseFeedbackSentence(
                    text=each.text, citations=tuple(map(PoseFact.of_fact, each.citations))
                )
                for each in feedback.sentences
            ),
        )


def get_feedback(caller: Caller, session_id: str, language: Language | None) -> PoseFeedback:
    """Return the feedback on a session of the caller. Raises PoseSessionNotFound.

    Without a language, it is the one of the caller's account, or English.
    """
    row = caller.platform.read.get(POSE_SESSION, caller.tenant_id, checked_id(session_id))
    if row is None or not caller.is_allowed("read", "pose_coach_session", row.user_id):
        raise commands.PoseSessionNotFound
    chosen = language or _language(caller, row.user_id)
    service = caller.platform.pose_feedback
    feedback = service.on_session(caller.tenant_id, row, chosen)
    return PoseFeedback.of_session(row.id, feedback)


def feedback_on_saved(caller: Caller, session: PoseSession, position: int) -> PoseFeedback:
    """Return the feedback on a session that the log has at a position, as it was merged.

    It is generic if the read models cannot be read, or do not include the session in time.
    """
    platform = caller.platform
    language: Language = DEFAULT_LANGUAGE
    merged: PoseSession | None = None
    with suppress(Rejected):  # saved: unavailable read models are not an error
        language = _language(caller, session.user_id)
        if platform.fresh(position, platform.patience_s):
            merged = platform.read.get(POSE_SESSION, caller.tenant_id, session.id)
    feedback = (
        generic_feedback(language)
        if merged is None
        else platform.pose_feedback.on_session(caller.tenant_id, merged, language)
    )
    return PoseFeedback.of_session(session.id, feedback)


def _language(caller: Caller, user_id: UserId) -> Language:
    profile = caller.platform.read.get(USER_PROFILE, caller.tenant_id, user_id)
    return DEFAULT_LANGUAGE if profile is None else language_of(profile.locale)
