"""Plans that people enroll in, subscribe to, and pay for."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from application.health.import_service import MOST_UNFINISHED
from application.health.imports import HealthImport
from application.invoices.issuing import Billed, issue_request
from application.kernel.command_handler import Request
from domain.assignments.assignments import ASSIGNMENTS
from domain.assignments.commands import AssignWorkout
from domain.catalog import commands
from domain.catalog.events import PlanTerms
from domain.catalog.plan import PLAN
from domain.catalog.trainer import TRAINER
from domain.content.commands import RequestUpload
from domain.content.events import DeclaredFile
from domain.content.item import CONTENT
from domain.coupons.commands import CreateCoupon
from domain.coupons.coupon import COUPON
from domain.coupons.events import CouponTerms
from domain.ids import (
    DEFAULT_TENANT,
    AssignmentId,
    ContentId,
    ExerciseId,
    PaymentId,
    PlanId,
    ProgramId,
    SubscriptionId,
    UserId,
    WorkoutId,
)
from domain.kernel import Origin
from domain.money import Money, Price
from domain.payments.commands import CreatePayment
from domain.payments.payment import PAYMENT
from domain.programs.commands import CreateProgram
from domain.programs.events import About
from domain.programs.planning import PlanRequest, plan_weeks
from domain.programs.programs import PROGRAMS
from domain.programs.progression import NO_RULE
from domain.subscriptions.commands import CreateSubscription
from domain.subscriptions.subscription import SUBSCRIPTION
from domain.supervision.commands import CreateAthleteInvitation
from domain.supervision.invitation import ATHLETE_INVITATION
from domain.workouts.events import PrescribedExercise
from tests.api.people import Person, Town

COACH = UserId("coach")
COUPON_OF_COACH = "SUMMER-25"
CONTENT_OF_COACH = ContentId("video-of-coach")
INVITATION_OF_COACH = "invitation-of-coach"
ASSIGNED_TO_ADA = AssignmentId("assigned-to-ada")
PROGRAM_OF_ADA = ProgramId("program-of-ada")
IMPORT_OF_ADA = UUID(int=77)
INVOICED = "2030-000001"
SUBSCRIBED, PAID = SubscriptionId("subscription-of-ada"), PaymentId("payment-of-ada")


def enrolled(town: Town, person: Person, workout: str) -> str:
    """Let a trainer offer a plan, enroll in it, and return the id of the enrollment."""
    at = datetime(2030, 1, 1, tzinfo=UTC)
    terms = PlanTerms(
        level="beginner", weeks=1, sessions_per_week=1, workouts=(WorkoutId(workout),)
    )
    draft = commands.DraftPlan(trainer_id=COACH, title="Squats", description="", terms=terms, at=at)
    profile = commands.ChangeTrainerProfile(
        trainer_id=COACH, name="Coach", description="", languages=("en",), specialities=(), at=at
    )
    coupon = CreateCoupon(user_id=COACH, terms=CouponTerms(basis_points=2500), at=at)
    upload = RequestUpload(
        trainer_id=COACH,
        title="Hidden video",
        description="",
        file=DeclaredFile(1000, "video/mp4", "ab" * 32),
        at=at,
    )
    invite = CreateAthleteInvitation(trainer_id=COACH, at=at)
    program = CreateProgram(
        program_id=PROGRAM_OF_ADA,
        athlete_id=UserId(person.id),
        about=About("Hidden program", "strength"),
        weeks=plan_weeks(PlanRequest("strength", 1, 1)),
        rule=NO_RULE,
        at=at,
    )
    assign = AssignWorkout(
        assignment_id=ASSIGNED_TO_ADA,
        athlete_id=UserId(person.id),
        trainer_id=COACH,
        name="Hidden legs",
        note="",
        exercises=(PrescribedExercise(ExerciseId("squat"), sets=1, target_repetitions=5),),
        due_on=at.date(),
        at=at,
    )
    town.platform.commands.execute(
        Request(ATHLETE_INVITATION, INVITATION_OF_COACH, [invite]),
        Request(COUPON, COUPON_OF_COACH, [coupon]),
        Request(CONTENT, CONTENT_OF_COACH, [upload]),
        Request(PROGRAMS, person.id, [program]),
        Request(ASSIGNMENTS, person.id, [assign]),
        Request(PLAN, "squats", [draft, commands.PublishPlan(at=at)]),
        Request(TRAINER, COACH, [profile]),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=COACH, correlation_id=uuid4()),
        command_id=uuid4(),
    )
    subscribe(town, person, at)
    invoice(town, person, at)
    import_file(town, person, at)
    today = f"{town.platform.clock():%F}"
    choice = {"userId": person.id, "planId": "squats", "startOn": today}
    return str(person.post("/v1/enrollments", json=choice).json()["enrollmentId"])


def offered(town: Town, person: Person, trainer: UserId) -> str:
    """Let this trainer offer a free plan, enroll in it, and return the id of the enrollment."""
    at = town.platform.clock()
    terms = PlanTerms(level="beginner", weeks=1, sessions_per_week=1, workouts=(WorkoutId("w1"),))
    draft = commands.DraftPlan(trainer_id=trainer, title="Pull", description="", terms=terms, at=at)
    town.platform.commands.execute(
        Request(PLAN, "pull", [draft, commands.PublishPlan(at=at)]),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=trainer, correlation_id=uuid4()),
        command_id=uuid4(),
    )
    choice = {"userId": person.id, "planId": "pull", "startOn": f"{at:%F}"}
    return str(person.post("/v1/enrollments", json=choice).json()["enrollmentId"])


def import_file(town: Town, person: Person, at: datetime) -> None:
    """Store an import of a file that failed."""
    failed = HealthImport(
        id=IMPORT_OF_ADA,
        tenant_id=DEFAULT_TENANT,
        user_id=UserId(person.id),
        source="apple_health",
        format="csv",
        time_zone="UTC",
        since=None,
        digest="hidden",
        created_at=at,
        state="failed",
        problem="Hidden problem",
    )
    town.platform.health_import_store.add(failed, MOST_UNFINISHED)


def subscribe(town: Town, person: Person, at: datetime) -> None:
    """Store a subscription with its first payment, both pending."""
    price = Price("EU", Money(1999, "EUR"))
    subscription = CreateSubscription(
        user_id=UserId(person.id),
        plan_id=PlanId("squats"),
        plan_number=1,
        price=price,
        billing_months=1,
        at=at,
    )
    payment = CreatePayment(
        user_id=UserId(person.id),
        subscription_id=SUBSCRIBED,
        amount=price.amount,
        region="EU",
        gateways=("stripe",),
        at=at,
    )
    town.platform.commands.execute(
        Request(SUBSCRIPTION, SUBSCRIBED, [subscription]),
        Request(PAYMENT, PAID, [payment]),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=person.id, correlation_id=uuid4()),
        command_id=uuid4(),
    )


def invoice(town: Town, person: Person, at: datetime) -> None:
    """Issue an invoice."""
    billed = Billed(
        kind="invoice",
        payment_id=PAID,
        subscription_id=SUBSCRIBED,
        user_id=UserId(person.id),
        plan_id=PlanId("squats"),
        amount=Money(1999, "EUR"),
        tax_basis_points=1900,
        at=at,
    )
    town.platform.commands.execute(
        issue_request(billed),
        origin=Origin(tenant_id=DEFAULT_TENANT, actor=person.id, correlation_id=uuid4()),
        command_id=uuid4(),
    )
