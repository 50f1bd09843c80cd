"""Entitlements: access of users to plans and their workouts, and the reasons."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from application.enrollments.service import enrollment_id_of
from application.kernel.ports import Clock, EventLog
from application.kernel.read_models import Moment, ReadModels, Where
from application.payments.policy import first_payment_of
from domain.catalog.commands import PlanNotFound
from domain.catalog.plan import PLAN
from domain.content.events import Audience
from domain.enrollments.enrollment import ENROLLMENT
from domain.entitlements.access import (
    Access,
    Log,
    PlanHistory,
    access_to_plan,
    is_scheduled,
    is_visible,
    payment_ids,
    subscription_ids,
)
from domain.ids import PlanId, SubscriptionId, TenantId, UserId, WorkoutId
from domain.kernel import Rejected
from domain.payments.payment import PAYMENT
from domain.subscriptions.subscription import SUBSCRIPTION
from domain.values import InvalidValue
from projections.enrollment import ENROLLMENT as ENROLLMENTS
from projections.enrollment import Enrollment
from projections.plan_workouts import PLAN_WORKOUTS
from projections.subscription import SUBSCRIPTION as SUBSCRIPTIONS
from projections.subscription import SubscriptionStatus

NOW: Final = Moment()

GRANTING: Final[tuple[SubscriptionStatus, ...]] = ("active", "past_due")
"""Statuses of a subscription that grants access."""

SUBSCRIBED: Final[tuple[SubscriptionStatus, ...]] = (*GRANTING, "paused")
"""Statuses of a subscription that has been paid and has not ended."""


class AccessRequired(Rejected):
    """This workout belongs to a paid plan. Subscribe to the plan first."""

    code = "access.required"
    kind = "forbidden"


class ContentAccessRequired(Rejected):
    """This video belongs to plans that you do not have. Start one of them first."""

    code = "access.content_required"
    kind = "forbidden"


@dataclass(frozen=True)
class EntitlementService:
    """Answers what users may use.

    Answers about a plan, and the permission to start a workout, come from the log, so they are
    current; `read` finds the plans to look at. Answers for lists come from read models alone.
    """

    log: EventLog
    read: ReadModels
    clock: Clock

    def access_to_plan(
        self, tenant_id: TenantId, user_id: UserId, plan_id: PlanId, as_of: datetime | None = None
    ) -> Access:
        """Return whether a user has, or had, access to a plan, with the facts behind the answer.

        Raises PlanNotFound, and InvalidValue for a time in the future.
        """
        if as_of is not None and as_of > self.clock():
            raise InvalidValue("Access in the future is not known yet.")
        moment = NOW if as_of is None else Moment(at=as_of)
        history = self._histories(tenant_id, user_id, [plan_id], moment, with_payments=True)[
            plan_id
        ]
        if not is_visible(history.plan, user_id):
            raise PlanNotFound
        return access_to_plan(user_id, history)

    def locked_workouts(
        self, tenant_id: TenantId, user_id: UserId, authors: Mapping[WorkoutId, UserId]
    ) -> frozenset[WorkoutId]:
        """Return those workouts that are sold with plans of their authors, and not to this user.

        `authors` has the author of each workout. The answer comes from read models, so it is right
        for lists; `require_workout` decides.
        """
        selling = self._selling(tenant_id, user_id, authors)
        if not selling:
            return frozenset()
        enrollments = [
            row for row in self._enrollments(tenant_id, user_id) if row.status == "active"
        ]
        subscriptions = self.read.by(SUBSCRIPTIONS, tenant_id, "user_id", [user_id])[user_id]
        usable = {row.plan_id for row in enrollments} | {
            row.plan_id for row in subscriptions if row.status in GRANTING
        }
        scheduled = {
            workout
            for row in enrollments
            for workout in row.workouts
            if authors.get(workout) == row.trainer_id
        }
        return frozenset(
            workout
            for workout, plans in selling.items()
            if workout not in scheduled and not plans & usable
        )

    def require_workout(
        self, tenant_id: TenantId, user_id: UserId, workout_id: WorkoutId, author_id: UserId
    ) -> None:
        """Raise AccessRequired if the workout is sold with plans, none of which the user may use.

        An active enrollment in any plan of the author that prescribes the workout opens it.
        """
        selling = self._selling(tenant_id, user_id, {workout_id: author_id}).get(workout_id)
        if selling is None:
            return
        enrolled = {
            row.plan_id
            for row in self._enrollments(tenant_id, user_id)
            if row.trainer_id == author_id and workout_id in row.workouts
        }
        histories = self._histories(tenant_id, user_id, selling | enrolled, NOW)
        for plan_id, history in histories.items():
            if plan_id in selling and access_to_plan(user_id, history).granted:
                return
            if plan_id in enrolled and is_scheduled(workout_id, history.enrollment):
                return
        raise AccessRequired

    def require_content(self, tenant_id: TenantId, user_id: UserId, audience: Audience) -> None:
        """Raise ContentAccessRequired unless the video is free, or one of its plans lets the user.

        A free plan lets everybody, and a paid one those who have paid for it or try it.
        """
        if audience.is_free:
            return
        histories = self._histories(tenant_id, user_id, audience.plans, NOW)
        for history in histories.values():
            if is_visible(history.plan, user_id) and access_to_plan(user_id, history).granted:
                return
        raise ContentAccessRequired

    def _selling(
        self, tenant_id: TenantId, user_id: UserId, authors: Mapping[WorkoutId, UserId]
    ) -> dict[WorkoutId, set[PlanId]]:
        """Return the plans that sell each workout that is not open to all, nor the user's own.

        Only plans of its author sell or open a workout. The preview of a plan that is offered, and
        the workouts of a free one, are open to all. A plan that was withdrawn sells its workouts as
        long as it has subscribers.
        """
        trainers = set(authors.values()) - {user_id}
        rows = self.read.by(PLAN_WORKOUTS, tenant_id, "trainer_id", trainers)
        opened: set[WorkoutId] = set()
        selling: dict[WorkoutId, set[PlanId]] = {}
        for plan in (row for own in rows.values() for row in own):
            own_workouts = {key for key, author in authors.items() if author == plan.trainer_id}
            opened |= own_workouts & set(plan.free)
            sold = own_workouts & set(plan.sold)
            if not sold or plan.is_free:
                continue
            if plan.is_offered or self._has_subscribers(tenant_id, plan.id):
                for workout in sold:
                    selling.setdefault(workout, set()).add(plan.id)
        return {workout: plans for workout, plans in selling.items() if workout not in opened}

    def _has_subscribers(self, tenant_id: TenantId, plan_id: PlanId) -> bool:
        where: Where = {"plan_id": plan_id, "status": SUBSCRIBED}
        return self.read.count(SUBSCRIPTIONS, tenant_id, where=where) > 0

    def _enrollments(self, tenant_id: TenantId, user_id: UserId) -> list[Enrollment]:
        return self.read.by(ENROLLMENTS, tenant_id, "user_id", [user_id])[user_id]

    def _histories(
        self,
        tenant_id: TenantId,
        user_id: UserId,
        plans: Collection[PlanId],
        moment: Moment,
        *,
        with_payments: bool = False,
    ) -> dict[PlanId, PlanHistory]:
        """Return what is recorded about plans and a user, in two or three reads."""
        names = {
            plan: (
                f"{PLAN.category}-{plan}",
                f"{ENROLLMENT.category}-{enrollment_id_of(user_id, plan)}",
            )
            for plan in plans
        }
        base = self._load(tenant_id, [name for both in names.values() for name in both], moment)
        subscribed = {
            plan: subscription_ids(base[enrollment]) for plan, (_, enrollment) in names.items()
        }
        bought = self._load(
            tenant_id,
            [f"{SUBSCRIPTION.category}-{each}" for ids in subscribed.values() for each in ids],
            moment,
        )
        return {
            plan: self._history(
                tenant_id,
                base[names[plan][0]],
                base[names[plan][1]],
                {each: bought[f"{SUBSCRIPTION.category}-{each}"] for each in ids},
                moment if with_payments else None,
            )
            for plan, ids in subscribed.items()
        }

    def _history(
        self,
        tenant_id: TenantId,
        plan: Log,
        enrollment: Log,
        subscriptions: Mapping[SubscriptionId, Log],
        payments_until: Moment | None,
    ) -> PlanHistory:
        if payments_until is None:
            return PlanHistory(plan, enrollment, subscriptions)
        ids = dict.fromkeys(
            payment
            for key, log in subscriptions.items()
            for payment in (first_payment_of(key), *payment_ids(log))
        )
        paid = self._load(tenant_id, [f"{PAYMENT.category}-{each}" for each in ids], payments_until)
        payments = {each: paid[f"{PAYMENT.category}-{each}"] for each in ids}
        return PlanHistory(plan, enrollment, subscriptions, payments)

    def _load(
        self, tenant_id: TenantId, streams: Collection[str], moment: Moment
    ) -> dict[str, Log]:
        if not streams:
            return {}
        return {
            stream: [recorded for recorded in log if moment.includes(recorded)]
            for stream, log in self.log.load_many(tenant_id, streams).items()
        }
