"""Trainers and plans: their views, and commands with inputs and writes."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import Field

from api.caller import NewId
from api.views.base import Body, StrictBody, documented, write
from api.views.session_commands import ATHLETE
from application.caller import ANONYMOUS, Caller, checked_id
from application.kernel.command_handler import Request
from application.kernel.read_models import Page, Window
from application.payments.trials import UnusedTrials
from application.users.resource_access import authorize_plan
from domain.catalog import commands
from domain.catalog.events import Level, MissedDay, PlanTerms
from domain.catalog.plan import PLAN
from domain.catalog.trainer import TRAINER
from domain.ids import UserId, WorkoutId
from domain.kernel import Decider
from domain.money import FULL_SHARE, MAX_MINOR, Currency, Money, Price, Region
from domain.motion.exercises.custom import is_custom
from domain.workouts.commands import WorkoutNotFound
from domain.workouts.workout import WORKOUT, Prescribed
from projections import plan as plans
from projections import trainer as trainers


class Trainer(Body):
    """The public profile of a trainer."""

    trainer_id: str
    name: str
    description: str
    languages: tuple[str, ...]
    specialities: tuple[str, ...] = Field(description="Keys such as `strength`.")
    changed_at: datetime
    revision: int = Field(description="Counts the changes since the profile was published.")

    @classmethod
    def of(cls, row: trainers.Trainer) -> "Trainer":
        """Convert a row of the read model."""
        return cls(
            trainer_id=row.id,
            name=row.name,
            description=row.description,
            languages=row.languages,
            specialities=row.specialities,
            changed_at=row.changed_at,
            revision=row.revision,
        )


class PlanPrice(Body):
    """A price in a region, tax included."""

    region: Region
    amount_minor: int = Field(description="In minor units, such as cents.")
    currency: Currency
    amount: str = Field(description="With the digits of the currency, such as `19.99`.")
    tax_basis_points: int = Field(description="1900 are 19 %.")
    tax_minor: int = Field(description="The tax that the amount includes, rounded half up.")

    @classmethod
    def of(cls, price: Price) -> "PlanPrice":
        """Convert a price."""
        return cls(
            region=price.region,
            amount_minor=price.amount.minor,
            currency=price.amount.currency,
            amount=price.amount.decimal(),
            tax_basis_points=price.tax_basis_points,
            tax_minor=price.amount.included_tax(price.tax_basis_points).minor,
        )


class PlanContent(Body):
    """Texts and terms of a plan."""

    title: str
    description: str
    level: Level
    weeks: int
    sessions_per_week: int
    workouts: tuple[str, ...] = Field(description="Ids of workouts, in order.")
    equipment: tuple[str, ...] = Field(description="Keys such as `barbell`.")
    preview: str | None = Field(description="The workout that shows what the plan is like.")
    missed_day: MissedDay
    prices: tuple[PlanPrice, ...] = Field(description="Empty if the plan is free.")
    billing_months: int

    @classmethod
    def of(cls, content: plans.PlanContent) -> "PlanContent":
        """Convert content of the read model."""
        terms = content.terms
        return cls(
            title=content.title,
            description=content.description,
            level=terms.level,
            weeks=terms.weeks,
            sessions_per_week=terms.sessions_per_week,
            workouts=terms.workouts,
            equipment=terms.equipment,
            preview=terms.preview,
            missed_day=terms.missed_day,
            prices=tuple(PlanPrice.of(price) for price in terms.prices),
            billing_months=terms.billing_months,
        )


class Plan(Body):
    """A plan: the version that is offered, and for its trainer also the draft."""

    plan_id: str
    trainer_id: str
    number: int = Field(description="Versions published so far.")
    published_at: datetime | None = Field(description="Null if no version is offered.")
    offered: PlanContent | None
    draft: PlanContent | None = Field(description="Null for others than its trainer.")
    revision: int | None = Field(
        description="Rises with each change of the draft; null for others than its trainer."
    )
    trial_days: int = Field(description="Days of the trial of new subscriptions, or 0.")
    can_try: bool = Field(description="Whether the plan has a trial that the caller has not had.")


def plans_for(caller: Caller) -> Callable[[plans.Plan], Plan]:
    """Return a function that converts rows as this caller may see them."""
    user = UserId(ATHLETE if caller.claims is None else caller.claims.user_id)
    trials = UnusedTrials(caller.platform.read, caller.tenant_id, user)
    return lambda row: _plan_of(caller, row, trials)


def _plan_of(caller: Caller, row: plans.Plan, trials: UnusedTrials) -> Plan:
    is_editor = caller.is_allowed("write", "plan", row.trainer_id)
    return Plan(
        plan_id=row.id,
        trainer_id=row.trainer_id,
        number=row.number,
        published_at=row.published_at,
        offered=None if row.offered is None else PlanContent.of(row.offered),
        draft=PlanContent.of(row.draft) if is_editor else None,
        revision=row.revision if is_editor else None,
        trial_days=row.trial_days,
        can_try=trials.include(row),
    )


def find_plans(caller: Caller, keys: Collection[str]) -> dict[str, Plan]:
    """Return plans by id: those that are offered, and those that the caller edits."""
    convert = plans_for(caller)
    rows = caller.platform.read.get_many(plans.PLAN, caller.tenant_id, keys)
    views = {key: convert(row) for key, row in rows.items()}
    return {key: view for key, view in views.items() if view.offered or view.draft}


def own_plans(caller: Caller, trainer_id: str, wanted: Window) -> Page[plans.Plan]:
    """Return a page of a trainer's plans, also drafts, by publication. Raises Forbidden."""
    trainer = UserId(checked_id(trainer_id))
    caller.require("write", "plan", trainer)
    return caller.platform.read.page(
        plans.PLAN,
        caller.tenant_id,
        window=wanted,
        where={"trainer_id": trainer},
        order_by="published_at",
        descending=True,
    )


