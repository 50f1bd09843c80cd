"""One example of every event as it is written today; its golden file is generated once.

A new event gets an example here and its file by `python -m tools.generate.golden`. An event
that changes shape gets a new version, an upcast and a new example; the files of its old
versions stay.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from adapters.encryption.envelope import EnvelopeCipher
from adapters.event_log.codec import EventCodec
from domain.access import events as access
from domain.achievements import events as achievement
from domain.catalog import events as catalog
from domain.coaching.preferences import CuePreferences
from domain.coupons import events as coupons
from domain.discounts import Discount, Reduction
from domain.enrollments import events as enrollment
from domain.erasures import events as erasure
from domain.ids import (
    CouponId,
    ExerciseId,
    PaymentId,
    PlanId,
    SessionId,
    SubscriptionId,
    TenantId,
    WorkoutId,
)
from domain.invoices import events as invoices
from domain.money import Money, Price
from domain.payment_methods import StoredMethod
from domain.payments import events as payment
from domain.personal import Personal
from domain.pose_coach.key import PoseCoachKey
from domain.recordings import events as recording
from domain.sessions import events as session
from domain.sessions import prescription_events as execution
from domain.share_links import events as sharing
from domain.subscriptions import events as subscription
from domain.tenants import events as tenant
from domain.users import events as user
from domain.users.identities import FIREBASE, GOOGLE
from domain.users.preferences import Display, EmailPreferences
from domain.values import CountedBy, FaultJudgement, FormMeasured, Look, Span, Tempo
from tests.golden.content_examples import EXAMPLES as CONTENT
from tests.golden.custom_exercise_examples import EXAMPLES as CUSTOM_EXERCISES
from tests.golden.dispute_examples import EXAMPLES as DISPUTES
from tests.golden.guidance_examples import EXAMPLES as GUIDANCE
from tests.golden.health_examples import ADA, AT, LATER
from tests.golden.health_examples import EXAMPLES as HEALTH_EXAMPLES
from tests.golden.plan_change_examples import EXAMPLES as PLAN_CHANGES
from tests.golden.pose_coach_examples import EXAMPLES as POSE_COACH
from tests.golden.program_examples import EXAMPLES as PROGRAMS
from tests.golden.supervision_examples import EXAMPLES as SUPERVISION
from tests.golden.workout_examples import EXAMPLES as WORKOUTS

FOLDER = Path(__file__).parent / "events"

LEGS = WorkoutId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6072")
SESSION = SessionId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6073")
DIGEST = "0123456789abcdef" * 4
SPAN = Span(1200, 3400)
DEVICE = CountedBy("device", "pose_landmarker_lite", 3)
SERVER = CountedBy("server", "pose_landmarker_heavy", 3, "0123456789ab")

PLAN = PlanId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6075")
SUBSCRIPTION = SubscriptionId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6076")
METHOD = StoredMethod("stripe", "cus_3QAbcDeF", "pm_3QAbcDeF")
PAYMENT = PaymentId("0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6077")
PRICE = Price("EU", Money(1999, "EUR"), 1900)
TERMS = catalog.PlanTerms(
    level="beginner", weeks=8, sessions_per_week=3, workouts=(LEGS,), equipment=("barbell",),
    preview=LEGS, missed_day="skip", prices=(PRICE,), billing_months=1,
)  # fmt: skip
SCHEDULE = enrollment.Schedule(
    start_on=date(2030, 1, 7), weeks=8, sessions_per_week=3, workouts=(LEGS,), missed_day="skip"
)

TRAINED = session.Trained(
    athlete_id=ADA, started_at=AT, time_zone="Europe/Berlin", sets=2, repetitions=8,
    duration_ms=2_729_877, calories_kcal=182.25, accuracy=0.85, exercises=(ExerciseId("squat"),),
    verified_repetitions=7, form_measured=FormMeasured(6, 30_000),
)  # fmt: skip

ORIGINATOR: Final = f"default/user-{ADA}"
"""The stream of the examples' personal values, to which they are encrypted."""


