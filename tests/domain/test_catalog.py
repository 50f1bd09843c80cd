from dataclasses import replace

import pytest

from domain.catalog import commands, events
from domain.catalog.plan import PLAN
from domain.catalog.trainer import TRAINER
from domain.ids import WorkoutId
from domain.money import Money, Price
from domain.personal import Personal
from domain.values import InvalidValue
from tests.domain.catalog import AT, COACH, DRAFTED, TERMS
from tests.specification import is_refused, specification

plan = specification(PLAN)
trainer = specification(TRAINER)

DEARER = replace(TERMS, prices=(Price("EU", Money(1999, "EUR"), 1900),))

DRAFT = commands.DraftPlan(trainer_id=COACH, title="Squats", description="", terms=TERMS, at=AT)
REVISE = commands.RevisePlan(title="Squats", description="", terms=DEARER, at=AT)
REVISED = events.PlanRevised(
    title=DRAFTED.title, description=DRAFTED.description, terms=DEARER, at=AT
)
PUBLISH = commands.PublishPlan(at=AT)
PUBLISHED = events.PlanPublished(number=1, at=AT)
WITHDRAWN = events.PlanWithdrawn(at=AT)

PROFILE = commands.ChangeTrainerProfile(
    trainer_id=COACH,
    name="Ada",
    description="Strength",
    languages=("en", "de"),
    specialities=("strength",),
    at=AT,
)
CHANGED = events.TrainerProfileChanged(
    name=Personal(COACH, "Ada"),
    description=Personal(COACH, "Strength"),
    languages=("en", "de"),
    specialities=("strength",),
    at=AT,
)


def test_a_profile_that_changed_meanwhile_is_not_overwritten() -> None:
    """R-CAT-01: a repeated change is none, and a change without a revision is never stale."""
    other = replace(CHANGED, name=Personal(COACH, "Grace"))
    first = replace(PROFILE, revision=0)
    trainer().when(first).then(CHANGED)
    trainer(CHANGED).when(first).then_nothing()
    trainer(CHANGED, other).when(first).then_rejected(commands.ProfileChanged)
    trainer(CHANGED, other).when(replace(PROFILE, revision=1)).then_rejected(
        commands.ProfileChanged
    )
    trainer(CHANGED, other).when(replace(PROFILE, revision=2)).then(CHANGED)
    trainer(CHANGED, other).when(PROFILE).then(CHANGED)
    withdrawn = events.TrainerProfileWithdrawn(at=AT)
    trainer(CHANGED, other, withdrawn).when(first).then(CHANGED)


def test_a_plan_is_drafted_once() -> None:
    """R-CAT-01"""
    plan().when(DRAFT).then(DRAFTED)
    plan(DRAFTED).when(DRAFT).then_rejected(commands.PlanAlreadyDrafted)


def test_a_draft_is_published_as_a_version() -> None:
    """R-CAT-01: enrollments name the version, so a revised price concerns new ones only."""
    plan(DRAFTED).when(PUBLISH).then(PUBLISHED)
    plan(DRAFTED, PUBLISHED).when(PUBLISH).then_nothing()
    plan(DRAFTED, PUBLISHED, REVISED).when(PUBLISH).then(events.PlanPublished(number=2, at=AT))


def test_a_revision_that_changes_nothing_stores_no_event() -> None:
    """R-EVT-16"""
    plan(DRAFTED).when(REVISE).then(REVISED)
    plan(DRAFTED, REVISED).when(REVISE).then_nothing()


def test_a_draft_that_changed_since_it_was_read_is_not_overwritten() -> None:
    """R-CAT-01: unless the trainer sends no revision, or what is stored already."""
    stale, current = replace(REVISE, revision=1), replace(REVISE, revision=2)
    other = replace(REVISED, title=Personal(COACH, "Lunges"))
    plan(DRAFTED).when(stale).then(REVISED)
    plan(DRAFTED, other).when(stale).then_rejected(commands.PlanChanged)
    plan(DRAFTED, other, PUBLISHED, WITHDRAWN).when(current).then(REVISED)
    plan(DRAFTED, other).when(REVISE).then(REVISED)
    plan(DRAFTED, REVISED).when(stale).then_nothing()


def test_a_withdrawn_plan_can_be_published_again() -> None:
    withdraw = commands.WithdrawPlan(at=AT)
    plan(DRAFTED).when(withdraw).then_nothing()
    plan(DRAFTED, PUBLISHED).when(withdraw).then(WITHDRAWN)
    plan(DRAFTED, PUBLISHED, WITHDRAWN).when(PUBLISH).then(events.PlanPublished(number=2, at=AT))


@pytest.mark.parametrize("command", [REVISE, PUBLISH, commands.WithdrawPlan(at=AT)])
def test_an_unknown_plan_is_refused(command: commands.PlanCommand) -> None:
    plan().when(command).then_rejected(commands.PlanNotFound)


@pytest.mark.parametrize(
    "terms",
    [
        replace(TERMS, weeks=0),
        replace(TERMS, sessions_per_week=15),
        replace(TERMS, workouts=()),
        replace(TERMS, preview=WorkoutId("arms")),
        replace(TERMS, prices=(*DEARER.prices, *DEARER.prices)),
        replace(TERMS, billing_months=2),
        replace(TERMS, equipment=("Barbell@home",)),
    ],
)
def test_impossible_terms_are_refused(terms: events.PlanTerms) -> None:
    is_refused(InvalidValue, lambda: replace(DRAFT, terms=terms))
    is_refused(InvalidValue, lambda: replace(REVISE, terms=terms))


def test_a_title_is_needed_and_bounded() -> None:
    is_refused(InvalidValue, lambda: replace(DRAFT, title=" "))
    is_refused(InvalidValue, lambda: replace(DRAFT, title="Squats\nX"))
    is_refused(InvalidValue, lambda: replace(DRAFT, title="x" * 201))
    is_refused(InvalidValue, lambda: replace(REVISE, description="x" * 4001))


def test_a_trainer_has_one_public_profile() -> None:
    """R-CAT-01"""
    trainer().when(PROFILE).then(CHANGED)
    trainer(CHANGED).when(PROFILE).then_nothing()


def test_a_profile_can_be_withdrawn() -> None:
    withdraw = commands.WithdrawTrainerProfile(at=AT)
    withdrawn = events.TrainerProfileWithdrawn(at=AT)
    trainer(CHANGED).when(withdraw).then(withdrawn)
    trainer(CHANGED, withdrawn).when(PROFILE).then(CHANGED)
    trainer().when(withdraw).then_rejected(commands.TrainerNotFound)


def test_a_profile_has_languages_and_specialities_as_keys() -> None:
    is_refused(InvalidValue, lambda: replace(PROFILE, languages=()))
    is_refused(InvalidValue, lambda: replace(PROFILE, languages=("English",)))
    is_refused(InvalidValue, lambda: replace(PROFILE, specialities=("Mail me@example.org",)))
