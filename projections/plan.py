"""Plan read model: one row per plan, with its draft and the version that is offered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.catalog import events
from domain.catalog.events import Level, PlanTerms
from domain.ids import PlanId, UserId
from domain.kernel import Projection, Recorded
from domain.personal import text_of
from domain.texts import fold
from projections.kernel import fast_replace, stream_id


@dataclass(frozen=True)
class PlanContent:
    """Texts and terms of a draft or of a published version."""

    title: str
    description: str
    terms: PlanTerms


@dataclass(frozen=True)
class Plan:
    """A plan. Only its trainer is shown the draft.

    `revision` rises with each change of the draft. `number` counts published versions.
    `published_at` and `offered` are None while no version is offered; then the columns after them,
    by which offered plans are found, are empty. `search` is the title without case and accents.
    """

    id: PlanId
    trainer_id: UserId
    draft: PlanContent
    revision: int = 1
    number: int = 0
    published_at: datetime | None = None
    offered: PlanContent | None = None
    title: str | None = None
    search: str | None = None
    level: Level | None = None
    weeks: int | None = None
    equipment: tuple[str, ...] = ()
    free: bool | None = None
    trial_days: int = 0


def keys(recorded: Recorded[Any]) -> tuple[str, ...]:
    """Key by plan."""
    return (stream_id(recorded),) if isinstance(recorded.event, events.PlanEvent) else ()


def evolve(row: Plan | None, recorded: Recorded[Any]) -> Plan | None:
    """Apply one event to the plan."""
    match recorded.event, row:
        case events.PlanDrafted() as drafted, _:
            plan_id = PlanId(stream_id(recorded))
            return Plan(id=plan_id, trainer_id=drafted.trainer_id, draft=_content(drafted))
        case events.PlanRevised() as revised, Plan():
            return fast_replace(row, draft=_content(revised), revision=row.revision + 1)
        case events.PlanPublished(number=number, at=at), Plan():
            terms = row.draft.terms
            return fast_replace(
                row,
                number=number,
                published_at=at,
                offered=row.draft,
                title=row.draft.title,
                search=fold(row.draft.title),
                level=terms.level,
                weeks=terms.weeks,
                equipment=terms.equipment,
                free=not terms.prices,
            )
        case events.PlanWithdrawn(), Plan():
            return Plan(
                id=row.id,
                trainer_id=row.trainer_id,
                draft=row.draft,
                revision=row.revision,
                number=row.number,
                trial_days=row.trial_days,
            )
        case events.PlanTrialChanged(days=days), Plan():
            return fast_replace(row, trial_days=days)
        case _:
            return row


def _content(event: events.PlanDrafted | events.PlanRevised) -> PlanContent:
    return PlanContent(text_of(event.title), text_of(event.description), event.terms)


PLAN = Projection(
    name="plan",
    version=4,
    row=Plan,
    keys=keys,
    evolve=evolve,
    indexes=(("published_at",), ("trainer_id",)),
    kind="plan",
)
