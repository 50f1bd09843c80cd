"""The e-mail "Content Live" (R-CON-07), which `content.ready` causes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from application.content.email_texts import Kind, email_text, language_of
from application.kernel.ports import EventLog
from application.users.email_delivery import Notice
from application.users.emails import compose_mail
from application.users.ports import Mail
from domain.content import events
from domain.content.item import CONTENT, Item
from domain.kernel import Recorded
from domain.personal import text_of

NAMES: Final[frozenset[str]] = frozenset({events.ContentReady.event_name})  # type: ignore[attr-defined]  # by its decorator

PAGE: Final = "index.html"
MINUTE_MS: Final = 60_000


@dataclass(frozen=True)
class ContentEmails:
    """Writes an e-mail to the trainer whose film is live. Links lead to pages at `base_url`."""

    log: EventLog
    base_url: str
    names: frozenset[str] = NAMES

    def notice(self, recorded: Recorded[Any]) -> Notice | None:
        """Return the e-mail about a published version; None if the film is gone or erased."""
        history = self.log.load(recorded.origin.tenant_id, recorded.stream)
        item = CONTENT.fold(each.event for each in history)
        if not isinstance(item, Item) or item.offer != "published" or not text_of(item.title):
            return None
        ready: events.ContentReady = recorded.event
        kind: Kind = "content_live" if ready.number == 1 else "version_live"
        facts = {
            "title": " ".join(text_of(item.title).split()),
            "minutes": max(1, round(ready.duration_ms / MINUTE_MS)),
        }
        return Notice(item.trainer_id, partial(self._write, kind, facts))

    def _write(
        self, kind: Kind, facts: Mapping[str, Any], email_id: UUID, to: str, locale: str
    ) -> Mail:
        subject, body, label, footer = email_text(kind, locale, facts)
        action = (label, f"{self.base_url}/{PAGE}")
        return compose_mail(
            email_id, to, subject, body, action, footer, language=language_of(locale)
        )
