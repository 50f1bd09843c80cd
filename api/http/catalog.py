"""Trainers and plans over REST: browse, search, offer."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.caller import CurrentCaller, Id
from api.http.cached_lists import CACHED_LIST, CachedListRoute, CurrentListCache
from api.http.pages import page_info
from api.idempotency import CommandId
from api.problem_details import problem_responses
from api.read_your_writes import ReadingCaller
from api.views import catalog as views
from api.views.base import Body, PageInfo
from api.views.catalog import Plan, Trainer, plans_for
from api.views.catalog_filters import (
    MAX_KEY,
    MAX_TEXT,
    ORDERS,
    PlanFilter,
    PlanOrder,
    TrainerFilter,
)
from application.kernel.pagination import LARGEST_PAGE, PAGE, window
from domain.catalog.commands import PlanNotFound, TrainerNotFound
from domain.catalog.events import Level
from projections.plan import PLAN
from projections.trainer import TRAINER

trainers = APIRouter(
    prefix="/v1/trainers",
    tags=["plans"],
    responses=problem_responses(403, 422, 503),
    route_class=CachedListRoute,
)
plans = APIRouter(
    prefix="/v1/plans",
    tags=["plans"],
    responses=problem_responses(403, 422, 503),
    route_class=CachedListRoute,
)

First = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
After = Annotated[str | None, Query(description="Cursor of this list.")]
Text = Annotated[str | None, Query(max_length=MAX_TEXT, description="A part of the name.")]


class TrainerPage(Body):
    """A page of trainers."""

    items: list[Trainer]
    page_info: PageInfo


class TrainerWritten(Body):
    """Result of a command: the log has it up to `position`."""

    trainer_id: str
    position: int
    repeated: bool


class PlanPage(Body):
    """A page of plans."""

    items: list[Plan]
    page_info: PageInfo


class PlanWritten(Body):
    """Result of a command: the log has it up to `position`."""

    plan_id: str
    position: int
    repeated: bool


@trainers.get(
    "",
    operation_id="listTrainers",
    summary="List trainers by name",
    response_model=TrainerPage,
    responses=CACHED_LIST,
)
async def list_trainers(
    cached: CurrentListCache,
    *,
    first: First = PAGE,
    after: After = None,
    language: Annotated[str | None, Query(max_length=MAX_KEY, examples=["en"])] = None,
    speciality: Annotated[str | None, Query(max_length=MAX_KEY, examples=["strength"])] = None,
    text: Text = None,
) -> Response:
    """Return a page of public profiles; `Link` (RFC 8288) leads to the next one."""
    caller = cached.caller
    filters = TrainerFilter(language=language, speciality=speciality, text=text)

    def build(response: Response) -> TrainerPage:
        page = caller.platform.read.page(
            TRAINER,
            caller.tenant_id,
            window=window(first, after),
            where=filters.where(),
            order_by="search",
        )
        info = page_info(
            response, page, "/v1/trainers", first=first, **filters.model_dump(by_alias=True)
        )
        return TrainerPage(items=[Trainer.of(edge.row) for edge in page.edges], page_info=info)

    return await cached.respond(TrainerPage, build)


@trainers.get(
    "/{trainer_id}",
    operation_id="getTrainer",
    summary="Get a trainer",
    responses=problem_responses(404),
)
def get_trainer(trainer_id: Id, caller: ReadingCaller) -> Trainer:
    """Return a public profile."""
    row = caller.platform.read.get(TRAINER, caller.tenant_id, trainer_id)
    if row is None:
        raise TrainerNotFound
    return Trainer.of(row)


@trainers.put(
    "/{trainer_id}",
    operation_id="changeTrainerProfile",
    summary="Publish or replace a trainer's profile",
    responses=problem_responses(412),
)
def change_profile(
    trainer_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.ChangeTrainerProfile
) -> TrainerWritten:
    """Publish or replace the public profile of a trainer; the id is that of the user."""
    written = views.change_trainer_profile(caller, trainer_id, body, command_id)
    return TrainerWritten.model_validate(written)


@trainers.delete(
    "/{trainer_id}",
    operation_id="withdrawTrainerProfile",
    summary="Withdraw a trainer's profile",
    responses=problem_responses(404),
)
def withdraw_profile(
    trainer_id: Id, caller: CurrentCaller, command_id: CommandId
) -> TrainerWritten:
    """Withdraw the public profile; plans stay."""
    written = views.withdraw_trainer_profile(caller, trainer_id, command_id)
    return TrainerWritten.model_validate(written)


@trainers.get(
    "/{trainer_id}/plans",
    operation_id="listOwnPlans",
    summary="List a trainer's own plans, with drafts",
)
def list_own_plans(
    trainer_id: Id,
    caller: ReadingCaller,
    response: Response,
    first: First = PAGE,
    after: After = None,
) -> PlanPage:
    """Return all plans of a trainer to those who may change them; `Link` leads to the next page."""
    convert, page = plans_for(caller), views.own_plans(caller, trainer_id, window(first, after))
    info = page_info(response, page, f"/v1/trainers/{trainer_id}/plans", first=first)
    return PlanPage(items=[convert(edge.row) for edge in page.edges], page_info=info)


@plans.get(
    "",
    operation_id="listPlans",
    summary="List plans that are offered",
    response_model=PlanPage,
    responses=CACHED_LIST,
)
async def list_plans(
    cached: CurrentListCache,
    *,
    first: First = PAGE,
    after: After = None,
    trainer: Annotated[Id | None, Query(description="Only plans of this trainer.")] = None,
    level: Level | None = None,
    equipment: Annotated[str | None, Query(max_length=MAX_KEY, examples=["barbell"])] = None,
    language: Annotated[
        str | None, Query(max_length=MAX_KEY, description="Of the trainer.", examples=["de"])
    ] = None,
    free: Annotated[bool | None, Query(description="Only free plans, or only paid ones.")] = None,
    text: Text = None,
    order: PlanOrder = "published",
) -> Response:
    """Return a page of plans; `Link` (RFC 8288) leads to the next one."""
    caller = cached.caller
    filters = PlanFilter(
        trainer_id=trainer,
        level=level,
        equipment=equipment,
        language=language,
        free=free,
        text=text,
    )
    column, descending = ORDERS[order]

    def build(response: Response) -> PlanPage:
        convert = plans_for(caller)
        page = caller.platform.read.page(
            PLAN,
            caller.tenant_id,
            window=window(first, after),
            where=filters.where(),
            order_by=column,
            descending=descending,
        )
        info = page_info(
            response,
            page,
            "/v1/plans",
            first=first,
            trainer=trainer,
            level=level,
            equipment=equipment,
            language=language,
            free=None if free is None else str(free).lower(),
            text=text,
            order=order,
        )
        return PlanPage(items=[convert(edge.row) for edge in page.edges], page_info=info)

    return await cached.respond(PlanPage, build)


@plans.get(
    "/{plan_id}", operation_id="getPlan", summary="Get a plan", responses=problem_responses(404)
)
def get_plan(plan_id: Id, caller: ReadingCaller) -> Plan:
    """Return a plan that is offered; its trainer also gets the draft."""
    plan = views.find_plans(caller, [plan_id]).get(plan_id)
    if plan is None:
        raise PlanNotFound
    return plan


@plans.post(
    "",
    operation_id="draftPlan",
    summary="Draft a plan",
    status_code=201,
    responses=problem_responses(404, 409),
)
def draft(
    caller: CurrentCaller, command_id: CommandId, body: views.DraftPlan, response: Response
) -> PlanWritten:
    """Draft a plan from workouts that exist. Nobody else sees it before it is published."""
    written = views.draft_plan(caller, body, command_id)
    response.headers["Location"] = f"/v1/plans/{written.plan_id}"
    return PlanWritten.model_validate(written)


@plans.put(
    "/{plan_id}",
    operation_id="revisePlan",
    summary="Replace the draft of a plan",
    responses=problem_responses(404, 412),
)
def revise(
    plan_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.RevisePlan
) -> PlanWritten:
    """Replace the draft. What is offered changes when it is published."""
    return PlanWritten.model_validate(views.revise_plan(caller, plan_id, body, command_id))


@plans.post(
    "/{plan_id}/publish",
    operation_id="publishPlan",
    summary="Offer the draft as a new version",
    responses=problem_responses(404),
)
def publish(plan_id: Id, caller: CurrentCaller, command_id: CommandId) -> PlanWritten:
    """Offer the draft as a new version. Enrollments keep theirs."""
    return PlanWritten.model_validate(views.publish_plan(caller, plan_id, command_id))


@plans.post(
    "/{plan_id}/withdraw",
    operation_id="withdrawPlan",
    summary="Offer a plan no longer",
    responses=problem_responses(404),
)
def withdraw(plan_id: Id, caller: CurrentCaller, command_id: CommandId) -> PlanWritten:
    """Offer the plan no longer. Enrollments continue."""
    return PlanWritten.model_validate(views.withdraw_plan(caller, plan_id, command_id))


@plans.post(
    "/{plan_id}/trial",
    operation_id="changePlanTrial",
    summary="Offer a trial of a plan, or none",
    responses=problem_responses(404),
)
def change_trial(
    plan_id: Id, caller: CurrentCaller, command_id: CommandId, body: views.ChangePlanTrial
) -> PlanWritten:
    """Let new subscriptions begin with some days that cost nothing."""
    return PlanWritten.model_validate(views.change_plan_trial(caller, plan_id, body, command_id))
