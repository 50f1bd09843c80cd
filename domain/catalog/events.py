"""Events of the catalog: trainers' public profiles, and plans.

A trainer wrote names and descriptions, so they are encrypted with the trainer's key.
"""

from datetime import datetime
from typing import Literal

from domain.ids import UserId, WorkoutId
from domain.kernel import event, value
from domain.money import Price
from domain.personal import Personal

Level = Literal["beginner", "intermediate", "advanced"]

MissedDay = Literal["shift", "skip", "repeat"]
"""Rule for a missed workout: all later ones move, it is left out, or it takes the next training
day."""


@value
class PlanTerms:
    """Content of a plan besides its texts.

    The sessions of all weeks perform `workouts` in order, from the first again after the last.
    `preview` is the one of them that everybody may read. Without `prices` the plan is free;
    with prices it is paid every `billing_months` months.
    """

    level: Level
    weeks: int
    sessions_per_week: int
    workouts: tuple[WorkoutId, ...]
    equipment: tuple[str, ...] = ()
    preview: WorkoutId | None = None
    missed_day: MissedDay = "shift"
    prices: tuple[Price, ...] = ()
    billing_months: int = 1


@event("trainer.profile_changed")
class TrainerProfileChanged:
    name: Personal[str]
    description: Personal[str]
    languages: tuple[str, ...]
    specialities: tuple[str, ...]
    at: datetime


@event("trainer.profile_withdrawn")
class TrainerProfileWithdrawn:
    at: datetime


TrainerEvent = TrainerProfileChanged | TrainerProfileWithdrawn


@event("plan.drafted")
class PlanDrafted:
    trainer_id: UserId
    title: Personal[str]
    description: Personal[str]
    terms: PlanTerms
    at: datetime


@event("plan.revised")
class PlanRevised:
    title: Personal[str]
    description: Personal[str]
    terms: PlanTerms
    at: datetime


@event("plan.published")
class PlanPublished:
    """The draft became the given version, counted from 1, which new enrollments get."""

    number: int
    at: datetime


@event("plan.withdrawn")
class PlanWithdrawn:
    at: datetime


@event("plan.trial_changed")
class PlanTrialChanged:
    """New subscriptions can begin with a trial of some days; with 0 days, without one."""

    days: int
    at: datetime


PlanEvent = PlanDrafted | PlanRevised | PlanPublished | PlanWithdrawn | PlanTrialChanged