@dataclass(frozen=True, slots=True)
class TrainerWritten:
    """Result of a command: the log has it up to `position`."""

    trainer_id: str
    position: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class PlanWritten:
    """Result of a command: the log has it up to `position`."""

    plan_id: str
    position: int
    repeated: bool


Name = Annotated[str, documented(minLength=1, maxLength=commands.MAX_NAME_LENGTH)]
Description = Annotated[str, documented(maxLength=commands.MAX_DESCRIPTION_LENGTH)]


class ChangeTrainerProfile(StrictBody):
    """Public profile of a trainer. Everybody in the tenant can read it.

    It is refused if the profile has changed since the `revision` that is given; 0 is no profile.
    """

    name: Name
    description: Description = ""
    languages: tuple[str, ...] = Field(examples=[["en", "de"]])
    specialities: tuple[str, ...] = ()
    revision: int | None = None


@write
def change_trainer_profile(
    caller: Caller, trainer_id: str, body: ChangeTrainerProfile, command_id: UUID
) -> TrainerWritten:
    """Publish or replace the public profile of a trainer."""
    trainer = UserId(checked_id(trainer_id))
    caller.require("write", "plan", trainer)
    command = commands.ChangeTrainerProfile(
        trainer_id=trainer,
        name=body.name,
        description=body.description,
        languages=body.languages,
        specialities=body.specialities,
        at=caller.platform.clock(),
        revision=body.revision,
    )
    return TrainerWritten(trainer, *_execute(caller, TRAINER, trainer, command, command_id))


@write
def withdraw_trainer_profile(caller: Caller, trainer_id: str, command_id: UUID) -> TrainerWritten:
    """Withdraw the public profile of a trainer. Plans stay."""
    trainer = UserId(checked_id(trainer_id))
    caller.require("write", "plan", trainer)
    command = commands.WithdrawTrainerProfile(at=caller.platform.clock())
    return TrainerWritten(trainer, *_execute(caller, TRAINER, trainer, command, command_id))


class PriceInput(StrictBody):
    """A price in a region, tax included."""

    region: Region
    amount_minor: Annotated[int, documented(minimum=1, maximum=MAX_MINOR)]
    currency: Currency
    tax_basis_points: Annotated[int, documented(minimum=0, maximum=FULL_SHARE)] = 0


class PlanInput(StrictBody):
    """Texts and terms of a draft."""

    title: Name
    description: Description = ""
    level: Level
    weeks: Annotated[int, documented(minimum=1, maximum=commands.MAX_WEEKS)]
    sessions_per_week: Annotated[int, documented(minimum=1, maximum=commands.MAX_SESSIONS_PER_WEEK)]
    workouts: tuple[str, ...] = Field(description="Ids of workouts, in order.")
    equipment: tuple[str, ...] = ()
    preview: str | None = None
    missed_day: MissedDay = "shift"
    prices: tuple[PriceInput, ...] = ()
    billing_months: int = Field(1, description="1, 3, 6 or 12.")


class RevisePlan(PlanInput):
    """New draft of a plan. What is offered changes when it is published.

    It is refused if the draft has changed since the `revision` that is given.
    """

    revision: int | None = None


class DraftPlan(PlanInput):
    """New plan, which nobody else sees before it is published. Without `planId` one is made."""

    plan_id: NewId | None = None
    trainer_id: NewId


