"""E-mails to trainers: "Content Live" (R-CON-07), a rejected video, and one that was taken down."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from application.content.email_texts import Kind, email_text, language_of
from application.content.items import find_item
from application.kernel.ports import EventLog
from application.users.email_notices import Notice, Recipient
from application.users.emails import compose_mail, page_url
from application.users.ports import Mail
from domain.content import events
from domain.ids import ContentId
from domain.kernel import Recorded
from domain.personal import text_of
from projections.kernel import stream_id

NAMES: Final[frozenset[str]] = frozenset(
    {
        events.ContentReady.event_name,  # type: ignore[attr-defined]  # by its decorator
        events.ContentRejected.event_name,  # type: ignore[attr-defined]  # by its decorator
        events.ContentTakenDown.event_name,  # type: ignore[attr-defined]  # by its decorator
    }
)

PAGE: Final = "studio.html"
MINUTE_MS: Final = 60_000


@dataclass(frozen=True)
class ContentEmails:
    """Writes an e-mail to the trainer whose video is live, was rejected or was taken down.

    Links lead to pages at `base_url`.
    """

    log: EventLog
    base_url: str
    names: frozenset[str] = NAMES

    def notice(self, recorded: Recorded[Any]) -> Notice | None:
        """Return the e-mail of an event; None if the video is gone or erased."""
        item = find_item(self.log, recorded.origin.tenant_id, ContentId(stream_id(recorded)))
        if item is None or not text_of(item.title):
            return None
        kind: Kind
        facts: dict[str, Any] = {"title": " ".join(text_of(item.title).split())}
        match recorded.event:
            case events.ContentReady() as ready if item.offer == "published":
                kind = "version_live" if self._was_live(recorded) else "content_live"
                facts["minutes"] = max(1, round(ready.duration_ms / MINUTE_MS))
            case events.ContentRejected() as rejected if rejected.number == item.newest.number:
                kind = "rejected"
                facts |= _rejection(rejected) | {"live": "no" if item.live is None else "yes"}
            case events.ContentTakenDown(reason=reason):
                kind, facts["reason"] = "taken_down", reason
            case _:
                return None
        return Notice(item.trainer_id, partial(self._write, kind, facts))

    def _was_live(self, recorded: Recorded[Any]) -> bool:
        """Return whether another version of the video was live before this event."""
        history = self.log.load(recorded.origin.tenant_id, recorded.stream)
        before = (each.event for each in history if each.version < recorded.version)
        return any(isinstance(each, events.ContentReady) for each in before)

    def _write(
        self, kind: Kind, facts: Mapping[str, Any], email_id: UUID, recipient: Recipient
    ) -> Mail:
        subject, body, label, footer = email_text(kind, recipient.locale, facts)
        action = (label, page_url(self.base_url, PAGE, recipient.tenant_id))
        language = language_of(recipient.locale)
        return compose_mail(
            email_id, recipient.address, subject, body, action, footer, language=language
        )


def _rejection(rejected: events.ContentRejected) -> dict[str, str]:
    """Return the reason of a rejection, and where in the video it is damaged."""
    at_ms = rejected.details.at_ms
    if rejected.reason != "damaged" or at_ms is None:
        return {"reason": rejected.reason, "at": ""}
    minutes, seconds = divmod(at_ms // 1000, 60)
    return {"reason": "damaged_at", "at": f"{minutes:02}:{seconds:02}"}
