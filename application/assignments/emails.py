"""The e-mail about a workout that a trainer has assigned. Athletes can unsubscribe from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from application.assignments.email_texts import email_text, language_of
from application.kernel.catalogues import shown_date
from application.kernel.ports import EventLog
from application.supervision.trainers import Trainers
from application.users.email_notices import Notice, Recipient
from application.users.emails import UnsubscribeLink, compose_mail, page_url
from application.users.ports import Mail
from application.users.unsubscription import Unsubscription
from domain.assignments.assignments import ASSIGNMENTS
from domain.assignments.events import WorkoutAssigned
from domain.catalog.trainer import TRAINER, Profile
from domain.ids import TenantId, UserId
from domain.kernel import Recorded
from domain.personal import text_of
from domain.users.preferences import EmailTopic

NAMES: Final[frozenset[str]] = frozenset({WorkoutAssigned.event_name})  # type: ignore[attr-defined]  # by its decorator

TOPIC: Final[EmailTopic] = "assigned_workouts"


@dataclass(frozen=True)
class AssignmentEmails:
    """Writes an e-mail to the athlete. Links lead to pages at `base_url`."""

    log: EventLog
    base_url: str
    unsubscription: Unsubscription
    names: frozenset[str] = NAMES

    def notice(self, recorded: Recorded[Any]) -> Notice | None:
        """Return the e-mail about a workout; None if it was begun, or is no longer offered."""
        tenant_id, assigned = recorded.origin.tenant_id, recorded.event
        history = self.log.load(tenant_id, recorded.stream)
        workout = ASSIGNMENTS.fold(each.event for each in history).find(assigned.assignment_id)
        if workout is None or workout.state != "assigned":
            return None
        if not Trainers(self.log).holds(tenant_id, workout.trainer_id, recorded.position):
            return None
        facts = {
            "trainer": self._trainer_name(tenant_id, workout.trainer_id),
            "workout": " ".join(text_of(workout.name).split()),
            "date": shown_date(workout.due_on),
        }
        page = f"workout_player.html?{urlencode({'assignment': workout.id})}"
        athlete_id: UserId = assigned.athlete_id
        link = partial(self.unsubscription.link, tenant_id, athlete_id, TOPIC)
        return Notice(athlete_id, partial(self._write, link, page, facts), topic=TOPIC)

    def _trainer_name(self, tenant_id: TenantId, trainer_id: UserId) -> str:
        """Return the public name of a trainer, which is empty without a profile."""
        history = self.log.load(tenant_id, f"{TRAINER.category}-{trainer_id}")
        profile = TRAINER.fold(each.event for each in history)
        return " ".join(text_of(profile.name).split()) if isinstance(profile, Profile) else ""

    def _write(
        self,
        link: Callable[[str], UnsubscribeLink],
        page: str,
        facts: Mapping[str, Any],
        email_id: UUID,
        recipient: Recipient,
    ) -> Mail:
        subject, body, label, footer = email_text(recipient.locale, facts)
        language = language_of(recipient.locale)
        return compose_mail(
            email_id,
            recipient.address,
            subject,
            body,
            (label, page_url(self.base_url, page, recipient.tenant_id)),
            footer,
            language=language,
            unsubscribe=link(language),
        )