@write
def draft_plan(caller: Caller, body: DraftPlan, command_id: UUID) -> PlanWritten:
    """Draft a plan."""
    trainer = UserId(body.trainer_id)
    caller.require("write", "plan", trainer)
    command = commands.DraftPlan(
        trainer_id=trainer,
        title=body.title,
        description=body.description,
        terms=_terms(caller, body, trainer),
        at=caller.platform.clock(),
    )
    plan_id = body.plan_id or str(uuid5(command_id, "plan"))
    return PlanWritten(plan_id, *_execute(caller, PLAN, plan_id, command, command_id))


@write
def revise_plan(caller: Caller, plan_id: str, body: RevisePlan, command_id: UUID) -> PlanWritten:
    """Change the draft of a plan."""
    trainer = authorize_plan(caller, plan_id)
    command = commands.RevisePlan(
        title=body.title,
        description=body.description,
        terms=_terms(caller, body, trainer),
        revision=body.revision,
        at=caller.platform.clock(),
    )
    return PlanWritten(plan_id, *_execute(caller, PLAN, plan_id, command, command_id))


@write
def publish_plan(caller: Caller, plan_id: str, command_id: UUID) -> PlanWritten:
    """Offer the draft as a new version. Enrollments keep the version that they began with."""
    authorize_plan(caller, plan_id)
    command = commands.PublishPlan(at=caller.platform.clock())
    return PlanWritten(plan_id, *_execute(caller, PLAN, plan_id, command, command_id))


@write
def withdraw_plan(caller: Caller, plan_id: str, command_id: UUID) -> PlanWritten:
    """Offer a plan no longer. Enrollments continue."""
    authorize_plan(caller, plan_id)
    command = commands.WithdrawPlan(at=caller.platform.clock())
    return PlanWritten(plan_id, *_execute(caller, PLAN, plan_id, command, command_id))


class ChangePlanTrial(StrictBody):
    """Length of the trial. With 0 days there is none."""

    days: Annotated[int, documented(minimum=0, maximum=commands.MAX_TRIAL_DAYS)]


@write
def change_plan_trial(
    caller: Caller, plan_id: str, body: ChangePlanTrial, command_id: UUID
) -> PlanWritten:
    """Offer a trial to new subscribers, 3 to 60 days, or none."""
    authorize_plan(caller, plan_id)
    command = commands.ChangeTrial(days=body.days, at=caller.platform.clock())
    return PlanWritten(plan_id, *_execute(caller, PLAN, plan_id, command, command_id))


def _terms(caller: Caller, body: PlanInput, trainer: UserId) -> PlanTerms:
    """Convert the terms of a plan. Raises WorkoutNotFound, InvalidValue and refusals of plans."""
    workouts = tuple(WorkoutId(checked_id(each)) for each in body.workouts)
    for workout in dict.fromkeys(workouts[: commands.MAX_WORKOUTS]):
        author = caller.platform.owners.of_workout(caller.tenant_id, workout)
        if author is None:
            raise WorkoutNotFound(f"There is no workout {workout!r}.")
        if author != trainer:
            raise commands.WorkoutOfAnother
        if has_custom_exercise(caller, workout):
            raise commands.CustomExerciseInPlan
    return PlanTerms(
        level=body.level,
        weeks=body.weeks,
        sessions_per_week=body.sessions_per_week,
        workouts=workouts,
        equipment=body.equipment,
        preview=None if body.preview is None else WorkoutId(body.preview),
        missed_day=body.missed_day,
        prices=tuple(
            Price(each.region, Money(each.amount_minor, each.currency), each.tax_basis_points)
            for each in body.prices
        ),
        billing_months=body.billing_months,
    )


def has_custom_exercise(caller: Caller, workout_id: WorkoutId) -> bool:
    """Return whether a workout has an exercise that its author recorded."""
    history = caller.platform.log.load(caller.tenant_id, f"{WORKOUT.category}-{workout_id}")
    workout = WORKOUT.fold(recorded.event for recorded in history)
    return isinstance(workout, Prescribed) and any(
        is_custom(line.exercise_id) for line in workout.exercises
    )


def _execute(
    caller: Caller,
    decider: Decider[Any, Any, Any],
    stream_id: str,
    command: commands.TrainerCommand | commands.PlanCommand,
    command_id: UUID,
) -> tuple[int, bool]:
    appended = caller.platform.commands.execute(
        Request(decider, stream_id, [command]),
        origin=caller.origin(ANONYMOUS),
        command_id=command_id,
    )
    return appended.position, appended.repeated
