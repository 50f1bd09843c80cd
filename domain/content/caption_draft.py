"""Draft of captions: the speech of a published version, recognized for its trainer to edit."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from domain.content import commands, events
from domain.content.events import DraftProblem
from domain.kernel import value

DraftStage = Literal["underway", "complete", "failed"]


@value
class CaptionDraft:
    """The newest draft of an item, of version `number`; `digest` is that of its WebVTT."""

    number: int
    language: str
    requested_at: datetime
    stage: DraftStage = "underway"
    digest: str | None = None
    problem: DraftProblem | None = None


def decide_draft(
    command: commands.DraftCommand, draft: CaptionDraft | None, live_number: int | None
) -> tuple[events.CaptionDraftEvent, ...]:
    """Return the events of a command. Raises NotPublished and CaptionDraftUnderway.

    Results of a draft that is no longer underway change nothing.
    """
    is_underway = draft is not None and draft.stage == "underway"
    match command:
        case commands.RequestCaptionDraft(language=language, at=at):
            if live_number is None:
                raise commands.NotPublished
            if draft is None or not is_underway:
                return (events.CaptionDraftRequested(number=live_number, language=language, at=at),)
            if draft.language != language:
                raise commands.CaptionDraftUnderway
            return ()
        case commands.CompleteCaptionDraft(number=number, digest=digest, at=at):
            if draft is None or not is_underway or draft.number != number:
                return ()
            return (events.CaptionsDrafted(number=number, digest=digest, at=at),)
        case commands.FailCaptionDraft(number=number, problem=problem, at=at):
            if draft is None or not is_underway or draft.number != number:
                return ()
            return (events.CaptionDraftFailed(number=number, problem=problem, at=at),)


def evolve_draft(
    draft: CaptionDraft | None, event: events.CaptionDraftEvent
) -> CaptionDraft | None:
    """Apply one event. History is never refused."""
    match event:
        case events.CaptionDraftRequested(number=number, language=language, at=at):
            return CaptionDraft(number, language, at)
        case events.CaptionsDrafted(digest=digest):
            return None if draft is None else replace(draft, stage="complete", digest=digest)
        case events.CaptionDraftFailed(problem=problem):
            return None if draft is None else replace(draft, stage="failed", problem=problem)