class OneKey:
    """Key store with one fixed key, so that ciphertexts are reproducible."""

    def wrap(self, key: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        return key

    def unwrap(self, wrapped: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        return wrapped

    def find(self, tenant_id: TenantId, subject: str) -> bytes | None:
        return b"\7" * 32

    def find_or_add(
        self, tenant_id: TenantId, subject: str, make: Callable[[], bytes]
    ) -> bytes | None:
        return b"\7" * 32

    def destroy(self, tenant_id: TenantId, subject: str, at: datetime) -> datetime:
        return at


CODEC = EventCodec(sealer=EnvelopeCipher(OneKey(), OneKey(), nonce=bytes))


COUPON = CouponId("SUMMER-25")
EXAMPLES: list[Any] = [
    session.SessionStarted(athlete_id=ADA, workout_id=LEGS, at=AT, time_zone="Europe/Berlin"),
    session.SetStarted(
        set=1, exercise_id=ExerciseId("squat"), counted_by=DEVICE, target_repetitions=8,
        load_kg=62.5, target_hold_s=None, line=1, at_ms=1200, claimed=True,
    ),
    session.RepetitionCounted(
        set=1, number=1, span=SPAN, tempo=Tempo(1.25, 0.25, 0.7, 0.0), range_of_motion_deg=96.5,
        symmetry=0.98, form=0.85, confidence=0.9375, faults=("knees_in", "shallow"),
        unjudged=("heels_rising",), by_hand=False, counter=3, source="server",
        judgements=(
            FaultJudgement("knees_in", "clear", 0.9375, 0.5, 0.75),
            FaultJudgement("shallow", "severe", 0.96875, 124.5, 105.0),
        ),
        form_error=0.0625,
    ),
    session.RepetitionRejected(set=1, span=SPAN, reason="too_shallow"),
    session.RepetitionsReconciled(
        set=1, repetitions=8, withdrawn=(3, 5), added=(9, 10), counted_by=SERVER,
        looks=(
            Look("device", "blazepose-full", 900, 8, ("shallow",)),
            Look("server", "pose_landmarker_heavy", 300, 8, ()),
        ),
        stands="server",
    ),
    session.FaultSeen(set=1, repetition=1, fault="knees_in", cue="Keep knees aligned", at_ms=2400),
    session.FaultFeedbackGiven(
        set=1, repetition=1, fault="knees_in", feedback="wrong", at=LATER
    ),
    session.SetRated(set=1, rpe=8.5, at=LATER),
    session.PraiseEarned(set=1, repetition=2, cue="Great depth", at_ms=5600),
    session.ChecksOverridden(set=1, checks=("light", "view"), at_ms=1200),
    session.SessionDeleted(at=LATER, trained=TRAINED),
    session.SessionRestored(at=LATER, trained=TRAINED),
    session.ExerciseCorrected(
        exercise_id=ExerciseId("push_up"), replacement_id=SessionId("s2"), at=LATER
    ),
    session.TagsChanged(tags=Personal(ADA, ("legs", "Before breakfast"))),
    session.HoldMeasured(
        set=2, span=SPAN, form=None, faults=(), unjudged=None, by_hand=True, source="manual",
        judgements=(FaultJudgement("hips_sagging", "slight", 0.25, -0.0375, -0.05),),
    ),
    session.SetCompleted(set=1, repetitions=8, span=SPAN),
    session.SessionCompleted(
        athlete_id=ADA, workout_id=LEGS, started_at=AT, time_zone="Europe/Berlin", at=LATER,
        duration_ms=2_729_877, frames=81_896, frames_with_pose=81_000, sets=2, repetitions=8,
        accuracy=0.85, performance=session.Performance(87.5, 1.0, 0.85, 0.75, None),
        calories_kcal=182.25, skipped=1, body_mass="profile",
        exercises=(ExerciseId("squat"), ExerciseId("plank")), verified_repetitions=7,
        form_measured=FormMeasured(6, 30_000),
    ),
    session.ExercisePerformed(
        athlete_id=ADA, exercise_id=ExerciseId("squat"), at=LATER,
        sets=(
            session.PerformedSet(1, 8, 0, 62.5, 0.85, 7, 0, FormMeasured(6, 0)),
            session.PerformedSet(2, 0, 0, None, None, 0, 0, FormMeasured(0, 0)),
        ),
    ),
    session.RepetitionOverruled(
        set=1, number=9, accepted=True, repetitions=9,
        movement=session.Movement(
            SPAN, Tempo(1.25, 0.25, 0.7, 0.0), 96.5, 0.98, 0.85, 0.9375, ("knees_in",),
            ("heels_rising",), by_hand=True, source="manual",
            judgements=(FaultJudgement("knees_in", "none", 0.03125, 1.0, 0.75),), form_error=0.25,
        ),
    ),
    execution.PrescriptionTaken(
        lines=(
            execution.PrescribedLine(ExerciseId("squat"), 3, 8, None, 90, 62.5, 8.5),
            execution.PrescribedLine(ExerciseId("plank"), 2, None, 30, 60),
        )
    ),
    execution.SetsSkipped(line=1, sets=2),
    execution.RestStarted(after_set=1, planned_s=90, at_ms=64_000),
    execution.RestAdjusted(after_set=1, planned_s=105),
    execution.RestEnded(after_set=1, rested_ms=98_500, at_ms=162_500),
    execution.HealthKitRequested(at=LATER),
    execution.HealthKitSynced(at=LATER),
    execution.HealthKitFailed(at=LATER, reason="denied"),
    recording.RecordingStarted(
        user_id=ADA, session_id=SESSION, name=Personal(ADA, "Squats"),
        description=Personal(ADA, "膝 & knees"),
        aspect_ratio=1.7777777777777777, at=AT,
    ),
    recording.FramesAppended(first_frame=15, frames=15, start_ms=500, end_ms=966, digest=DIGEST),
    recording.ImagesAppended(first_frame=15, frames=15, images=2, digest=DIGEST),
    recording.VideoRequested(at=LATER),
    recording.VideoAttached(digest=DIGEST, media_type="video/mp4"),
    recording.VideoFailed(problem="media.missing", at=LATER),
    recording.RecordingPaused(at=LATER),
    recording.RecordingResumed(at=LATER),
    recording.RecordingFailed(reason="The camera was lost.", at=LATER),
    recording.RecordingDescribed(
        name=Personal(ADA, "Squats"), description=Personal(ADA, "膝 & knees")
    ),
    recording.RecordingDeleted(at=LATER),
    recording.RecordingRestored(at=LATER),
    recording.RecordingMediaRemoved(at=LATER),
    sharing.LinkMade(
        link_id="0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6074",
        at=AT.replace(microsecond=0),
        expires_at=LATER,
    ),
    sharing.LinkRevoked(link_id="0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6074", at=LATER),
    achievement.BadgeEarned(
        badge="first_workout", measure="workouts", least=1.0, figure=1.0, session_id=SESSION,
        at=LATER,
    ),
    achievement.TrophyUnlocked(
        family="repetitions", tier="bronze", measure="repetitions", least=500.0, figure=512.0,
        session_id=SESSION, at=LATER,
    ),
    achievement.SessionChecked(session_id=SESSION, at=LATER),
    recording.RecordingCompleted(duration_ms=60_000, frame_count=1800, at=LATER),
    user.UserCreated(time_zone="Europe/Berlin", locale="de-DE", at=AT),
    user.ProfileChanged(time_zone="Asia/Tokyo", locale="ja"),
    user.DetailsChanged(
        username=Personal(ADA, "Ada Łovelace"), birth_date=Personal(ADA, date(1990, 12, 10)),
        units="imperial",
    ),
    user.CuePreferencesChanged(
        preferences=CuePreferences(
            "seldom", praise=False, verbosity="short", muted=("hurried", "trunk_lean")
        )
    ),
    user.DisplayChanged(display=Display("sunday", "month_first", "dark", "high")),
    user.EmailPreferencesChanged(
        preferences=EmailPreferences(assigned_workouts=False), source="link", at=AT
    ),
    user.TrainingProfileChanged(body_mass_kg=Personal(ADA, 71.5), healthkit=True),
    user.EmailChanged(email=Personal(ADA, "ada@example.org")),
    user.EmailVerified(at=LATER),
    user.PasswordSet(at=AT),
    user.PasswordRemoved(at=LATER),
    user.IdentityLinked(provider=FIREBASE, subject=Personal(ADA, "abc123def456ghi789"), at=AT),
    user.IdentityUnlinked(provider=GOOGLE, at=LATER),
    user.PoseCoachKeyAssigned(key=Personal(ADA, PoseCoachKey("abc123def456ghi789"))),
    user.ConsentGiven(purpose="leaderboards", version="2030-01", at=AT, source="rest"),
    user.ConsentWithdrawn(purpose="leaderboards", at=LATER, source="graphql"),
    user.LeaderboardsJoined(pseudonym=Personal(ADA, "Quiet Otter"), at=AT),
    user.LeaderboardsLeft(at=LATER),
    user.UserSuspended(at=LATER),
    user.UserReactivated(at=LATER),
    user.EmailRequested(kind="identity_linked", provider=GOOGLE, at=LATER),
    user.SecondFactorAdded(
        factor_id="0192f0c4-0000", kind="passkey", at=AT, name=Personal(ADA, "Ada's laptop")
    ),
    user.SecondFactorRenamed(factor_id="0192f0c4-0000", name=Personal(ADA, "Ada's phone")),
    user.SecondFactorRemoved(factor_id="0192f0c4-0000", at=LATER),
    user.SecondFactorsReset(at=LATER),
    user.RecoveryCodesReplaced(at=LATER),
    user.UserErased(at=LATER),
    tenant.TenantCreated(name="Iron & Sons", at=AT),
    tenant.RoleGranted(user_id=ADA, role="administrator"),
    tenant.RoleWithdrawn(user_id=ADA, role="trainer"),
    tenant.JoinPolicyChanged(kind="domain", domains=("example.org",)),
    tenant.GatewayAccountsChanged(mode="test", gateways=("stripe", "yookassa"), at=AT),
    erasure.ErasureRequested(at=AT, due_at=LATER),
    erasure.ErasureCancelled(at=LATER),
    erasure.ErasureBegun(at=LATER),
    erasure.ErasureStepCompleted(step="read_models", removed=17, at=LATER),
    erasure.ErasureRefused(findings=2, at=LATER),
    erasure.ErasureCertified(digest=DIGEST, at=LATER),
    access.ExportMade(
        export_id="0197b2c4-5d6e-7f80-9a1b-2c3d4e5f6074", files=24, size=1_048_576, at=LATER
    ),
    access.DataRead(kind="session", which=SESSION, at=LATER),
    catalog.TrainerProfileChanged(
        name=Personal(ADA, "Ada Lovelace"), description=Personal(ADA, "Strength for beginners"),
        languages=("en", "de"), specialities=("strength",), at=AT,
    ),
    catalog.TrainerProfileWithdrawn(at=LATER),
    catalog.PlanDrafted(
        trainer_id=ADA, title=Personal(ADA, "First squats"), description=Personal(ADA, "Slowly."),
        terms=TERMS, at=AT,
    ),
    catalog.PlanRevised(
        title=Personal(ADA, "First squats"), description=Personal(ADA, "Slowly, and daily."),
        terms=TERMS, at=AT,
    ),
    catalog.PlanPublished(number=1, at=AT),
    catalog.PlanWithdrawn(at=LATER),
    catalog.PlanTrialChanged(days=14, at=AT),
    enrollment.EnrollmentCreated(
        user_id=ADA, trainer_id=ADA, plan_id=PLAN, plan_number=1, schedule=SCHEDULE,
        subscription_id=SUBSCRIPTION, at=AT,
    ),
    enrollment.WorkoutScheduled(
        number=1, workout_id=LEGS, session_id=SESSION, due_on=date(2030, 1, 7)),
    enrollment.EnrollmentActivated(at=AT),
    enrollment.EnrollmentPaused(at=AT),
    enrollment.EnrollmentContinued(at=LATER),
    enrollment.WorkoutPerformed(number=1, on=date(2030, 1, 7)),
    enrollment.WorkoutMissed(number=2, rule="skip", due_on=date(2030, 1, 9)),
    enrollment.EnrollmentCompleted(on=date(2030, 3, 2)),
    enrollment.EnrollmentCancelled(reason="athlete", at=LATER),
    subscription.SubscriptionCreated(
        user_id=ADA, plan_id=PLAN, plan_number=1, price=PRICE, billing_months=1, at=AT),
    subscription.SubscriptionActivated(payment_id=PAYMENT, renews_at=LATER, at=AT),
    subscription.SubscriptionRenewed(payment_id=PAYMENT, renews_at=LATER, at=AT),
    subscription.SubscriptionPastDue(payment_id=PAYMENT, failed=1, retry_at=LATER, at=AT),
    subscription.MethodStored(method=METHOD, at=AT),
    subscription.RenewalAnnounced(renews_at=LATER, at=AT),
    subscription.RenewalStarted(
        payment_id=PAYMENT, amount=Money(1499, "EUR"), region="EU", gateways=("stripe",),
        method=METHOD, at=AT, discount=Discount(COUPON, PRICE.amount)),
    subscription.SubscriptionDiscounted(
        coupon_id=COUPON, reduction=Reduction(basis_points=2500), plans=(PLAN,), periods=3, at=AT),
    subscription.DiscountApplied(payment_id=PAYMENT, periods_left=2, at=AT),
    subscription.RenewalWithdrawn(payment_id=PAYMENT, at=AT),
    subscription.GraceWithheld(at=AT),
    subscription.CancellationScheduled(ends_at=LATER, at=AT),
    subscription.SubscriptionResumed(at=LATER),
    subscription.SubscriptionEnded(reason="cancelled", at=LATER),
    *PLAN_CHANGES,
    *DISPUTES,
    payment.PaymentCreated(
        user_id=ADA, subscription_id=SUBSCRIPTION, amount=PRICE.amount, region="EU",
        gateways=("stripe",), off_session=False, at=AT,
    ),
    payment.MethodChosen(method=METHOD, at=AT),
    payment.PaymentRouted(attempt=1, gateway="stripe", reason="region", at=AT),
    payment.ChargeSubmitted(attempt=1, at=AT),
    payment.IntentCreated(attempt=1, reference="pi_3QAbcDeF", at=AT),
    payment.ActionRequired(attempt=1, at=AT),
    payment.PaymentDeclined(attempt=1, reason="insufficient_funds", at=AT),
    payment.VoidRequested(attempt=1, reason="expired", at=AT),
    payment.IntentVoided(attempt=1, at=AT),
    payment.AttentionNeeded(attempt=1, reason="no_such_call", at=AT),
    payment.PaymentCompleted(
        attempt=1, reference="pi_3QAbcDeF", amount=PRICE.amount, source="webhook", at=AT
    ),
    payment.MethodStored(attempt=1, method=METHOD, at=AT),
    payment.PaymentFailed(reason="expired", at=LATER),
    payment.RefundRequested(attempt=1, amount=PRICE.amount, reason="requested", at=LATER),
    payment.PaymentRefunded(attempt=1, amount=PRICE.amount, completed=True, at=LATER),
    payment.PartialRefundRequested(
        attempt=1, number=1, amount=PRICE.amount, reason="goodwill", at=LATER
    ),
    payment.PaymentDiscounted(coupon_id=COUPON, price=PRICE.amount, at=AT),
    payment.PaymentCredited(credit=Money(999, "EUR"), at=AT),
    coupons.CouponCreated(
        user_id=ADA,
        terms=coupons.CouponTerms(
            basis_points=2500, plans=(PLAN,), expires_at=LATER, max_uses=100,
            duration="repeating", duration_in_periods=3,
        ),
        at=AT,
    ),
    coupons.CouponRedeemed(user_id=ADA, payment_id=PAYMENT, plan_id=PLAN, at=AT),
    coupons.CouponReleased(payment_id=PAYMENT, at=LATER), coupons.CouponEnded(at=LATER),
    invoices.BillingDetailsChanged(
        name=Personal(ADA, "Ada Lovelace"), country=Personal(ADA, "GB"), at=AT),
    invoices.NumberAssigned(number=1, payment_id=PAYMENT, at=AT),
    invoices.InvoiceIssued(
        kind="invoice", year=2030, number=1, seller="Gym", user_id=ADA,
        buyer_name=Personal(ADA, "Ada Lovelace"), buyer_country=Personal(ADA, "GB"),
        payment_id=PAYMENT, subscription_id=SUBSCRIPTION, plan_id=PLAN,
        plan_title=Personal(ADA, "First squats"), amount=PRICE.amount, tax_basis_points=1900,
        tax=PRICE.amount.included_tax(1900), at=AT, discount=Money(500, "EUR"), coupon_id=COUPON,
    ),
    *CONTENT, *POSE_COACH, *SUPERVISION, *HEALTH_EXAMPLES, *GUIDANCE, *PROGRAMS, *WORKOUTS,
    *CUSTOM_EXERCISES,
]  # fmt: skip


def golden_path(name: str, version: int) -> Path:
    """Return the path of an event's golden file."""
    return FOLDER / f"{name}.v{version}.json"
