"""Plan decider: a draft that is revised, and published in numbered versions."""

from dataclasses import replace

from domain.catalog import commands, events
from domain.catalog.events import PlanTerms
from domain.ids import UserId
from domain.kernel import Decider, value
from domain.personal import Personal


@value
class NoPlan:
    """No plan exists with this id."""


@value
class PlanContent:
    """Texts and terms of a draft or of a published version."""

    title: Personal[str]
    description: Personal[str]
    terms: PlanTerms


@value
class Drafted:
    """A plan: its draft, and the version that is offered, if it is.

    `revision` rises with each change of the draft. `number` counts the versions published so far;
    `published` is the latest one, and `offered` is that one until it is withdrawn. `trial_days` is
    the length of its trial, or 0.
    """

    trainer_id: UserId
    draft: PlanContent
    revision: int = 1
    number: int = 0
    offered: PlanContent | None = None
    published: PlanContent | None = None
    trial_days: int = 0


Plan = NoPlan | Drafted


def decide(command: commands.PlanCommand, plan: Plan) -> tuple[events.PlanEvent, ...]:
    """Return the events of a command. Raises a refusal of `commands`."""
    if isinstance(plan, NoPlan):
        if not isinstance(command, commands.DraftPlan):
            raise commands.PlanNotFound
        return (_drafted(command),)
    match command:
        case commands.DraftPlan():
            raise commands.PlanAlreadyDrafted
        case commands.RevisePlan():
            return _revised(command, plan)
        case commands.PublishPlan(at=at):
            if plan.offered == plan.draft:
                return ()
            return (events.PlanPublished(number=plan.number + 1, at=at),)
        case commands.WithdrawPlan(at=at):
            return () if plan.offered is None else (events.PlanWithdrawn(at=at),)
        case commands.ChangeTrial(days=days, at=at):
            return () if plan.trial_days == days else (events.PlanTrialChanged(days=days, at=at),)


def _drafted(command: commands.DraftPlan) -> events.PlanDrafted:
    return events.PlanDrafted(
        trainer_id=command.trainer_id,
        title=Personal(command.trainer_id, command.title),
        description=Personal(command.trainer_id, command.description),
        terms=command.terms,
        at=command.at,
    )


def _revised(command: commands.RevisePlan, plan: Drafted) -> tuple[events.PlanEvent, ...]:
    title = Personal(plan.trainer_id, command.title)
    description = Personal(plan.trainer_id, command.description)
    if plan.draft == PlanContent(title, description, command.terms):
        return ()
    if command.revision not in {None, plan.revision}:
        raise commands.PlanChanged
    return (
        events.PlanRevised(
            title=title, description=description, terms=command.terms, at=command.at
        ),
    )


def evolve(plan: Plan, event: events.PlanEvent) -> Plan:
    """Apply one event. History is never refused."""
    match event, plan:
        case events.PlanDrafted(), _:
            content = PlanContent(event.title, event.description, event.terms)
            return Drafted(event.trainer_id, content)
        case _, NoPlan():
            return plan
        case events.PlanRevised(), Drafted():
            content = PlanContent(event.title, event.description, event.terms)
            return replace(plan, draft=content, revision=plan.revision + 1)
        case events.PlanPublished(number=number), Drafted(draft=draft):
            return replace(plan, number=number, offered=draft, published=draft)
        case events.PlanWithdrawn(), Drafted():
            return replace(plan, offered=None)
        case events.PlanTrialChanged(days=days), Drafted():
            return replace(plan, trial_days=days)


PLAN = Decider[commands.PlanCommand, events.PlanEvent, Plan](
    "plan", initial=NoPlan(), decide=decide, evolve=evolve
)
