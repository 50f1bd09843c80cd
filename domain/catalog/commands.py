"""Commands of the catalog, and their refusals."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final

from domain.catalog.events import PlanTerms
from domain.ids import UserId
from domain.kernel import Rejected, command
from domain.texts import is_blank, is_one_line
from domain.values import InvalidValue, within

MAX_NAME_LENGTH: Final = 200
MAX_DESCRIPTION_LENGTH: Final = 4000
MAX_ENTRIES: Final = 20
"""Languages, specialities, and pieces of equipment."""

MAX_WEEKS: Final = 52
MAX_SESSIONS_PER_WEEK: Final = 14
MAX_WORKOUTS: Final = 100
MIN_TRIAL_DAYS: Final = 3
MAX_TRIAL_DAYS: Final = 60
BILLING_MONTHS: Final = (1, 3, 6, 12)

LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@command
class ChangeTrainerProfile:
    """Publish or replace a profile. `revision` is that of the one that was read; None is any."""

    trainer_id: UserId
    name: str
    description: str
    languages: tuple[str, ...]
    specialities: tuple[str, ...]
    at: datetime
    revision: int | None = None

    def __post_init__(self) -> None:
        _check_texts(self.name, self.description)
        if not self.languages:
            raise InvalidValue("Name at least one language, such as `en`.")
        _check_entries("languages", self.languages, LANGUAGE)
        _check_entries("specialities", self.specialities, KEY)


@command
class WithdrawTrainerProfile:
    at: datetime


TrainerCommand = ChangeTrainerProfile | WithdrawTrainerProfile


@command
class DraftPlan:
    trainer_id: UserId
    title: str
    description: str
    terms: PlanTerms
    at: datetime

    def __post_init__(self) -> None:
        _check_texts(self.title, self.description)
        check_terms(self.terms)


@command
class RevisePlan:
    """Change the draft. `revision` is that of the draft that the trainer read; None is any."""

    title: str
    description: str
    terms: PlanTerms
    revision: int | None = None
    at: datetime

    def __post_init__(self) -> None:
        _check_texts(self.title, self.description)
        check_terms(self.terms)


@command
class PublishPlan:
    at: datetime


@command
class WithdrawPlan:
    at: datetime


@command
class ChangeTrial:
    """Offer a trial of some days to new subscribers, or none with 0 days."""

    days: int
    at: datetime

    def __post_init__(self) -> None:
        if self.days != 0:
            within("days of a trial", self.days, MIN_TRIAL_DAYS, MAX_TRIAL_DAYS)


PlanCommand = DraftPlan | RevisePlan | PublishPlan | WithdrawPlan | ChangeTrial


class TrainerNotFound(Rejected):
    """There is no trainer with this id."""

    code = "trainer.unknown"
    kind = "not_found"


class ProfileChanged(Rejected):
    """The profile has changed since you read it. Read it again before you change it."""

    code = "trainer.profile_changed"
    kind = "stale"


class PlanNotFound(Rejected):
    """There is no plan with this id."""

    code = "plan.unknown"
    kind = "not_found"


class PlanChanged(Rejected):
    """The draft has changed since you read it. Read it again before you change it."""

    code = "plan.changed"
    kind = "stale"


class WorkoutOfAnother(Rejected):
    """A plan prescribes workouts that its trainer wrote. Write a workout for it."""

    code = "plan.workout_of_another"
    kind = "forbidden"


class CustomExerciseInPlan(Rejected):
    """A plan has exercises of the library only: others cannot perform one that you recorded."""

    code = "plan.custom_exercise"
    kind = "invalid"


class PlanAlreadyDrafted(Rejected):
    """This plan exists already. Revise it instead."""

    code = "plan.already_drafted"


def check_terms(terms: PlanTerms) -> None:
    """Check the terms of a plan. Raises InvalidValue."""
    within("weeks", terms.weeks, 1, MAX_WEEKS)
    within("sessions per week", terms.sessions_per_week, 1, MAX_SESSIONS_PER_WEEK)
    within("number of workouts", len(terms.workouts), 1, MAX_WORKOUTS)
    _check_entries("equipment", terms.equipment, KEY)
    if terms.preview is not None and terms.preview not in terms.workouts:
        raise InvalidValue("The preview must be one of the plan's workouts.")
    regions = [price.region for price in terms.prices]
    if len(set(regions)) < len(regions):
        raise InvalidValue("A plan has at most one price per region.")
    if terms.billing_months not in BILLING_MONTHS:
        months = ", ".join(map(str, BILLING_MONTHS))
        raise InvalidValue(f"A plan is paid every {months} months, not {terms.billing_months}.")


def _check_texts(name: str, description: str) -> None:
    if is_blank(name):
        raise InvalidValue("The name is empty.")
    if not is_one_line(name):
        raise InvalidValue("The name has a line break or another control character.")
    within("length of the name", len(name), 1, MAX_NAME_LENGTH)
    within("length of the description", len(description), 0, MAX_DESCRIPTION_LENGTH)


def _check_entries(name: str, entries: Collection[str], form: re.Pattern[str]) -> None:
    within(f"number of {name}", len(entries), 0, MAX_ENTRIES)
    for entry in entries:
        if not form.fullmatch(entry):
            raise InvalidValue(f"{entry!r} is not one of {name}: their form is {form.pattern}.")
