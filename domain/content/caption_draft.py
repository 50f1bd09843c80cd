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
    """The newest draft of an item, of version `number`; `digest` is that of its WebVTT.

    `parts` are the digests of the phrases of the parts of the sound that were recognized.
    """

    number: int
    language: str
    requested_at: datetime
    stage: DraftStage = "underway"
    digest: str | None = None
    problem: DraftProblem | None = None
    parts: tuple[str, ...] = ()


def decide_draft(
    command: commands.DraftCommand, draft: CaptionDraft | None, live_number: int | None
) -> tuple[events.CaptionDraftEvent, ...]:
    """Return the events of a command. Raises NotPublished and CaptionDraftUnderway."""
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
        case commands.DiscardCaptionDraft(at=at):
            if draft is None:
                return ()
            return (events.CaptionDraftDiscarded(number=draft.number, at=at),)
        case (
            commands.NoteCaptionPart()
            | commands.CompleteCaptionDraft()
            | commands.FailCaptionDraft()
        ):
            return _recognized(command, draft)


def _recognized(
    command: commands.RecognitionCommand, draft: CaptionDraft | None
) -> tuple[events.CaptionDraftEvent, ...]:
    """Return the events of a result. That of another draft, or of an ended one, changes nothing."""
    number, at = command.number, command.at
    this = (number, command.requested_at, "underway")
    if draft is None or (draft.number, draft.requested_at, draft.stage) != this:
        return ()
    match command:
        case commands.NoteCaptionPart(part=part, digest=digest):
            if part != len(draft.parts):
                return ()
            return (events.CaptionPartRecognized(number=number, part=part, digest=digest, at=at),)
        case commands.CompleteCaptionDraft(digest=digest):
            return (events.CaptionsDrafted(number=number, digest=digest, at=at),)
        case commands.FailCaptionDraft(problem=problem):
            return (events.CaptionDraftFailed(number=number, problem=problem, at=at),)


def evolve_draft(
    draft: CaptionDraft | None, event: events.CaptionDraftEvent
) -> CaptionDraft | None:
    """Apply one event. History is never refused."""
    match event:
        case events.CaptionDraftRequested(number=number, language=language, at=at):
            return CaptionDraft(number, language, at)
        case events.CaptionDraftDiscarded():
            return None
        case _ if draft is None:
            return None
        case events.CaptionPartRecognized(digest=digest):
            return replace(draft, parts=(*draft.parts, digest))
        case events.CaptionsDrafted(digest=digest):
            return replace(draft, stage="complete", digest=digest)
        case events.CaptionDraftFailed(problem=problem):
            return replace(draft, stage="failed", problem=problem)
