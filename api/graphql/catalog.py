"""Trainers and plans in GraphQL."""

from collections.abc import Callable, Collection
from typing import Any

import strawberry

from api.graphql.consistency import reading
from api.graphql.context import Context, Info
from api.graphql.derived_types import convert, derived
from api.graphql.enums import Level, PlanOrder
from api.graphql.mutations import MutationPayload
from api.graphql.pagination import Connection, Node, connection, global_id, key_of
from api.views import catalog as views
from api.views.catalog import PlanWritten, TrainerWritten
from api.views.catalog_filters import ORDERS, PlanFilter, TrainerFilter
from application.caller import Caller
from application.kernel.pagination import window
from projections.plan import PLAN
from projections.plan import Plan as PlanRow
from projections.trainer import TRAINER
from projections.trainer import Trainer as TrainerRow


@derived(views.Trainer)
class Trainer:
    """The public profile of a trainer."""

    @classmethod
    def of(cls, row: TrainerRow) -> "Trainer":
        """Convert a row of the read model."""
        return convert(cls, views.Trainer.of(row))


@derived(views.PlanPrice)
class PlanPrice:
    """A price in a region, tax included."""


@derived(views.PlanContent)
class PlanContent:
    """Texts and terms of a plan."""


@derived(views.Plan)
class Plan(Node):
    """A plan: the version that is offered, and for its trainer also the draft."""

    @classmethod
    def of(cls, view: views.Plan) -> "Plan":
        """Convert a plan."""
        return convert(cls, view, id=global_id("Plan", view.plan_id))


def find_plans(context: Context, keys: Collection[str]) -> dict[str, Plan]:
    """Return plans by their ids within the tenant."""
    return {key: Plan.of(view) for key, view in views.find_plans(context.caller, keys).items()}


def _of_rows(caller: Caller) -> Callable[[PlanRow], Plan]:
    view_of = views.plans_for(caller)
    return lambda row: Plan.of(view_of(row))


def find_trainer(context: Context, key: str) -> Trainer | None:
    """Return a trainer by the id of the user."""
    row = context.platform.read.get(TRAINER, context.tenant_id, key)
    return None if row is None else Trainer.of(row)


@strawberry.type
class CatalogQueries:
    """Queries of trainers and plans."""

    @reading("One trainer, by the id of the user.")
    def trainer(self, info: Info, trainer_id: strawberry.ID) -> Trainer | None:
        """Return a trainer."""
        return find_trainer(info.context, key_of("User", trainer_id))

    @reading("Trainers, by name; at most 100 a page.")
    def trainers(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        language: str | None = None,
        speciality: str | None = None,
        text: str | None = None,
    ) -> Connection[Trainer]:
        """Return a page of trainers."""
        filters = TrainerFilter(language=language, speciality=speciality, text=text)
        page = info.context.platform.read.page(
            TRAINER,
            info.context.tenant_id,
            window=window(first, after, last, before),
            where=filters.where(),
            order_by="search",
        )
        return connection(page, Trainer.of)

    @reading("One plan, by either id.")
    def plan(self, info: Info, id: strawberry.ID) -> Plan | None:  # noqa: A002  Relay's name
        """Return a plan."""
        key = key_of("Plan", id)
        return find_plans(info.context, [key]).get(key)

    @reading("Plans that are offered, the newest first; at most 100 a page.")
    def plans(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        trainer_id: strawberry.ID | None = None,
        level: Level | None = None,
        equipment: str | None = None,
        language: str | None = None,
        free: bool | None = None,
        text: str | None = None,
        order: PlanOrder = PlanOrder.PUBLISHED,
    ) -> Connection[Plan]:
        """Return a page of plans."""
        filters = PlanFilter(
            trainer_id=None if trainer_id is None else key_of("User", trainer_id),
            level=None if level is None else level.value,
            equipment=equipment,
            language=language,
            free=free,
            text=text,
        )
        column, descending = ORDERS[order.value]
        page = info.context.platform.read.page(
            PLAN,
            info.context.tenant_id,
            window=window(first, after, last, before),
            where=filters.where(),
            order_by=column,
            descending=descending,
        )
        return connection(page, _of_rows(info.context.caller))

    @reading("Plans of a trainer with drafts, for those who may change them; at most 100 a page.")
    def own_plans(
        self,
        info: Info,
        *,
        trainer_id: strawberry.ID,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Plan]:
        """Return a page of a trainer's plans."""
        caller = info.context.caller
        page = views.own_plans(
            caller, key_of("User", trainer_id), window(first, after, last, before)
        )
        return connection(page, _of_rows(caller))


@strawberry.type
class TrainerPayload(MutationPayload):
    """Trainer after the change; null once the profile is withdrawn."""

    trainer: Trainer | None

    @classmethod
    def of(cls, context: Context, written: TrainerWritten, **common: Any) -> "TrainerPayload":
        """Return the payload of a command."""
        return cls(trainer=find_trainer(context, written.trainer_id), **common)


@strawberry.type
class PlanPayload(MutationPayload):
    """Plan after the change."""

    plan: Plan | None

    @classmethod
    def of(cls, context: Context, written: PlanWritten, **common: Any) -> "PlanPayload":
        """Return the payload of a command."""
        plan = find_plans(context, [written.plan_id]).get(written.plan_id)
        return cls(plan=plan, **common)
